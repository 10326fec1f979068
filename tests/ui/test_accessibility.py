"""Who hears the window or uses the keyboard alone misses nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from app.catalogue.records import ProblemVideos
from app.ui.background.snapshots import EngineSnapshot, LibrarySnapshot
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.theme import Theme
from tests.ui.conftest import close
from tests.ui.loop import spin_until
from tests.ui.outcomes import moment, outcome
from tests.ui.readable import focusable, out_of_order, unmarked, unreadable
from tests.ui.test_layout import FAILED, FOLDER


@pytest.fixture(params=[False, True], ids=["", "mirrored"])
def window(
    request: pytest.FixtureRequest, application: QApplication, theme: Theme, tmp_path: Path
) -> Iterator[MainWindow]:
    """The window with a library's worth of content, its session not opened; also from right to left."""
    if request.param:
        application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    shown = MainWindow(theme, tmp_path / "library")
    shown.resize(1280, 800)
    shown.show()
    shown.control.problems.emit(ProblemVideos(failed=(FAILED,)))
    shown.control.contents.emit(LibrarySnapshot((FOLDER,), scanning=False))
    shown.control.ready.emit(EngineSnapshot("Pocket", "CPU", "t-mass", True))
    assert spin_until(shown.isActiveWindow)
    yield shown
    application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    close(shown)
    shown.deleteLater()


def _results(window: MainWindow) -> None:
    window.searching.found.emit(outcome(*(moment(rank) for rank in range(1, 7))))


def _player(window: MainWindow) -> None:
    _results(window)
    window.results.chosen.emit(0)


def _problems(window: MainWindow) -> None:
    window.folders.problems.click()


PAGES: dict[str, Callable[[MainWindow], None]] = {
    "ready": lambda window: None,
    "results": _results,
    "player": _player,
    "settings": lambda window: window.parts.commands.run("window.settings"),
    "activity": lambda window: window.parts.commands.run("window.activity"),
    "duplicates": lambda window: window.duplicates_flow.open(),
    "problems": _problems,
}
DIALOGS: dict[str, Callable[[MainWindow], QWidget]] = {
    "palette": lambda window: _shown(window, "window.palette", window.desktop_flow.palette),
    "shortcuts": lambda window: _shown(window, "window.shortcuts", window.desktop_flow.sheet),
}


def _shown(window: MainWindow, command: str, dialog: QWidget) -> QWidget:
    window.parts.commands.run(command)
    assert spin_until(dialog.isActiveWindow)
    return dialog


def check(window: QWidget, name: str) -> None:
    """Everything that the keyboard reaches is named, in order, and shows that it is reached."""
    assert len(focusable(window)) > 0, name
    assert list(unreadable(window)) == [], name
    assert list(out_of_order(window)) == [], name
    assert list(unmarked(window)) == [], name


def test_every_control_of_every_page_and_dialog_is_told_and_shown(window: MainWindow) -> None:
    for name, show in PAGES.items():
        show(window)
        QApplication.processEvents()
        check(window, name)
    for name, opened in DIALOGS.items():
        dialog = opened(window)
        check(dialog, name)
        dialog.close()


@pytest.fixture
def windows_shown(monkeypatch: pytest.MonkeyPatch) -> list[QWidget]:
    """Every part that the program showed as a window of its own, in order.

    Not by a filter of every event of the application: that wraps each object that Qt sends one to, also those
    half made or half gone, and ended the process once in a while.
    """
    shown: list[QWidget] = []

    def noting(kind: type[QWidget], name: str) -> None:
        real = getattr(kind, name)

        def noted(self: QWidget, *visible: bool) -> None:
            if all(visible) and self.isWindow():
                shown.append(self)
            real(self, *visible)

        monkeypatch.setattr(kind, name, noted)

    noting(QWidget, "show")
    noting(QWidget, "setVisible")
    noting(QDialog, "setVisible")
    return shown


def test_no_part_flashes_up_as_a_window_of_its_own(
    windows_shown: list[QWidget], theme: Theme, tmp_path: Path
) -> None:
    """It takes the keyboard away, too."""
    shown = MainWindow(theme, tmp_path / "library")
    shown.show()
    for show in PAGES.values():
        show(shown)
    assert windows_shown == [shown]
    close(shown)
    shown.deleteLater()


def test_a_cell_of_the_grid_is_read_with_its_name_and_time(window: MainWindow) -> None:
    _results(window)
    index = window.results.model().index(0, 0)
    words = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "holiday.mp4" in words
    assert "1:07" in words
