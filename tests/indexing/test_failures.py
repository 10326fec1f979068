"""One video's failure is its own; what passes is tried again; nothing is decoded twice."""

import os
import shutil
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence, Video, VideoState
from app.errors import Cause
from app.indexing.events import (
    CopyFound,
    IndexingEvent,
    RunFailed,
    RunFinished,
    ScanFailed,
    VideoFailed,
    VideoIndexed,
    VideoStarted,
)
from app.indexing.runs.content_claims import ContentClaims
from app.indexing.runs.partial_video import PartialVideo
from app.media.decoder import Decoder
from app.media.video_stream import VideoStream
from app.runtime.encoders import FrameEncoder
from app.session import Session
from tests.conftest import wait_until
from tests.indexing.conftest import BLUE, GREEN, RED, run
from tests.problems import problems_of
from tests.videos import make_video

WHITE = (255, 255, 255)


def of(kind: type[Any], events: list[IndexingEvent]) -> list[Any]:
    return [event for event in events if isinstance(event, kind)]


Failing = Callable[..., Any]


def _in_fingerprint(patch: pytest.MonkeyPatch) -> None:
    taken = Decoder.fingerprint

    def failing(decoder: Decoder, path: Path) -> str:
        if path.name == "red.mp4":
            raise ZeroDivisionError
        return taken(decoder, path)

    patch.setattr(Decoder, "fingerprint", failing)


def _in_opening(patch: pytest.MonkeyPatch) -> None:
    opened = Decoder.open

    def failing(decoder: Decoder, path: Path, sampling: Any) -> Any:
        if path.name == "red.mp4":
            raise KeyError("open")
        return opened(decoder, path, sampling)

    patch.setattr(Decoder, "open", failing)


def _in_decoding(patch: pytest.MonkeyPatch) -> None:
    received = VideoStream._receive

    def failing(stream: VideoStream) -> Any:
        message = received(stream)
        if stream._path.name == "red.mp4" and message.kind == "frame":
            raise IndexError("frame")
        return message

    patch.setattr(VideoStream, "_receive", failing)


def _in_taking_a_frame(patch: pytest.MonkeyPatch) -> None:
    added = PartialVideo.add

    def failing(partial: PartialVideo, frame: Any) -> float:
        if partial.video.path.name == "red.mp4":
            raise AttributeError("frame")
        return added(partial, frame)

    patch.setattr(PartialVideo, "add", failing)


def _in_encoding(patch: pytest.MonkeyPatch) -> None:
    encoded = FrameEncoder.encode

    def failing(encoder: FrameEncoder, frames: Any) -> Any:
        if frames[..., 0].mean() > 128 and frames[..., 1].mean() < 64:
            raise FloatingPointError
        return encoded(encoder, frames)

    patch.setattr(FrameEncoder, "encode", failing)


def _in_the_vectors(patch: pytest.MonkeyPatch) -> None:
    encoded = FrameEncoder.encode

    def failing(encoder: FrameEncoder, frames: Any) -> Any:
        red = frames[..., 0].mean() > 128 and frames[..., 1].mean() < 64
        return encoded(encoder, frames) * (1e30 if red else 1)

    patch.setattr(FrameEncoder, "encode", failing)


def _in_committing(patch: pytest.MonkeyPatch) -> None:
    committed = Catalogue.commit_indexed

    def failing(catalogue: Catalogue, video_id: int, rows: Any, **more: Any) -> bool:
        video = catalogue.video(video_id)
        if video is not None and video.path.name == "red.mp4":
            raise UnicodeError("commit")
        return committed(catalogue, video_id, rows, **more)

    patch.setattr(Catalogue, "commit_indexed", failing)


