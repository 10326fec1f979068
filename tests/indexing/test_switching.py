"""From one model to another with real videos: the old one answers until all is ready."""

import os
import sqlite3
import threading
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.bundle.encoder_bundle import load_bundle
from app.catalogue import frame_cache
from app.catalogue.frame_cache import FrameCache
from app.catalogue.records import Video
from app.database.layout import FRAMES
from app.errors import MediaError
from app.indexing.events import (
    IndexingEvent,
    ModelSwitched,
    Progress,
    RunFailed,
    RunFinished,
    VideoFailed,
    VideoIndexed,
)
from app.indexing.stages.decode_stages import DecodeStage
from app.media.decoder import Decoder
from app.runtime.encoders import FrameEncoder
from app.session import Session
from tests.bundles import make_bundle
from tests.indexing.conftest import BLUE, GREEN, RED, run
from tests.videos import make_video


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    for age, (name, colour) in enumerate((("red", RED), ("green", GREEN), ("blue", BLUE))):
        path = make_video(folder / f"{name}.mp4", [(colour, 2), ((90, 90, 90), 2)], size=(64, 48))
        os.utime(path, (1.7e9 - age, 1.7e9 - age))
    return folder


@pytest.fixture
def larger(tmp_path: Path) -> Path:
    """Another model, which looks at more pixels."""
    return make_bundle(tmp_path / "larger", name="larger", size=48)


@pytest.fixture
def session(tmp_path: Path, videos: Path) -> Iterator[Session]:
    with Session(tmp_path / "library", make_bundle(tmp_path / "small", name="small")) as session:
        session.add_folder(videos)
        yield session


