"""Saved searches, what came since they were looked at, and past searches."""

import logging
import time

from app.catalogue.deltas import Delta
from app.catalogue.kept import mark_rows, person_rows, search_rows
from app.catalogue.kept.kept_names import cleaned_name
from app.catalogue.kept.kept_records import (
    KeptLibrary,
    KeptOverview,
    MarkKind,
    Merged,
    PastSearch,
    SavedSearch,
)
from app.catalogue.parts.base import CataloguePart
from app.errors import LibraryError, UsageError

logger = logging.getLogger(__name__)


class KeepingSearches(CataloguePart):
    """Queries under a name, and those that were searched for."""

    def save_search(self, name: str, query: str) -> None:
        """Keep a query under a name. What is in the library now is no news to it.

        Args:
            name: a free one; upper and lower case are the same.
            query: as typed, and readable.

        Raises:
            UsageError: the name is empty, too long, or another query's.
        """
        name = cleaned_name(name, "a saved search")
        with self._connections.writing() as database:
            there = search_rows.named(database, name)
            if there is not None and there.search.query == query:
                return
            if there is not None:
                raise UsageError(
                    f"There is a saved search “{there.search.name}” already.",
                    "Take another name, or remove it first: reelfind keep unsave NAME.",
                )
            seen = search_rows.see_contents(database)
            search_rows.save(database, SavedSearch(name, query, time.time()), seen)
        self._deltas.tell(Delta(kept=True))

    def saved_searches(self) -> list[SavedSearch]:
        """All saved searches in order of name."""
        with self._connections.reading() as database:
            return [stored.search for stored in search_rows.saved(database)]

    def saved_search(self, name: str) -> SavedSearch:
        """The saved search of this name.

        Raises:
            UsageError: there is none.
        """
        with self._connections.reading() as database:
            found = search_rows.named(database, name)
        if found is None:
            raise _unknown(name)
        return found.search

    def rename_search(self, old: str, new: str) -> None:
        """Give a saved search another name; what is new to it stays new.

        Raises:
            UsageError: there is none, or the new name is empty, too long, or another search's.
        """
        new = cleaned_name(new, "a saved search")
        with self._connections.writing() as database:
            there = search_rows.named(database, old)
            if there is None:
                raise _unknown(old)
            other = search_rows.named(database, new)
            if other is not None and other.search.name != there.search.name:
                raise UsageError(
                    f"There is a saved search “{other.search.name}” already.", "Take another name."
                )
            search_rows.rename(database, old, new)
        self._deltas.tell(Delta(kept=True))

    def remove_search(self, name: str) -> None:
        """Forget a saved search.

        Raises:
            UsageError: there is none of this name.
        """
        with self._connections.writing() as database:
            if not search_rows.remove(database, name):
                raise _unknown(name)
        self._deltas.tell(Delta(kept=True))

    def arrived_since(self, name: str) -> frozenset[int]:
        """Ids of the originals whose content came into the library since a saved search was looked at.

        A content that left and came back is none of them, nor is one that was only moved or indexed anew.

        Raises:
            UsageError: there is no such search.
        """
        with self._connections.reading() as database:
            found = search_rows.named(database, name)
            if found is None:
                raise _unknown(name)
            return search_rows.arrived(database, found.seen)

    def contents_so_far(self) -> int:
        """A number that stands for all contents there are now; for `note_looked_at`."""
        with self._connections.writing() as database:
            return search_rows.see_contents(database)

    def note_looked_at(self, name: str, so_far: int) -> None:
        """Note that a saved search was looked at when there was so much: that is no news to it any more."""
        with self._connections.writing() as database:
            search_rows.see(database, name, so_far)
        self._deltas.tell(Delta(kept=True))

    def kept_library(self) -> KeptLibrary:
        """All that is kept, as it is at one moment."""
        with self._connections.reading() as database:
            return KeptLibrary(
                tuple(mark_rows.marks(database)),
                tuple(mark_rows.contents(database)),
                tuple(mark_rows.collections(database)),
                tuple(stored.search for stored in search_rows.saved(database)),
                tuple(search_rows.past(database, search_rows.MOST_PAST)),
                tuple(person_rows.everybodys(database)),
            )

    def kept_overview(self) -> KeptOverview:
        """What the side panel and the cards show of what is kept, as it is at one moment."""
        with self._connections.reading() as database:
            return KeptOverview(
                mark_rows.count(database, MarkKind.FAVOURITE),
                mark_rows.count(database, MarkKind.HIDDEN),
                tuple(mark_rows.named(database, MarkKind.TAG)),
                tuple(mark_rows.named(database, MarkKind.COLLECTION)),
                tuple(stored.search for stored in search_rows.saved(database)),
                tuple(mark_rows.marks_of_videos(database)),
            )

    def merge_kept(self, kept: KeptLibrary) -> Merged:
        """Put what another library keeps beside what is kept here, in one transaction; twice is once.

        Notes about the same video or moment are joined, and a saved search whose name is another query's here
        gets a number behind it.

        Args:
            kept: with clean names.

        Raises:
            UsageError: one person would have more favourites than can be kept; then nothing is changed.
            LibraryError: the library cannot be written.
        """
        with self._connections.writing() as database:
            for content in kept.contents:
                mark_rows.remember(database, content, replace=False)
            collections = sum(
                mark_rows.make_collection(database, each.name, each.made) for each in kept.collections
            )
            marks = mark_rows.put(database, kept.marks, join_notes=True)
            searches = search_rows.merge(database, kept.searches)
            search_rows.merge_past(database, kept.past)
            of_people = person_rows.merge(database, kept.of_people)
        self._deltas.tell(Delta(kept=True, findable=True))
        return Merged(marks, collections, searches, of_people)

    def note_search(self, query: str) -> None:
        """Remember a query that was searched for; where that cannot be written, nothing is."""
        try:
            with self._connections.writing() as database:
                search_rows.note(database, query)
        except (LibraryError, UnicodeEncodeError) as error:
            logger.info("a search is not remembered: %s", error)
            return
        self._deltas.tell(Delta(kept=True))

    def past_searches(self, limit: int = 100, start: str = "") -> list[PastSearch]:
        """The last searches, newest first, each query once; only those that begin so."""
        with self._connections.reading() as database:
            return search_rows.past(database, limit, start)

    def forget_searches(self, query: str | None = None) -> int:
        """Forget one past search, all where None; returns how many there were."""
        with self._connections.writing() as database:
            count = search_rows.forget_past(database, query)
        self._deltas.tell(Delta(kept=True))
        return count


def _unknown(name: str) -> UsageError:
    return UsageError(
        f"There is no saved search “{name}”.", "List what there is with: reelfind keep searches."
    )