@pytest.mark.parametrize(
    "break_it",
    [
        _in_fingerprint,
        _in_opening,
        _in_decoding,
        _in_taking_a_frame,
        _in_encoding,
        _in_the_vectors,
        _in_committing,
    ],
)
def test_an_error_of_ours_costs_its_video_only_and_is_tried_again(
    session: Session,
    videos: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    break_it: Callable[[pytest.MonkeyPatch], None],
) -> None:
    session.add_folder(videos)
    with monkeypatch.context() as patch:
        break_it(patch)
        events = run(session)
    assert not of(RunFailed, events)
    assert [event.path.name for event in of(VideoFailed, events)] == ["red.mp4"]
    assert sorted(event.path.name for event in of(VideoIndexed, events)) == ["blue.mp4", "green.mp4"]
    (failed,) = problems_of(session)
    assert (failed.cause, failed.attempts) == (Cause.PROGRAM, 1)
    assert "error" in failed.reason
    assert "Traceback" in caplog.text

    run(session)
    assert not problems_of(session)
    assert session.folders()[0].indexed == 3


def test_an_error_in_the_scan_of_one_folder_costs_no_other_folder(
    session: Session, videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = tmp_path / "odd"
    odd.mkdir()
    session.add_folder(odd)
    session.add_folder(videos)
    recorded = Catalogue.record_scan

    def failing(catalogue: Catalogue, folder_id: int, *listing: Any, **options: Any) -> Any:
        if folder_id == 1:
            raise OverflowError
        return recorded(catalogue, folder_id, *listing, **options)

    monkeypatch.setattr(Catalogue, "record_scan", failing)
    events = run(session)
    assert [event.folder for event in of(ScanFailed, events)] == [odd]
    assert len(of(VideoIndexed, events)) == 3


def _killed_at(patch: pytest.MonkeyPatch, name: str, *positions: float) -> None:
    """Kill the child when it has reached these seconds of the video, one by one."""
    received, left = VideoStream._receive, list(positions)

    def killing(stream: VideoStream) -> Any:
        message = received(stream)
        at = message.fields["time"] if message.kind == "frame" else -1.0
        if left and stream._path.name == name and at >= left[0]:
            left.pop(0)
            os.kill(stream._child.pid, signal.SIGKILL)
            while True:
                received(stream)
        return message

    patch.setattr(VideoStream, "_receive", killing)


def test_a_decoder_that_is_killed_once_costs_nothing(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    make_video(folder / "long.mp4", [(RED, 4), (BLUE, 4), (GREEN, 4)])
    session.add_folder(folder)
    with monkeypatch.context() as patch:
        _killed_at(patch, "long.mp4", 5)
        events = run(session)
    assert len(of(VideoStarted, events)) == 2
    assert not problems_of(session)
    assert session.catalogue.frames(1)[-1].time > 10


def test_what_was_read_before_the_decoder_was_killed_twice_is_served_until_a_run_gets_further(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    make_video(folder / "long.mp4", [(RED, 4), (BLUE, 4), (GREEN, 4)])
    session.add_folder(folder)
    with monkeypatch.context() as patch:
        _killed_at(patch, "long.mp4", 7, 3)
        run(session)
    (video,) = problems_of(session)
    assert (video.state, video.cause, video.attempts) == (VideoState.INDEXED, Cause.ENVIRONMENT, 1)
    assert video.read_until is not None
    assert 5 < video.read_until < 9, "the further of the two tries counts"
    found = session.catalogue.frames(video.id)
    assert session.search("blue").moments

    with monkeypatch.context() as patch:
        _killed_at(patch, "long.mp4", 2, 2)
        run(session)
    (video,) = problems_of(session)
    assert video.attempts == 2
    assert session.catalogue.frames(video.id) == found, "a run that got less far takes nothing away"

    run(session)
    assert not problems_of(session)
    assert session.catalogue.frames(video.id)[-1].time > 10


def test_a_person_can_have_a_damaged_video_looked_at_again(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    (folder / "noise.mp4").write_bytes(b"no video" * 100)
    session.add_folder(folder)
    assert len(of(VideoFailed, run(session))) == 1
    assert not of(VideoFailed, run(session)), "its content did not change"
    (failed,) = problems_of(session)
    assert session.retry([failed.id]) == 1
    assert session.indexer.wait(60)
    assert problems_of(session) == [failed]


def test_copies_and_hard_links_are_not_decoded(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    run(session)
    shutil.copy2(videos / "red.mp4", videos / "copy of red.mp4")
    (videos / "link to red.mp4").hardlink_to(videos / "red.mp4")
    events = run(session)
    assert not of(VideoStarted, events)
    assert sorted(event.path.name for event in of(CopyFound, events)) == [
        "copy of red.mp4",
        "link to red.mp4",
    ]
    assert session.folders()[0].indexed == 5
    (best, *_) = session.search("red").moments
    assert {best.path.name, *(path.name for path in best.copies)} == {
        "red.mp4",
        "copy of red.mp4",
        "link to red.mp4",
    }


def test_of_new_copies_one_is_decoded(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    make_video(folder / "0.mp4", [(RED, 3)])
    for number in range(1, 6):
        shutil.copy2(folder / "0.mp4", folder / f"{number}.mp4")
    session.add_folder(folder)
    events = run(session)
    assert len(of(VideoStarted, events)) == 1
    assert len(of(CopyFound, events)) == 5
    assert len(session.search("red").moments) == 1


def test_copies_of_a_damaged_video_are_all_told_of(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    folder.mkdir()
    for number in range(3):
        (folder / f"{number}.mp4").write_bytes(b"no video" * 100)
    session.add_folder(folder)
    assert len(of(VideoFailed, run(session))) == 3
    assert not session.catalogue.pending(session.bundle.identity)


def test_a_copy_that_is_still_growing_is_left_alone_until_it_is_quiet(
    session: Session, videos: Path, tmp_path: Path
) -> None:
    """A file arrives bit by bit while its folder is indexed, and its rest after; the bits come much closer
    together than what counts as quiet, however busy the machine is."""
    session.change_setting("settle", "1.5")
    session.add_folder(videos)
    whole = make_video(tmp_path / "whole.mp4", [(WHITE, 4)]).read_bytes()
    target = videos / "arriving.mp4"
    done = threading.Event()

    def copy() -> None:
        with target.open("wb", buffering=0) as file:
            for start in range(0, len(whole), bit := max(1, len(whole) // 1_000)):
                file.write(whole[start : start + bit])
                done.wait(0.03)

    copying = threading.Thread(target=copy)
    copying.start()
    try:
        assert wait_until(target.exists)
        events = run(session)
        assert len(of(VideoIndexed, events)) == 3
        assert of(RunFinished, events)[0].growing == (target,)
        assert not problems_of(session)
    finally:
        done.set()
        copying.join()
    events = run(session)
    assert [event.path for event in of(VideoIndexed, events)] == [target]
    assert of(RunFinished, events)[0].growing == ()
    assert not problems_of(session)


def test_contents_are_claimed_while_others_finish(session: Session) -> None:
    """The decode stages claim on their own threads while the run sees to what has ended."""
    claims = ContentClaims(session.catalogue, session.bundle.identity)
    some = Video(1, 1, Path("a"), 1, 1, None, VideoState.PENDING, Presence.HERE, "", "", None)
    videos = [replace(some, id=number) for number in range(20_000)]

    def claim() -> None:
        for video in videos:
            claims.claim(video, str(video.id))

    claiming = threading.Thread(target=claim)
    claiming.start()
    for video in videos[:5_000]:
        assert claims.finish(video, whole=True) == []
    claiming.join()
    assert claims.claim(videos[-1], str(videos[-1].id))
    other = replace(some, id=-1)
    assert not claims.claim(other, str(videos[-1].id))
    assert claims.defer(other, str(videos[-1].id)) is None
    assert claims.finish(videos[-1], whole=True) == [(other, str(videos[-1].id))]
