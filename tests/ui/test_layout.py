"""Nothing is cut off in a small window, even where a translation is three times as long."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTranslator
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QScrollArea, QWidget

from app.catalogue.records import (
    Folder,
    Presence,
    ProblemCounts,
    ProblemVideos,
    Video,
    VideoState,
)
from app.search.outcome import Verdict
from app.ui.background.snapshots import EngineSnapshot, LibrarySnapshot
from app.ui.shell.main_window import MainWindow
from app.ui.system.preferences import PreferenceStore
from app.ui.widgets.theme import Theme
from tests.ui.conftest import close
from tests.ui.loop import spin_until
from tests.ui.outcomes import moment, outcome
from tests.ui.translations.pseudo import PseudoTranslator

SMALL = (800, 600)
FOLDER = Folder(
    id=1,
    path=Path("/videos"),
    online=True,
    volume=1,
    videos=9,
    indexed=8,
    failed=1,
    seconds=900.0,
    problems=ProblemCounts(failed=1),
)
FAILED = Video(
    id=1,
    folder_id=1,
    path=Path("/videos/<b>x&amp;.mp4"),
    size=1,
    mtime_ns=1,
    fingerprint=None,
    state=VideoState.FAILED,
    presence=Presence.HERE,
    reason="The file ends in the middle.",
    advice="Copy it again.",
    facts=None,
)


ENGLISH = pytest.mark.parametrize("small_window", ["as written"], indirect=True)


class Stretched(QTranslator):
    """Every string three times over, as a stand-in for the longest language."""

    def isEmpty(self) -> bool:  # noqa: N802 - Qt's name
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return " ".join([source] * 3)


LOOKS = [
    pytest.param("as written", marks=pytest.mark.nightly),  # what has room three times as long has it so
    "three times as long",
    "pseudo, right to left",
    "text at 150 %",
]


@pytest.fixture(params=LOOKS)
def small_window(
    request: pytest.FixtureRequest, application: QApplication, theme: Theme, tmp_path: Path
) -> Iterator[MainWindow]:
    """The window at 800 × 600 with a library's worth of content, its session not opened."""
    translator = PseudoTranslator() if request.param.startswith("pseudo") else Stretched()
    if request.param.startswith(("pseudo", "three")):
        application.installTranslator(translator)
    if request.param.startswith("pseudo"):
        application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    preferences = PreferenceStore(tmp_path / "preferences.json", application)
    if request.param.startswith("text"):
        preferences.change(text_size=150)
    window = MainWindow(theme, tmp_path / "library", None, preferences)
    window.resize(*SMALL)
    window.show()
    window.control.problems.emit(ProblemVideos(failed=(FAILED,)))
    window.control.contents.emit(LibrarySnapshot((FOLDER,), scanning=False))
    window.control.ready.emit(EngineSnapshot("Pocket", "CPU", "t-mass", True))
    yield window
    application.removeTranslator(translator)
    application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    preferences.change(text_size=100)
    close(window)
    window.deleteLater()
    preferences.deleteLater()


def cut_off(window: MainWindow) -> list[str]:
    """Every visible button or wrapped text that has less room than it needs or sticks out of the window."""
    QApplication.processEvents()
    inside = QRect(QPoint(0, 0), window.size())
    found = []
    for part in [*window.findChildren(QAbstractButton), *window.findChildren(QLabel)]:
        if not part.isVisible() or part.parent() is window.search_bar.field:
            continue
        place = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
        if not inside.contains(place) and not _can_be_scrolled_to(part):
            found.append(f"{_named(part)} lies at {place} outside {inside}")
        if isinstance(part, QPushButton) and part.width() < part.sizeHint().width():
            found.append(f"{_named(part)} is {part.width()} wide, needs {part.sizeHint().width()}")
        if isinstance(part, QLabel) and part.wordWrap() and part.height() < part.heightForWidth(part.width()):
            found.append(f"{_named(part)} is {part.height()} high, needs {part.heightForWidth(part.width())}")
    return found


