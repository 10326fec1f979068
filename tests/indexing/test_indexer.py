"""A folder of real videos becomes rows, whatever happens on the way."""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.catalogue.records import VideoState
from app.indexing.events import (
    IndexingEvent,
    Progress,
    RunFailed,
    RunFinished,
    ScanFinished,
    VideoFailed,
    VideoIndexed,
)
from app.session import Session
from tests.conftest import wait_until
from tests.indexing.conftest import BLUE, GREEN, RED, run
from tests.videos import make_video


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    make_video(folder / "red then blue.mp4", [(RED, 4), (BLUE, 4)], size=(96, 72))
    make_video(folder / "green.mp4", [(GREEN, 3)], size=(96, 72))
    return folder


def of_kind(events: list[IndexingEvent], kind: type) -> list[IndexingEvent]:
    return [event for event in events if isinstance(event, kind)]


def test_every_video_is_indexed_and_said_so(session: Session, videos: Path) -> None:
    folder = session.add_folder(videos)
    events = run(session)
    assert of_kind(events, ScanFinished) == [ScanFinished(folder.path, 2, 2, 0, 0, 0)]
    indexed = {event.path.name: event for event in events if isinstance(event, VideoIndexed)}
    assert set(indexed) == {"red then blue.mp4", "green.mp4"}
    assert indexed["red then blue.mp4"].clips >= 2
    assert indexed["red then blue.mp4"].duration == pytest.approx(8.0, abs=0.2)
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    assert (finished.indexed, finished.failed, finished.stopped) == (2, 0, False)
    progress = of_kind(events, Progress)[-1]
    assert isinstance(progress, Progress)
    assert (progress.done, progress.total, progress.fraction) == (2, 2, 1.0)
    assert session.folders()[0].indexed == 2


