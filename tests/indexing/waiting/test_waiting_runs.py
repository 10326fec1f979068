"""A run that has to wait: what is told, what goes on meanwhile, and what ends the wait."""

import os
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.indexing.events import IndexingEvent, RunFinished, RunResumed, RunWaiting, VideoIndexed
from app.indexing.waiting import run_gate
from app.indexing.waiting.conditions import Wait, WaitReason
from app.indexing.waiting.run_gate import RunGate
from app.session import Session
from tests.conftest import wait_until
from tests.indexing.conftest import run

NIGHT = Wait(WaitReason.HOURS, "22:00")


class Obstacle:
    """Stands in for clock and battery."""

    def __init__(self) -> None:
        self.wait: Wait | None = NIGHT

    def __call__(self) -> Wait | None:
        return self.wait


@pytest.fixture
def obstacle(session: Session, monkeypatch: pytest.MonkeyPatch) -> Iterator[Obstacle]:
    """In the way of the session's runs, looked at twenty times a second."""
    monkeypatch.setattr(run_gate, "LOOK_SECONDS", 0.05)
    made = Obstacle()
    monkeypatch.setattr(session.indexer._gate, "_obstacle", made)
    yield made
    session.indexer.stop()


@pytest.fixture
def events(session: Session) -> list[IndexingEvent]:
    told: list[IndexingEvent] = []
    session.indexer.subscribe(told.append)
    return told


def of(kind: type, events: list[IndexingEvent]) -> list[IndexingEvent]:
    return [event for event in events if isinstance(event, kind)]


def test_a_run_waits_and_goes_on_by_itself(
    session: Session, videos: Path, obstacle: Obstacle, events: list[IndexingEvent]
) -> None:
    session.add_folder(videos)
    session.indexer.start()
    assert wait_until(lambda: session.folders()[0].pending == 3)
    assert events[0] == RunWaiting(WaitReason.HOURS, "22:00")
    assert session.indexer.waiting == NIGHT
    assert not session.indexer.wait(0.2)
    assert not of(VideoIndexed, events)
    obstacle.wait = None
    assert session.indexer.wait(60)
    assert session.folders()[0].indexed == 3
    assert len(of(RunResumed, events)) == 1
    assert session.indexer.waiting is None


def test_index_now_overrides_until_the_run_ends(
    session: Session, videos: Path, obstacle: Obstacle, events: list[IndexingEvent]
) -> None:
    session.add_folder(videos)
    session.indexer.start()
    assert wait_until(lambda: session.folders()[0].pending == 3)
    session.indexer.start(now=True)
    assert session.indexer.wait(60)
    assert session.folders()[0].indexed == 3
    events.clear()
    session.catalogue.retry()
    session.indexer.start()
    assert session.indexer.wait(60)
    assert of(RunWaiting, events), "the next run waits again"


def test_a_file_that_is_gone_leaves_the_library_while_a_run_waits(
    session: Session, videos: Path, obstacle: Obstacle
) -> None:
    folder = session.add_folder(videos)
    session.indexer.start()
    assert wait_until(lambda: session.folders()[0].pending == 3)
    (videos / "red.mp4").unlink()
    session.indexer.start([folder.id])
    assert wait_until(lambda: session.folders()[0].videos == 2)
    assert session.indexer.running
    obstacle.wait = None
    assert session.indexer.wait(60)
    assert session.folders()[0].indexed == 2


def test_what_a_run_that_made_way_was_asked_for_is_done_by_the_next(
    session: Session, tmp_path: Path, videos: Path, obstacle: Obstacle
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    session.add_folder(videos)
    small = session.add_folder(other)
    session.indexer.start()
    assert wait_until(lambda: session.folders()[0].pending + session.folders()[1].pending == 3)
    session.indexer.start([small.id])
    assert wait_until(lambda: not session.indexer._again)
    obstacle.wait = None
    assert session.indexer.wait(60)
    assert sum(folder.indexed for folder in session.folders()) == 3


def test_a_run_that_has_nothing_to_read_does_not_wait(
    session: Session, videos: Path, obstacle: Obstacle, events: list[IndexingEvent]
) -> None:
    obstacle.wait = None
    session.add_folder(videos)
    run(session)
    obstacle.wait = NIGHT
    session.indexer.start()
    assert session.indexer.wait(20)
    assert isinstance(events[-1], RunFinished)


def test_searching_never_waits(session: Session, videos: Path, obstacle: Obstacle) -> None:
    obstacle.wait = None
    session.add_folder(videos)
    run(session)
    obstacle.wait = NIGHT
    session.catalogue.retry()
    session.indexer.start()
    assert session.search("red").moments


def test_a_setting_that_ends_the_wait_is_seen_at_once(
    session: Session, videos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_gate, "LOOK_SECONDS", 60.0)
    session.change_setting("index_between", _never_now())
    session.add_folder(videos)
    session.indexer.start()
    assert wait_until(lambda: session.indexer.waiting is not None)
    session.change_setting("index_between", "default")
    assert session.indexer.wait(60)
    assert session.folders()[0].indexed == 3


def test_a_setting_that_changes_while_the_first_look_is_taken_is_seen_at_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run_gate, "LOOK_SECONDS", 60.0)
    told: list[Wait | None] = []

    def tell(wait: Wait | None) -> None:
        told.append(wait)
        gate.look()

    gate = RunGate(lambda: None if told else NIGHT, tell)
    gate.watch()
    try:
        assert gate.opened.wait(20)
    finally:
        gate.unwatch()
    assert told == [NIGHT, None]


def _never_now() -> str:
    start = datetime.now() + timedelta(hours=6)
    return f"{start:%H:%M}-{start + timedelta(hours=1):%H:%M}"


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a thread to some cores")
def test_a_run_keeps_to_its_cores(session: Session, videos: Path) -> None:
    seen: set[int] = set()
    session.indexer.subscribe(lambda _: seen.add(len(os.sched_getaffinity(0))))
    session.change_setting("cores", "1")
    session.add_folder(videos)
    run(session)
    assert seen == {1}
    assert len(os.sched_getaffinity(0)) == len(os.sched_getaffinity(os.getpid()))
    seen.clear()
    session.change_setting("cores", "default")
    run(session)
    assert seen == {len(os.sched_getaffinity(0))}
