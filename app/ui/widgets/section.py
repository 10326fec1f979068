"""Parts of a side panel: a heading that folds away what is below it, and lists as high as they are long."""

from __future__ import annotations

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListView,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.ui.widgets import icons
from app.ui.widgets.controls import IconButton
from app.ui.widgets.theme import Space, Theme

ARROW = 14
"""Edge of the arrow beside a heading, logical pixels."""


class FittedList(QListView):
    """As high as all of its rows: what scrolls is around it. The arrows leave it at its ends."""

    shown = Signal(QWidget, QPoint, int)
    """Itself, the upper left corner of the row that is current now, and the row's height."""
    menu_wanted = Signal(QModelIndex, QPoint)
    """Row, and where on the screen."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.customContextMenuRequested.connect(self._ask_for_menu)

    def setModel(self, model: QAbstractItemModel | None) -> None:
        super().setModel(model)
        if model is not None:
            for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved, model.dataChanged):
                signal.connect(self.fit)
            self.selectionModel().currentChanged.connect(self._show_current)
        self.fit()

    def fit(self) -> None:
        """Be as high as the rows are now."""
        model = self.model()
        rows = 0 if model is None else model.rowCount()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if rows else Qt.FocusPolicy.NoFocus)
        self.setFixedHeight(sum(self.sizeHintForRow(row) for row in range(rows)) + 2 * self.frameWidth())

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.maximumHeight())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.fit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.selectionModel().setCurrentIndex(
                self.model().index(0, 0), self.selectionModel().SelectionFlag.NoUpdate
            )
        self._show_current()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row, last = self.currentIndex().row(), self.model().rowCount() - 1
        if event.key() == Qt.Key.Key_Down and row >= last:
            self.focusNextChild()
        elif event.key() == Qt.Key.Key_Up and row <= 0:
            self.focusPreviousChild()
        elif event.key() == Qt.Key.Key_Menu and row >= 0:
            where = self.visualRect(self.currentIndex()).center()
            self.menu_wanted.emit(self.currentIndex(), self.viewport().mapToGlobal(where))
        else:
            super().keyPressEvent(event)

    def _show_current(self) -> None:
        if self.currentIndex().isValid():
            place = self.visualRect(self.currentIndex())
            self.shown.emit(self, place.topLeft(), place.height())

    def _ask_for_menu(self, where: QPoint) -> None:
        index = self.indexAt(where)
        if index.isValid():
            self.menu_wanted.emit(index, self.viewport().mapToGlobal(where))


class Section(QWidget):
    """A heading with something below it, which a click or a key folds away."""

    toggled = Signal(bool)
    """Whether it is open now."""

    def __init__(self, theme: Theme, title: str, body: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._title = title
        self._body = body
        self.heading = QToolButton()
        self.heading.setObjectName("sectionHeading")
        self.heading.setText(title)
        self.heading.setCheckable(True)
        self.heading.setChecked(True)
        self.heading.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.heading.setIconSize(QSize(ARROW, ARROW))
        self.heading.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.heading.setMinimumWidth(40)
        self._head = QHBoxLayout()
        self._head.setSpacing(0)
        self._head.addWidget(self.heading, 1)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(Space.XS)
        column.addLayout(self._head)
        column.addWidget(body)
        self.heading.toggled.connect(self._on_toggled)
        theme.changed.connect(self._draw)
        self._draw()

    @property
    def is_open(self) -> bool:
        return self.heading.isChecked()

    def set_open(self, is_open: bool) -> None:
        """Show or fold away what is below the heading."""
        self.heading.setChecked(is_open)

    def add_button(self, icon: str, label: str) -> IconButton:
        """A small button at the end of the heading."""
        button = IconButton(self._theme, icon, label)
        button.setObjectName("sectionButton")
        button.setIconSize(QSize(ARROW + 2, ARROW + 2))
        self._head.addWidget(button)
        self._column.removeWidget(self._body)
        self._body.setParent(None)  # the keyboard meets parts in the order in which they were put in
        self._column.addWidget(self._body)
        return button

    def _on_toggled(self, is_open: bool) -> None:
        self._body.setVisible(is_open)
        self._draw()
        self.toggled.emit(is_open)

    def _draw(self) -> None:
        name = "fold" if self.is_open else "unfold"
        self.heading.setIcon(icons.icon(name, self._theme.colour("dim"), ARROW))
        words = self.tr("{section}, open") if self.is_open else self.tr("{section}, closed")
        self.heading.setAccessibleName(words.format(section=self._title))
