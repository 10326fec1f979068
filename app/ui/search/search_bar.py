"""The search box with its busy line and the one line that says how the search went."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QProgressBar, QVBoxLayout, QWidget

from app.ui.widgets import icons
from app.ui.widgets.controls import PlainLabel
from app.ui.widgets.theme import Space, Theme


class SearchBar(QWidget):
    """Emits what is typed; Enter asks at once, Down goes to the results."""

    typed = Signal(str)
    entered = Signal()
    down = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.field = QLineEdit()
        self.field.setObjectName("searchField")
        self.field.setPlaceholderText(self.tr("Describe a moment, like “a dog running on the beach”"))
        self.field.setAccessibleName(self.tr("Search your videos"))
        self.field.setClearButtonEnabled(True)
        self._glass = QAction(self)
        self.field.addAction(self._glass, QLineEdit.ActionPosition.LeadingPosition)
        self._busy = QProgressBar(textVisible=False)
        self._busy.setRange(0, 0)
        self._busy.setAccessibleName(self.tr("Searching"))
        keep = self._busy.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self._busy.setSizePolicy(keep)
        self._busy.hide()
        self.line = PlainLabel(tone="dim")
        self.line.setWordWrap(True)
        self.line.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.L, Space.XL, 0)
        layout.setSpacing(Space.XS)
        layout.addWidget(self.field)
        layout.addWidget(self._busy)
        layout.addWidget(self.line)
        self.field.textChanged.connect(self.typed)
        self.field.returnPressed.connect(self.entered)
        self.field.installEventFilter(self)
        theme.changed.connect(self._draw)
        self._draw()

    def focus(self) -> None:
        """Put the keyboard into the box with its text selected."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def set_busy(self, busy: bool) -> None:
        self._busy.setVisible(busy)

    def say(self, text: str, *, warning: bool = False) -> None:
        """Show one quiet line below the box; an empty text takes it away."""
        self.line.setProperty("tone", "warning" if warning else "dim")
        self.line.style().polish(self.line)
        self.line.setText(text)
        self.line.setVisible(bool(text))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Down:
                self.down.emit()
                return True
            if event.key() == Qt.Key.Key_Escape and self.field.text():
                self.field.clear()
                return True
        return super().eventFilter(watched, event)

    def _draw(self) -> None:
        self._glass.setIcon(icons.icon("search", self._theme.colour("dim")))
