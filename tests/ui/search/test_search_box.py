"""The search box: whatever the language can say is reached without typing it, and text stays the truth."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QInputDialog

from app.asking import example_queries
from app.asking.query_pictures import FOLDER
from app.query.parsed_query import FilterName
from app.query.parser import read
from app.session import Session
from app.ui.search.crop_dialog import CropDialog
from app.ui.search.offers import OfferKind
from app.ui.search.ranking_tools import STRICTEST
from app.ui.shell.main_window import MainWindow
from app.ui.widgets.controls import TextButton
from app.ui.widgets.theme import Theme
from tests.bundles import make_bundle
from tests.ui.conftest import OpenWindow, come_to_rest, lasting_window
from tests.ui.loop import spin_until
from tests.videos import Scene, make_video

RED, GREEN = (230, 20, 20), (20, 210, 20)


@pytest.fixture(scope="module")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two videos, one in a folder of its own, and a library in which they are indexed."""
    place = tmp_path_factory.mktemp("search box")
    videos = place / "Videos"
    (videos / "Lake Garda").mkdir(parents=True)
    make_video(videos / "red.mp4", [Scene(RED, 3, "still")], rate=5)
    make_video(videos / "Lake Garda" / "green.mp4", [Scene(GREEN, 3, "still")], rate=5)
    with Session(place / "library", make_bundle(place / "colours")) as session:
        session.add_folder(videos)
        session.indexer.start()
        session.indexer.wait()
        session.catalogue.note_search("green in:videos")
        session.catalogue.note_search("red")
        session.catalogue.save_search("Garda", "green in:garda")
    return place


@pytest.fixture(scope="module")
def lasting(theme: Theme, indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    """A window on a copy of that library, the model loaded, for all tests that keep nothing there."""
    place = tmp_path_factory.mktemp("lasting")
    for name in ("library", "colours"):
        shutil.copytree(indexed / name, place / name)
    with lasting_window(theme, place) as shown:
        yield shown


@pytest.fixture
def window(lasting: MainWindow) -> MainWindow:
    """That window with nothing typed and nothing found."""
    lasting.activateWindow()
    assert spin_until(lasting.isActiveWindow)
    lasting.search_bar.field.clear()
    assert spin_until(lambda: lasting.results_model.outcome is None)
    come_to_rest(lasting)
    lasting.parts.ranking.choose("match")
    lasting.search_bar.focus()
    return lasting


@pytest.fixture
def own_window(open_window: OpenWindow, tmp_path: Path, indexed: Path) -> MainWindow:
    """A window on a copy of a test's own."""
    shutil.copytree(indexed / "library", tmp_path / "library")
    shown = open_window()
    ready: list[object] = []
    shown.control.ready.connect(ready.append)
    assert spin_until(lambda: ready and shown.contents is not None and not shown.contents.scanning)
    shown.search_bar.focus()
    return shown


def words(window: MainWindow) -> list[str]:
    """What the chips say."""
    return [chip.words for chip in window.search_bar.chips.chips]


def offered(window: MainWindow) -> list[str]:
    return [offer.words for offer in window.search_bar.suggestions.dropdown.offers]


def typed(window: MainWindow, text: str) -> None:
    QTest.keyClicks(window.search_bar.field, text)


def press(window: MainWindow, key: Qt.Key) -> None:
    QTest.keyClick(window.search_bar.field, key)


def answer(window: MainWindow, text: str) -> list[str]:
    """The names of the videos that are shown once a text is answered."""
    model = window.results_model
    assert spin_until(lambda: model.outcome is not None and model.outcome.query == text)
    return [model.index(row).data() for row in range(model.rowCount())]


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


def test_a_pasted_picture_finds_its_like_and_a_part_of_it_can_be_chosen(
    own_window: MainWindow, tmp_path: Path
) -> None:
    bar = own_window.search_bar
    QGuiApplication.clipboard().setImage(picture())
    own_window.parts.commands.run("search.paste")
    assert spin_until(lambda: bar.text.startswith("like:"))
    (likeness,) = read(bar.text).steps[0].like
    assert Path(likeness.path).parent == tmp_path / "library" / FOLDER
    assert answer(own_window, bar.text)[0] == "green.mp4"
    chip = bar.chips.chips[0]
    assert chip.crop is not None
    chip.crop.click()
    assert spin_until(lambda: isinstance(QApplication.activeModalWidget(), CropDialog))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, CropDialog)
    QTest.keyClick(dialog.part, Qt.Key.Key_Left)
    QTest.keyClick(dialog.part, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    drag(dialog, QPointF(0.5, 0.0), QPointF(1.0, 1.0))
    left, top, right, bottom = dialog.part.area
    assert QRectF(left, top, right - left, bottom - top).right() == pytest.approx(1.0, abs=0.02)
    dialog.use.click()
    (cropped,) = read(bar.text).steps[0].like
    assert cropped.path == likeness.path
    assert cropped.crop is not None
    assert words(own_window)[0].startswith("Like a part of")
    assert "red.mp4" in answer(own_window, bar.text)[0]


def picture() -> QImage:
    """Left green, right red, as wide as high."""
    image = QImage(96, 96, QImage.Format.Format_RGB32)
    image.fill(0xFF14D214)
    for x in range(64, 96):
        for y in range(96):
            image.setPixel(x, y, 0xFFE61414)
    return image


def drag(dialog: CropDialog, start: QPointF, end: QPointF) -> None:
    place = dialog.part._picture()

    def at(share: QPointF) -> QPoint:
        inside = QPointF(share.x() * place.width(), share.y() * place.height())
        return (place.topLeft() + inside).toPoint()

    dialog.part.set_area((0.0, 0.0, 1.0, 1.0))
    QTest.mousePress(dialog.part, Qt.MouseButton.LeftButton, pos=at(QPointF(0.7, start.y())))
    QTest.mouseMove(dialog.part, at(end))
    QTest.mouseRelease(dialog.part, Qt.MouseButton.LeftButton, pos=at(end))


def drop(window: MainWindow, data: QMimeData) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(300, 300), Qt.DropAction.CopyAction, data, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), Qt.DropAction.CopyAction, data, left, none))


def test_a_dropped_video_finds_what_is_like_all_of_it(window: MainWindow, indexed: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(indexed / "Videos" / "red.mp4"))])
    drop(window, data)
    assert spin_until(lambda: "red.mp4" in window.search_bar.text)
    (likeness,) = read(window.search_bar.text).steps[0].like
    assert (likeness.path, likeness.at) == (str(indexed / "Videos" / "red.mp4"), None)
    assert window.search_bar.chips.chips[0].crop is None, "a whole video has no part"


def test_dropped_pixels_are_searched_by(own_window: MainWindow) -> None:
    data = QMimeData()
    data.setImageData(picture())
    drop(own_window, data)
    assert spin_until(lambda: own_window.search_bar.text.startswith("like:"))


def test_more_like_a_frame_of_a_moment(window: MainWindow) -> None:
    typed(window, "red")
    assert answer(window, "red")[0] == "red.mp4"
    moment = window.results_model.moment(0)
    window.parts.actions.like_this.emit(moment, 1.25)
    (likeness,) = read(window.search_bar.text).steps[0].like
    assert (Path(likeness.path), likeness.at) == (moment.path, 1.25)
    assert spin_until(lambda: not window.search_bar.chips.chips[0].label.icon().isNull())


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
