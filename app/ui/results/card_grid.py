"""A list view whose cards lie by arithmetic, in lines and in two parts with a divider between them."""

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyleOptionViewItem, QWidget

from app.ui.results.card_layout import CardLayout
from app.ui.results.cards.results_delegate import ResultsDelegate, card_height, frame_of
from app.ui.results.divider import Divider
from app.ui.results.results_model import ResultsModel
from app.ui.widgets.theme import Theme

NARROWEST = 216
"""A card is at least this wide, logical pixels, its gap included."""

AnyIndex = QModelIndex | QPersistentModelIndex


class CardGrid(QListView):
    """Shows a `ResultsModel`.

    Qt's list lays out item by item; here a card's place is computed from its row, so that ten thousand cost
    what ten do. It stays a list to Qt, so that screen readers are told of its items.
    """

    scrolled = Signal()

    def __init__(
        self, theme: Theme, model: ResultsModel, delegate: ResultsDelegate, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._moments = model
        self._delegate = delegate
        delegate.setParent(self)
        self._hovered = -1
        """Row under the pointer."""
        self.divider = Divider(theme, self.viewport())
        self.setModel(model)
        self.setItemDelegate(delegate)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setMouseTracking(True)
        self.verticalScrollBar().setSingleStep(28)

    @property
    def columns(self) -> int:
        """Cards in a row."""
        return max(1, self.viewport().width() // NARROWEST)

    def card_layout(self) -> CardLayout:
        """Where the cards lie now."""
        width, columns, model = self.viewport().width(), self.columns, self._moments
        cell = width // columns
        return CardLayout(
            width=width,
            columns=columns,
            cell=QSize(cell, card_height(cell, self._delegate.text_height())),
            likely=model.likely,
            count=model.rowCount(),
            gap=self.divider.sizeHint().height() if model.less_likely else 0,
            mirrored=self.layoutDirection() == Qt.LayoutDirection.RightToLeft,
        )

    def visualRect(self, index: AnyIndex) -> QRect:
        if not index.isValid():
            return QRect()
        return self.card_layout().rect(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self.card_layout().row_at(point + QPoint(0, self.verticalOffset()))
        return self._moments.index(row) if row >= 0 else QModelIndex()

    def horizontalOffset(self) -> int:
        return 0

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def isIndexHidden(self, index: AnyIndex) -> bool:
        return False

    def scrollTo(
        self, index: AnyIndex, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        bar, card, room = self.verticalScrollBar(), self.visualRect(index), self.viewport().height()
        if hint == QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(bar.value() + card.center().y() - room // 2)
        elif card.top() < 0 or hint == QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(bar.value() + card.top())
        elif card.bottom() >= room:
            bar.setValue(bar.value() + min(card.bottom() + 1 - room, card.top()))

    def doItemsLayout(self) -> None:
        QAbstractItemView.doItemsLayout(self)

    def dataChanged(self, first: AnyIndex, last: AnyIndex, roles: list[int] | None = None) -> None:  # type: ignore[override]
        if first == last and roles == [Qt.ItemDataRole.DecorationRole]:  # all that changed is what is painted
            self.viewport().update(self.visualRect(first))
        else:
            QAbstractItemView.dataChanged(self, first, last, roles or [])

    def updateGeometries(self) -> None:
        room, bar = self.viewport().height(), self.verticalScrollBar()
        layout = self.card_layout()
        bar.setPageStep(room)
        bar.setRange(0, max(layout.height - room, 0))
        self._place_divider(layout)
        QAbstractItemView.updateGeometries(self)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)
        self._place_divider(self.card_layout())
        self.scrolled.emit()

    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        layout, down = self.card_layout(), QPoint(0, self.verticalOffset())
        if self.state() == QAbstractItemView.State.DragSelectingState:
            area = rect.normalized().translated(down)
            rows = [
                row
                for row in layout.between(area.top(), area.bottom())
                if frame_of(layout.rect(row)).intersects(area)
            ]
        else:
            ends = [layout.row_at(corner + down) for corner in (rect.topLeft(), rect.bottomRight())]
            rows = list(range(min(ends), max(ends) + 1)) if min(ends) >= 0 else []
        selection = QItemSelection()
        for row in rows:
            index = self._moments.index(row)
            selection.select(index, index)
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        layout, top = self.card_layout(), self.verticalOffset()
        on_view = layout.between(top, top + self.viewport().height())
        region = QRegion()
        for chosen in selection.toList():
            for row in range(max(chosen.top(), on_view.start), min(chosen.bottom() + 1, on_view.stop)):
                region += layout.rect(row).translated(0, -top)
        return region

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        count, row, layout = self._moments.rowCount(), self.currentIndex().row(), self.card_layout()
        if not count:
            return QModelIndex()
        actions = QAbstractItemView.CursorAction
        lines = max(self.viewport().height() // layout.cell.height(), 1)
        forward = -1 if self.layoutDirection() == Qt.LayoutDirection.RightToLeft else 1
        match action:
            case actions.MoveHome:
                row = 0
            case actions.MoveEnd:
                row = count - 1
            case actions.MoveRight | actions.MoveLeft:
                row += forward if action == actions.MoveRight else -forward
            case actions.MoveNext | actions.MovePrevious:
                row += 1 if action == actions.MoveNext else -1
            case actions.MoveUp | actions.MoveDown | actions.MovePageUp | actions.MovePageDown:
                up = action in (actions.MoveUp, actions.MovePageUp)
                for _ in range(1 if action in (actions.MoveUp, actions.MoveDown) else lines):
                    further = layout.above(row) if up else layout.below(row)
                    row = row if further < 0 else further
        return self._moments.index(min(max(row, 0), count - 1))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        layout, top = self.card_layout(), self.verticalOffset()
        option = QStyleOptionViewItem()
        self.initViewItemOption(option)
        current = self.currentIndex().row() if self.hasFocus() else -1
        selection, dirty = self.selectionModel(), event.region()
        plain = option.state & ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_MouseOver)
        for row in layout.between(top + event.rect().top(), top + event.rect().bottom()):
            option.rect = layout.rect(row).translated(0, -top)
            if not dirty.intersects(option.rect):
                continue
            index = self._moments.index(row)
            option.state = plain & ~QStyle.StateFlag.State_HasFocus
            if selection.isSelected(index):
                option.state |= QStyle.StateFlag.State_Selected
            if row == self._hovered:
                option.state |= QStyle.StateFlag.State_MouseOver
            if row == current:
                option.state |= QStyle.StateFlag.State_HasFocus
            self._delegate.paint(painter, option, index)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.updateGeometries()

    def _place_divider(self, layout: CardLayout) -> None:
        if layout.gap:
            top = layout.divider_top - self.verticalOffset()
            self.divider.setGeometry(0, top, layout.width, layout.gap)
