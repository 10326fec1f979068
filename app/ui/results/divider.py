"""The quiet line between what matches and what is less likely."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme


class Divider(QFrame):
    """Says how much is less likely, and opens or closes it."""

    toggled = Signal()
    up = Signal()
    """The keyboard leaves it for the card above."""
    down = Signal()
    """The keyboard leaves it for the card below."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.title = PlainLabel(self.tr("Less likely"), tone="dim", scale="heading")
        self.button = TextButton(theme, "", kind="quiet")
        line = QFrame()
        line.setObjectName("dividerLine")
        line.setFixedHeight(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        row.setSpacing(Space.M)
        row.addWidget(self.title)
        row.addWidget(line, 1)
        row.addWidget(self.button)
        self.button.clicked.connect(self.toggled)
        self.button.installEventFilter(self)
        self.hide()

    def show_count(self, count: int, *, is_open: bool, closes: bool) -> None:
        """Say how much there is behind it.

        Args:
            count: cards.
            is_open: whether they are shown.
            closes: whether it offers to put them away.
        """
        self.button.setText(self.tr("Hide them") if is_open else self.tr("Show %Ln less likely", "", count))
        self.button.setAccessibleName(self.tr("Hide less likely results") if is_open else self.button.text())
        self.title.setVisible(is_open)
        self.button.setVisible(not is_open or closes)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Up:
                self.up.emit()
                return True
            if event.key() == Qt.Key.Key_Down:
                self.down.emit()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.button.click()
                return True
        return False