@pytest.fixture
def no_decoding(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on a video that is opened fails."""

    def refuse(*_: Any) -> Any:
        raise MediaError("It was decoded.", "")

    return lambda: monkeypatch.setattr(Decoder, "open", refuse)


def indexed(events: list[IndexingEvent]) -> list[str]:
    return [event.path.stem for event in events if isinstance(event, VideoIndexed)]


def of_kind(events: list[IndexingEvent], kind: type) -> list[IndexingEvent]:
    return [event for event in events if isinstance(event, kind)]


def choose(session: Session, folder: Path) -> list[IndexingEvent]:
    """Choose a model and wait until the run that this begins is over; returns what it said."""
    events: list[IndexingEvent] = []
    unsubscribe = session.indexer.subscribe(events.append)
    session.use_model(folder)
    assert session.indexer.wait(60)
    unsubscribe()
    return events


def test_the_old_model_answers_until_the_new_one_is_ready_and_frames_stay(
    session: Session, larger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(session)
    before = {video.id: session.catalogue.frames(video.id) for video in session.catalogue.videos()}
    small = session.bundle
    answers: list[tuple[str, str, int]] = []
    encode = FrameEncoder.encode

    def asked(encoder: FrameEncoder, frames: Any) -> Any:
        if encoder.bundle.name == "larger":
            pending_model = session.pending_model
            assert pending_model is not None
            outcome = session.search("green")
            answers.append((outcome.model, outcome.moments[0].path.stem, pending_model.ready))
        return encode(encoder, frames)

    monkeypatch.setattr(FrameEncoder, "encode", asked)
    events = choose(session, larger)
    assert [answer[:2] for answer in answers] == [(small.identity, "green")] * 3
    assert answers[-1][2] == 2
    assert sorted(indexed(events)) == ["blue", "green", "red"]
    assert {event.model for event in events if isinstance(event, Progress)} == {"Larger 1"}
    assert [type(event) for event in events[-2:]] == [ModelSwitched, RunFinished]
    assert session.bundle.name == "larger"
    assert session.search("green").moments[0].path.stem == "green"
    assert {video: session.catalogue.frames(video) for video in before} == before, "frames are the same"
    assert session.catalogue.frame_count(small.identity) > 0
    assert indexed(choose(session, small.folder)) == []
    assert session.bundle.name == "small"


def test_a_video_keeps_the_rate_it_was_sampled_at(session: Session, larger: Path) -> None:
    """Else the model that answers would lose the video in the middle of a switch."""
    run(session)
    frames = session.catalogue.frames(1)
    session.change_setting("max_rate", "3")
    choose(session, larger)
    assert session.bundle.name == "larger"
    assert session.catalogue.frames(1) == frames


def test_only_a_few_videos_are_lost_from_answers_at_a_time(
    session: Session, videos: Path, larger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A library from before the rate was kept, sampled at another rate now."""
    for name, seconds in (("white", 3), ("yellow", 4)):
        make_video(videos / f"{name}.mp4", [(RED, seconds)], size=(64, 48))
    monkeypatch.setattr("app.indexing.passes.MOST_LOST", 1)
    monkeypatch.setattr("app.indexing.stages.decode_stages.DECODERS_PER_VOLUME", 1)
    monkeypatch.setattr("app.indexing.runs.index_run.LOOK_AHEAD", 1)
    run(session)
    small, catalogue = session.bundle.identity, session.catalogue
    frames = {video.id: catalogue.frames(video.id) for video in catalogue.videos()}
    with sqlite3.connect(session.folder / "library.db") as connection:
        connection.execute("DELETE FROM sampled")
    connection.close()
    session.change_setting("max_rate", "3")
    commit = catalogue.commit_indexed
    lost: list[int] = []

    def committed(*values: Any, **more: Any) -> bool:
        current = commit(*values, **more)
        lost.append(len(frames) - len(catalogue.embedded(small)))
        return current

    monkeypatch.setattr(catalogue, "commit_indexed", committed)
    choose(session, larger)
    assert len(lost) == 2 * len(frames), "each video for both models, once"
    assert 0 < max(lost) <= 2, "the one that ends the pass, and the one under way then"
    assert lost[-1] == 0
    assert all(catalogue.frames(number) != old for number, old in frames.items())
    assert len(catalogue.embedded(load_bundle(larger).identity)) == len(frames)
    assert session.bundle.name == "larger"


def test_what_is_used_most_comes_first(
    session: Session, videos: Path, larger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("red", "green", "blue"):
        (videos / name).mkdir()
        (videos / f"{name}.mp4").rename(videos / name / f"{name}.mp4")
    monkeypatch.setattr("app.indexing.stages.decode_stages.DECODERS_PER_VOLUME", 1)
    run(session)
    moment = session.search("blue").moments[0]
    session.note_opened(moment.video_id)
    assert indexed(choose(session, larger)) == ["blue", "red", "green"]


def test_a_new_video_does_not_wait_for_the_coming_model(
    session: Session, videos: Path, larger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is searchable before the others are made ready; those under way are finished, none is done twice."""
    run(session)
    monkeypatch.setattr("app.indexing.stages.decode_stages.DECODERS_PER_VOLUME", 1)
    encode, added = FrameEncoder.encode, threading.Event()
    decode, begun = DecodeStage._decode, count()

    def one_after_the_other(stage: DecodeStage, video: Video) -> None:
        if next(begun):  # else all could be decoded before a frame of the first is encoded
            added.wait(30)
        decode(stage, video)

    done: list[tuple[str, str]] = []

    def encoded(encoder: FrameEncoder, frames: Any) -> Any:
        if encoder.bundle.name == "larger" and not added.is_set():
            make_video(videos / "new.mp4", [(RED, 2)], size=(64, 48))
            session.indexer.start([folder.id for folder in session.folders()])
            added.set()  # not before the indexer knows: the others are decoded in no time
        return encode(encoder, frames)

    commit = session.catalogue.commit_indexed

    def committed(video_id: int, rows: Any, **more: Any) -> bool:
        video = session.catalogue.video(video_id)
        assert video is not None
        done.append((video.path.stem, rows.model.split("-")[0]))
        return commit(video_id, rows, **more)

    monkeypatch.setattr(DecodeStage, "_decode", one_after_the_other)
    monkeypatch.setattr(FrameEncoder, "encode", encoded)
    monkeypatch.setattr(session.catalogue, "commit_indexed", committed)
    choose(session, larger)
    assert len(done) == 5
    assert done.index(("new", "small")) < 4, "before the last of the others"
    assert sorted(name for name, model in done if model == "larger") == ["blue", "green", "new", "red"]
    assert session.bundle.name == "larger"


def test_staying_ends_the_pass(session: Session, larger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(session)
    encode = FrameEncoder.encode

    def cancelled(encoder: FrameEncoder, frames: Any) -> Any:
        session.cancel_switch()
        return encode(encoder, frames)

    with monkeypatch.context() as patch:
        patch.setattr(FrameEncoder, "encode", cancelled)
        choose(session, larger)
    assert session.bundle.name == "small"
    assert len(session.catalogue.embedded(load_bundle(larger).identity)) < 3
    assert indexed(run(session)) == []


def test_a_broken_file_does_not_hold_the_switch_up(session: Session, videos: Path, larger: Path) -> None:
    run(session)
    blue = videos / "blue.mp4"
    status = blue.stat()
    blue.write_bytes(os.urandom(status.st_size))
    os.utime(blue, ns=(status.st_atime_ns, status.st_mtime_ns))  # the disk went bad: nobody wrote to it
    events = choose(session, larger)
    assert len(of_kind(events, VideoFailed)) == 1
    assert session.bundle.name == "larger"


def test_a_coming_model_that_cannot_be_used_is_said_and_the_other_one_is_served(
    session: Session, videos: Path, larger: Path
) -> None:
    run(session)
    session.indexer.close()
    session.use_model(larger)
    (larger / "image.onnx").write_bytes(b"damaged")
    make_video(videos / "new.mp4", [(RED, 2)], size=(64, 48))
    with Session(session.folder, session.bundle.folder) as later:
        events = run(later)
        assert indexed(events) == ["new"]
        assert len(of_kind(events, RunFailed)) == 1
        later.cancel_switch()
        assert not of_kind(run(later), RunFailed)


def test_kept_frames_need_no_decoding(
    session: Session, larger: Path, no_decoding: Callable[[], None]
) -> None:
    session.change_setting("keep_frames", "on")
    run(session)
    assert session.frame_cache_bytes > 0
    before = {video.id: session.catalogue.frames(video.id) for video in session.catalogue.videos()}
    thumbnail = session.catalogue.thumbnail(before[1][0].id)
    small = session.bundle.identity
    no_decoding()
    events = choose(session, larger)
    assert not of_kind(events, VideoFailed)
    assert sorted(indexed(events)) == ["blue", "green", "red"]
    assert session.bundle.name == "larger"
    assert {video: session.catalogue.frames(video) for video in before} == before
    assert session.catalogue.thumbnail(before[1][0].id) == thumbnail
    assert session.search("green").moments[0].path.stem == "green"
    old = {stored.video_id: stored.matrix for stored in session.catalogue.embeddings(small)}
    for stored in session.catalogue.embeddings(session.bundle.identity):
        np.testing.assert_allclose(stored.matrix, old[stored.video_id], atol=0.02)


def test_kept_frames_serve_a_disk_that_is_away(
    session: Session, videos: Path, larger: Path, no_decoding: Callable[[], None]
) -> None:
    session.change_setting("keep_frames", "on")
    run(session)
    videos.rename(videos.with_name("unplugged"))
    no_decoding()
    choose(session, larger)
    assert not session.folders()[0].online
    assert session.bundle.name == "larger"
    assert session.search("green").moments[0].path.stem == "green"


def test_what_is_not_kept_large_enough_is_decoded(
    session: Session, videos: Path, tmp_path: Path, no_decoding: Callable[[], None]
) -> None:
    make_video(videos / "hd.mp4", [(GREEN, 2)], size=(640, 480))
    session.change_setting("keep_frames", "on")
    run(session)
    no_decoding()
    events = choose(session, make_bundle(tmp_path / "huge", name="huge", size=300))
    assert [event.path.stem for event in events if isinstance(event, VideoFailed)] == ["hd"]
    assert sorted(indexed(events)) == ["blue", "green", "red"], "these have no more pixels than were kept"


def test_a_damaged_picture_is_decoded_again(session: Session, larger: Path) -> None:
    session.change_setting("keep_frames", "on")
    run(session)
    cache = FrameCache(session.folder)
    cache.write([("UPDATE frames SET image = x'00' WHERE id % 2 = 0", [])])
    cache.close()
    events = choose(session, larger)
    assert not of_kind(events, VideoFailed)
    assert session.bundle.name == "larger"
    cache = FrameCache(session.folder)
    assert len(cache.fingerprints()) == 3, "and kept again"
    cache.close()


def test_nothing_is_kept_unless_asked_for_and_nothing_of_what_left(session: Session, videos: Path) -> None:
    run(session)
    assert not (session.folder / FRAMES).exists()
    session.change_setting("keep_frames", "on")
    make_video(videos / "new.mp4", [(RED, 2)], size=(64, 48))
    run(session)
    before = session.frame_cache_bytes
    assert before > 0
    session.remove_folder(videos)
    run(session)
    assert 0 < session.frame_cache_bytes <= before
    cache = FrameCache(session.folder)
    assert cache.fingerprints() == frozenset()
    cache.close()
    session.change_setting("keep_frames", "off")
    assert session.frame_cache_bytes == 0
    assert not (session.folder / FRAMES).exists()


def test_turned_off_during_a_run_it_is_deleted_at_its_end(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.change_setting("keep_frames", "on")
    commit = session.catalogue.commit_indexed

    def committed(*values: Any, **more: Any) -> bool:
        session.change_setting("keep_frames", "off")
        assert frame_cache.size_of(session.folder) > 0
        return commit(*values, **more)

    monkeypatch.setattr(session.catalogue, "commit_indexed", committed)
    run(session)
    assert session.frame_cache_bytes == 0
