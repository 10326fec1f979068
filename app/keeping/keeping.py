"""What people keep in an open library, and what came that a saved search finds."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.catalogue.catalogue import Catalogue
from app.catalogue.kept.kept_records import MarkChange, SavedSearch, Wish
from app.errors import LibraryError, ReelfindError, UsageError
from app.keeping import library_export
from app.keeping.library_export import Imported
from app.keeping.mark_changes import change_marks, take_back
from app.keeping.targets import NamedTarget, named_target, target_of_moment
from app.query.parser import read
from app.search.outcome import GOOD, Moment, SearchOutcome

logger = logging.getLogger(__name__)

MOST_NEW = 1000
"""New matches that are counted at most."""

SearchAmong = Callable[[str, int, frozenset[int] | None], SearchOutcome]
"""Searches for a text, so many moments at most, in these contents (in all where None)."""


@dataclass(frozen=True, slots=True)
class NewMatches:
    """A saved search, and how many moments it finds that came since it was looked at."""

    search: SavedSearch
    count: int
    """Moments that match (`GOOD`), of contents that were not in the library then."""
    problem: str = ""
    """Why they cannot be counted, one sentence; empty where they can."""


@dataclass(frozen=True, slots=True)
class SavedOutcome:
    """The answer to a saved search."""

    search: SavedSearch
    outcome: SearchOutcome
    arrived: frozenset[int]
    """Ids of the contents that came since it was looked at before."""

    def is_new(self, moment: Moment) -> bool:
        """Whether a moment's video came since then."""
        return moment.video_id in self.arrived


class Keeping:
    """Names what is kept, and runs saved searches. Thread-safe."""

    def __init__(self, catalogue: Catalogue, search: SearchAmong) -> None:
        """Do nothing yet.

        Args:
            catalogue: keeps it; also what needs no search is asked there.
            search: searches the library.
        """
        self._catalogue = catalogue
        self._search = search

    def named(self, text: str) -> NamedTarget:
        """The video or moment that a person names; see `named_target`.

        Raises:
            UsageError: there is no such one.
        """
        return named_target(self._catalogue, text)

    def of_moment(self, moment: Moment) -> NamedTarget:
        """What marks of a found moment hang on.

        Raises:
            UsageError: its video is not in the library any more.
        """
        return target_of_moment(self._catalogue, moment)

    def of_rank(self, text: str, rank: int) -> NamedTarget:
        """What marks of the moment of this rank, of a search for `text`, hang on.

        Raises:
            UsageError: the search finds fewer.
            QueryError, ModelError: as `Session.search`.
        """
        moments = self._search(text, rank, None).moments
        if len(moments) < rank:
            raise UsageError(
                f"There is no moment {rank}: the search found {len(moments) or 'none'}.",
                "Look at what it finds with: reelfind search.",
            )
        return self.of_moment(moments[rank - 1])

    def change(self, moments: Sequence[Moment], wishes: Sequence[Wish], *, whole: bool = False) -> MarkChange:
        """Keep something about found moments, or forget it; see `change_marks`."""
        return change_marks(self._catalogue, moments, wishes, whole=whole)

    def take_back(self, change: MarkChange) -> None:
        """Undo a change."""
        take_back(self._catalogue, change)

    def export_library(self, path: Path, *, force: bool = False) -> None:
        """Write the library's work into a file; see `library_export.export_library`."""
        library_export.export_library(self._catalogue, path, force=force)

    def import_library(self, path: Path) -> Imported:
        """Put what a file holds beside what is kept, folders and settings aside; see `import_library`."""
        return library_export.import_library(self._catalogue, path)

    def save_search(self, name: str, text: str) -> None:
        """Keep a query under a name; what is in the library now is no news to it.

        Raises:
            QueryError: the query makes no sense.
            UsageError: the name is another query's, empty or too long.
        """
        read(text)
        self._catalogue.save_search(name, text)

    def run(self, name: str, *, limit: int = 60) -> SavedOutcome:
        """Search for what is saved under a name; what it finds is no news to it from now on.

        Raises:
            UsageError: there is no such search.
            QueryError, ModelError: as `Session.search`.
        """
        search = self._catalogue.saved_search(name)
        arrived = self._catalogue.arrived_since(name)
        so_far = self._so_far()  # before the search: what comes meanwhile is news the next time
        outcome = self._search(search.query, limit, None)
        if so_far is not None:
            with suppress(LibraryError):
                self._catalogue.note_looked_at(name, so_far)
        return SavedOutcome(search, outcome, arrived)

    def look_at(self, name: str) -> str:
        """Note that a saved search is run now, by who searches for its query; what is here is no news to it.

        Returns:
            The query.

        Raises:
            UsageError: there is no such search.
        """
        query = self._catalogue.saved_search(name).query
        so_far = self._so_far()
        if so_far is not None:
            with suppress(LibraryError):
                self._catalogue.note_looked_at(name, so_far)
        return query

    def new_matches(self) -> list[NewMatches]:
        """Every saved search, in order of name, with how much it finds that came since it was looked at."""
        return [self._counted(search) for search in self._catalogue.saved_searches()]

    def _so_far(self) -> int | None:
        """What stands for all that is in the library now; None where that cannot be written."""
        try:
            return self._catalogue.contents_so_far()
        except LibraryError as error:
            logger.info("it cannot be noted that a saved search is looked at: %s", error)
            return None

    def _counted(self, search: SavedSearch) -> NewMatches:
        try:
            arrived = self._catalogue.arrived_since(search.name)
            if not arrived:
                return NewMatches(search, 0)
            moments = self._search(search.query, MOST_NEW, arrived).moments
        except ReelfindError as error:
            return NewMatches(search, 0, error.sentence)
        return NewMatches(search, sum(moment.strength >= GOOD for moment in moments))
