"""The palette: a few letters find whatever can be done."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from app.ui.desktop.palette_list import PaletteDelegate, PaletteEntry, PaletteModel
from app.ui.widgets.command_list import Commands
from app.ui.widgets.controls import PlainLabel
from app.ui.widgets.theme import Space, Theme

WIDTH, ROWS = 560, 9
"""Logical pixels; rows that show at once."""
REMEMBERED = 12
"""Entries used last that come first."""

Source = Callable[[], Sequence[PaletteEntry]]


class CommandPalette(QDialog):
    """A field and a list below it: arrows move, Enter does it, Esc goes away."""

    def __init__(self, theme: Theme, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setObjectName("palette")
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setWindowTitle(self.tr("Commands"))
        self._window = parent
        self._commands = commands
        self._sources: list[Source] = []
        self.recent: list[str] = []
        """Ids of the entries used last, the last first."""
        self.field = QLineEdit()
        self.field.setObjectName("paletteField")
        self.field.setPlaceholderText(self.tr("What would you like to do?"))
        self.field.setAccessibleName(self.tr("Find a command"))
        self.model = PaletteModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(PaletteDelegate(theme, self.list))
        self.list.setAccessibleName(self.tr("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = PlainLabel(self.tr("No command fits. Try another word."), tone="dim")
        self.nothing.setContentsMargins(Space.M, Space.S, Space.M, Space.S)
        frame = QFrame()
        frame.setObjectName("paletteFrame")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(Space.S, Space.S, Space.S, Space.S)
        inside.setSpacing(Space.S)
        for part in (self.field, self.list, self.nothing):
            inside.addWidget(part)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.field.textChanged.connect(self._filter)
        self.field.installEventFilter(self)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(self._run)
        self.list.selectionModel().currentChanged.connect(self._read_aloud)

    def add_source(self, source: Source) -> None:
        """Offer what this gives too, asked each time the palette opens."""
        self._sources.append(source)

    def show_commands(self) -> None:
        """Open over the upper middle of the window, with the field empty."""
        entries = [
            PaletteEntry(command.id, command.title, command.group, command.run, self._keys(command.id))
            for command in self._commands.all()
            if command.listed and command.enabled() and self._commands.scope(command.id).isVisible()
        ]
        entries += [entry for source in self._sources for entry in source()]
        self.model.set_entries(entries, self.recent)
        self.field.clear()
        self._filter("")
        self.open()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            row, last = self.list.currentIndex().row(), self.model.rowCount() - 1
            steps = {
                Qt.Key.Key_Down: row + 1 if row < last else 0,
                Qt.Key.Key_Up: row - 1 if row > 0 else last,
                Qt.Key.Key_PageDown: min(row + ROWS, last),
                Qt.Key.Key_PageUp: max(row - ROWS, 0),
            }
            key = Qt.Key(event.key())
            if key in steps:
                self._select(steps[key])
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._run(self.list.currentIndex())
                return True
        return super().eventFilter(watched, event)

    def _keys(self, command_id: str) -> str:
        keys = self._commands.keys_of(command_id)
        return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def _filter(self, typed: str) -> None:
        self.model.filter(typed)
        self.list.setHidden(self.model.rowCount() == 0)
        self.nothing.setVisible(self.model.rowCount() == 0)
        self._select(0)
        self._place()

    def _select(self, row: int) -> None:
        self.list.setCurrentIndex(self.model.index(row))

    def _run(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        entry = self.model.entry(index.row())
        self.recent = [entry.id, *(used for used in self.recent if used != entry.id)][:REMEMBERED]
        self.accept()
        entry.run()

    def _read_aloud(self, index: QModelIndex) -> None:
        """The keyboard stays in the field: what is chosen below is said there."""
        words = index.data(Qt.ItemDataRole.AccessibleTextRole) if index.isValid() else self.nothing.text()
        self.field.setAccessibleDescription(words)

    def _place(self) -> None:
        window = self._window
        row = self.list.sizeHintForRow(0) if self.model.rowCount() else 0
        self.list.setFixedHeight(min(ROWS, max(1, self.model.rowCount())) * max(row, 1) + 2)
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.resize(min(WIDTH, window.width() - 2 * Space.XL), self.sizeHint().height())
        corner = QPoint((window.width() - self.width()) // 2, max(Space.XL, window.height() // 8))
        self.move(window.mapToGlobal(corner))