def _can_be_scrolled_to(part: QWidget) -> bool:
    above = part.parentWidget()
    while above is not None and not isinstance(above, QScrollArea):
        above = above.parentWidget()
    return above is not None


def _named(part: QWidget) -> str:
    text = part.text() if isinstance(part, QLabel | QAbstractButton) else ""
    return f"{type(part).__name__} “{text or part.accessibleName()}”"


def test_every_page_fits(small_window: MainWindow) -> None:
    """Those of nothing yet, the cards, what is selected of them, problems, and the player."""
    empty = small_window.empty
    empty.show_broken("The library cannot be opened.", "Move it away and start again.")
    for page in range(empty.count()):
        empty.setCurrentIndex(page)
        assert_fits(small_window, empty.widget(page))
    view = small_window.results
    small_window.searching.found.emit(outcome(*(moment(rank) for rank in range(1, 13))))
    view.selectAll()
    assert small_window.parts.results_bar.currentIndex() == 1
    assert_fits(small_window, view)
    view.clearSelection()
    small_window.searching.found.emit(outcome(moment(1, online=False), verdict=Verdict.NONE))
    view.new_matches.offer(1200)
    assert_fits(small_window, view)
    small_window.folders.problems.click()
    assert_fits(small_window, small_window.problems)
    view.chosen.emit(0)
    assert_fits(small_window, small_window.player)


def assert_fits(window: MainWindow, page: QWidget) -> None:
    """A page is on view, nothing of it is cut off, and the window is as small as it was."""
    assert page.isVisible()
    assert window.size().toTuple() == SMALL
    assert cut_off(window) == [], type(page).__name__


@ENGLISH
def test_every_control_has_a_name_to_be_read_aloud(small_window: MainWindow) -> None:
    small_window.searching.found.emit(outcome(moment(1, online=False)))
    small_window.results.chosen.emit(0)
    for button in small_window.findChildren(QAbstractButton):
        if button.isVisible() and button.parent() is not small_window.search_bar.field:
            assert button.text() or button.accessibleName(), button
    for part in (
        small_window.search_bar.field,
        small_window.results,
        small_window.folders.list,
        small_window.player,
        small_window.player.timeline,
    ):
        assert part.accessibleName(), part


@ENGLISH
def test_the_line_below_the_box_says_how_it_went(small_window: MainWindow) -> None:
    line = small_window.search_bar.line
    for verdict, says in (
        (Verdict.WEAK, "No clear match"),
        (Verdict.GOOD, ""),
        (Verdict.NONE, "seems to match “a dog”"),
    ):
        small_window.searching.found.emit(outcome(moment(1), verdict=verdict))
        assert line.isVisible() is bool(says)
        assert says in line.text()


@ENGLISH
def test_a_notice_stands_below_the_box_beside_the_answer(small_window: MainWindow) -> None:
    notice = "This looks like German, which the model Pocket 4 hardly understands."
    answer = replace(outcome(moment(1), verdict=Verdict.WEAK), notice=notice)
    small_window.searching.found.emit(answer)
    assert small_window.search_bar.line.text() == notice
    assert small_window.results_model.rowCount() == 1


@pytest.mark.parametrize("small_window", ["as written", "pseudo, right to left"], indirect=True)
def test_the_cards_reflow_with_the_window(small_window: MainWindow) -> None:
    small_window.searching.found.emit(outcome(*(moment(rank) for rank in range(1, 13))))
    columns = small_window.results.columns
    small_window.resize(1400, 800)
    assert spin_until(lambda: small_window.results.columns > columns)
    view = small_window.results
    first_row = [row for row in range(12) if view.visualRect(view.model().index(row, 0)).top() < 10]
    assert len(first_row) == view.columns
    last = view.visualRect(view.model().index(len(first_row) - 1, 0))
    assert last.right() <= view.viewport().width()
