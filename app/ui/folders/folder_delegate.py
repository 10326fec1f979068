"""How one watched folder looks in the side panel."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from app.catalogue.records import Folder
from app.ui.folders.folder_model import FolderRole
from app.ui.widgets import icons
from app.ui.widgets.theme import (
    RADIUS,
    Space,
    Theme,
    Type,
    font,
)
from app.ui.wording import formatting as fmt

ICON = 18
PROGRESS = 3
"""Height of the progress line, logical pixels."""


class FolderDelegate(QStyledItemDelegate):
    """An icon, the name, the path, the counts, and a thin line while the folder is being indexed."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        lines = 3 if index.data(FolderRole.FOLDER) else 2
        small = QFontMetrics(font(Type.SMALL)).height()
        height = QFontMetrics(font(Type.BODY, QFont.Weight.DemiBold)).height() + (lines - 1) * small
        if index.data(FolderRole.SHARE) is not None:
            height += PROGRESS + Space.XS
        return QSize(120, height + 2 * Space.S + 2)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        folder: Folder | None = index.data(FolderRole.FOLDER)
        share: float | None = index.data(FolderRole.SHARE)
        row = option.rect.adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter, row, option)
        name = "library" if folder is None else "folder" if folder.online else "folder-offline"
        icon = icons.pixmap(name, self._theme.colour("dim"), ICON, painter.device().devicePixelRatioF())
        place = QRect(row.left() + Space.S, row.top() + Space.S, ICON, ICON)
        painter.drawPixmap(QStyle.visualRect(option.direction, row, place).topLeft(), icon)
        left = row.left() + Space.S + ICON + Space.S
        line = QRect(left, row.top() + Space.S - 1, row.right() - Space.S - left, 0)
        line = QStyle.visualRect(option.direction, row, line)
        line = self._paint_line(painter, line, index.data(), "text", bold=True)
        if folder is not None:
            line = self._paint_line(painter, line, fmt.short_path(folder.path), "dim")
        line = self._paint_line(
            painter,
            line,
            index.data(FolderRole.COUNTS),
            "warning" if index.data(FolderRole.TROUBLED) else "dim",
        )
        if share is not None:
            bar = QRect(line.left(), line.top() + Space.XS - 1, line.width(), PROGRESS)
            self._paint_share(painter, bar, share)
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

    def _paint_line(
        self, painter: QPainter, line: QRect, text: str, token: str, *, bold: bool = False
    ) -> QRect:
        """Paint one line of text; returns the place of the next."""
        painter.setFont(font(Type.BODY, QFont.Weight.DemiBold) if bold else font(Type.SMALL, tabular=True))
        painter.setPen(self._theme.colour(token))
        metrics = painter.fontMetrics()
        line.setHeight(metrics.height())
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, line.width())
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(line, flags, shown)
        return line.translated(0, metrics.height())

    def _paint_share(self, painter: QPainter, bar: QRect, share: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.colour("line"))
        painter.drawRoundedRect(bar, 1.5, 1.5)
        done = QRectF(bar)
        done.setWidth(max(float(PROGRESS), bar.width() * share))
        painter.setBrush(self._theme.colour("accent"))
        painter.drawRoundedRect(done, 1.5, 1.5)
