"""From the desktop and the keyboard to the window: palette, sheet of shortcuts."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from app.ui.desktop.command_palette import CommandPalette
from app.ui.desktop.shortcut_sheet import ShortcutSheet
from app.ui.shell.parts import Parts
from app.ui.widgets.command_list import Command


class DesktopFlow(QObject):
    """Makes what helps to find commands, and ties it to them."""

    def __init__(self, parts: Parts, window: QWidget) -> None:
        super().__init__(window)
        self.palette = CommandPalette(parts.theme, parts.commands, window)
        self.sheet = ShortcutSheet(parts.theme, parts.commands, window)
        group = QCoreApplication.translate("WindowCommands", "General")
        parts.commands.add(
            [
                Command(
                    "window.palette",
                    self.tr("Find a command…"),
                    group,
                    self.palette.show_commands,
                    keys=("Ctrl+K", "Ctrl+Shift+P"),
                    listed=False,
                ),
                Command(
                    "window.shortcuts",
                    self.tr("Keyboard shortcuts"),
                    group,
                    self.sheet.show_shortcuts,
                    keys=("F1", "?"),
                ),
            ]
        )
