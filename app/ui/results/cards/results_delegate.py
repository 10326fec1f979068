"""How one card looks in the grid."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from app.catalogue.records import Presence
from app.search.outcome import Moment
from app.ui.results.cards import card_words
from app.ui.results.cards.match_strips import MatchStrips, paint_strip
from app.ui.results.cards.quote_line import paint_quote, quoted
from app.ui.results.cards.scrubber import Scrubber
from app.ui.results.cards.shaped_pictures import ShapedPictures
from app.ui.results.results_model import MomentRole
from app.ui.results.thumbnails import Thumbnails
from app.ui.widgets import icons
from app.ui.widgets.theme import (
    RADIUS,
    RADIUS_SMALL,
    Space,
    Theme,
    Type,
    font,
)
from app.ui.wording import formatting as fmt

GAP = Space.L
"""Between cards."""
BAR = QSize(34, 4)
"""The strength bar."""
STRIP = 4
"""Height of the strip that shows where in its video a moment is."""
MARK = 14
"""Edge of the mark beside the words that say what is in the way, logical pixels."""
CHECK = 22
"""Edge of the circle that selects a card."""
INSET = 7
"""From the picture's edges to what lies in its corners."""
NOT_HERE = 0.4
"""Opacity of the picture of a file that does not play now."""
GROUND = QColor(0, 0, 0, 180)
"""Below white words on a picture."""


