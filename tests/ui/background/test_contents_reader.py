"""What the window shows of the library follows its changes, and only what changed is read."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Folder, ProblemCounts, ProblemVideos
from app.errors import LibraryError
from app.indexing.events import IndexingEvent, RunFinished
from app.session import Session
from app.ui.background import contents_reader
from app.ui.background.contents_reader import ContentsReader
from app.ui.background.operations import Operations
from app.ui.background.snapshots import LibrarySnapshot
from tests.catalogue.making import at, index_all, make_file, rescan
from tests.ui.loop import spin_until


class Shown:
    """What the reader told, and what it read of the library for that."""

    def __init__(self, reader: ContentsReader, monkeypatch: pytest.MonkeyPatch) -> None:
        self.contents: list[LibrarySnapshot] = []
        self.problems: list[ProblemVideos] = []
        self.findable = 0
        self.counted: list[set[int] | None] = []
        reader.contents.connect(self.contents.append)
        reader.problems.connect(self.problems.append)
        reader.findable.connect(self._note_findable)
        count = Catalogue.folders

        def note(catalogue: Catalogue, only: set[int] | None = None) -> list[Folder]:
            self.counted.append(only)
            return count(catalogue, only)

        monkeypatch.setattr(Catalogue, "folders", note)

    def _note_findable(self) -> None:
        self.findable += 1

    @property
    def last(self) -> LibrarySnapshot:
        return self.contents[-1]


@pytest.fixture
def session(tmp_path: Path, bundle: Path) -> Iterator[Session]:
    with Session(tmp_path / "library", bundle) as opened:
        for name in ("one", "two"):
            (tmp_path / name).mkdir()
            opened.add_folder(tmp_path / name)
        make_file(tmp_path / "one" / "a.mp4", "a")
        make_file(tmp_path / "one" / "b.mp4", "b")
        rescan(opened.catalogue, tmp_path / "one")
        yield opened


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody tells is read often."""
    monkeypatch.setattr(contents_reader, "ELSEWHERE_MS", 100)


@pytest.fixture
def reader(operations: Operations) -> Iterator[ContentsReader]:
    made = ContentsReader(operations, operations)
    yield made
    made.close()


@pytest.fixture
def shown(reader: ContentsReader, session: Session, monkeypatch: pytest.MonkeyPatch) -> Shown:
    made = Shown(reader, monkeypatch)
    reader.open(session)
    assert spin_until(lambda: made.contents)
    assert made.counted == [None], "once, everything"
    made.counted.clear()
    return made


def test_a_commit_reads_the_counts_of_its_folder_alone(
    shown: Shown, session: Session, tmp_path: Path
) -> None:
    one, two = session.catalogue.watched()
    index_all(session.catalogue, only=[at(session.catalogue, tmp_path / "one" / "a.mp4").id])
    assert spin_until(lambda: shown.last.indexed == 1)
    assert shown.counted == [{one.id}]
    assert shown.findable == 1
    assert [folder.path for folder in shown.last.folders] == [one.path, two.path]
    assert shown.last.folders == tuple(session.folders())


def test_what_the_indexer_says_on_its_way_counts_nothing(
    shown: Shown, reader: ContentsReader, session: Session
) -> None:
    before = len(shown.contents)
    reader.soon()
    assert spin_until(lambda: len(shown.contents) > before)
    assert shown.counted == []
    assert shown.findable == 0


def test_folders_come_and_go(shown: Shown, session: Session, tmp_path: Path) -> None:
    (tmp_path / "three").mkdir()
    added = session.add_folder(tmp_path / "three")
    assert spin_until(lambda: len(shown.last.folders) == 3)
    session.remove_folder(tmp_path / "one")
    assert spin_until(lambda: len(shown.last.folders) == 2)
    assert all(only is not None and only <= {added.id} for only in shown.counted)
    assert shown.last.folders == tuple(session.folders())


def test_problems_are_read_only_while_their_list_is_on_view_and_when_they_changed(
    shown: Shown, reader: ContentsReader, session: Session, tmp_path: Path
) -> None:
    first, second = (at(session.catalogue, tmp_path / "one" / name).id for name in ("a.mp4", "b.mp4"))
    session.catalogue.commit_failed(first, "It is empty.")
    assert spin_until(lambda: shown.last.problems == ProblemCounts(failed=1))
    assert shown.problems == []

    reader.want_problems(True)
    assert spin_until(lambda: shown.problems)
    assert [video.id for video in shown.problems[-1].failed] == [first]
    before = len(shown.contents)
    index_all(session.catalogue, only=[second])
    assert spin_until(lambda: len(shown.contents) > before)
    assert len(shown.problems) == 1, "they are the same"

    session.catalogue.retry([first])
    assert spin_until(lambda: len(shown.problems) == 2)
    assert shown.problems[-1] == ProblemVideos()
    reader.want_problems(False)
    session.catalogue.commit_failed(first, "It is empty.")
    assert spin_until(lambda: shown.last.problems.total == 1)
    assert len(shown.problems) == 2


def test_a_disk_that_comes_and_goes_changes_no_count(shown: Shown, session: Session, tmp_path: Path) -> None:
    index_all(session.catalogue)
    assert spin_until(lambda: shown.last.indexed == 2)
    findable = shown.findable
    (tmp_path / "one").rename(tmp_path / "unplugged")
    session.catalogue.check_folders()
    assert spin_until(lambda: not shown.last.folders[0].online)
    assert spin_until(lambda: shown.findable > findable)
    assert shown.last.indexed == 2


@pytest.mark.usefixtures("often")
def test_a_reading_that_failed_is_tried_again_and_told_once(
    reader: ContentsReader, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = 3
    count = Catalogue.folders

    def fail(catalogue: Catalogue, only: set[int] | None = None) -> list[Folder]:
        nonlocal failures
        if failures:
            failures -= 1
            raise LibraryError("The disk does not answer.")
        return count(catalogue, only)

    monkeypatch.setattr(Catalogue, "folders", fail)
    told: list[str] = []
    contents: list[LibrarySnapshot] = []
    reader.failed.connect(lambda sentence, _advice: told.append(sentence))
    reader.contents.connect(contents.append)
    reader.open(session)
    assert spin_until(lambda: contents)
    assert contents[0].folders == tuple(session.folders())
    assert told == ["The disk does not answer."]


@pytest.mark.usefixtures("often")
def test_an_indexer_that_ends_long_after_its_last_event_is_not_shown_at_work_for_ever(
    shown: Shown, reader: ContentsReader, session: Session
) -> None:
    ended = threading.Event()

    def hold(event: IndexingEvent) -> None:
        if isinstance(event, RunFinished):
            ended.wait(30)

    session.indexer.subscribe(hold)
    session.indexer.start()
    reader.soon()
    assert spin_until(lambda: shown.last.scanning)
    ended.set()
    assert spin_until(lambda: not shown.last.scanning, timeout=10)
