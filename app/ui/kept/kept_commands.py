"""What can be done with what is kept, as commands."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.ui.widgets.command_list import Command


def kept_commands(
    *,
    undo: Callable[[], object],
    can_undo: Callable[[], bool],
    show_favourites: Callable[[], object],
    show_hidden: Callable[[], object],
    show_duplicates: Callable[[], object],
    new_collection: Callable[[], object],
    save_library: Callable[[], object],
    load_library: Callable[[], object],
    can_change: Callable[[], bool],
) -> list[Command]:
    """The commands of the room; each argument does what its command says."""
    group = _tr("Collections")
    return [
        Command(
            "kept.undo",
            _tr("Undo the last change of marks"),
            group,
            undo,
            keys=("Ctrl+Z",),
            enabled=can_undo,
        ),
        Command("kept.favourites", _tr("Show favourites"), group, show_favourites, keys=("Ctrl+Shift+L",)),
        Command("kept.hidden", _tr("Show what is hidden"), group, show_hidden),
        Command("kept.duplicates", _tr("Find duplicates"), group, show_duplicates),
        Command("kept.new-collection", _tr("New collection…"), group, new_collection, enabled=can_change),
        Command("kept.export", _tr("Export favourites, tags and collections…"), group, save_library),
        Command(
            "kept.import",
            _tr("Import favourites, tags and collections…"),
            group,
            load_library,
            enabled=can_change,
        ),
    ]


def _tr(text: str) -> str:
    return QCoreApplication.translate("KeptCommands", text)
