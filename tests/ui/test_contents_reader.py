"""What the window shows of the library follows its changes, and only what changed is read."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Folder, ProblemCounts, ProblemVideos
from app.session import Session
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
