"""The list below the search box. The keyboard stays in the box, which moves the choice."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFontMetrics,
    QMouseEvent,
    QPainter,
)
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.ui.search.offers import Offer, OfferKind, forgettable
from app.ui.widgets import icons
from app.ui.widgets.controls import plain_tooltip
from app.ui.widgets.theme import RADIUS, Space, Theme, Type, font

ICON = 16
CROSS = 28
"""Width of the place at the end of a row that forgets it, logical pixels."""
MOST_ROWS = 12
"""Shown at once; the others scroll."""

AnyIndex = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
OFFER = Qt.ItemDataRole.UserRole


class OfferModel(QAbstractListModel):
    """One row per offer."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.offers: tuple[Offer, ...] = ()

    def show(self, offers: Sequence[Offer]) -> None:
        """Replace all rows."""
        self.beginResetModel()
        self.offers = tuple(offers)
        self.endResetModel()

    def rowCount(self, parent: AnyIndex = ROOT) -> int:
        return 0 if parent.isValid() else len(self.offers)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        offer = self.offers[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return offer.words
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tooltip(offer.words, offer.detail)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._spoken(offer)
        return offer if role == OFFER else None

    def _spoken(self, offer: Offer) -> str:
        match offer.kind:
            case OfferKind.SAVED:
                return self.tr("Saved search: {words}").format(words=offer.words)
            case OfferKind.PAST:
                return self.tr("Recent search: {words}").format(words=offer.words)
        return f"{offer.words}, {offer.detail}" if offer.detail else offer.words


class OfferDelegate(QStyledItemDelegate):
    """An icon, the words, what they mean, and a cross where the row can be forgotten."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: AnyIndex) -> QSize:
        return QSize(160, QFontMetrics(font(Type.BODY)).height() + 2 * Space.S)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: AnyIndex) -> None:
        offer: Offer = index.data(OFFER)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.colour("accent_soft" if chosen else "hover"))
            painter.drawRoundedRect(option.rect, RADIUS, RADIUS)
        if offer.kind is OfferKind.COMPLETION:  # signs stand as they are typed
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        room = option.rect.adjusted(Space.M, 0, -Space.M, 0)
        if offer.icon:
            self._paint_icon(painter, option, offer.icon, QRect(room.left(), room.top(), ICON, room.height()))
            room.setLeft(room.left() + ICON + Space.S)
        if offer.can_be_forgotten and (chosen or hovered):
            self._paint_icon(painter, option, "close", cross_of(option.rect))
        if offer.can_be_forgotten:
            room.setRight(room.right() - CROSS)
        used = self._paint_text(
            painter, option, room, offer.words, "dim" if offer.kind is OfferKind.CLEAR else "text"
        )
        room.setLeft(room.left() + used + Space.M)
        if offer.detail and room.width() > 2 * Space.XL:
            self._paint_text(painter, option, room, offer.detail, "dim")
        painter.restore()

    def _paint_icon(self, painter: QPainter, option: QStyleOptionViewItem, name: str, place: QRect) -> None:
        picture = icons.pixmap(name, self._theme.colour("dim"), ICON, painter.device().devicePixelRatioF())
        where = QStyle.visualRect(option.direction, option.rect, place)
        painter.drawPixmap(where.center() - QPoint(ICON // 2 - 1, ICON // 2 - 1), picture)

    def _paint_text(
        self, painter: QPainter, option: QStyleOptionViewItem, room: QRect, text: str, token: str
    ) -> int:
        """Returns the width that was used."""
        painter.setFont(font(Type.BODY if token == "text" else Type.SMALL))  # noqa: S105 - a token of the theme
        painter.setPen(self._theme.colour(token))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        where = QStyle.visualRect(option.direction, option.rect, room)
        edge = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignLeft)
        flags = edge | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
        painter.drawText(where, flags, shown)
        return painter.fontMetrics().horizontalAdvance(shown)


class Dropdown(QFrame):
    """Lies over the window below the box while there is something to offer."""

    taken = Signal(object)
    """Offer."""
    forgotten = Signal(object)
    """Offer."""

    def __init__(self, theme: Theme, below: QWidget) -> None:
        """Make it, hidden; `below` is the widget that it shows below of."""
        super().__init__(below)
        self._below = below
        self.setObjectName("dropdown")
        self._model = OfferModel(self)
        self._list = QListView(self)
        self._list.setModel(self._model)
        self._list.setItemDelegate(OfferDelegate(theme, self._list))
        self._list.setAccessibleName(self.tr("Suggestions"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setUniformItemSizes(True)
        self._list.setMouseTracking(True)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.viewport().installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XS, Space.XS, Space.XS, Space.XS)
        layout.addWidget(self._list)
        theme.changed.connect(self._list.viewport().update)
        self.hide()

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What is offered; nothing while it is hidden."""
        return self._model.offers if self.isVisible() else ()

    @property
    def current(self) -> Offer | None:
        """What is chosen."""
        row = self._list.currentIndex().row()
        return self.offers[row] if 0 <= row < len(self.offers) else None

    def offer(self, offers: Sequence[Offer]) -> None:
        """Show these, none of them chosen; nothing takes the list away."""
        if not offers:
            self.hide()
            return
        if tuple(offers) != self._model.offers:
            self._model.show(offers)
        self._list.setCurrentIndex(QModelIndex())
        self._place()
        self.show()
        self.raise_()

    def move_choice(self, step: int) -> None:
        """Choose the next or the one before; beyond the ends none is chosen."""
        count = len(self.offers)
        row = self._list.currentIndex().row()
        after = (row + step) if row >= 0 else (0 if step > 0 else count - 1)
        index = self._model.index(after) if 0 <= after < count else QModelIndex()
        self._list.setCurrentIndex(index)
        if index.isValid():  # the keyboard is in the box: a screen reader does not see the choice move
            spoken = index.data(Qt.ItemDataRole.AccessibleTextRole)
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self._below, spoken))

    def take(self, *, first: bool = False) -> bool:
        """Take what is chosen, or the first where nothing is and `first`; whether there was something."""
        offer = self.current or (self.offers[0] if first and self.offers else None)
        if offer is None:
            return False
        self.taken.emit(offer)
        return True

    def forget(self) -> bool:
        """Forget what is chosen, where that can be."""
        offer = self.current
        if offer is None or not offer.can_be_forgotten:
            return False
        self.forgotten.emit(offer)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseButtonRelease:
            self._on_click(event.position().toPoint())
            return True
        return super().eventFilter(watched, event)

    def _on_click(self, point: QPoint) -> None:
        index = self._list.indexAt(point)
        if not index.isValid():
            return
        rect = self._list.visualRect(index)
        on_cross = QStyle.visualRect(self.layoutDirection(), rect, cross_of(rect)).contains(point)
        offer = self._model.offers[index.row()]
        if on_cross and forgettable(self._model.offers, index.row()):
            self.forgotten.emit(offer)
        else:
            self.taken.emit(offer)

    def _place(self) -> None:
        window = self._below.window()
        if self.parentWidget() is not window:
            self.setParent(window)
        below = self._below.rect().bottomLeft() + QPoint(0, Space.XS)
        corner = self._below.mapTo(window, below)
        rows = min(len(self._model.offers), MOST_ROWS)
        frame = 2 * Space.XS + 2
        height = min(rows * self._list.sizeHintForRow(0) + frame, window.height() - corner.y() - Space.S)
        self.setGeometry(corner.x(), corner.y(), self._below.width(), height)


def cross_of(row: QRect) -> QRect:
    """The place in a row that forgets it, where it is read from left to right."""
    return QRect(row.right() - CROSS - Space.XS, row.top(), CROSS, row.height())
