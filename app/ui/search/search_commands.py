"""What can be done with the search box."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication

from app.ui.search.search_bar import SearchBar
from app.ui.widgets.command_list import Command


def search_commands(
    bar: SearchBar, paste: Callable[[], object], choose_picture: Callable[[], object]
) -> list[Command]:
    """The commands.

    Args:
        bar: the search box.
        paste: searches for what is on the clipboard.
        choose_picture: asks for a picture's file.
    """
    group = _tr("Search")

    def typed() -> bool:
        return bool(bar.text.strip())

    return [
        Command("search.filters", _tr("Filter…"), group, bar.open_filters, keys=("Ctrl+Shift+F",)),
        Command("search.clear-filters", _tr("Clear filters"), group, bar.clear_filters, enabled=typed),
        Command(
            "search.then",
            _tr("Add what happens next"),
            group,
            bar.add_step,
            keys=("Ctrl+T",),
            enabled=typed,
        ),
        Command(
            "search.together", _tr("Add what is seen together with it"), group, bar.add_term, enabled=typed
        ),
        Command("search.picture", _tr("Search with a picture…"), group, choose_picture, keys=("Ctrl+I",)),
        Command("search.paste", _tr("Search for what is on the clipboard"), group, paste, keys=("Ctrl+V",)),
        Command(
            "search.save",
            _tr("Save or remove this search"),
            group,
            bar.save_wanted.emit,
            keys=("Ctrl+D",),
            enabled=typed,
        ),
        Command("search.suggest", _tr("Show suggestions"), group, bar.suggestions.ask, keys=("Ctrl+Space",)),
        Command("search.clear", _tr("Clear the search"), group, bar.field.clear, enabled=typed),
        Command(
            "search.forget-all",
            _tr("Clear recent searches"),
            group,
            lambda: bar.suggestions.forget_wanted.emit(None),
        ),
    ]


def _tr(text: str) -> str:
    return QCoreApplication.translate("SearchCommands", text)
