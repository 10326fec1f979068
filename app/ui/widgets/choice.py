"""A box to choose one of a few values."""

from collections.abc import Iterable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QStandardItemModel, QWheelEvent
from PySide6.QtWidgets import QComboBox, QWidget

from app.ui.widgets import icons
from app.ui.widgets.theme import Space, Theme

ARROW = 14
"""Edge of the arrow, logical pixels."""


class Choice(QComboBox):
    """One of a few values."""

    chosen = Signal(object)

    def __init__(
        self, theme: Theme, choices: Iterable[tuple[object, str]] = (), parent: QWidget | None = None
    ) -> None:
        """Offer values, each with what it is called."""
        super().__init__(parent)
        self._theme = theme
        theme.changed.connect(self.update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.offer(choices)
        self._make_room()
        self.activated.connect(lambda place: self.chosen.emit(self.itemData(place)))

    def offer(self, choices: Iterable[tuple[object, str]]) -> None:
        """Offer others than before."""
        self.clear()
        for value, title in choices:
            self.addItem(title, value)

    def set_value(self, value: object) -> None:
        """Show a value; nothing where it is none of those that are offered."""
        self.setCurrentIndex(self.findData(value))

    def set_offered(self, value: object, *, offered: bool) -> None:
        """Whether one of the values can be chosen now."""
        model = self.model()
        if isinstance(model, QStandardItemModel) and (place := self.findData(value)) >= 0:
            model.item(place).setEnabled(offered)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() is QEvent.Type.LayoutDirectionChange:
            self._make_room()

    def _make_room(self) -> None:
        """Keep the words clear of the arrow: style sheets know left and right only."""
        backwards = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        if bool(self.property("backwards")) is not backwards:
            self.setProperty("backwards", backwards)
            self.style().polish(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        mark = icons.pixmap("down", self._theme.colour("dim"), ARROW, self.devicePixelRatioF())
        left_to_right = self.layoutDirection() == Qt.LayoutDirection.LeftToRight
        left = self.width() - ARROW - Space.S if left_to_right else Space.S
        QPainter(self).drawPixmap(left, (self.height() - ARROW) // 2, mark)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls, and no value changes unseen
