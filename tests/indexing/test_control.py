"""Start, stop, pause and errors of the world, whenever they come."""

import errno
import itertools
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from watchdog.observers.api import BaseObserver

from app.catalogue.parts import recording_scans
from app.catalogue.records import Presence
from app.disk.found_file import FoundFile
from app.errors import Cause, DecoderStartError, LibraryError, ModelError
from app.indexing.events import IndexingEvent, RunFailed, RunFinished, VideoFailed, VideoIndexed
from app.media.decoder import Decoder
from app.media.video_stream import VideoStream
from app.runtime.encoders import FrameEncoder
from app.session import Session
from app.vectors.vector_index import VectorIndex
from tests.conftest import wait_until
from tests.indexing.conftest import BLUE, RED
from tests.problems import problems_of
from tests.videos import make_video


@pytest.fixture
def events(session: Session) -> list[IndexingEvent]:
    events: list[IndexingEvent] = []
    session.indexer.subscribe(events.append)
    return events


def finish(session: Session) -> None:
    session.indexer.start()
    assert session.indexer.wait(60)


def names(events: list[IndexingEvent]) -> list[str]:
    return [type(event).__name__ for event in events]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the priority of a thread")
def test_a_run_lets_searches_go_first(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    mine = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    theirs: set[int] = set()
    session.indexer.subscribe(
        lambda _: theirs.add(os.getpriority(os.PRIO_PROCESS, threading.get_native_id()))
    )
    finish(session)
    assert theirs == {min(mine + 10, 19)}
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == mine


def test_a_start_after_a_stop_that_is_not_through_is_not_lost(
    session: Session, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add_folder(videos)
    scanning, go_on = threading.Event(), threading.Event()
    scan = recording_scans.scan

    def slow_scan(path: Path, *options: object, **more: object) -> Iterator[FoundFile]:
        scanning.set()
        assert go_on.wait(20)
        return scan(path, *options, **more)

    monkeypatch.setattr(recording_scans, "scan", slow_scan)
    session.indexer.start()
    assert scanning.wait(20)
    assert not session.indexer.stop(timeout=0)
    session.indexer.start()
    go_on.set()
    assert session.indexer.wait(60)
    assert session.folders()[0].indexed == 3


def test_a_stop_during_a_scan_ends_it_and_loses_no_video(
    session: Session, videos: Path, events: list[IndexingEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add_folder(videos)
    finish(session)
    scan = recording_scans.scan

    def endless_scan(path: Path, *options: object, **more: object) -> Iterator[FoundFile]:
        first = next(scan(path, *options, **more))
        for number in itertools.count():
            if number == 10:
                threading.Thread(target=session.indexer.stop, daemon=True).start()
            yield first

    monkeypatch.setattr(recording_scans, "scan", endless_scan)
    finish(session)
    assert isinstance(events[-1], RunFinished)
    assert events[-1].stopped
    assert all(video.presence is Presence.HERE for video in session.catalogue.videos())


def test_stop_while_paused_ends_and_a_closed_indexer_starts_no_more(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    session.indexer.pause()
    session.indexer.start()
    assert wait_until(lambda: session.indexer.holds_lock)
    assert session.indexer.stop(timeout=10)
    finish(session)
    assert session.folders()[0].indexed == 3
    assert session.indexer.close()
    session.indexer.start()
    assert not session.indexer.running


def test_any_order_of_calls_from_several_threads_ends_with_everything_indexed(
    session: Session, videos: Path
) -> None:
    session.add_folder(videos)
    indexer = session.indexer

    def hammer(seed: int) -> None:
        calls = (indexer.start, indexer.pause, indexer.stop, indexer.resume, indexer.start)
        for number in np.random.default_rng(seed).integers(0, len(calls), 25):
            calls[number]()

    threads = [threading.Thread(target=hammer, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    indexer.resume()
    finish(session)
    assert session.folders()[0].indexed == 3
    assert not session.catalogue.failures()


def test_a_full_disk_ends_the_run_with_a_sentence_and_the_next_one_works(
    session: Session, videos: Path, events: list[IndexingEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both decoders have more to hand over than the queue holds when the first video cannot be written."""
    monkeypatch.setattr("app.indexing.runs.index_run.LOOK_AHEAD", 4)
    make_video(videos / "long 1.mp4", [(RED, 20)], size=(64, 48), rate=2)
    make_video(videos / "long 2.mp4", [(BLUE, 20)], size=(64, 48), rate=2)
    session.add_folder(videos)

    def full(*_: Any, **__: Any) -> bool:
        raise LibraryError("The disk is full.", "Free some space.")

    with monkeypatch.context() as patch:
        patch.setattr(session.catalogue, "commit_indexed", full)
        finish(session)
    assert names(events)[-2:] == ["RunFailed", "RunFinished"]
    assert events[-2] == RunFailed("The disk is full.", "Free some space.")
    assert not session.indexer.holds_lock
    finish(session)
    assert session.folders()[0].indexed == 5


def test_a_model_that_cannot_be_loaded_or_run_is_said_so(
    session: Session, videos: Path, events: list[IndexingEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add_folder(videos)

    def broken(*_: Any, **__: Any) -> Any:
        raise ModelError("The model is broken.", "Install it again.")

    for patched in ("__init__", "encode"):
        events.clear()
        with monkeypatch.context() as patch:
            patch.setattr(FrameEncoder, patched, broken)
            finish(session)
        assert [event for event in events if isinstance(event, RunFailed)] == [
            RunFailed("The model is broken.", "Install it again.")
        ]
    assert not session.catalogue.failures()
    finish(session)
    assert session.folders()[0].indexed == 3


def test_where_no_decoder_starts_the_run_ends_with_the_reason_and_the_next_one_takes_every_video(
    session: Session, videos: Path, events: list[IndexingEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add_folder(videos)

    def does_not_start(*_: Any) -> Any:
        raise DecoderStartError("The decoder cannot be started: too many open files.", "Close some programs.")

    with monkeypatch.context() as patch:
        patch.setattr(Decoder, "open", does_not_start)
        finish(session)
    assert [event for event in events if isinstance(event, RunFailed)] == [
        RunFailed("The decoder cannot be started: too many open files.", "Close some programs.")
    ]
    assert all(video.cause in {None, Cause.ENVIRONMENT} for video in session.catalogue.videos())
    finish(session)
    assert session.folders()[0].indexed == 3
    assert not problems_of(session)


def test_one_video_without_a_decoder_costs_the_others_nothing(
    session: Session, videos: Path, events: list[IndexingEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    session.add_folder(videos)
    open_video = Decoder.open

    def sometimes(decoder: Decoder, path: Path, sampling: Any) -> Any:
        if path.name.startswith("red"):
            raise DecoderStartError("The decoder cannot be started: no memory.", "Close some programs.")
        return open_video(decoder, path, sampling)

    with monkeypatch.context() as patch:
        patch.setattr(Decoder, "open", sometimes)
        for attempts in (1, 2):
            finish(session)
            assert session.folders()[0].indexed == 2
            (failed,) = problems_of(session)
            assert (failed.cause, failed.attempts) == (Cause.ENVIRONMENT, attempts)
    assert [event.attempts for event in events if isinstance(event, VideoFailed)] == [1, 2]
    finish(session)
    assert session.folders()[0].indexed == 3
    assert not problems_of(session)


@pytest.mark.parametrize("frames", [0, 2])
def test_a_disk_that_is_unplugged_while_it_is_read_makes_no_video_a_failure(
    session: Session, videos: Path, events: list[IndexingEvent], monkeypatch: pytest.MonkeyPatch, frames: int
) -> None:
    session.add_folder(videos)
    away = videos.with_name("unplugged")
    pull = threading.Lock()
    receive = VideoStream._receive

    def unplugged(stream: VideoStream) -> Any:
        """The disk goes after so many frames; the decoder only sees the file break off."""
        message = receive(stream)
        if message.kind == "frame" and message.fields["time"] >= frames:
            with pull:
                if videos.exists():
                    videos.rename(away)
            stream._child.kill()
            while True:
                receive(stream)
        return message

    with monkeypatch.context() as patch:
        patch.setattr(VideoStream, "_receive", unplugged)
        finish(session)
    assert not [event for event in events if isinstance(event, VideoFailed)]
    # Another one may have been read whole just before.
    assert all(event.read_until is None for event in events if isinstance(event, VideoIndexed))
    away.rename(videos)
    finish(session)
    assert session.folders()[0].indexed == 3
    assert not problems_of(session)


def test_a_folder_that_is_removed_during_a_run_costs_no_more_decoding(
    session: Session, videos: Path, tmp_path: Path, events: list[IndexingEvent]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    make_video(other / "blue.mp4", [(BLUE, 2)])
    session.add_folder(videos)
    session.add_folder(other)
    session.indexer.pause()
    session.indexer.start()
    assert wait_until(lambda: len(session.catalogue.videos()) == 4)
    assert wait_until(lambda: session.indexer._run is not None)
    session.remove_folder(videos)
    session.indexer.resume()
    assert session.indexer.wait(60)
    assert [event.path.name for event in events if isinstance(event, VideoIndexed)] == ["blue.mp4"]


def test_a_folder_that_is_removed_during_its_scan_does_not_end_the_run(
    session: Session,
    videos: Path,
    tmp_path: Path,
    events: list[IndexingEvent],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    session.add_folder(other)
    session.add_folder(videos)
    scan = recording_scans.scan

    def removing(path: Path, *options: object, **more: object) -> Iterator[FoundFile]:
        if path == other:
            session.remove_folder(other)
        return scan(path, *options, **more)

    monkeypatch.setattr(recording_scans, "scan", removing)
    finish(session)
    assert "RunFailed" not in names(events)
    assert session.folders()[0].indexed == 3


def test_a_listener_that_fails_takes_nothing_from_the_others(
    session: Session, videos: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_: IndexingEvent) -> None:
        raise RuntimeError("Internal C++ object already deleted.")

    heard: list[IndexingEvent] = []
    session.indexer.subscribe(broken)
    session.indexer.subscribe(heard.append)
    session.add_folder(videos)
    finish(session)
    assert session.folders()[0].indexed == 3
    assert isinstance(heard[-1], RunFinished)
    assert "already deleted" in caplog.text


def test_what_works_less_well_is_told(
    session: Session, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: object, _handler: object, _path: str, **_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    assert session.impairments() == []
    monkeypatch.setattr(BaseObserver, "schedule", refuse)
    session.add_folder(videos)
    session.start_watching()
    assert wait_until(lambda: len(session.impairments()) == 1)
    told = session.impairments()[0]
    assert told.sentence == f"{videos} cannot be watched: the system has no watches left."
    assert "15 minutes" in told.advice
    monkeypatch.setattr(VectorIndex, "build_problem", "The search graph could not be built: no room.")
    assert len(session.impairments()) == 1, "nothing was built yet"
    session.warm_up()
    assert [said.sentence for said in session.impairments()][1:] == [VectorIndex.build_problem]
