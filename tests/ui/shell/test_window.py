"""The main job, through the real window: add a folder, describe a moment, see it found, watch it play."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from app.catalogue.records import ProblemCounts, Video
from app.session import Session
from app.ui.player.engine.playback import Playback
from app.ui.shell.main_window import MainWindow
from tests.bundles import make_bundle
from tests.conftest import ROOT
from tests.ui.conftest import OpenWindow, close
from tests.ui.loop import FREEZE, StallMeter, spin_until
from tests.videos import Scene, make_video

SCREENSHOTS = ROOT / "build" / "screenshots"
RATE = 5
RED, GREEN, BLUE = (230, 20, 20), (20, 210, 20), (20, 20, 230)
TRICKY = "<b>x&amp;.mp4"


@pytest.fixture(scope="module")
def made_videos(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three videos, none of which is to be changed."""
    return make_videos(tmp_path_factory.mktemp("made") / "Videos")


@pytest.fixture
def videos(tmp_path: Path, made_videos: Path) -> Path:
    """Three videos of a test's own."""
    return Path(shutil.copytree(made_videos, tmp_path / "Videos"))


def make_videos(folder: Path) -> Path:
    """Three videos: red from 6 s to 12 s of one, green all of another, and one that is no video."""
    folder.mkdir()
    make_video(
        folder / "red later.mp4",
        [Scene((10, 10, 10), 6, "still"), Scene(RED, 6, "still"), Scene(BLUE, 6, "still")],
        rate=RATE,
    )
    make_video(folder / TRICKY, [Scene(GREEN, 4, "still")], rate=RATE)
    (folder / "broken.mp4").write_bytes(b"this is no video" * 100)
    return folder


@pytest.fixture(scope="module")
def indexed_place(tmp_path_factory: pytest.TempPathFactory, made_videos: Path) -> Path:
    """A folder with a library that knows three videos, and with those."""
    place = tmp_path_factory.mktemp("indexed")
    shutil.copytree(made_videos, place / "Videos")
    with Session(place / "library", make_bundle(place / "colours")) as session:
        session.add_folder(place / "Videos")
        session.indexer.start()
        assert session.indexer.wait(60)
    return place


@pytest.fixture
def known_videos(indexed_place: Path, made_videos: Path) -> Iterator[Path]:
    """Those videos, for a test that changes them: afterwards they are as they were."""
    yield indexed_place / "Videos"
    shutil.rmtree(indexed_place / "Videos")
    shutil.copytree(made_videos, indexed_place / "Videos")


@pytest.fixture
def window(open_window: OpenWindow, indexed_place: Path, tmp_path: Path) -> MainWindow:
    """The window on a library of the test's own, whose videos others have too."""
    shutil.copytree(indexed_place / "library", tmp_path / "library")
    shown = open_window()
    assert spin_until(lambda: indexed(shown) == 2 and not scanning(shown))
    return shown


@pytest.fixture
def meter(application: QApplication) -> Iterator[StallMeter]:
    made = StallMeter()
    yield made
    made.stop()


class Frames:
    """What the player lets be seen: time in seconds and the picture."""

    def __init__(self, playback: Playback) -> None:
        self.seen: list[tuple[float, QImage]] = []
        self._playback = playback
        playback.pictured.connect(self._keep)

    def _keep(self, picture: QImage, time: float) -> None:
        if len(self.seen) < 3:
            self.seen.append((time, picture.copy()))

    def stop(self) -> None:
        self._playback.pictured.disconnect(self._keep)


def drop_folder(window: MainWindow, folder: Path) -> None:
    """As a person drops it from a file manager, once the library is open."""
    assert spin_until(lambda: window.control.session_here is not None)
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy = Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(300, 300), copy, data, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), copy, data, left, none))


def indexed(window: MainWindow) -> int:
    return window.contents.indexed if window.contents else 0


def scanning(window: MainWindow) -> bool:
    return window.contents is None or window.contents.scanning


def ask(window: MainWindow, text: str) -> list[str]:
    """Type a query and wait for its answer; returns the names of the videos found."""
    window.search_bar.focus()
    QTest.keyClicks(window.search_bar.field, text)
    model = window.results_model
    assert spin_until(lambda: model.outcome is not None and model.outcome.query == text)
    return [model.index(row).data() for row in range(model.rowCount())]


def click_result(window: MainWindow, row: int) -> None:
    where = window.results.visualRect(window.results_model.index(row)).center()
    QTest.mouseClick(window.results.viewport(), Qt.MouseButton.LeftButton, pos=where)


