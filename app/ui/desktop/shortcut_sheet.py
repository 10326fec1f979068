"""All shortcuts on one sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.ui.widgets.command_list import Commands
from app.ui.widgets.controls import PlainLabel, TextButton
from app.ui.widgets.theme import Space, Theme

WIDE = 90
"""From this width on there are two columns, in letters."""

Rows = list[tuple[str, tuple[str, ...]]]
"""What is done, and the keys for it as the system writes them."""


class ShortcutSheet(QDialog):
    """Groups of commands that have a shortcut, made anew each time it opens."""

    def __init__(self, theme: Theme, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._commands = commands
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setAccessibleName(self.tr("Keyboard shortcuts"))
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.close_button = TextButton(theme, self.tr("Close"))
        self.close_button.clicked.connect(self.close)
        foot = QHBoxLayout()
        hint = PlainLabel(self.tr("You can change them in the settings."), tone="dim", scale="small")
        hint.setWordWrap(True)
        foot.addWidget(hint, 1)
        foot.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(Space.XL, Space.XL, Space.L, Space.L)
        layout.setSpacing(Space.L)
        layout.addWidget(PlainLabel(self.tr("Keyboard shortcuts"), scale="title"))
        layout.addWidget(self.area, 1)
        layout.addLayout(foot)

    def show_shortcuts(self) -> None:
        """Open with the shortcuts as they are now."""
        window = self._window
        self.resize(min(900, window.width() - 2 * Space.XL), min(680, window.height() - 2 * Space.XL))
        self.area.setWidget(self._sheet())
        self.open()
        self.area.setFocus(Qt.FocusReason.PopupFocusReason)

    def groups(self) -> dict[str, Rows]:
        """By heading: what the sheet lists."""
        found: dict[str, Rows] = {}
        for command in self._commands.all():
            keys = tuple(map(_native, self._commands.keys_of(command.id)))
            if command.listed and keys:
                found.setdefault(command.group, []).append((command.title, keys))
        found[self.tr("Moving around")] = [
            (self.tr("From the search box to the results"), (_native("Down"),)),
            (self.tr("From result to result"), (_native("Left"), _native("Right"))),
            (self.tr("Play the chosen result"), (_native("Return"),)),
            (self.tr("To the next control, and back"), (_native("Tab"), _native("Shift+Tab"))),
            (self.tr("Back, or clear the search box"), (_native("Esc"),)),
        ]
        return found

    def _sheet(self) -> QWidget:
        sheet = QWidget()
        groups = list(self.groups().items())
        columns = 2 if self.width() >= WIDE * self.fontMetrics().averageCharWidth() else 1
        row = QHBoxLayout(sheet)
        row.setContentsMargins(Space.S, Space.S, Space.M, Space.S)
        row.setSpacing(2 * Space.XL)
        for part in _balanced(groups, columns):
            column = QVBoxLayout()
            column.setSpacing(Space.S)
            for heading, rows in part:
                column.addWidget(PlainLabel(heading, scale="strong"))
                column.addLayout(_table(rows))
                column.addSpacing(Space.L)
            column.addStretch(1)
            row.addLayout(column, 1)
        return sheet


def _table(rows: Rows) -> QGridLayout:
    table = QGridLayout()
    table.setHorizontalSpacing(Space.L)
    table.setVerticalSpacing(Space.XS)
    table.setColumnStretch(0, 1)
    for place, (title, keys) in enumerate(rows):
        words = PlainLabel(title)
        words.setWordWrap(True)
        caps = QHBoxLayout()
        caps.setSpacing(Space.XS)
        for key in keys:
            cap = PlainLabel(key, scale="small")
            cap.setObjectName("keyCap")
            caps.addWidget(cap)
        table.addWidget(words, place, 0)
        table.addLayout(caps, place, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    return table


def _balanced(groups: list[tuple[str, Rows]], columns: int) -> list[list[tuple[str, Rows]]]:
    """The groups in their order, cut into columns of about one length."""
    if columns == 1:
        return [groups]
    lengths = [len(rows) + 2 for _, rows in groups]
    cut = min(range(len(groups) + 1), key=lambda at: abs(sum(lengths[:at]) - sum(lengths[at:])))
    return [groups[:cut], groups[cut:]]


def _native(keys: str) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
