"""What helps to ask a server's library, as far as this computer knows it."""

from collections.abc import Callable

from app.asking.library_values import LibraryValues
from app.catalogue.records import Folder
from app.query.completion import Completion, completions
from app.query.parsed_query import FilterName


class NoExamples:
    """A server is not searched for examples: each costs it a search."""

    def find(self, stop: Callable[[], bool]) -> tuple[str, ...]:  # noqa: ARG002 - there is nothing to stop
        """None."""
        return ()


class RemoteHelp:
    """Completes filters, and names of folders.

    Args:
        folders: those that are known.
    """

    def __init__(self, folders: Callable[[], list[Folder]]) -> None:
        self._folders = folders
        self.examples = NoExamples()

    def completions(self, typed: str) -> list[Completion]:
        """How the last word of a query may go on; see `app.query.completion`."""
        return completions(typed, {FilterName.IN: self._named})

    def values(self) -> LibraryValues:
        """What the filters can be set to, as far as it is known."""
        return LibraryValues(tuple(self._named("")), (), (), (), (), (), ())

    def _named(self, start: str) -> list[str]:
        names = {folder.path.name for folder in self._folders()}
        return sorted(name for name in names if name.casefold().startswith(start.casefold()))
