"""A box to choose one of a few values."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
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
        self.activated.connect(lambda place: self.chosen.emit(self.itemData(place)))

    def offer(self, choices: Iterable[tuple[object, str]]) -> None:
        """Offer others than before."""
        self.clear()
        for value, title in choices:
            self.addItem(title, value)

    def set_value(self, value: object) -> None:
        """Show a value; nothing where it is none of those that are offered."""
        self.setCurrentIndex(self.findData(value))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        mark = icons.pixmap("down", self._theme.colour("dim"), ARROW, self.devicePixelRatioF())
        left_to_right = self.layoutDirection() == Qt.LayoutDirection.LeftToRight
        left = self.width() - ARROW - Space.S if left_to_right else Space.S
        QPainter(self).drawPixmap(left, (self.height() - ARROW) // 2, mark)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls, and no value changes unseen
