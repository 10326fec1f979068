"""The look: design tokens for light and dark, the palette and the style sheet made from them.

Nothing else in the window names a colour, a radius or a font size.
"""

from dataclasses import asdict, dataclass
from enum import IntEnum
from string import Template

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from app.paths import resource


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


@dataclass(frozen=True, slots=True)
class Colours:
    """Colour tokens as `#rrggbb`; text colours reach 4.5:1 on `window`, `panel` and `surface`."""

    window: str
    panel: str
    """Background of the side panel and the status bar."""
    surface: str
    """Background of fields and buttons."""
    hover: str
    line: str
    text: str
    dim: str
    accent: str
    on_accent: str
    accent_hover: str
    accent_soft: str
    """Background of a selected row."""
    warning: str
    field_line: str
    """Outline of fields and buttons, 3:1 on `window`: an outline that means "you can type here"."""


LIGHT = Colours(
    window="#fbfaf8",
    panel="#f3f1ed",
    surface="#ffffff",
    hover="#eae7e1",
    line="#e1ddd6",
    text="#1f1d1a",
    dim="#67625a",
    accent="#0b6b63",
    on_accent="#ffffff",
    accent_hover="#095850",
    accent_soft="#d9ebe8",
    warning="#9a4b0c",
    field_line="#8f897f",
)
DARK = Colours(
    window="#191817",
    panel="#121110",
    surface="#262422",
    hover="#2b2927",
    line="#33302d",
    text="#f1eeea",
    dim="#a8a29a",
    accent="#58c9bc",
    on_accent="#062321",
    accent_hover="#79d8cd",
    accent_soft="#1e3a37",
    warning="#f0a95b",
    field_line="#77716a",
)


class Type(IntEnum):
    """Type scale, in percent of the system's own font size."""

    SMALL = 90
    BODY = 100
    FIELD = 125
    TITLE = 135
    DISPLAY = 190


def font(size: Type, weight: QFont.Weight = QFont.Weight.Normal, *, tabular: bool = False) -> QFont:
    """The system's font on the scale; `tabular` gives every digit one width: a running clock stands still."""
    made = QFont(QApplication.font())
    made.setPointSizeF(made.pointSizeF() * size / 100)
    made.setWeight(weight)
    if tabular:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


class Theme(QObject):
    """The colours in use; follows the system between light and dark unless a scheme is given."""

    changed = Signal()

    def __init__(self, app: QApplication, scheme: Qt.ColorScheme | None = None) -> None:
        super().__init__(app)
        self._app = app
        # Read before our own palette replaces it: desktops that name no scheme still colour their windows.
        self._dark_desktop = _is_dark(app.palette())
        self._template = Template(resource("style.qss").read_text(encoding="utf-8"))
        app.setStyle("Fusion")
        hints = app.styleHints()
        self.colours = self._pick(hints.colorScheme() if scheme is None else scheme)
        self._apply()
        if scheme is None:
            hints.colorSchemeChanged.connect(self._on_scheme)

    @property
    def dark(self) -> bool:
        return self.colours is DARK

    def colour(self, token: str) -> QColor:
        """The token's colour, for code that paints."""
        return QColor(getattr(self.colours, token))

    def _pick(self, scheme: Qt.ColorScheme) -> Colours:
        if scheme == Qt.ColorScheme.Unknown:
            return DARK if self._dark_desktop else LIGHT
        return DARK if scheme == Qt.ColorScheme.Dark else LIGHT

    def _on_scheme(self, scheme: Qt.ColorScheme) -> None:
        self.colours = self._pick(scheme)
        self._apply()
        self.changed.emit()

    def _apply(self) -> None:
        self._app.setPalette(palette(self.colours))
        self._app.setStyleSheet(self._template.substitute(_style_tokens(self.colours, self._app.font())))


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


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two `#rrggbb` colours, 1..21 (WCAG 2.2, relative luminance)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    made = QColor(colour)
    return sum(
        weight * _linear(channel)
        for weight, channel in zip(
            (0.2126, 0.7152, 0.0722), (made.redF(), made.greenF(), made.blueF()), strict=True
        )
    )


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
