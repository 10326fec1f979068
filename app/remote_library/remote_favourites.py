"""What one person keeps: favourites and tags with the server, saved searches on this computer."""

import threading
import time
from collections.abc import Callable, Sequence

from app.catalogue.catalogue import Catalogue
from app.catalogue.kept.kept_records import Mark, MarkChange, MarkKind, Target, TimeSpan, Wish
from app.keeping.keeping import Keeping, NewMatches
from app.remote_library.answers import Favourite
from app.remote_library.remote_tags import RemoteTags, tag_mark
from app.remote_library.server_client import ServerClient
from app.remote_library.server_errors import ServerAwayError
from app.search.outcome import Moment, SearchOutcome

_WHOLE = 0.05
"""Seconds at either end that a moment may lack to be the whole video."""


class RemoteFavourites:
    """This person's favourites. Thread-safe; while the server is away, what was known last.

    Args:
        client: asks the server.
    """

    def __init__(self, client: ServerClient) -> None:
        self._client = client
        self._lock = threading.Lock()
        self._known: tuple[Favourite, ...] = ()

    @property
    def known(self) -> tuple[Favourite, ...]:
        """As they were read last."""
        with self._lock:
            return self._known

    def read(self) -> tuple[Favourite, ...]:
        """Read them again. Raises ServerError, but where the server is away."""
        try:
            fresh = tuple(self._client.favourites())
        except ServerAwayError:
            return self.known
        with self._lock:
            self._known = fresh
        return fresh

    def about(self, moment: Moment, *, whole: bool) -> list[Favourite]:
        """Those that a moment, or its whole video, shares half of the shorter with."""
        span = span_of(moment, whole=whole)
        return [
            each for each in self.known if each.video_id == moment.video_id and _is_about(each.span, span)
        ]

    def put(self, favourite: Favourite) -> None:
        """Like something. Raises ServerError."""
        self._client.set_favourite(favourite.video_id, favourite.span, is_on=True)
        with self._lock:
            self._known = (*(each for each in self._known if not _same(each, favourite)), favourite)

    def remove(self, favourite: Favourite) -> None:
        """Like something no more. Raises ServerError."""
        self._client.set_favourite(favourite.video_id, favourite.span, is_on=False)
        with self._lock:
            self._known = tuple(each for each in self._known if not _same(each, favourite))


class RemoteKeeping:
    """Changes what one person keeps, and undoes it.

    Args:
        favourites: this person's.
        tags: the library's.
        own: this computer's catalogue of this person: saved searches.
        changed: called after favourites or tags were changed.
    """

    def __init__(
        self, favourites: RemoteFavourites, tags: RemoteTags, own: Catalogue, changed: Callable[[], None]
    ) -> None:
        self._favourites, self._tags, self._changed = favourites, tags, changed
        self._searches = Keeping(own, _search_nothing)

    def change(self, moments: Sequence[Moment], wishes: Sequence[Wish], *, whole: bool = False) -> MarkChange:
        """Make moments favourites or tag them, or not any more; other wishes are a server's library's alone.

        Raises:
            UsageError: a tag has no name, or a very long one.
            ServerError: the server does not do it; what it did before stays.
        """
        added: list[Mark] = []
        removed: list[Mark] = []
        changes = {MarkKind.FAVOURITE: self._like, MarkKind.TAG: self._tag}
        try:
            for wish in wishes:
                if wish.kind not in changes:
                    raise ValueError(f"no {wish.kind} is kept by a server")
                for moment in moments:
                    fresh, gone = changes[wish.kind](moment, wish, whole)
                    added += fresh
                    removed += gone
        finally:
            self._changed()
        return MarkChange(tuple(added), tuple(removed))

    def _like(self, moment: Moment, wish: Wish, whole: bool) -> tuple[list[Mark], list[Mark]]:
        """What came and went."""
        there = self._favourites.about(moment, whole=whole)
        if wish.is_on:
            if there:
                return [], []
            liked = Favourite(moment.video_id, span_of(moment, whole=whole), time.time())
            self._favourites.put(liked)
            return [mark_of(liked)], []
        for each in there:
            self._favourites.remove(each)
        return [], [mark_of(each) for each in there]

    def _tag(self, moment: Moment, wish: Wish, whole: bool) -> tuple[list[Mark], list[Mark]]:
        """What came and went."""
        span = span_of(moment, whole=whole)
        there = self._tags.about(moment.video_id, span, wish.value)
        if wish.is_on:
            if there:
                return [], []
            given = tag_mark(moment.video_id, span, wish.value)
            self._tags.put(given)
            return [given], []
        for each in there:
            self._tags.remove(each)
        return [], there

    def take_back(self, change: MarkChange) -> None:
        """Undo a change. Raises ServerError."""
        try:
            for mark in change.added:
                self._set(mark, is_on=False)
            for mark in change.removed:
                self._set(mark, is_on=True)
        finally:
            self._changed()

    def _set(self, mark: Mark, *, is_on: bool) -> None:
        if mark.kind is MarkKind.TAG:
            (self._tags.put if is_on else self._tags.remove)(mark)
        elif is_on:
            self._favourites.put(favourite_of(mark))
        else:
            self._favourites.remove(favourite_of(mark))

    def save_search(self, name: str, text: str) -> None:
        """As `Keeping.save_search`, on this computer."""
        self._searches.save_search(name, text)

    def look_at(self, name: str) -> str:
        """As `Keeping.look_at`, on this computer."""
        return self._searches.look_at(name)

    def new_matches(self) -> list[NewMatches]:
        """Nobody counts what is new on a server."""
        return []


def span_of(moment: Moment, *, whole: bool) -> tuple[float, float] | None:
    """What of its video a moment is; None for all of it."""
    is_all = moment.start <= _WHOLE and 0 < moment.duration <= moment.end + _WHOLE
    if whole or is_all:
        return None
    return moment.start, moment.end if moment.end > moment.start else moment.start + 1


def mark_of(favourite: Favourite) -> Mark:
    """A favourite as a mark; the video's number stands for the content."""
    span = None if favourite.span is None else TimeSpan(*favourite.span)
    return Mark(Target(str(favourite.video_id), span), MarkKind.FAVOURITE, "", favourite.made)


def favourite_of(mark: Mark) -> Favourite:
    """What `mark_of` was given."""
    span = mark.target.span
    return Favourite(
        int(mark.target.fingerprint), None if span is None else (span.start, span.end), mark.made
    )


def _is_about(one: tuple[float, float] | None, other: tuple[float, float] | None) -> bool:
    if one is None or other is None:
        return one is other
    return TimeSpan(*one).is_about(*other)


def _same(one: Favourite, other: Favourite) -> bool:
    return (one.video_id, one.span) == (other.video_id, other.span)


def _search_nothing(text: str, limit: int, among: frozenset[int] | None) -> SearchOutcome:
    raise NotImplementedError("saved searches are counted by nobody here")
