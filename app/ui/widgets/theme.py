"""The look: distances, type and colours, the palette and the style sheet made from them.

Nothing else in the window names a colour, a radius or a font size.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import IntEnum
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from app.paths import resource
from app.ui.system.preferences import Appearance, Preferences, PreferenceStore
from app.ui.widgets.colours import DARK, HIGH_CONTRAST_DARK, HIGH_CONTRAST_LIGHT, LIGHT, Colours


class Space(IntEnum):
    """Distances in logical pixels; every margin and gap is one of these."""

    XS = 4
    S = 8
    M = 12
    L = 16
    XL = 24


RADIUS = 8
"""Corner radius of cards, buttons and fields, logical pixels."""
RADIUS_SMALL = 4


class Type(IntEnum):
    """Type scale, in percent of the system's own font size."""

    SMALL = 90
    BODY = 100
    FIELD = 125
    TITLE = 135
    DISPLAY = 190


def font(size: Type, weight: QFont.Weight = QFont.Weight.Normal, *, tabular: bool = False) -> QFont:
    """The system's font on the scale; `tabular` gives every digit one width: a running clock stands still."""
    return QFont(_fonts.of(QApplication.font(), size, weight, tabular=tabular))


class _Fonts:
    """Fonts of one base: cards that scroll ask for the same ones many times a second. For any thread."""

    def __init__(self) -> None:
        self._made: tuple[QFont | None, dict[tuple[Type, QFont.Weight, bool], QFont]] = (None, {})

    def of(self, base: QFont, size: Type, weight: QFont.Weight, *, tabular: bool) -> QFont:
        known_base, known = self._made
        if known_base != base:
            known = {}
            self._made = (base, known)
        key = (size, weight, tabular)
        if key not in known:
            made = QFont(base)
            made.setPointSizeF(base.pointSizeF() * size / 100)
            made.setWeight(weight)
            if tabular:
                made.setFeature(QFont.Tag("tnum"), 1)
            known[key] = made
        return known[key]


_fonts = _Fonts()


