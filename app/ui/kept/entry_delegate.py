"""How a collection, a tag or a saved search looks in the side panel."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.ui.kept.kept_entries import ICONS, Entry, EntryRole
from app.ui.widgets import icons
from app.ui.widgets.theme import RADIUS, Space, Theme, Type, font

ICON = 18


class EntryDelegate(QStyledItemDelegate):
    """An icon, the name, and at the end how much is in it or new to it; one line."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        height = max(ICON, QFontMetrics(font(Type.BODY)).height())
        return QSize(120, height + 2 * Space.XS + 6)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(EntryRole.ENTRY)
        row = option.rect.adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, row, option)
        mirrored = option.direction == Qt.LayoutDirection.RightToLeft
        inside = row.adjusted(Space.S, 0, -Space.S, 0)
        ratio = painter.device().devicePixelRatioF()
        picture = icons.pixmap(ICONS[entry.kind], self._theme.colour("dim"), ICON, ratio)
        left = inside.right() - ICON + 1 if mirrored else inside.left()
        painter.drawPixmap(left, row.center().y() - ICON // 2 + 1, picture)
        inside.adjust(0, 0, -(ICON + Space.S), 0) if mirrored else inside.adjust(ICON + Space.S, 0, 0, 0)
        trailing = index.data(EntryRole.TRAILING)
        taken = self._paint_trailing(painter, inside, trailing, mirrored=mirrored, is_new=entry.new > 0)
        inside.adjust(taken, 0, 0, 0) if mirrored else inside.adjust(0, 0, -taken, 0)
        painter.setFont(font(Type.BODY))
        painter.setPen(self._theme.colour("text"))
        shown = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideMiddle, inside.width())
        painter.drawText(inside, _flags(mirrored) | Qt.TextFlag.TextSingleLine, shown)
        painter.restore()

    def _paint_ground(self, painter: QPainter, row: QRect, option: QStyleOptionViewItem) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setBrush(self._theme.colour("accent_soft"))
            painter.drawRoundedRect(row, RADIUS, RADIUS)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(self._theme.colour("hover"))
            painter.drawRoundedRect(row, RADIUS, RADIUS)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.colour("accent"), 2))
            painter.drawRoundedRect(QRectF(row).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _paint_trailing(
        self, painter: QPainter, area: QRect, text: str, *, mirrored: bool, is_new: bool
    ) -> int:
        """The count at the end; returns the room that it takes."""
        if not text:
            return 0
        weight = QFont.Weight.DemiBold if is_new else QFont.Weight.Normal
        painter.setFont(font(Type.SMALL, weight, tabular=True))
        painter.setPen(self._theme.colour("accent" if is_new else "dim"))
        painter.drawText(area, _flags(not mirrored) | Qt.TextFlag.TextSingleLine, text)
        return painter.fontMetrics().horizontalAdvance(text) + Space.S


def _flags(right: bool) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
