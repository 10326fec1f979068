"""Everything that can be done in the window, in one list; menus, shortcuts and the palette read it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Command:
    """One thing to do."""

    id: str
    """Where it belongs and what it does, like `player.loop`; never shown, kept in settings."""
    title: str
    """What a menu calls it, translated: a verb first."""
    group: str
    """Heading that it stands below in the sheet of shortcuts, translated."""
    run: Callable[[], object]
    keys: tuple[str, ...] = ()
    """Shortcuts in Qt's portable notation (`Ctrl+K`), the first is shown."""
    enabled: Callable[[], bool] = lambda: True
    """Whether it can be done now; asked before it is run and when a list is shown."""
    listed: bool = True
    """Whether palette and sheet name it."""


class Commands(QObject):
    """The commands of one window. Each is a `QAction` of the widget within which its shortcut holds."""

    changed = Signal()
    """Commands came, or their shortcuts changed."""

    def __init__(self, window: QWidget, absent: Collection[str] = ()) -> None:
        """Begin with none.

        Args:
            window: the whole.
            absent: ids of commands that this window does not have, whoever brings them.
        """
        super().__init__(window)
        self._window = window
        self._absent = absent
        self._nothing = QAction(self)
        self._nothing.setVisible(False)
        self._actions: dict[str, QAction] = {}
        self._commands: dict[str, Command] = {}
        self._scopes: dict[str, QWidget] = {}
        self._own_keys: Mapping[str, tuple[str, ...]] = {}

    def add(self, commands: Iterable[Command], scope: QWidget | None = None) -> None:
        """Take commands in.

        Args:
            commands: with ids that are new.
            scope: their shortcuts hold while the keyboard is in this widget; in the whole window where None.
        """
        for command in commands:
            if command.id in self._absent:
                continue
            if command.id in self._commands:
                raise ValueError(f"there is a command {command.id} already")
            action = QAction(command.title, self)
            where = scope or self._window
            everywhere = Qt.ShortcutContext.WindowShortcut
            within = Qt.ShortcutContext.WidgetWithChildrenShortcut
            action.setShortcutContext(everywhere if scope is None else within)
            action.triggered.connect(lambda _=False, wanted=command: self._run(wanted))
            where.addAction(action)
            self._commands[command.id] = command
            self._scopes[command.id] = where
            self._actions[command.id] = action
            self._set_keys(command)
        self.changed.emit()

    def all(self) -> tuple[Command, ...]:
        """Every command, in the order in which they came."""
        return tuple(self._commands.values())

    def action(self, command_id: str) -> QAction:
        """The action of a command, for menus; one that is never seen where this window does not have it."""
        return self._nothing if command_id in self._absent else self._actions[command_id]

    def scope(self, command_id: str) -> QWidget:
        """Where its shortcuts hold: a widget with all in it, the whole window included."""
        return self._scopes[command_id]

    def shared_keys(self) -> Iterator[tuple[str, str, str]]:
        """Pairs of commands that take one shortcut while both can be meant: Qt then does neither.

        Yields:
            The keys and the ids of both.
        """
        every = [(one, QKeySequence(keys)) for one in self._commands for keys in self.keys_of(one)]
        for place, (one, keys) in enumerate(every):
            for other, same in every[place + 1 :]:
                if one != other and keys == same and self._overlap(one, other):
                    yield keys.toString(), one, other

    def keys_of(self, command_id: str) -> tuple[str, ...]:
        """Its shortcuts as they are now."""
        return self._own_keys.get(command_id, self._commands[command_id].keys)

    def set_own_keys(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        """Use these shortcuts, by id, instead of those that the commands bring; none for an empty tuple."""
        self._own_keys = dict(keys)
        for command in self._commands.values():
            self._set_keys(command)
        self.changed.emit()

    def run(self, command_id: str) -> None:
        """Do it, where it can be done now."""
        if command_id not in self._absent:
            self._run(self._commands[command_id])

    def _overlap(self, one: str, other: str) -> bool:
        first, second = self.scope(one), self.scope(other)
        return first is second or first.isAncestorOf(second) or second.isAncestorOf(first)

    def _set_keys(self, command: Command) -> None:
        self._actions[command.id].setShortcuts([QKeySequence(keys) for keys in self.keys_of(command.id)])

    def _run(self, command: Command) -> None:
        if command.enabled():
            command.run()
