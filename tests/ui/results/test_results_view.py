"""The grid itself: what keys, pointer and screen reader get of it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QGuiApplication, QPainter
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem

from app.catalogue.records import Presence
from app.search.outcome import Verdict
from app.ui.results.arrangement import Grouping, Layout, SortOrder
from app.ui.results.results_model import FEW, ResultsModel
from app.ui.results.results_view import ResultsView
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.theme import Theme
from tests.ui.conftest import close
from tests.ui.loop import spin_until
from tests.ui.outcomes import moment, outcome

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key
AnyIndex = QModelIndex | QPersistentModelIndex


@pytest.fixture
def window(application: QApplication, theme: Theme, tmp_path: Path) -> Iterator[MainWindow]:
    """The window without its library."""
    made = MainWindow(theme, tmp_path / "library")
    made.resize(1100, 700)
    made.show()
    yield made
    close(made)
    made.deleteLater()


@pytest.fixture
def view(window: MainWindow) -> ResultsView:
    """Eight likely cards, four in a line, and ten that are less likely and closed."""
    strengths = [0.9] * 8 + [0.01] * 10
    found = [moment(n, Path(f"/v/{n}.mp4"), strength=s) for n, s in enumerate(strengths, start=1)]
    window.searching.found.emit(outcome(*found))
    window.results.enter()
    assert window.results.columns == 3
    return window.results


def model_of(view: ResultsView) -> ResultsModel:
    model = view.model()
    assert isinstance(model, ResultsModel)
    return model


def click(
    view: ResultsView, row: int, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    place = view.visualRect(model_of(view).index(row)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)


def chosen_rows(view: ResultsView) -> list[int]:
    return view._selected_rows()


def played(view: ResultsView) -> list[int]:
    rows: list[int] = []
    view.chosen.connect(rows.append)
    return rows


def test_what_is_less_likely_waits_behind_a_button(view: ResultsView) -> None:
    model = model_of(view)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    assert (model.rowCount(), model.likely, model.less_likely) == (8, 8, 10)
    assert view.divider.isVisible()
    assert view.divider.button.text() == "Show 10 less likely"
    view.divider.button.click()
    assert model.rowCount() == 18
    assert view.divider.title.isVisible()
    assert "less likely" in model.index(8).data(Qt.ItemDataRole.AccessibleTextRole)
    view.divider.button.click()
    assert model.rowCount() == 8


def test_a_few_less_likely_ones_are_not_hidden(window: MainWindow) -> None:
    few = [moment(n, strength=0.01) for n in range(2, 2 + FEW)]
    window.searching.found.emit(outcome(moment(1), *few))
    assert window.results_model.rowCount() == 1 + FEW
    assert window.results.divider.title.isVisible()
    assert not window.results.divider.button.isVisible()


def test_without_less_likely_ones_there_is_no_divider(window: MainWindow) -> None:
    window.searching.found.emit(outcome(moment(1), moment(2)))
    assert not window.results.divider.isVisible()
    window.searching.found.emit(
        outcome(*(moment(n, strength=0.01) for n in range(1, 30)), verdict=Verdict.NONE)
    )
    assert window.results.divider.isVisible()


def test_the_keyboard_passes_the_divider(view: ResultsView, window: MainWindow) -> None:
    model = model_of(view)
    view.select(7)
    QTest.keyClick(view, Key.Key_Down)
    assert window.focusWidget() is view.divider.button
    QTest.keyClick(view.divider.button, Key.Key_Up)
    assert window.focusWidget() is view
    assert view.currentIndex().row() == 7
    QTest.keyClick(view, Key.Key_Down)
    QTest.keyClick(view.divider.button, Key.Key_Return)
    assert model.is_open
    assert window.focusWidget() is view
    assert view.currentIndex().row() == 8
    QTest.keyClick(view, Key.Key_Up)
    assert view.currentIndex().row() == 6, "the card above it"
    QTest.keyClick(view, Key.Key_Down)
    assert view.currentIndex().row() == 8
    QTest.keyClick(view, Key.Key_End)
    assert view.currentIndex().row() == 17
    assert view.viewport().rect().contains(view.visualRect(view.currentIndex()))


def test_several_are_selected_by_keys_and_pointer_and_a_click_still_plays(
    window: MainWindow, view: ResultsView
) -> None:
    rows = played(view)
    view.select(0)
    QTest.keyClick(view, Key.Key_Right, SHIFT)
    QTest.keyClick(view, Key.Key_Down, SHIFT)
    assert chosen_rows(view) == [0, 1, 2, 3, 4], "all from the first to the last, as in a text"
    click(view, 6, CTRL)
    assert chosen_rows(view) == [0, 1, 2, 3, 4, 6]
    QTest.keyClick(view, Key.Key_Escape)
    assert chosen_rows(view) == [6]
    click(view, 1, CTRL)
    click(view, 3, SHIFT)
    assert set(chosen_rows(view)) >= {1, 2, 3}
    assert rows == []
    QTest.keyClick(view, Key.Key_A, CTRL)
    assert len(chosen_rows(view)) == 8
    view.chosen.disconnect(window.player_flow.play)  # these files are not there
    click(view, 2)
    assert rows == [2]


def test_the_circle_on_a_card_selects_it(view: ResultsView) -> None:
    rows = played(view)
    for row, expected in ((1, [1]), (4, [1, 4]), (1, [4])):
        corner = view.visualRect(model_of(view).index(row)).topLeft() + QPoint(24, 24)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=corner)
        assert chosen_rows(view) == expected
    assert rows == []


def test_a_quiet_bar_says_what_is_selected_and_what_can_be_done(
    window: MainWindow, view: ResultsView
) -> None:
    bar = window.parts.results_bar
    asked: list[tuple[object, ...]] = []
    window.parts.actions.favourite.connect(lambda *what: asked.append(what))
    window.parts.actions.hide.connect(lambda moments: asked.append(("hide", moments)))
    assert bar.found.text() == "18 moments in 18 videos"
    assert bar.currentIndex() == 0
    QTest.keyClick(view, Key.Key_A, CTRL)
    assert bar.currentIndex() == 1
    assert bar.selected.text() == "8 selected"
    bar.command_wanted.emit("results.favourite")
    bar.command_wanted.emit("results.hide")
    assert [len(what) for what in (asked[0][0], asked[1][1])] == [8, 8]  # type: ignore[arg-type]
    bar.clear.click()
    assert bar.currentIndex() == 0
    assert len(chosen_rows(view)) == 1


def test_the_menu_offers_what_can_be_done_and_says_what_cannot(window: MainWindow, view: ResultsView) -> None:
    away = replace(moment(1), presence=Presence.AWAY)
    window.searching.found.emit(outcome(away, moment(2)))
    told: list[object] = []
    window.parts.actions.copy_place.connect(told.append)
    for row, can in ((0, False), (1, True)):
        view.select(row)
        view.menu_wanted.emit(view.mapToGlobal(QPoint(5, 5)))
        menu = QApplication.activePopupWidget()
        assert menu is not None
        actions = {action.text(): action for action in menu.actions() if action.text()}
        assert list(actions)[:2] == ["Play", "Play in the system’s player"]
        assert actions["Index again"].isEnabled() is can
        assert ("not connected" in actions["Index again"].toolTip()) is not can
        actions["Copy path and time"].trigger()
        menu.close()
    assert QGuiApplication.clipboard().text() == "/videos/holiday.mp4 1:07"
    assert told == [away, moment(2)]


def test_the_context_key_asks_for_the_menu_where_the_keyboard_is(view: ResultsView) -> None:
    asked: list[QPoint] = []
    view.menu_wanted.disconnect()
    view.menu_wanted.connect(asked.append)
    view.select(2)
    nowhere = QPoint(0, 0)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, nowhere, nowhere, Qt.KeyboardModifier(0))
    view.contextMenuEvent(event)
    assert asked == [view.viewport().mapToGlobal(view.visualRect(view.currentIndex()).center())]


def test_moments_are_dragged_out_as_their_files_or_as_another_room_says(view: ResultsView) -> None:
    QTest.keyClick(view, Key.Key_A, CTRL)
    data = view._drag.source(view.selected_moments())
    assert [url.toLocalFile() for url in data.urls()] == [f"/v/{n}.mp4" for n in range(1, 9)]


def test_grouping_keeps_what_is_selected_and_a_video_steps_through_its_moments(window: MainWindow) -> None:
    view, model = window.results, window.results_model
    of_one = [replace(moment(n, start=10.0 * n, end=10.0 * n + 5), video_id=50) for n in (4, 1, 2)]
    other = moment(3, Path("/v/other.mp4"))
    window.searching.found.emit(outcome(of_one[1], of_one[2], other, of_one[0]))
    view.enter()
    view.select(2)
    window.parts.results_bar.by_video.click()
    assert model.rowCount() == 2
    assert view.current_moment == other
    assert "3 moments in this video" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert [m.rank for m in view.selected_moments()] == [3]
    in_order = [of_one[1], of_one[2], of_one[0], other]
    assert [model.step(m, 1) for m in in_order] == [*in_order[1:], None]
    assert [model.step(m, -1) for m in in_order] == [None, *in_order[:-1]]
    window.parts.results_bar.by_moment.click()
    assert model.rowCount() == 4
    assert view.current_moment == other


def test_order_and_selection_stay_while_the_library_grows(window: MainWindow, view: ResultsView) -> None:
    model = model_of(view)
    view.lay_out(Layout(SortOrder.NEWEST, Grouping.VIDEO))
    view.divider.button.click()
    view.select(2)
    click(view, 4, CTRL)
    before = [model.moment(row).rank for row in range(model.rowCount())]
    bar = view.verticalScrollBar()
    bar.setValue(120)
    fresh = [replace(each, rank=each.rank + 1) for each in model.moments]
    better = moment(1, Path("/v/new.mp4"), strength=0.99)
    view.renew(outcome(replace(better, video_id=99), *fresh), {})
    assert view.new_matches.isVisible()
    assert view.new_matches.count == 1
    assert [model.moment(row).rank for row in range(model.rowCount())] == before
    assert (chosen_rows(view), bar.value()) == ([2, 4], 120)
    gone = {model.moment(0).video_id: Presence.GONE, model.moment(10).video_id: Presence.GONE}
    left = [each for each in fresh if each.video_id not in gone]
    selected = view.selected_moments()
    view.renew(outcome(*left), gone)
    assert model.rowCount() == len(before) - 2
    assert view.selected_moments() == selected
    assert (model.likely, model.less_likely) == (7, 9)


def test_a_screen_reader_hears_a_list_of_cards(view: ResultsView) -> None:
    accessible = QAccessible.queryAccessibleInterface(view)
    assert accessible.role() == QAccessible.Role.List
    assert accessible.text(QAccessible.Text.Name) == "Found moments"
    assert accessible.childCount() == 8
    first = accessible.child(0)
    assert first.text(QAccessible.Text.Name) == "1.mp4 at 1:07, match 90 %"
    assert first.rect().isValid()
    view.select(0)
    assert first.state().selected
    button = QAccessible.queryAccessibleInterface(view.divider.button)
    assert button.text(QAccessible.Text.Name) == "Show 10 less likely"


def test_ten_thousand_results_cost_what_is_on_view(window: MainWindow) -> None:
    found = [moment(n, Path(f"/v/{n}.mp4"), strength=1 - n / 20_000) for n in range(1, 10_001)]
    window.searching.found.emit(outcome(*found))
    view, bar = window.results, window.results.verticalScrollBar()
    assert QTest.qWaitForWindowExposed(window)
    painted: list[int] = []
    paint = view._delegate.paint
    view._delegate.paint = lambda p, o, i: (painted.append(i.row()), paint(p, o, i))  # type: ignore[method-assign]
    for value in range(0, bar.maximum(), bar.maximum() // 20):
        painted.clear()
        bar.setValue(value)
        view.viewport().repaint()
        assert 0 < len(painted) <= 5 * view.columns
    assert spin_until(lambda: not view._tidy.isActive())
    assert len(window.thumbnails._waiting) <= 5 * view.columns, "what scrolled away is not read"


def test_from_right_to_left_the_first_card_is_at_the_right_and_left_leads_on(view: ResultsView) -> None:
    view.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    first, second = (view.visualRect(model_of(view).index(row)) for row in (0, 1))
    assert first.left() > second.left()
    view.select(0)
    QTest.keyClick(view, Key.Key_Left)
    assert view.currentIndex().row() == 1
    QTest.keyClick(view, Key.Key_Right)
    assert view.currentIndex().row() == 0


def test_a_picture_that_fades_in_has_no_other_card_painted(window: MainWindow, view: ResultsView) -> None:
    painted: list[int] = []
    paint = view._delegate.paint

    def watched(painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        painted.append(index.row())
        paint(painter, option, index)

    QApplication.processEvents()
    view.viewport().repaint()
    view._delegate.paint = watched  # type: ignore[method-assign]
    frame = model_of(view).moment(1).frame_id

    def only_this_one(tell: Callable[[], None]) -> bool:
        painted.clear()
        tell()
        assert spin_until(lambda: painted)
        return set(painted) == {1}

    # Something else may want the whole window painted just then, once; not every time.
    assert any(only_this_one(lambda: window.thumbnails.faded.emit(frozenset({frame}))) for _ in range(5))
    assert any(only_this_one(lambda: window.thumbnails.arrived.emit(frame)) for _ in range(5))