class ResultsDelegate(QStyledItemDelegate):
    """A rounded picture with its time and why it was found; below it where in the video that is, the file's
    name, then what is said or written there, or else its folder, and the match's strength."""

    def __init__(
        self,
        theme: Theme,
        thumbnails: Thumbnails,
        strips: MatchStrips,
        scrubber: Scrubber,
    ) -> None:
        super().__init__()
        self._theme = theme
        self._thumbnails = thumbnails
        self._strips = strips
        self._scrubber = scrubber
        self._shaped = ShapedPictures()
        self.selecting = False
        """Whether several are selected: then every card has its circle."""

    def text_height(self) -> int:
        """Height of what is below the picture, logical pixels."""
        return (
            Space.XS
            + STRIP
            + Space.S
            + QFontMetrics(font(Type.BODY, QFont.Weight.DemiBold)).height()
            + QFontMetrics(font(Type.SMALL)).height()
            + Space.S
        )

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        moment: Moment = index.data(MomentRole.MOMENT)
        faded: bool = index.data(MomentRole.FADED)
        frame = frame_of(option.rect)
        scrubbed = self._scrubber.seconds if self._scrubber.moment is moment else None
        shown_at = moment.best if scrubbed is None else scrubbed
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_picture(painter, frame, moment, faded, scrubbed is not None)
        self._paint_time(painter, frame, fmt.clock(shown_at))
        if scrubbed is None:
            if state := index.data(MomentRole.STATE):
                self._paint_state(painter, frame, moment, state, beside_check=self._has_check(option))
            elif reason := card_words.why(moment):
                self._paint_words(painter, frame, reason)
        if index.data(MomentRole.FAVOURITE):
            self._paint_heart(painter, frame)
        self._paint_ring(painter, frame, option)
        self._paint_check(painter, option)
        below = QRect(frame.left(), frame.bottom() + 1 + Space.XS, frame.width(), STRIP)
        paint_strip(painter, below, self._strips.strip(moment), moment, shown_at, self._theme)
        bottom = option.rect.bottom() - GAP // 2
        text = QRect(QPoint(frame.left(), below.bottom() + 1 + Space.S), QPoint(frame.right(), bottom))
        self._paint_text(painter, text, moment, index.data(MomentRole.BESIDE), option.direction)
        painter.restore()

    def _paint_picture(
        self, painter: QPainter, frame: QRect, moment: Moment, faded: bool, scrubbed: bool
    ) -> None:
        picture = self._thumbnails.picture(moment.frame_id)
        opacity = 1.0 if self._theme.reduced_motion else self._thumbnails.opacity(moment.frame_id)
        grey = False
        if scrubbed and (still := self._scrubber.picture) is not None:
            picture, opacity = still, 1.0
        elif faded:
            grey, opacity = True, opacity * 0.55
        if not moment.online:
            opacity *= NOT_HERE
        if picture is None or opacity < 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("hover"))
            painter.drawRoundedRect(QRectF(frame), RADIUS, RADIUS)
        if picture is not None:
            ratio = painter.device().devicePixelRatioF()
            painter.setOpacity(opacity)
            painter.drawPixmap(frame, self._shaped.shaped(picture, frame.size(), ratio, grey=grey))
            painter.setOpacity(1.0)

    def _paint_time(self, painter: QPainter, frame: QRect, text: str) -> None:
        painter.setFont(font(Type.SMALL, QFont.Weight.DemiBold, tabular=True))
        size = _pill_size(painter, text)
        place = frame.bottomRight() - QPoint(size.width() + INSET - 1, size.height() + INSET - 1)
        self._paint_pill(painter, QRect(place, size), text)

    def _paint_words(self, painter: QPainter, frame: QRect, text: str) -> None:
        """In the lower left corner: why it was found."""
        painter.setFont(font(Type.SMALL))
        size = _pill_size(painter, text)
        place = QPoint(frame.left() + INSET, frame.bottom() + 1 - size.height() - INSET)
        self._paint_pill(painter, QRect(place, size), text)

    def _paint_pill(self, painter: QPainter, pill: QRect, text: str) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(GROUND)
        painter.drawRoundedRect(QRectF(pill), RADIUS_SMALL, RADIUS_SMALL)
        painter.setPen(QColor("white"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_state(
        self, painter: QPainter, frame: QRect, moment: Moment, text: str, *, beside_check: bool
    ) -> None:
        """Along the upper edge: what is in the way of playing it."""
        painter.setFont(font(Type.SMALL, QFont.Weight.DemiBold))
        metrics = painter.fontMetrics()
        beside = MARK + Space.XS + 2 * Space.S
        room = frame.width() - 2 * (INSET + CHECK + Space.XS) - beside
        text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        size = QSize(metrics.horizontalAdvance(text) + beside, CHECK)
        place = QPoint(frame.left() + INSET, frame.top() + INSET)
        if beside_check:
            place += QPoint(CHECK + Space.XS, 0)
        pill = QRect(place, size)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(GROUND)
        painter.drawRoundedRect(QRectF(pill), CHECK / 2, CHECK / 2)
        name = "folder-locked" if moment.presence is Presence.UNREACHABLE else "plug"
        icon = icons.pixmap(name, QColor("white"), MARK, painter.device().devicePixelRatioF())
        painter.drawPixmap(pill.left() + Space.S, pill.center().y() - MARK // 2 + 1, icon)
        painter.setPen(QColor("white"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(pill.adjusted(Space.S + MARK + Space.XS, 0, 0, 0), flags, text)

    def _paint_heart(self, painter: QPainter, frame: QRect) -> None:
        circle = QRect(0, 0, CHECK, CHECK)
        circle.moveTopRight(frame.topRight() + QPoint(-INSET, INSET))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(GROUND)
        painter.drawEllipse(circle)
        icon = icons.pixmap("heart", QColor("white"), MARK, painter.device().devicePixelRatioF())
        painter.drawPixmap(circle.center() - QPoint(MARK // 2 - 1, MARK // 2 - 1), icon)

    def _paint_ring(self, painter: QPainter, frame: QRect, option: QStyleOptionViewItem) -> None:
        current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if not (chosen or hovered or current):
            return
        active = bool(option.state & QStyle.StateFlag.State_Active)
        strong = chosen or current
        token = ("accent" if active else "field_line") if strong else "field_line"
        width = 3.0 if strong else 1.5
        pen = QPen(self._theme.colour(token), width)
        if current and not chosen:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        out = 3.0 if strong else 0.0
        painter.drawRoundedRect(QRectF(frame).adjusted(-out, -out, out, out), RADIUS + out, RADIUS + out)

    def _has_check(self, option: QStyleOptionViewItem) -> bool:
        return self.selecting or bool(option.state & QStyle.StateFlag.State_MouseOver)

    def _paint_check(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if not self._has_check(option):
            return
        circle = check_of(option.rect)
        filled = chosen and self.selecting
        painter.setPen(QPen(QColor("white"), 1.5))
        painter.setBrush(self._theme.colour("accent") if filled else GROUND)
        painter.drawEllipse(QRectF(circle).adjusted(1, 1, -1, -1))
        if filled:
            token = self._theme.colour("on_accent")
            icon = icons.pixmap("check", token, MARK, painter.device().devicePixelRatioF())
            painter.drawPixmap(circle.center() - QPoint(MARK // 2 - 1, MARK // 2 - 1), icon)

    def _paint_text(
        self, painter: QPainter, area: QRect, moment: Moment, beside: str, direction: Qt.LayoutDirection
    ) -> None:
        painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # a name keeps its own
        painter.setFont(font(Type.BODY, QFont.Weight.DemiBold))
        painter.setPen(self._theme.colour("text"))
        metrics = painter.fontMetrics()
        middle = Qt.TextElideMode.ElideMiddle
        name = metrics.elidedText(fmt.file_name(moment.path), middle, area.width())
        mirrored = direction == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        flags = side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
        line = QRect(area.left(), area.top(), area.width(), metrics.height())
        painter.drawText(line, flags | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip, name)
        painter.setFont(font(Type.SMALL))
        painter.setPen(self._theme.colour("dim"))
        metrics = painter.fontMetrics()
        below = QRect(area.left(), line.bottom() + 1, area.width(), metrics.height())
        room = below.width() - (0 if moment.listed else BAR.width() + Space.S)
        if beside:
            width = metrics.horizontalAdvance(beside)
            room -= width + Space.S
            place = QRect(below.left() + room + Space.S, below.top(), width, below.height())
            place = QStyle.visualRect(direction, below, place)
            painter.drawText(place, flags | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip, beside)
        words = QStyle.visualRect(direction, below, QRect(below.topLeft(), QSize(room, below.height())))
        if reason := quoted(moment):
            paint_quote(painter, words, reason, self._theme, direction)
        else:
            folder = metrics.elidedText(fmt.file_name(moment.path.parent), middle, room)
            painter.drawText(words, flags | Qt.TextFlag.TextSingleLine, folder)
        bar = QRect(QPoint(below.right() - BAR.width() + 1, below.center().y() - 1), BAR)
        if not moment.listed:
            self._paint_strength(painter, QStyle.visualRect(direction, below, bar), moment.strength)

    def _paint_strength(self, painter: QPainter, bar: QRect, strength: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("line"))
        painter.drawRoundedRect(bar, 2, 2)
        filled = QRectF(bar)
        filled.setWidth(max(bar.height(), bar.width() * min(max(strength, 0.0), 1.0)))
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(filled, 2, 2)


def frame_of(cell: QRect) -> QRect:
    """Where a card's picture lies in its cell."""
    left, width = cell.left() + GAP // 2, cell.width() - GAP
    return QRect(left, cell.top() + GAP // 2, width, width * 9 // 16)


def check_of(cell: QRect) -> QRect:
    """Where the circle is that selects a card."""
    return QRect(frame_of(cell).topLeft() + QPoint(INSET, INSET), QSize(CHECK, CHECK))


def card_height(width: int, text_height: int) -> int:
    """Height of a cell of this width, gaps included, logical pixels."""
    return (width - GAP) * 9 // 16 + text_height + GAP


def _pill_size(painter: QPainter, text: str) -> QSize:
    metrics = painter.fontMetrics()
    return QSize(metrics.horizontalAdvance(text) + 12, metrics.height() + 4)
