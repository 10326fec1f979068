"""The window on libraries of other versions, and on those that cannot be opened."""

from pathlib import Path

from tests.database.earlier_libraries import DUMPS, write_earlier, write_newer
from tests.ui.conftest import OpenWindow, close
from tests.ui.loop import spin_until


def test_a_library_of_a_newer_version_is_refused_in_a_sentence(
    open_window: OpenWindow, tmp_path: Path
) -> None:
    file = write_newer(tmp_path / "library")
    before = file.read_bytes()
    window = open_window()
    assert spin_until(lambda: window.empty.currentWidget() is window.empty.broken)
    assert window.empty.broken.title.text() == "This library was written by a newer version of Reelfind."
    assert window.empty.broken.text.text().startswith("Update Reelfind")
    assert not window.empty.broken.command.isVisible(), "there is nothing to repair"
    close(window)
    assert file.read_bytes() == before


def test_a_library_of_an_earlier_version_opens_as_it_is(open_window: OpenWindow, tmp_path: Path) -> None:
    write_earlier(DUMPS[-1], tmp_path / "library")
    window = open_window()
    assert spin_until(lambda: window.contents is not None and bool(window.contents.folders))
    assert window.contents is not None
    (folder,) = window.contents.folders
    assert (folder.path.name, folder.videos) == ("movies", 4)


def test_a_library_that_cannot_be_opened_says_so(open_window: OpenWindow, tmp_path: Path) -> None:
    (tmp_path / "library").mkdir()
    (tmp_path / "library" / "library.db").write_bytes(b"not a database at all" * 400)
    window = open_window()
    assert spin_until(lambda: window.empty.currentWidget() is window.empty.broken)
    assert window.empty.broken.title.text()
    assert window.empty.broken.text.text(), "and what to do"
    assert not window.folders.add.isEnabled()
