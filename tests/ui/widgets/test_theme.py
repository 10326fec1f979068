"""The look keeps its promises in light and dark."""

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel

from app.paths import resource
from app.ui.system.preferences import Appearance, PreferenceStore
from app.ui.widgets import icons
from app.ui.widgets.colours import DARK, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, LIGHT, Colours, contrast
from app.ui.widgets.theme import Theme, Type

HIGH = (HIGH_CONTRAST_LIGHT, HIGH_CONTRAST_DARK)
EVERY = pytest.mark.parametrize(
    "colours", [LIGHT, DARK, *HIGH], ids=["light", "dark", "high contrast light", "high contrast dark"]
)


@EVERY
@pytest.mark.parametrize("ground", ["window", "panel", "surface", "hover", "accent_soft"])
@pytest.mark.parametrize("ink", ["text", "dim", "warning", "accent"])
def test_words_can_be_read_on_every_ground(colours: Colours, ground: str, ink: str) -> None:
    assert contrast(getattr(colours, ink), getattr(colours, ground)) >= (7.0 if colours in HIGH else 4.5)


@EVERY
def test_buttons_can_be_read_and_seen(colours: Colours) -> None:
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.on_accent, colours.accent_hover) >= 4.5
    for outline in (colours.field_line, colours.accent):
        assert contrast(outline, colours.window) >= 3.0


@EVERY
def test_what_is_done_stands_out_from_what_is_left(colours: Colours) -> None:
    """Progress, strength and the timeline are drawn in the accent on a line."""
    assert contrast(colours.accent, colours.line) >= 3.0


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


def test_the_style_sheet_names_no_colour_of_its_own_but_black_and_white() -> None:
    sheet = resource("style.qss").read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=\s*[;}])", sheet)) <= {"#000000", "#ffffff"}


def test_the_scheme_can_be_chosen(application: QApplication) -> None:
    before = application.styleSheet()
    dark = Theme(application, Qt.ColorScheme.Dark)
    try:
        assert dark.dark
        assert application.palette().window().color() == QColor(DARK.window)
        assert all(not value.startswith("$") for value in asdict(dark.colours).values())
    finally:
        Theme(application, Qt.ColorScheme.Light)
    assert application.styleSheet() == before or not before


@pytest.fixture
def store(application: QApplication, tmp_path: Path) -> Iterator[PreferenceStore]:
    """Preferences of the test's own; the look is what it was afterwards."""
    made = PreferenceStore(tmp_path / "preferences.json")
    yield made
    made.deleteLater()
    Theme(application, Qt.ColorScheme.Light)


def test_the_look_follows_what_is_preferred_at_once(
    application: QApplication, store: PreferenceStore
) -> None:
    theme = Theme(application, Qt.ColorScheme.Dark)
    theme.follow(store)
    seen = []
    theme.changed.connect(lambda: seen.append(theme.colours))
    for appearance in (Appearance.LIGHT, Appearance.HIGH_CONTRAST, Appearance.SYSTEM):
        store.change(appearance=appearance.value)
    assert seen == [LIGHT, HIGH_CONTRAST_DARK, DARK]
    assert application.palette().window().color() == QColor(DARK.window)


def test_text_grows_with_everything_made_of_it(application: QApplication, store: PreferenceStore) -> None:
    theme = Theme(application, Qt.ColorScheme.Light)
    usual = application.font().pointSizeF()
    theme.follow(store)
    label = QLabel("words")
    small = label.sizeHint()
    store.change(text_size=150)
    label.ensurePolished()
    assert application.font().pointSizeF() == pytest.approx(1.5 * usual)
    assert label.sizeHint().width() > 1.3 * small.width()
    assert f"{1.5 * usual * Type.TITLE / 100:.1f}pt" in application.styleSheet()
    store.change(text_size=100)
    assert application.font().pointSizeF() == pytest.approx(usual)


def test_nothing_moves_where_that_is_preferred(application: QApplication, store: PreferenceStore) -> None:
    theme = Theme(application, Qt.ColorScheme.Light)
    theme.follow(store)
    store.change(reduced_motion=True)
    assert theme.reduced_motion
    assert not application.isEffectEnabled(Qt.UIEffect.UI_AnimateMenu)


def test_every_icon_is_drawn_in_the_colour_it_is_asked_for(application: QApplication) -> None:
    drawings = sorted(resource("icons").glob("*.svg"))
    assert len(drawings) >= 15
    for drawing in drawings:
        image = icons.pixmap(drawing.stem, QColor("#ff0000"), 48).toImage()
        inked = {
            image.pixelColor(x, y).name()
            for x in range(48)
            for y in range(48)
            if image.pixelColor(x, y).alpha() == 255
        }
        assert inked == {"#ff0000"}, drawing.name
