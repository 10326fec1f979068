"""What each person of a household keeps for themselves, beside what the library keeps for all."""

from app.catalogue.deltas import Delta
from app.catalogue.kept import person_rows
from app.catalogue.kept.kept_records import PersonFavourite, Target
from app.catalogue.parts.base import CataloguePart
from app.catalogue.records import Video


class KeepingPeople(CataloguePart):
    """Favourites of people who ask for moments over a server; like marks they hang on the content."""

    def favourites_of(self, person: str) -> list[PersonFavourite]:
        """A person's favourites in the order in which they were made."""
        with self._connections.reading() as database:
            return person_rows.favourites(database, person)

    def set_favourite(self, person: str, video: Video, target: Target, *, is_on: bool) -> None:
        """Keep a video or moment for a person, or forget it; what is so already stays.

        A moment with other edges is the same one where they share half of the shorter; a whole video is about
        each of its moments.

        Args:
            person: whose.
            video: that holds it.
            target: see `target_of`.
            is_on: whether it is a favourite from now on.

        Raises:
            UsageError: the person has as many as can be kept.
            LibraryError: the library cannot be written.
        """
        with self._connections.writing() as database:
            same = [
                each.target
                for each in person_rows.favourites(database, person, target.fingerprint)
                if _is_about(each.target, target)
            ]
            if not is_on:
                for each in same:
                    person_rows.remove(database, person, each)
            elif not same:
                if len(person_rows.favourites(database, person)) >= person_rows.MOST_OF_ONE:
                    raise person_rows.too_many()
                person_rows.add(database, person, video, target)
            else:
                return
        self._deltas.tell(Delta(kept=True))


def _is_about(kept: Target, target: Target) -> bool:
    if kept.span is None or target.span is None:
        return kept.span is None
    return kept.span.is_about(target.span.start, target.span.end)
