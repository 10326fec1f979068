"""The search box: whatever the language can say is reached without typing it, and text stays the truth."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog

from app.asking import example_queries
from app.query.parsed_query import FilterName
from app.query.parser import read
from app.ui.search.offers import OfferKind
from app.ui.search.ranking_tools import STRICTEST
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.controls import TextButton
from tests.ui.loop import spin_until
from tests.ui.search.using_the_box import answer, offered, press, typed, words


def test_signs_become_chips_while_typed_and_their_crosses_take_them_out_of_the_text(
    window: MainWindow,
) -> None:
    bar = window.search_bar
    typed(window, 'red in:"Lake Garda" -green is:landscape')
    assert words(window) == ["In Lake Garda", "Without green", "Landscape"]
    chips = list(bar.chips.chips)
    chips[1].cross.click()
    assert bar.text == 'red in:"Lake Garda" is:landscape'
    assert words(window) == ["In Lake Garda", "Landscape"]
    assert bar.chips.chips[0] is chips[0], "a chip that stays is not made anew"
    bar.chips.chips[1].label.setFocus()
    QTest.keyClick(bar.chips.chips[1].label, Qt.Key.Key_Delete)
    assert bar.text == 'red in:"Lake Garda"'
    bar.chips.chips[0].label.click()
    assert bar.field.selectedText() == 'in:"Lake Garda"'
    assert window.searching.text == bar.text, "what is searched for is the text as it stands"
    bar.field.undo()
    assert bar.text == 'red in:"Lake Garda" is:landscape'


def test_a_chip_that_cannot_be_read_says_so_and_its_place_is_underlined(window: MainWindow) -> None:
    bar = window.search_bar
    typed(window, "red after:banana ")
    bar.entered.emit()
    assert spin_until(lambda: "makes no sense" in bar.line.text())
    assert bar.chips.chips[0].property("wrong") is True
    typed(window, "x")
    assert bar.chips.chips[0].property("wrong") is False, "it is being mended"


def test_steps_are_readable_and_can_be_taken_away(window: MainWindow) -> None:
    bar = window.search_bar
    assert not bar.then.isEnabled()
    typed(window, "red in:videos")
    bar.then.click()
    assert bar.field.hasFocus()
    typed(window, "green")
    assert bar.text == "red in:videos >> green"
    assert words(window) == ["1. red", "2. green", "In videos"]
    bar.chips.chips[0].cross.click()
    assert bar.text == "green"


def test_the_menu_of_a_chip_turns_it_round_or_weighs_it(window: MainWindow) -> None:
    bar = window.search_bar
    typed(window, "red")
    window.parts.commands.run("search.together")
    typed(window, "green in:videos")
    assert bar.text == "red + green in:videos"
    assert words(window) == ["red", "green", "In videos"]

    def choose(chip: int, entry: str) -> None:
        menu = bar.chips.menu(bar.chips.chips[chip])
        next(action for action in menu.actions() if action.text() == entry).trigger()
        menu.deleteLater()

    choose(1, "Count more")
    choose(2, "Leave it out instead")
    assert bar.text == "red + 2*green -in:videos"
    assert words(window) == ["red", "green × 2", "Not: In videos"]
    bar.chips.chips[1].cross.click()
    assert bar.text == "red -in:videos"


def test_values_of_the_library_are_offered_and_taken_by_keys(window: MainWindow) -> None:
    bar = window.search_bar
    typed(window, "green in:l")
    assert spin_until(lambda: offered(window) == ['in:"Lake Garda"'])
    press(window, Qt.Key.Key_Escape)
    assert offered(window) == []
    assert bar.text == "green in:l", "Esc closes the list first"
    typed(window, "a")
    assert spin_until(lambda: offered(window) == ['in:"Lake Garda"'])
    press(window, Qt.Key.Key_Tab)
    assert bar.text == 'green in:"Lake Garda" '
    assert bar.field.hasFocus()
    assert offered(window) == []
    assert answer(window, bar.text.strip()) == ["green.mp4"]
    typed(window, "na")
    assert spin_until(lambda: offered(window) == ["name:"])
    press(window, Qt.Key.Key_Down)
    press(window, Qt.Key.Key_Return)
    assert spin_until(lambda: offered(window) == ["name:green.mp4", "name:red.mp4"])


def test_words_of_a_description_are_left_alone(window: MainWindow) -> None:
    typed(window, "a red t")
    QTest.qWait(20)
    assert offered(window) == []
    assert spin_until(lambda: not window.operations.busy)
    assert offered(window) == []


def test_remembered_searches_stand_below_the_empty_box(own_window: MainWindow) -> None:
    bar = own_window.search_bar
    assert offered(own_window) == [], "nothing lies over the window when it opens"
    assert spin_until(lambda: own_window.parts.remembered.current.past)
    press(own_window, Qt.Key.Key_Down)
    assert offered(own_window) == ["Garda", "red", "green in:videos", "Clear recent searches"]
    press(own_window, Qt.Key.Key_Down)
    press(own_window, Qt.Key.Key_Down)
    press(own_window, Qt.Key.Key_Delete)
    assert spin_until(lambda: offered(own_window) == ["Garda", "green in:videos", "Clear recent searches"])
    press(own_window, Qt.Key.Key_Down)
    press(own_window, Qt.Key.Key_Return)
    assert bar.text == "green in:garda"
    assert answer(own_window, "green in:garda") == ["green.mp4"]
    bar.field.clear()
    QTest.mouseClick(bar.field, Qt.MouseButton.LeftButton)
    clear = next(o for o in bar.suggestions.dropdown.offers if o.kind is OfferKind.CLEAR)
    bar.suggestions.dropdown.taken.emit(clear)
    assert spin_until(lambda: not own_window.parts.remembered.current.past)


def test_without_history_no_past_search_is_shown(own_window: MainWindow) -> None:
    session = own_window.control.session_here
    assert session is not None
    session.change_setting("history", "off")
    own_window.parts.remembered.read()
    assert spin_until(lambda: not own_window.parts.remembered.current.past)
    press(own_window, Qt.Key.Key_Down)
    assert offered(own_window) == ["Garda"]


def test_a_search_is_saved_and_forgotten_by_the_star(own_window: MainWindow) -> None:
    bar = own_window.search_bar
    typed(own_window, "red")
    bar.save.click()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue("All red")
    dialog.accept()
    assert spin_until(lambda: own_window.parts.remembered.current.saved_as("red") == "All red")
    assert "Remove" in bar.save.accessibleName()
    bar.save.click()
    assert spin_until(lambda: not own_window.parts.remembered.current.saved_as("red"))
    assert "Save" in bar.save.accessibleName()


def test_filters_are_chosen_from_what_there_is(window: MainWindow) -> None:
    bar = window.search_bar
    typed(window, "green -is:portrait")
    bar.filters.click()
    panel = bar.panel
    assert spin_until(lambda: panel.choice(FilterName.IN).count() == 3)
    assert not panel.choice(FilterName.PLACE).isEnabled(), "no place is known"
    panel.choice(FilterName.IN).setCurrentIndex(1)
    assert bar.text == 'green -is:portrait in:"Lake Garda"'
    panel.choice("shape").setCurrentIndex(panel.choice("shape").findData("landscape"))
    panel.favourites.setChecked(True)
    panel.choice("shape").setCurrentIndex(0)
    assert bar.text == 'green -is:portrait in:"Lake Garda" is:favourite'
    QTest.keyClicks(panel.line(FilterName.AFTER), "20x")
    assert "after" not in bar.text, "what makes no sense is not written"
    panel.line(FilterName.AFTER).setText("2023")
    QTest.keyClicks(panel.line("without"), "red, blue cars")
    QTest.keyClicks(panel.line("said"), "happy birthday")
    query = read(bar.text)
    assert query.steps[0].without == ("red", "blue cars")
    assert query.steps[0].lines[0].text == "happy birthday"
    assert {filter_.name for filter_ in query.filters} == {"in", "is", "after"}
    panel.cleared.emit()
    assert bar.text == "green"
    assert panel.choice(FilterName.IN).currentIndex() == 0
    panel.accept()


def test_examples_find_something_in_this_library(
    own_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(example_queries, "descriptions", lambda: ["red", "a zebra", "green"])
    ready = own_window.empty.ready
    assert spin_until(ready.chips.isVisible)
    buttons = ready.chips.findChildren(TextButton)
    assert [button.text() for button in buttons] == ["red", "green", "green · In Lake Garda"]
    assert "can be searched" in ready.text.text()
    buttons[1].click()
    assert answer(own_window, "green")[0] == "green.mp4"


def test_where_everything_is_listed_nothing_matches_best(window: MainWindow) -> None:
    typed(window, "shorter:1h")
    assert answer(window, "shorter:1h")
    ranking = window.parts.ranking
    assert not ranking.slider.isEnabled()
    assert ranking.order.currentData() == "newest"
    window.search_bar.field.clear()
    typed(window, "red")
    assert answer(window, "red")
    assert ranking.slider.isEnabled()
    assert ranking.order.currentData() == "match"


def test_what_is_said_of_an_answer_stands_above_that_answer_alone(own_window: MainWindow) -> None:
    typed(own_window, "red")
    assert answer(own_window, "red")
    line, parts = own_window.search_bar.line, own_window.parts
    own_window.search_bar.say("These come closest.")
    parts.commands.run("window.settings")
    assert not line.isVisible()
    parts.pages.leave(parts.settings)
    assert line.isVisible()
    parts.warn("The disk is full.", "")
    parts.commands.run("window.settings")
    assert line.isVisible(), "what went wrong is said on every page"


def test_strictness_and_order_rearrange_without_searching_again(window: MainWindow) -> None:
    typed(window, "red")
    assert answer(window, "red")[0] == "red.mp4"
    searched: list[bool] = []
    window.searching.busy.connect(searched.append)
    model, ranking = window.results_model, window.parts.ranking
    everything = model.likely + model.less_likely
    ranking.slider.setValue(0)
    assert spin_until(lambda: model.likely == everything)
    ranking.slider.setValue(100)
    assert spin_until(lambda: model.layout_chosen.strictness == STRICTEST)
    assert all(model.moment(row).strength >= STRICTEST for row in range(model.likely))
    ranking.choose("shortest")
    assert model.layout_chosen.order == "shortest"
    assert not searched, "nothing was encoded again"
    ranking.resize(ranking.minimumSizeHint())
    assert ranking.button.isVisible()
    ranking.button.click()
    assert ranking.slider.isVisible(), "the button shows them where there is no room"
    ranking.slider.window().close()
    ranking.resize(ranking.sizeHint())
    assert not ranking.button.isVisible()
    assert ranking.slider.isVisible()


def test_nothing_found_offers_the_same_without_filters(window: MainWindow) -> None:
    typed(window, "red longer:1h ")
    window.search_bar.entered.emit()
    assert spin_until(lambda: window.empty.currentWidget() is window.empty.nothing)
    assert "At least 1h" in window.empty.nothing.title.text()
    window.empty.nothing.without_filters.click()
    assert window.search_bar.text == "red"
    assert answer(window, "red")[0] == "red.mp4"


def test_signs_are_coloured_where_they_stand_and_typing_is_not_disturbed(window: MainWindow) -> None:
    field = window.search_bar.field
    typed(window, "red in:videos")
    assert field.text() == "red in:videos"
    field.setCursorPosition(3)
    typed(window, "s")
    assert field.text() == "reds in:videos"
    assert field.cursorPosition() == 4
