"""Between the window and the desktop: palette, sheet of shortcuts, tray and notifications."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from app.indexing.events import IndexingEvent, Progress, RunFailed, RunFinished
from app.ui.desktop.command_palette import CommandPalette
from app.ui.desktop.palette_list import PaletteEntry
from app.ui.desktop.shortcut_sheet import ShortcutSheet
from app.ui.desktop.tray import Tray
from app.ui.flows.parts import Parts
from app.ui.widgets.command_list import Command
from app.ui.wording import formatting as fmt


class DesktopFlow(QObject):
    """Makes what helps to find commands and what stands in the system's tray, and ties it to the rest."""

    open_wanted = Signal()
    """The window is to be seen."""
    quit_wanted = Signal()

    def __init__(self, parts: Parts, window: QWidget) -> None:
        super().__init__(window)
        self._parts = parts
        self.palette = CommandPalette(parts.theme, parts.commands, window)
        self.palette.add_source(self._places)
        self.sheet = ShortcutSheet(parts.theme, parts.commands, window)
        self.tray = Tray(parts.preferences, window)
        self.tray.open_wanted.connect(self.open_wanted)
        self.tray.quit_wanted.connect(self.quit_wanted)
        parts.control.event_received.connect(self._on_event)
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

    def _places(self) -> list[PaletteEntry]:
        """What the side panel leads to: folders to search in, and what is kept."""
        parts = self._parts
        folders = parts.contents.folders if parts.contents is not None else ()
        found = [
            PaletteEntry(
                f"folder.{folder.id}",
                self.tr("Search in “{name}”").format(name=fmt.file_name(folder.path)),
                self.tr("Folders"),
                partial(parts.folders.choose, folder.path),
            )
            for folder in folders
        ]
        found += [
            PaletteEntry(
                f"kept.{entry.kind.name}.{entry.name}",
                fmt.sentence(entry.name),
                rows.accessibleName(),
                partial(parts.kept_sections.chosen.emit, entry),
            )
            for rows in parts.kept_sections.lists
            for entry in rows.entries.entries
        ]
        return found

    def _on_event(self, event: IndexingEvent) -> None:
        match event:
            case Progress() if event.done < event.total:
                self.tray.show_progress(fmt.percent(event.fraction))
            case RunFinished() | RunFailed():
                self.tray.show_progress("")
        match event:
            case RunFinished() if event.indexed:
                text = self.tr("%Ln videos can be searched now.", "", event.indexed)
                self.tray.tell(self.tr("Indexing is done"), text)
            case RunFailed(elsewhere=False):
                self.tray.tell(self.tr("Indexing stopped"), fmt.sentence(f"{event.reason} {event.advice}"))
