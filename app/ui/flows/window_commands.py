"""The commands of the window itself; each room brings its own."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.ui.flows.parts import Parts
from app.ui.widgets.command_list import Command


def window_commands(parts: Parts, end: Callable[[], None]) -> list[Command]:
    """What can be done whatever is on view."""
    group = QCoreApplication.translate("WindowCommands", "General")
    return [
        Command(
            "window.search",
            QCoreApplication.translate("WindowCommands", "Search"),
            group,
            parts.search_bar.focus,
            keys=("Ctrl+F", "Ctrl+L"),
        ),
        Command(
            "window.add-folder",
            QCoreApplication.translate("WindowCommands", "Add a folder…"),
            group,
            parts.folders.ask_for_folder,
            enabled=parts.folders.add.isEnabled,
        ),
        Command(
            "window.activity",
            QCoreApplication.translate("WindowCommands", "Show activity"),
            group,
            parts.status.activity_wanted.emit,
            keys=("Ctrl+J",),
        ),
        Command(
            "window.quit",
            QCoreApplication.translate("WindowCommands", "Quit"),
            group,
            end,
            keys=("Ctrl+Q",),
        ),
    ]