def test_what_is_indexed_is_not_indexed_again(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    run(session)
    again = run(session)
    assert not of_kind(again, VideoIndexed)
    make_video(videos / "new.mp4", [(RED, 2)])
    assert [event.path.name for event in run(session) if isinstance(event, VideoIndexed)] == ["new.mp4"]


def test_a_broken_file_costs_itself_only(session: Session, videos: Path) -> None:
    (videos / "broken.mp4").write_bytes(os.urandom(5000))
    (videos / "empty.mov").touch()
    session.add_folder(videos)
    events = run(session)
    failed = {event.path.name: event for event in events if isinstance(event, VideoFailed)}
    assert set(failed) == {"broken.mp4", "empty.mov"}
    assert all(event.reason.endswith(".") for event in failed.values())
    assert len(of_kind(events, VideoIndexed)) == 2
    assert {video.path.name for video in session.catalogue.failures()} == {"broken.mp4", "empty.mov"}
    assert not of_kind(run(session), VideoFailed), "a failed file is tried again only when it changes"

    make_video(videos / "broken.mp4", [(GREEN, 2)])
    assert [event.path.name for event in run(session) if isinstance(event, VideoIndexed)] == ["broken.mp4"]
    assert {video.path.name for video in session.catalogue.failures()} == {"empty.mov"}


def test_a_moved_video_is_not_decoded_again(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    run(session)
    (videos / "deep").mkdir()
    (videos / "green.mp4").rename(videos / "deep" / "renamed.mp4")
    events = run(session)
    scan = of_kind(events, ScanFinished)[0]
    assert isinstance(scan, ScanFinished)
    assert scan.moved == 1
    assert not of_kind(events, VideoIndexed)
    assert session.search("green").moments[0].path.name == "renamed.mp4"


def test_pause_holds_and_resume_goes_on(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    session.indexer.pause()
    session.indexer.start()
    assert session.indexer.paused
    assert not session.indexer.wait(0.5)
    assert session.folders()[0].indexed == 0
    session.indexer.resume()
    assert session.indexer.wait(60)
    assert session.folders()[0].indexed == 2


def test_stop_is_prompt_and_loses_nothing(session: Session, videos: Path, long_video: Path) -> None:
    shutil.copy2(long_video, videos / "a long one.mp4")
    session.add_folder(videos)
    seen: queue.Queue[IndexingEvent] = queue.Queue()
    session.indexer.subscribe(seen.put)
    session.indexer.start()
    while not isinstance(seen.get(timeout=60), Progress | VideoIndexed):
        pass
    assert session.indexer.stop(timeout=10)
    assert all(video.state is not VideoState.FAILED for video in session.catalogue.videos())
    run(session)
    assert session.folders()[0].indexed == 3


def test_a_start_during_a_run_is_not_lost(session: Session, videos: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    make_video(other / "blue.mp4", [(BLUE, 2)])
    session.indexer.pause()
    session.indexer.start([session.add_folder(videos).id])
    session.indexer.start([session.add_folder(other).id])
    session.indexer.resume()
    assert session.indexer.wait(60)
    assert [folder.indexed for folder in session.folders()] == [2, 1]


def test_a_start_just_before_a_run_begins_leaves_it_its_folders(
    session: Session, videos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run knows what it was asked for; whoever comes between gets the next one."""
    other = tmp_path / "other"
    other.mkdir()
    make_video(other / "blue.mp4", [(BLUE, 2)])
    first, second = session.add_folder(videos).id, session.add_folder(other).id
    begin, came = session.indexer._run_once, threading.Event()

    def after_another(*asked: object) -> None:
        if not came.is_set():
            came.set()
            session.indexer.start([second])
        begin(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(session.indexer, "_run_once", after_another)
    session.indexer.start([first])
    assert session.indexer.wait(60)
    assert [folder.indexed for folder in session.folders()] == [2, 1]


def test_a_second_process_does_not_index_the_same_library(
    session: Session, videos: Path, tmp_path: Path, bundle: Path
) -> None:
    session.add_folder(videos)
    session.indexer.pause()
    session.indexer.start()
    assert wait_until(lambda: session.indexer.holds_lock)
    with Session(tmp_path / "library", bundle) as second:
        problems = of_kind(run(second), RunFailed)
    assert len(problems) == 1
    session.indexer.resume()
    assert session.indexer.wait(60)


def test_a_folder_that_goes_away_stays_searchable(session: Session, videos: Path) -> None:
    session.add_folder(videos)
    run(session)
    videos.rename(videos.with_name("unplugged"))
    assert not of_kind(run(session), VideoFailed)
    assert not session.folders()[0].online
    found = session.search("green").moments[0]
    assert found.path.name == "green.mp4"
    assert not found.online
    assert session.thumbnail(found.frame_id)


def test_kill_9_at_random_points_loses_nothing(tmp_path: Path, bundle: Path, nightly: bool) -> None:
    """Each time: index in a child, kill it the moment it has said something new, look what is there."""
    folder = tmp_path / "videos"
    folder.mkdir()
    for number in range(8):
        scenes = [((20 * number, 0, 90), 1), ((0, 20 * number, 0), 1)]
        make_video(folder / f"{number}.mp4", scenes, size=(96, 72), rate=5)
    library = tmp_path / "library"
    with Session(library, bundle) as session:
        session.add_folder(folder)

    committed: set[str] = set()
    for attempt in range(10 if nightly else 2):
        child = subprocess.Popen(
            [sys.executable, "-c", _INDEX_AND_SAY, str(library), str(bundle)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        for _, line in zip(range(1 + attempt * 5 % 7), child.stdout, strict=False):
            if (name := json.loads(line)) is not None:
                committed.add(name)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
        with Session(library, bundle) as session:
            kept = {video.path.name for video in session.catalogue.videos(state=VideoState.INDEXED)}
            assert committed <= kept
            session.index.refresh(session.catalogue)
            assert len(session.index.gallery) == session.catalogue.frame_count(session.bundle.identity)

    with Session(library, bundle) as session:
        run(session)
        assert session.folders()[0].indexed == 8
        assert not session.catalogue.failures()
        assert session.catalogue.pending(session.bundle.identity) == []


_INDEX_AND_SAY = """
import json, sys
from pathlib import Path
from app.indexing.events import VideoIndexed
from app.session import Session
def say(event):
    print(json.dumps(event.path.name if isinstance(event, VideoIndexed) else None), flush=True)
with Session(Path(sys.argv[1]), Path(sys.argv[2])) as session:
    session.indexer.subscribe(say)
    session.indexer.start()
    session.indexer.wait()
"""
