"""Pictures of cards: round corners, grey where nothing matches, made once and not without end."""

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QApplication

from app.ui.results.cards import shaped_pictures
from app.ui.results.cards.shaped_pictures import ShapedPictures

SIZE = QSize(160, 90)


@pytest.fixture
def picture(application: QApplication) -> QPixmap:
    made = QPixmap(480, 270)
    made.fill(QColor(200, 40, 40))
    return made


@pytest.mark.parametrize(("ratio", "dense"), [(1.0, 1), (1.5, 2), (2.0, 2)])
def test_a_picture_fills_its_card_but_for_the_corners(picture: QPixmap, ratio: float, dense: int) -> None:
    shaped = ShapedPictures().shaped(picture, SIZE, ratio, grey=False)
    assert shaped.size() == SIZE * dense
    assert shaped.deviceIndependentSize().toSize() == SIZE
    image = shaped.toImage()
    assert image.pixelColor(image.rect().center()) == QColor(200, 40, 40)
    assert image.pixelColor(0, image.height() // 2) == QColor(200, 40, 40)
    assert image.pixelColor(0, 0).alpha() == 0


def test_grey_has_no_colour(picture: QPixmap) -> None:
    image = ShapedPictures().shaped(picture, SIZE, 1.0, grey=True).toImage()
    middle = image.pixelColor(image.rect().center())
    assert middle.red() == middle.green() == middle.blue()
    assert 60 < middle.red() < 120


def test_the_whole_picture_is_shown(application: QApplication) -> None:
    halves = QPixmap(480, 270)
    halves.fill(Qt.GlobalColor.blue)
    painter = QPainter(halves)
    painter.fillRect(240, 0, 240, 270, QColor("yellow"))
    painter.end()
    shaped = ShapedPictures().shaped(halves, SIZE, 1.0, grey=False).toImage()
    assert shaped.pixelColor(70, 45) == QColor("blue")
    assert shaped.pixelColor(90, 45) == QColor("yellow")


def test_a_picture_is_made_once_for_each_size_and_look(picture: QPixmap) -> None:
    pictures = ShapedPictures()
    made = {
        pictures.shaped(picture, size, 1.0, grey=grey).cacheKey()
        for size in (SIZE, SIZE * 2)
        for grey in (False, True)
        for _again in range(3)
    }
    assert len(made) == 4


def test_what_was_shown_longest_ago_is_made_again(picture: QPixmap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shaped_pictures, "KEPT_BYTES", 2 * 160 * 90 * 4)
    pictures = ShapedPictures()
    others = [picture.copy(), picture.copy()]
    first = pictures.shaped(picture, SIZE, 1.0, grey=False).cacheKey()
    pictures.shaped(others[0], SIZE, 1.0, grey=False)
    assert pictures.shaped(picture, SIZE, 1.0, grey=False).cacheKey() == first
    pictures.shaped(others[1], SIZE, 1.0, grey=False)
    assert pictures.shaped(picture, SIZE, 1.0, grey=False).cacheKey() == first
    for other in others:
        pictures.shaped(other, SIZE, 1.0, grey=False)
    assert pictures.shaped(picture, SIZE, 1.0, grey=False).cacheKey() != first
