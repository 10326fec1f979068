"""An open library: what is watched follows what is listed, and a disk that hangs holds up nothing else."""

import threading
from pathlib import Path

import pytest

from app.indexing.events import RunFinished
from app.session import Session
from tests.bundles import make_bundle
from tests.conftest import wait_until


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "colours")


def folders(tmp_path: Path, count: int) -> list[Path]:
    made = [tmp_path / f"videos {number}" for number in range(count)]
    for folder in made:
        folder.mkdir()
    return made


def watched(session: Session) -> set[Path]:
    watcher = session._watch._watcher
    return set() if watcher is None else set(watcher._folders)


def test_what_is_watched_follows_what_is_listed_whoever_changes_it(tmp_path: Path, bundle: Path) -> None:
    """Several threads add, remove and begin to watch at once; the list of the library is the last word."""
    places = folders(tmp_path, 12)
    with Session(tmp_path / "library", bundle) as session:
        for place in places[:6]:
            session.add_folder(place)
        work = [
            *(threading.Thread(target=session.add_folder, args=[place]) for place in places[6:]),
            *(threading.Thread(target=session.remove_folder, args=[place]) for place in places[:6]),
        ]
        work.insert(5, threading.Thread(target=session.start_watching))
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
        assert {folder.path for folder in session.folders()} == set(places[6:])
        assert wait_until(lambda: watched(session) == set(places[6:]))


def test_a_folder_above_a_watched_one_is_watched_in_its_place(tmp_path: Path, bundle: Path) -> None:
    inside = tmp_path / "videos" / "2024"
    inside.mkdir(parents=True)
    with Session(tmp_path / "library", bundle) as session:
        session.start_watching()
        session.add_folder(inside)
        assert wait_until(lambda: watched(session) == {inside})
        session.add_folder(inside.parent)
        assert wait_until(lambda: watched(session) == {inside.parent})


def test_a_disk_that_does_not_answer_holds_up_no_other_folder(
    tmp_path: Path, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asleep, awake = folders(tmp_path, 2)
    answers, asked = threading.Event(), threading.Event()
    is_dir = Path.is_dir

    def slow(path: Path) -> bool:
        if path == asleep:
            asked.set()
            assert answers.wait(30)
        return is_dir(path)

    monkeypatch.setattr(Path, "is_dir", slow)
    with Session(tmp_path / "library", bundle) as session:
        session.start_watching()
        adding = threading.Thread(target=session.add_folder, args=[asleep])
        adding.start()
        assert asked.wait(30)
        session.add_folder(awake)
        session.remove_folder(awake)
        session.add_folder(awake)
        assert [folder.path for folder in session.folders()] == [awake]
        answers.set()
        adding.join()
        assert [folder.path for folder in session.folders()] == [awake, asleep]


def runs_of(session: Session) -> list[RunFinished]:
    finished: list[RunFinished] = []
    session.indexer.subscribe(
        lambda event: finished.append(event) if isinstance(event, RunFinished) else None
    )
    return finished


def test_watching_begins_with_a_look_at_every_folder_and_that_is_enough(tmp_path: Path, bundle: Path) -> None:
    (place,) = folders(tmp_path, 1)
    with Session(tmp_path / "library", bundle) as session:
        session.add_folder(place)
        runs = runs_of(session)
        session.start_watching()
        assert wait_until(lambda: len(runs) == 1 and not session.indexer.running)
        assert wait_until(lambda: session._watch.has_begun)
        session.look_through()
        assert not session.indexer.running


def test_a_folder_that_cannot_be_watched_is_looked_through_all_the_same(tmp_path: Path, bundle: Path) -> None:
    (place,) = folders(tmp_path, 1)
    with Session(tmp_path / "library", bundle) as session:
        session.add_folder(place)
        place.rmdir()
        runs = runs_of(session)
        session.start_watching()
        session.look_through()
        assert wait_until(lambda: bool(runs))
        assert not session._watch.has_begun