def keep_screenshot(window: MainWindow, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    assert window.grab().save(str(SCREENSHOTS / f"{name}.png"))


def near(picture: QImage, colour: tuple[int, int, int], tolerance: int = 30) -> bool:
    seen = picture.pixelColor(picture.width() // 2, picture.height() // 2)
    return (
        max(abs(a - b) for a, b in zip((seen.red(), seen.green(), seen.blue()), colour, strict=True))
        <= tolerance
    )


def test_a_described_moment_is_found_and_plays(
    open_window: OpenWindow, videos: Path, meter: StallMeter
) -> None:
    window = open_window()
    meter.start()
    drop_folder(window, videos)
    assert spin_until(lambda: indexed(window) == 2 and not scanning(window))

    assert ask(window, "red")[0] == "red later.mp4"
    best = window.results_model.moment(0)
    assert 5.5 <= best.start <= best.best <= best.end <= 12.5
    assert spin_until(lambda: window.thumbnails.picture(best.frame_id) is not None)
    assert near(window.thumbnails.picture(best.frame_id).toImage(), RED)
    keep_screenshot(window, "results")

    frames = Frames(window.player.playback)
    click_result(window, 0)
    assert spin_until(lambda: len(frames.seen) >= 2)
    frames.stop()
    time, picture = frames.seen[0]
    assert near(picture, RED), picture.pixelColor(picture.width() // 2, picture.height() // 2).name()
    assert best.best - 1.5 / RATE <= time <= best.best + 1.0
    assert spin_until(lambda: window.player.playback.is_playing)
    keep_screenshot(window, "player")
    assert window.player.stage.notice == ""
    longest = meter.stop()
    assert longest <= FREEZE, f"the event loop stood still for {longest * 1000:.0f} ms"


def test_the_window_is_usable_before_the_library_is_open(open_window: OpenWindow, videos: Path) -> None:
    window = open_window()
    assert window.control.session_here is None
    assert window.search_bar.field.hasFocus() or window.search_bar.field is window.focusWidget()
    QTest.keyClicks(window.search_bar.field, "red")
    assert window.search_bar.field.text() == "red"


def test_a_folder_added_while_the_library_opens_is_not_forgotten(
    open_window: OpenWindow, videos: Path
) -> None:
    window = open_window()
    assert window.control.session_here is None
    window.folders.add_wanted.emit(videos)
    assert spin_until(lambda: indexed(window) == 2)


def test_an_empty_library_asks_for_a_folder(open_window: OpenWindow) -> None:
    window = open_window()
    assert spin_until(lambda: window.empty.currentWidget() is window.empty.welcome)
    keep_screenshot(window, "welcome")


def test_an_indexed_library_offers_examples_to_click(window: MainWindow) -> None:
    window.empty.reading.next.click()
    assert spin_until(lambda: window.empty.currentWidget() is window.empty.ready)
    keep_screenshot(window, "ready")
    window.empty.query_wanted.emit("a dog running")
    assert spin_until(lambda: window.results_model.outcome is not None)
    assert window.results_model.outcome.query == "a dog running"


def test_a_name_that_looks_like_markup_is_shown_as_it_is(window: MainWindow) -> None:
    assert ask(window, "green")[0] == TRICKY
    click_result(window, 0)
    player = window.player
    assert spin_until(lambda: player.playback.is_playing)
    names = [label.text() for label in player.findChildren(QLabel)]
    assert TRICKY in names
    for label in window.findChildren(QLabel):
        assert label.textFormat() == Qt.TextFormat.PlainText or not label.pixmap().isNull()


def test_the_whole_way_by_keyboard(window: MainWindow) -> None:
    ask(window, "red")
    QTest.keyClick(window.search_bar.field, Qt.Key.Key_Down)
    assert window.focusWidget() is window.results
    QTest.keyClick(window.results, Qt.Key.Key_Right)
    assert window.results.currentIndex().row() == 1
    QTest.keyClick(window.results, Qt.Key.Key_Left)
    QTest.keyClick(window.results, Qt.Key.Key_Return)
    player = window.player
    assert window.stack.currentWidget() is player
    assert spin_until(lambda: player.playback.is_playing)
    QTest.keyClick(player, Qt.Key.Key_Space)
    assert spin_until(lambda: not player.playback.is_playing)
    before = player.playback.seconds
    QTest.keyClick(player, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert spin_until(lambda: before - 1.3 < player.playback.seconds < before - 0.7)
    QTest.keyClick(player, Qt.Key.Key_Down)
    assert window.results.currentIndex().row() == 1
    QTest.keyClick(player, Qt.Key.Key_Up)
    assert window.results.currentIndex().row() == 0
    QTest.keyClick(player, Qt.Key.Key_F)
    assert spin_until(window.isFullScreen)
    assert not window.search_bar.isVisible()
    QTest.keyClick(player, Qt.Key.Key_Escape)
    assert spin_until(lambda: not window.isFullScreen())
    assert window.search_bar.isVisible()
    QTest.keyClick(player, Qt.Key.Key_Escape)
    assert window.focusWidget() is window.results
    assert player.playback.path is None, "a closed player lets go of the file"
    QTest.keyClick(window.results, Qt.Key.Key_Escape)
    assert window.focusWidget() is window.search_bar.field


def test_a_file_that_cannot_be_read_is_listed_with_its_reason(window: MainWindow) -> None:
    assert window.contents is not None
    assert window.contents.problems == ProblemCounts(failed=1)
    assert window.folders.problems.isVisible()
    assert "1 file" in window.folders.problems.text()
    window.folders.problems.click()
    assert spin_until(lambda: window.problems.cards)
    [card] = window.problems.cards
    shown = [label.text() for label in window.problems.findChildren(QLabel)]
    assert "broken.mp4" in shown
    assert isinstance(card.problem, Video)
    assert card.problem.reason in shown
    keep_screenshot(window, "problems")
    QTest.keyClick(window.problems, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is not window.parts.activity


def test_a_file_that_is_gone_is_told_in_one_sentence(
    known_videos: Path, window: MainWindow, qt_messages: list[str]
) -> None:
    ask(window, "red")
    (known_videos / "red later.mp4").unlink()
    click_result(window, 0)
    assert spin_until(lambda: window.player.stage.notice)
    assert "red later.mp4" in window.player.stage.notice
    assert "moved" in window.player.stage.notice
    assert all("Could not open media" in message for message in qt_messages)
    qt_messages.clear()


def test_a_folder_is_removed_only_after_a_question(known_videos: Path, window: MainWindow) -> None:
    [folder] = window.contents.folders if window.contents else []
    question = window.folders.removal_question(folder)
    assert "No video file is touched" in question.informativeText()
    assert question.textFormat() == Qt.TextFormat.PlainText
    question.open()
    question.buttons()[0].click()
    assert spin_until(lambda: window.contents is not None and not window.contents.folders)
    assert (known_videos / "red later.mp4").exists()
    assert spin_until(lambda: window.empty.currentWidget() is window.empty.welcome)


def test_a_new_file_is_found_by_itself(known_videos: Path, window: MainWindow) -> None:
    make_video(known_videos / "new.mp4", [Scene((230, 230, 20), 4, "still")], rate=RATE)
    assert spin_until(lambda: indexed(window) == 3)
    assert ask(window, "yellow")[0] == "new.mp4"


def test_new_matches_are_offered_and_nothing_moves_until_they_are_wanted(
    known_videos: Path, window: MainWindow
) -> None:
    window.resize(700, 460)
    shown = ask(window, "red")
    window.results.enter()
    window.results.select(1)
    bar = window.results.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    place = bar.value()
    make_video(known_videos / "red too.mp4", [Scene(RED, 4, "still")], rate=RATE)
    offered = window.results.new_matches
    assert spin_until(offered.isVisible)
    assert offered.text.text() == "1 new match"
    model = window.results_model
    assert [model.index(row).data() for row in range(model.rowCount())] == shown
    assert (bar.value(), window.results.currentIndex().row()) == (place, 1)
    assert window.focusWidget() is window.results
    keep_screenshot(window, "new matches")

    QTest.mouseClick(offered.show_them, Qt.MouseButton.LeftButton)
    assert "red too.mp4" in [model.index(row).data() for row in range(model.rowCount())]
    assert offered.isHidden()
    assert window.results.isVisible()


def test_enter_shows_what_is_new(known_videos: Path, window: MainWindow) -> None:
    ask(window, "red")
    make_video(known_videos / "red too.mp4", [Scene(RED, 4, "still")], rate=RATE)
    assert spin_until(window.results.new_matches.isVisible)
    QTest.keyClick(window.search_bar.field, Qt.Key.Key_Return)
    model = window.results_model
    assert "red too.mp4" in [model.index(row).data() for row in range(model.rowCount())]
    assert window.focusWidget() is window.search_bar.field


def test_a_file_that_is_deleted_leaves_the_results_and_the_others_stay(
    known_videos: Path, window: MainWindow
) -> None:
    shown = ask(window, "red")
    (known_videos / "red later.mp4").unlink()
    model = window.results_model
    assert spin_until(lambda: 0 < model.rowCount() < len(shown))
    assert [model.index(row).data() for row in range(model.rowCount())] == [
        name for name in shown if name != "red later.mp4"
    ]


def test_one_folder_can_be_searched_alone(window: MainWindow, tmp_path: Path) -> None:
    other = tmp_path / "Other"
    other.mkdir()
    make_video(other / "blue.mp4", [Scene(BLUE, 4, "still")], rate=RATE)
    drop_folder(window, other)
    assert spin_until(lambda: indexed(window) == 3 and not scanning(window))
    assert {"blue.mp4", "red later.mp4"} <= set(ask(window, "blue"))
    row = 1 + [folder.path for folder in window.contents.folders].index(other) if window.contents else 0
    place = window.folders.list.visualRect(window.folders.list.model().index(row, 0)).center()
    QTest.mouseClick(window.folders.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(place))
    model = window.results_model
    assert spin_until(
        lambda: (
            model.rowCount() > 0
            and all(model.moment(r).path.parent == other for r in range(model.rowCount()))
        )
    )


def test_volume_and_size_are_kept_for_next_time(open_window: OpenWindow) -> None:
    first = open_window()
    assert spin_until(lambda: first.control.session_here is not None)
    first.resize(900, 640)
    first.player.set_volume(0.4, muted=True)
    close(first)
    second = open_window()
    assert second.player.playback.sound.volume == pytest.approx(0.4, abs=0.02)
    assert second.player.playback.sound.muted
