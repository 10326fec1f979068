"""The shortcuts of every command: changed by pressing other keys, conflicts told."""

from __future__ import annotations

from collections import defaultdict

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QKeySequenceEdit

from app.ui.settings.setting_row import Row, Section
from app.ui.system.preferences import PreferenceStore
from app.ui.widgets.command_list import Command, Commands
from app.ui.widgets.controls import IconButton, PlainLabel
from app.ui.widgets.theme import Theme


class ShortcutRow(Row):
    """One command with its first shortcut."""

    changed = Signal(str, object)
    """Id of the command, and its keys in Qt's portable notation; empty for none."""
    reset_wanted = Signal(str)

    def __init__(self, theme: Theme, command: Command) -> None:
        super().__init__(theme, command.title, "", also=f"{command.group} {' '.join(command.keys)}")
        self.command = command
        self.field = QKeySequenceEdit()
        self.field.setMaximumSequenceLength(1)
        self.field.setClearButtonEnabled(True)
        self.field.setAccessibleName(self.tr("Shortcut: {command}").format(command=command.title))
        self.reset = IconButton(theme, "undo", self.tr("Reset “{setting}”").format(setting=command.title))
        policy = self.reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.reset.setSizePolicy(policy)
        self.conflict = PlainLabel(tone="warning", scale="small")
        self.conflict.setWordWrap(True)
        self.below.addWidget(self.conflict)
        self.side.addWidget(self.reset)
        self.side.addWidget(self.field)
        self.field.editingFinished.connect(self._on_edited)
        self.reset.clicked.connect(lambda: self.reset_wanted.emit(command.id))

    def show_keys(self, keys: tuple[str, ...], others: list[str]) -> None:
        """Show what runs the command now, and which other commands the same keys run."""
        self._keys = keys[0] if keys else ""
        self.field.setKeySequence(QKeySequence(self._keys))
        if self.reset.hasFocus() and keys == self.command.keys:
            self.field.setFocus()
        self.reset.setVisible(keys != self.command.keys)
        self.conflict.setText(
            self.tr("The same keys belong to {commands}.").format(commands=", ".join(others))
            if others
            else ""
        )
        self.conflict.setVisible(bool(others))

    _keys = ""

    def _on_edited(self) -> None:
        typed = self.field.keySequence().toString(QKeySequence.SequenceFormat.PortableText)
        if typed != self._keys:
            self.changed.emit(self.command.id, typed)


class ShortcutSection(Section):
    """A row for each command; they come as rooms add them."""

    def __init__(self, theme: Theme, commands: Commands, preferences: PreferenceStore) -> None:
        super().__init__(
            theme,
            QCoreApplication.translate("Settings", "Shortcuts"),
            QCoreApplication.translate(
                "Settings", "Click a field and press other keys. Clear it to have no shortcut."
            ),
        )
        self._commands = commands
        self._preferences = preferences
        commands.changed.connect(self.renew)

    def fill(self, most: int | None = None) -> list[Row]:
        """Make a row for each command; see `Section.fill`."""
        known = {row.command.id for row in self._shortcuts}
        missing = [command for command in self._listed() if command.id not in known]
        fresh = [ShortcutRow(self._theme, command) for command in missing[:most]]
        self.filled = len(fresh) == len(missing)
        for row in fresh:
            row.changed.connect(self._on_changed)
            row.reset_wanted.connect(self._on_reset)
            self.add(row)
        self._show_keys(fresh)
        return list(fresh)

    def renew(self) -> None:
        """Show the commands that there are, and their keys, where rows were made."""
        if self.filled:
            self.fill()
        self._show_keys(self._shortcuts)

    @property
    def _shortcuts(self) -> list[ShortcutRow]:
        return [row for row in self.rows if isinstance(row, ShortcutRow)]

    def _listed(self) -> list[Command]:
        return [command for command in self._commands.all() if command.listed or command.keys]

    def _show_keys(self, rows: list[ShortcutRow]) -> None:
        if not rows:
            return
        titles = {command.id: command.title for command in self._commands.all()}
        others: defaultdict[str, list[str]] = defaultdict(list)
        for _, one, other in self._commands.shared_keys():
            others[one].append(titles[other])
            others[other].append(titles[one])
        for row in rows:
            row.show_keys(self._commands.keys_of(row.command.id), others[row.command.id])

    def _on_changed(self, command_id: str, keys: object) -> None:
        own = {**self._preferences.current.shortcuts, command_id: (str(keys),) if keys else ()}
        self._preferences.change(shortcuts=own)
        self._commands.set_own_keys(own)

    def _on_reset(self, command_id: str) -> None:
        own = {name: keys for name, keys in self._preferences.current.shortcuts.items() if name != command_id}
        self._preferences.change(shortcuts=own)
        self._commands.set_own_keys(own)
