"""The line below a picture that says in words why a moment was found: what is said, written or named."""

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle

from app.search.outcome import Moment, Reason, ReasonKind
from app.text import safe
from app.ui.widgets import icons
from app.ui.widgets.theme import Space, Theme, Type, font
from app.ui.wording import formatting as fmt

ICON = 13
"""Edge of the drawing before the words, logical pixels."""
ELLIPSIS = "…"
BEFORE = 12
"""Characters before the first marked word, where a line is too long to be shown from its beginning."""

Piece = tuple[str, bool]
"""Some characters, and whether they are among those that were asked for."""


def quoted(moment: Moment) -> Reason | None:
    """The strongest reason in words; None where there is none but the name that stands there anyway."""
    name = fmt.file_name(moment.path)
    reasons = [
        reason
        for reason in moment.reasons
        if reason.quote and not (reason.kind is ReasonKind.NAMED and reason.quote in name)
    ]
    return max(reasons, key=lambda reason: reason.strength, default=None)


def pieces_of(reason: Reason) -> list[Piece]:
    """The quote cut where marked words begin and end, as plain text in one line."""
    pieces: list[Piece] = []
    at = 0
    for start, end in reason.marks:
        pieces += [(safe(reason.quote[at:start]), False), (safe(reason.quote[start:end]), True)]
        at = end
    pieces.append((safe(reason.quote[at:]), False))
    return [(text, marked) for text, marked in pieces if text]


def fitting(pieces: list[Piece], width: int, plain: QFontMetrics, bold: QFontMetrics) -> list[Piece]:
    """The pieces that fit into `width` pixels: shortened at the end, and before the first marked word where
    that would not be seen otherwise."""

    def wide(parts: list[Piece]) -> int:
        return sum((bold if marked else plain).horizontalAdvance(text) for text, marked in parts)

    if wide(pieces) <= width:
        return pieces
    first = next((number for number, (_, marked) in enumerate(pieces) if marked), 0)
    if first == 1 and wide(pieces[:2]) > width and len(pieces[0][0]) > BEFORE:
        pieces = [(ELLIPSIS + pieces[0][0][-BEFORE:].lstrip(), False), *pieces[1:]]
    fitted: list[Piece] = []
    left = width
    for text, marked in pieces:
        metrics = bold if marked else plain
        advance = metrics.horizontalAdvance(text)
        if advance > left:
            short = metrics.elidedText(text, Qt.TextElideMode.ElideRight, left)
            return [*fitted, (short, marked)] if short else fitted
        fitted.append((text, marked))
        left -= advance
    return fitted


def paint_quote(
    painter: QPainter,
    area: QRect,
    reason: Reason,
    theme: Theme,
    direction: Qt.LayoutDirection = Qt.LayoutDirection.LeftToRight,
) -> None:
    """Draw a reason into one line: its kind as a small drawing, then the words, the marked ones stronger.

    The words run as their script does, on the side on which the window's lines begin.
    """
    ratio = painter.device().devicePixelRatioF()
    drawing = icons.pixmap(reason.kind.value, theme.colour("dim"), ICON, ratio)
    mark = QRect(area.left(), area.center().y() - ICON // 2 + 1, ICON, ICON)
    painter.drawPixmap(QStyle.visualRect(direction, area, mark).topLeft(), drawing)
    plain, bold = font(Type.SMALL), font(Type.SMALL, QFont.Weight.DemiBold)
    line = QStyle.visualRect(direction, area, area.adjusted(ICON + Space.XS, 0, 0, 0))
    pieces = fitting(pieces_of(reason), line.width(), QFontMetrics(plain), QFontMetrics(bold))
    layout = QTextLayout("".join(text for text, _ in pieces), plain)
    layout.setFormats(_formats(pieces, bold, theme))
    mirrored = direction == Qt.LayoutDirection.RightToLeft
    side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
    option = QTextOption(side | Qt.AlignmentFlag.AlignAbsolute)
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    layout.setTextOption(option)
    layout.beginLayout()
    layout.createLine().setLineWidth(line.width())
    layout.endLayout()
    painter.setPen(theme.colour("dim"))
    layout.draw(painter, QPointF(line.topLeft()))


def _formats(pieces: list[Piece], bold: QFont, theme: Theme) -> list[QTextLayout.FormatRange]:
    """What is marked, as a text layout takes it; it counts in UTF-16."""
    formats, at = [], 0
    for text, marked in pieces:
        length = len(text.encode("utf-16-le")) // 2
        if marked:
            found = QTextLayout.FormatRange()
            found.start, found.length = at, length
            look = QTextCharFormat()
            look.setFont(bold)
            look.setForeground(theme.colour("text"))
            found.format = look
            formats.append(found)
        at += length
    return formats
