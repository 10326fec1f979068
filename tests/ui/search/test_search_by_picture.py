"""Searching by pictures, parts of pictures and whole videos."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QRectF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from app.asking.query_pictures import FOLDER
from app.query.parser import read
from app.ui.search.crop_dialog import CropDialog
from app.ui.shell.main_window import MainWindow
from tests.ui.loop import spin_until
from tests.ui.search.using_the_box import answer, typed, words


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
