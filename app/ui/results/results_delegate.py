"""How one moment looks in the grid."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.catalogue.records import Presence
from app.search.outcome import Moment
from app.ui.results.quote_line import paint_quote, quoted
from app.ui.results.results_model import MomentRole
from app.ui.results.thumbnails import Thumbnails
from app.ui.widgets import formatting as fmt
from app.ui.widgets import icons
from app.ui.widgets.theme import (
    RADIUS,
    RADIUS_SMALL,
    Space,
    Theme,
    Type,
    font,
)

GAP = Space.L
"""Between cards."""
BAR = QSize(34, 4)
"""The strength bar."""
MARK = 14
"""Edge of the mark beside the words that say what is in the way, logical pixels."""
NOT_HERE = 0.4
"""Opacity of the picture of a file that does not play now."""


class ResultsDelegate(QStyledItemDelegate):
    """A rounded picture with a time badge; below it the file's name, then what is said or written there, or
    else its folder, and the match's strength."""

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._thumbnails = thumbnails
        self._grey: dict[int, QPixmap] = {}
        self.cell = QSize(240, 240)
        """Size of a cell of the grid, gaps included."""

    def text_height(self) -> int:
        """Height of the lines below the picture, logical pixels."""
        return (
            Space.S
            + QFontMetrics(font(Type.BODY, QFont.Weight.DemiBold)).height()
            + QFontMetrics(font(Type.SMALL)).height()
            + Space.S
        )

    def forget(self) -> None:
        """Drop grey copies of pictures that are no longer shown."""
        self._grey.clear()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self.cell

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        moment: Moment = index.data(MomentRole.MOMENT)
        faded: bool = index.data(MomentRole.FADED)
        card = option.rect.adjusted(GAP // 2, GAP // 2, -(GAP // 2), -(GAP // 2))
        frame = QRect(card.left(), card.top(), card.width(), card.width() * 9 // 16)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._paint_picture(painter, frame, moment, faded)
        self._paint_badge(painter, frame, fmt.clock(moment.best))
        if state := index.data(MomentRole.STATE):
            self._paint_state(painter, frame, moment, state)
        self._paint_ring(painter, frame, option)
        self._paint_text(
            painter,
            QRect(QPoint(card.left(), frame.bottom() + 1 + Space.S), card.bottomRight()),
            moment,
            index.data(MomentRole.COPIES) or "",
        )
        painter.restore()

    def _paint_picture(self, painter: QPainter, frame: QRect, moment: Moment, faded: bool) -> None:
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(frame), RADIUS, RADIUS)
        painter.fillPath(shape, self._theme.colour("hover"))
        picture = self._thumbnails.picture(moment.frame_id)
        if picture is None:
            return
        opacity = self._thumbnails.opacity(moment.frame_id)
        if faded:
            picture, opacity = self._greyed(moment.frame_id, picture), opacity * 0.55
        painter.save()
        painter.setClipPath(shape)
        painter.setOpacity(opacity if moment.online else opacity * NOT_HERE)
        painter.drawPixmap(frame, picture)
        painter.restore()

    def _greyed(self, frame: int, picture: QPixmap) -> QPixmap:
        if frame not in self._grey:
            self._grey[frame] = QPixmap.fromImage(
                picture.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
            )
        return self._grey[frame]

    def _paint_badge(self, painter: QPainter, frame: QRect, text: str) -> None:
        painter.setFont(font(Type.SMALL, QFont.Weight.DemiBold, tabular=True))
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(text) + 12, metrics.height() + 4
        badge = QRect(frame.right() - width - 7, frame.bottom() - height - 7, width, height)
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(badge), RADIUS_SMALL, RADIUS_SMALL)
        painter.fillPath(shape, QColor(0, 0, 0, 180))
        painter.setPen(QColor("white"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_state(self, painter: QPainter, frame: QRect, moment: Moment, text: str) -> None:
        """A pill in the middle of the picture: what is in the way of playing it."""
        painter.setFont(font(Type.SMALL, QFont.Weight.DemiBold))
        metrics = painter.fontMetrics()
        beside = MARK + Space.XS + 2 * Space.M
        room = frame.width() - 2 * Space.S - beside
        text = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, room)
        size = QSize(metrics.horizontalAdvance(text) + beside, metrics.height() + 2 * Space.XS + 2)
        pill = QRect(QPoint(0, 0), size)
        pill.moveCenter(frame.center())
        shape = QPainterPath()
        shape.addRoundedRect(QRectF(pill), pill.height() / 2, pill.height() / 2)
        painter.fillPath(shape, QColor(0, 0, 0, 190))
        name = "folder-locked" if moment.presence is Presence.UNREACHABLE else "plug"
        icon = icons.pixmap(name, QColor("white"), MARK, painter.device().devicePixelRatioF())
        painter.drawPixmap(pill.left() + Space.M, pill.center().y() - MARK // 2 + 1, icon)
        painter.setPen(QColor("white"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(pill.adjusted(Space.M + MARK + Space.XS, 0, 0, 0), flags, text)

    def _paint_ring(self, painter: QPainter, frame: QRect, option: QStyleOptionViewItem) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if not chosen and not hovered:
            return
        active = bool(option.state & QStyle.StateFlag.State_Active)
        token = ("accent" if active else "field_line") if chosen else "field_line"
        width = 3.0 if chosen else 1.5
        painter.setPen(QPen(self._theme.colour(token), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        out = 3.0 if chosen else 0.0
        painter.drawRoundedRect(QRectF(frame).adjusted(-out, -out, out, out), RADIUS + out, RADIUS + out)

    def _paint_text(self, painter: QPainter, area: QRect, moment: Moment, copies: str) -> None:
        painter.setFont(font(Type.BODY, QFont.Weight.DemiBold))
        painter.setPen(self._theme.colour("text"))
        metrics = painter.fontMetrics()
        middle = Qt.TextElideMode.ElideMiddle
        name = metrics.elidedText(fmt.file_name(moment.path), middle, area.width())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        line = QRect(area.left(), area.top(), area.width(), metrics.height())
        painter.drawText(line, flags | Qt.TextFlag.TextDontClip, name)
        painter.setFont(font(Type.SMALL))
        painter.setPen(self._theme.colour("dim"))
        metrics = painter.fontMetrics()
        below = QRect(area.left(), line.bottom() + 1, area.width(), metrics.height())
        room = below.width() - BAR.width() - Space.S
        if copies:
            room -= metrics.horizontalAdvance(copies) + Space.S
            right = QRect(below.left() + room + Space.S, below.top(), below.width(), below.height())
            painter.drawText(right, flags, copies)
        if reason := quoted(moment):
            paint_quote(painter, QRect(below.left(), below.top(), room, below.height()), reason, self._theme)
        else:
            folder = fmt.file_name(moment.path.parent)
            painter.drawText(below, flags, metrics.elidedText(folder, middle, room))
        bar = QRect(QPoint(below.right() - BAR.width() + 1, below.center().y() - 1), BAR)
        self._paint_strength(painter, bar, moment.strength)

    def _paint_strength(self, painter: QPainter, bar: QRect, strength: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("line"))
        painter.drawRoundedRect(bar, 2, 2)
        filled = QRectF(bar)
        filled.setWidth(max(bar.height(), bar.width() * min(max(strength, 0.0), 1.0)))
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(filled, 2, 2)


def card_height(width: int, text_height: int) -> int:
    """Height of a cell of this width, gaps included, logical pixels."""
    return (width - GAP) * 9 // 16 + text_height + GAP
