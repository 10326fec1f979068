"""A first look at many new videos: their key frames can be searched before the rest is read."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.records import VideoState
from app.errors import Cause
from app.indexing import passes
from app.indexing.events import (
    FirstLookTaken,
    IndexingEvent,
    Progress,
    Stage,
    VideoFailed,
    VideoIndexed,
)
from app.indexing.stages import decode_stages
from app.media import reasons
from app.media.decoder import Decoder
from app.media.frames import Sampling
from app.media.video_stream import VideoStream
from app.session import Session
from tests.bundles import make_bundle
from tests.conftest import wait_until
from tests.videos import Scene, make_video

LENGTH = 34


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    for number, colour in enumerate(("red", "green", "blue")):
        path = folder / f"{colour}.mp4"
        make_video(path, [Scene(colour, LENGTH, "stripes")], size=(64, 48), rate=4, gop=20)
        os.utime(path, (1_000_000_000 + number, 1_000_000_000 + number))
    make_video(folder / "short.mp4", [Scene("yellow", 5, "stripes")], size=(64, 48), rate=4, gop=20)
    (folder / "broken.mp4").write_bytes(b"no video" * 1000)
    return folder


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    monkeypatch.setattr(passes, "MANY", 3)
    with Session(tmp_path / "library", make_bundle(tmp_path / "bundle")) as session:
        yield session


def run(session: Session, videos: Path) -> list[IndexingEvent]:
    events: list[IndexingEvent] = []
    session.indexer.subscribe(events.append)
    if not session.folders():
        session.add_folder(videos)
    session.indexer.start()
    assert session.indexer.wait(120)
    return events


def frames(session: Session) -> dict[str, int]:
    index = session.index
    index.refresh(session.catalogue)
    names = {video.id: video.path.stem for video in session.catalogue.videos()}
    counts: dict[str, int] = {}
    for stored in session.catalogue.embeddings(session.bundle.identity):
        counts[names[stored.video_id]] = len(stored.frame_ids)
    return counts


def test_long_videos_are_found_by_their_key_frames_first(session: Session, videos: Path) -> None:
    events = run(session, videos)
    looks = [event for event in events if isinstance(event, FirstLookTaken)]
    wholes = [event for event in events if isinstance(event, VideoIndexed)]
    assert {event.path.stem for event in looks} == {"red", "green", "blue"}
    assert {event.path.stem for event in wholes} == {"red", "green", "blue", "short"}
    assert events.index(looks[-1]) < min(events.index(e) for e in wholes if e.path.stem != "short")
    assert all(event.frames == 7 for event in looks), "one each five seconds"
    assert all(event.frames > 25 for event in wholes if event.path.stem != "short")
    failed = [event for event in events if isinstance(event, VideoFailed)]
    assert [(event.path.stem, event.attempts) for event in failed] == [("broken", 1)]
    stages = [event.stage for event in events if isinstance(event, Progress)]
    assert stages == sorted(stages, key=[Stage.FIRST_LOOK, Stage.REFINING].index)
    assert {video.state for video in session.catalogue.videos() if video.path.stem != "broken"} == {
        VideoState.INDEXED
    }
    assert all(count > 25 for name, count in frames(session).items() if name != "short")


def test_the_newest_come_first(session: Session, videos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.indexing.stages.decode_stages.DECODERS_PER_VOLUME", 1)
    looks = [event.path.stem for event in run(session, videos) if isinstance(event, FirstLookTaken)]
    assert looks == ["blue", "green", "red"]


def test_what_a_first_look_found_is_kept_by_a_stop_and_not_read_again(session: Session, videos: Path) -> None:
    seen = threading.Semaphore(0)

    def stop_after_the_looks(event: IndexingEvent) -> None:
        if isinstance(event, FirstLookTaken):
            seen.release()

    unsubscribe = session.indexer.subscribe(stop_after_the_looks)
    session.add_folder(videos)
    session.indexer.start()
    assert seen.acquire(timeout=60)
    assert session.indexer.stop(30)
    unsubscribe()
    found = frames(session)
    rough = [name for name, count in found.items() if count == 7]
    assert rough
    outcome = session.search(f"{rough[0]} colour")
    assert outcome.moments
    pending = {video.path.stem for video in session.catalogue.pending(session.bundle.identity)}
    assert set(rough) <= pending
    again = [event.path.stem for event in run(session, videos) if isinstance(event, FirstLookTaken)]
    assert not set(again) & set(rough)
    assert wait_until(lambda: not session.catalogue.pending(session.bundle.identity))


def test_a_file_that_hangs_is_waited_for_in_one_pass_of_a_run(
    session: Session, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    class Hanging(Decoder):
        """Answers as if the disk of one file did not."""

        def open(self, path: Path, sampling: Sampling) -> VideoStream:
            opened.append(path.stem)
            if path.stem == "green":
                raise reasons.stalled(20)
            return super().open(path, sampling)

    monkeypatch.setattr(decode_stages, "Decoder", Hanging)
    events = run(session, videos)
    assert opened.count("green") == 2, "in a fresh child too, and no more"
    assert opened.count("red") == 2, "its key frames, then all of it"
    failed = {event.path.stem: event for event in events if isinstance(event, VideoFailed)}
    assert failed.keys() == {"green", "broken"}
    assert failed["green"].cause is Cause.ENVIRONMENT
    monkeypatch.undo()
    events = run(session, videos)
    assert [event.path.stem for event in events if isinstance(event, VideoIndexed)] == ["green"]


def test_few_videos_are_read_whole_at_once(
    session: Session, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passes, "MANY", 24)
    events = run(session, videos)
    assert not [event for event in events if isinstance(event, FirstLookTaken)]
    assert {event.stage for event in events if isinstance(event, Progress)} == {Stage.WHOLE}
