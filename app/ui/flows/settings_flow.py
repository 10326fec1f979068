"""To the settings and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.ui.flows.parts import Parts
from app.ui.widgets.command_list import Command

if TYPE_CHECKING:
    from app.ui.settings.settings_page import SettingsPage


class SettingsFlow(QObject):
    """Ties the settings' page to what it changes."""

    view_changing = Signal()
    """Another page is about to show: whatever plays is to stop."""

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        parts.settings_page.tie(self._tie)
        control = parts.settings_control
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
        parts, page = self._parts, self._parts.settings
        self.view_changing.emit()
        parts.pages.go(page)
        page.enter()

    def _tie(self, page: SettingsPage) -> None:
        page.left.connect(self._leave)
        page.models_wanted.connect(self._parts.status.models_wanted)
        page.add_folder_wanted.connect(self._parts.folders.ask_for_folder)

    def _leave(self) -> None:
        self._parts.pages.leave(self._parts.settings)
        self._parts.search_bar.focus()