class Theme(QObject):
    """The look in use: what is preferred, and what the system says where nothing is.

    Whatever paints by itself asks for a colour each time and paints again on `changed`.
    """

    changed = Signal()
    """Colours or text size are others now."""

    def __init__(self, app: QApplication, scheme: Qt.ColorScheme | None = None) -> None:
        """Dress the program.

        Args:
            app: the program.
            scheme: what stands for the system's light or dark, which is followed where None.
        """
        super().__init__(app)
        self._app = app
        self._scheme = scheme
        # Read before our own palette replaces it: desktops that name no scheme still colour their windows.
        self._dark_desktop = _is_dark(app.palette())
        self._template = Template(resource("style.qss").read_text(encoding="utf-8"))
        self._font = _system_font(app)
        self._store: PreferenceStore | None = None
        self._preferences = Preferences()
        self._assembling = False
        """Whether the style sheet waits until a window is put together."""
        app.setStyle("Fusion")
        self.colours = self._pick()
        self._apply()
        hints = app.styleHints()
        if scheme is None:
            hints.colorSchemeChanged.connect(self._renew)
        if hasattr(hints, "accessibility"):  # Qt 6.10
            hints.accessibility().contrastPreferenceChanged.connect(self._renew)

    @property
    def dark(self) -> bool:
        return self.colours in (DARK, HIGH_CONTRAST_DARK)

    @property
    def reduced_motion(self) -> bool:
        """Whether nothing is to move that need not."""
        return self._preferences.reduced_motion

    def colour(self, token: str) -> QColor:
        """The token's colour, for code that paints."""
        return QColor(getattr(self.colours, token))

    def follow(self, store: PreferenceStore) -> None:
        """Look as is preferred from now on, and whenever that changes."""
        if self._store is not None and isValid(self._store):
            self._store.changed.disconnect(self._prefer)
        self._store = store
        store.changed.connect(self._prefer)
        self._prefer(store.current)

    @contextmanager
    def applied_at_the_end(self) -> Iterator[None]:
        """Apply the style sheet once to a window that is put together meanwhile.

        Otherwise Qt looks up the rules of every widget again each time one of those around it gets a parent,
        which takes longer than all the rest.
        """
        self._assembling = True
        self._app.setStyleSheet("")
        try:
            yield
        finally:
            self._assembling = False
            self._apply()

    def _prefer(self, preferences: Preferences) -> None:
        before, self._preferences = self._preferences, preferences
        if before.reduced_motion != preferences.reduced_motion:
            for effect in _EFFECTS:
                self._app.setEffectEnabled(effect, not preferences.reduced_motion)
        self._renew(resized=before.text_size != preferences.text_size)

    def _pick(self) -> Colours:
        wanted = self._preferences.appearance
        scheme = self._app.styleHints().colorScheme() if self._scheme is None else self._scheme
        unknown = scheme == Qt.ColorScheme.Unknown
        dark = self._dark_desktop if unknown else scheme == Qt.ColorScheme.Dark
        if wanted == Appearance.HIGH_CONTRAST or (wanted == Appearance.SYSTEM and self._wants_contrast()):
            return HIGH_CONTRAST_DARK if dark else HIGH_CONTRAST_LIGHT
        if wanted == Appearance.SYSTEM:
            return DARK if dark else LIGHT
        return DARK if wanted == Appearance.DARK else LIGHT

    def _wants_contrast(self) -> bool:
        hints = self._app.styleHints()
        if not hasattr(hints, "accessibility"):
            return False
        return hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast

    def _renew(self, *_: object, resized: bool = False) -> None:
        colours = self._pick()
        if colours is not self.colours or resized:
            self.colours = colours
            self._apply()
            self.changed.emit()

    def _apply(self) -> None:
        base = QFont(self._font)
        base.setPointSizeF(self._font.pointSizeF() * self._preferences.text_size / 100)
        # Straight from sheet to sheet, Qt dresses a widget once for each that it lies in: that takes long.
        self._app.setStyleSheet("")
        self._app.setFont(base)
        self._app.setPalette(palette(self.colours))
        if not self._assembling:
            self._app.setStyleSheet(self._template.substitute(_style_tokens(self.colours, base)))


_EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)


def _system_font(app: QApplication) -> QFont:
    """The font that the system gave, whatever an earlier look made of it."""
    kept = app.property("systemFont")
    if isinstance(kept, QFont):
        return kept
    font_now = QFont(app.font())
    app.setProperty("systemFont", font_now)
    return font_now


def palette(colours: Colours) -> QPalette:
    """The tokens as a Qt palette, for everything the style sheet does not reach."""
    made = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, colours.window),
        (role.Base, colours.surface),
        (role.AlternateBase, colours.panel),
        (role.Button, colours.surface),
        (role.ToolTipBase, colours.surface),
        (role.WindowText, colours.text),
        (role.Text, colours.text),
        (role.ButtonText, colours.text),
        (role.ToolTipText, colours.text),
        (role.PlaceholderText, colours.dim),
        (role.Highlight, colours.accent),
        (role.HighlightedText, colours.on_accent),
        (role.Link, colours.accent),
        (role.Accent, colours.accent),
        (role.Mid, colours.line),
    ):
        made.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, where, QColor(colours.dim))
    return made


def _style_tokens(colours: Colours, base: QFont) -> dict[str, str]:
    tokens: dict[str, str] = asdict(colours)
    tokens |= {f"space_{step.name.lower()}": f"{step.value}px" for step in Space}
    tokens |= {f"type_{step.name.lower()}": f"{base.pointSizeF() * step / 100:.1f}pt" for step in Type}
    return tokens | {"radius": f"{RADIUS}px", "radius_small": f"{RADIUS_SMALL}px"}


def _is_dark(system: QPalette) -> bool:
    return system.window().color().lightness() < system.windowText().color().lightness()
