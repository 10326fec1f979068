"""The colours: one set of tokens each for light, dark, and both with high contrast."""

from dataclasses import dataclass

from PySide6.QtGui import QColor


@dataclass(frozen=True, slots=True)
class Colours:
    """Colour tokens as `#rrggbb`; text colours reach 4.5:1 on every ground, 7:1 where contrast is high."""

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
HIGH_CONTRAST_LIGHT = Colours(
    window="#ffffff",
    panel="#ffffff",
    surface="#ffffff",
    hover="#e6e6e6",
    line="#949494",
    text="#000000",
    dim="#2b2b2b",
    accent="#00433d",
    on_accent="#ffffff",
    accent_hover="#002b27",
    accent_soft="#cfeae6",
    warning="#6b2a00",
    field_line="#000000",
)
HIGH_CONTRAST_DARK = Colours(
    window="#000000",
    panel="#000000",
    surface="#000000",
    hover="#2b2b2b",
    line="#6b6b6b",
    text="#ffffff",
    dim="#dcdcdc",
    accent="#6ff0e0",
    on_accent="#000000",
    accent_hover="#b8fff6",
    accent_soft="#00443d",
    warning="#ffc66b",
    field_line="#ffffff",
)


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
