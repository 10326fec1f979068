"""What helps to ask a server's library, as far as it says it and this computer knows it."""

from collections.abc import Callable

from app.asking.library_values import LibraryValues
from app.catalogue.records import Folder
from app.query.completion import Completion, completions
from app.query.parsed_query import FilterName
from app.remote_library.server_client import ServerClient

_TRIES = 5
"""How often a server is asked for examples while it looks for them; it takes some seconds to answer."""


class RemoteExamples:
    """Queries that find something on a server, which looks for them.

    Args:
        client: asks the server.
        offered: whether it looks for them.
    """

    def __init__(self, client: ServerClient, offered: Callable[[], bool]) -> None:
        self._client, self._offered = client, offered

    def find(self, stop: Callable[[], bool]) -> tuple[str, ...]:
        """They, none where the server has none to offer.

        Args:
            stop: asked between requests.

        Raises:
            ServerError: there is no answer.
        """
        for _ in range(_TRIES if self._offered() else 0):
            if stop():
                break
            if (found := self._client.examples()) is not None:
                return found
        return ()


class RemoteHelp:
    """Completes filters, and names of folders and tags.

    Args:
        folders: those that are known.
        tags: names of those that begin so.
        examples: looks for queries.
    """

    def __init__(
        self,
        folders: Callable[[], list[Folder]],
        tags: Callable[[str], list[str]],
        examples: RemoteExamples,
    ) -> None:
        self._folders, self._tags = folders, tags
        self.examples = examples

    def completions(self, typed: str) -> list[Completion]:
        """How the last word of a query may go on; see `app.query.completion`."""
        return completions(typed, {FilterName.IN: self._named, FilterName.TAG: self._tags})

    def values(self) -> LibraryValues:
        """What the filters can be set to, as far as it is known."""
        return LibraryValues(tuple(self._named("")), (), (), (), tuple(self._tags("")), (), ())

    def _named(self, start: str) -> list[str]:
        names = {folder.path.name for folder in self._folders()}
        return sorted(name for name in names if name.casefold().startswith(start.casefold()))
