"""What helps to ask in one library, in one place."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from app.asking.example_queries import ExampleQueries
from app.asking.library_values import LibraryValues, all_values, values_of
from app.asking.query_pictures import QueryPictures
from app.catalogue.catalogue import Catalogue
from app.query.completion import Completion, completions
from app.search.outcome import SearchOutcome


class Prompts:
    """Every method may be called from any thread."""

    def __init__(
        self, catalogue: Catalogue, library: Path, search: Callable[[str, int], SearchOutcome]
    ) -> None:
        """Nothing is read yet.

        Args:
            catalogue: the library's rows.
            library: the library's folder.
            search: answers a query with so many moments at most.
        """
        self._catalogue = catalogue
        self.pictures = QueryPictures(catalogue, library)
        self.examples = ExampleQueries(catalogue, partial(_first, search))

    def completions(self, typed: str) -> list[Completion]:
        """How the last word of a query may go on; see `app.query.completion`."""
        return completions(typed, values_of(self._catalogue))

    def values(self) -> LibraryValues:
        """What the filters can be set to."""
        return all_values(self._catalogue)

    def tidy_pictures(self) -> None:
        """Delete pasted pictures that nothing names any more."""
        queries = [each.query for each in self._catalogue.saved_searches()]
        queries += [each.query for each in self._catalogue.past_searches(1000)]
        self.pictures.tidy(queries)


def _first(search: Callable[[str, int], SearchOutcome], query: str) -> SearchOutcome:
    return search(query, 1)
