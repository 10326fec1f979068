"""To the settings and back."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.ui.shell.parts import Parts
from app.ui.widgets.command_list import Command


class SettingsFlow(QObject):
    """Ties the settings' page to what it changes."""

    view_changing = Signal()
    """Another page is about to show: whatever plays is to stop."""

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        page, control = parts.settings, parts.settings_control
        page.left.connect(self._leave)
        page.models_wanted.connect(parts.status.models_wanted)
        page.add_folder_wanted.connect(parts.folders.ask_for_folder)
        control.reranked.connect(parts.searching.repeat)
        control.failed.connect(parts.warn)
        parts.commands.add(
            [
                Command(
                    "window.settings",
                    QCoreApplication.translate("SettingsFlow", "Open settings"),
                    QCoreApplication.translate("WindowCommands", "General"),
                    self.show,
                    keys=("Ctrl+,",),
                )
            ]
        )

    def show(self) -> None:
        """Show the page."""
        self.view_changing.emit()
        self._parts.pages.go(self._parts.settings)
        self._parts.settings.enter()

    def _leave(self) -> None:
        self._parts.pages.leave(self._parts.settings)
        self._parts.search_bar.focus()
