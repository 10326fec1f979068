"""The values of what people keep, as they enter and leave the library."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.catalogue.records import Presence


class MarkKind(StrEnum):
    """What can be kept about a video or a moment."""

    FAVOURITE = "favourite"
    TAG = "tag"
    NOTE = "note"
    COLLECTION = "collection"
    HIDDEN = "hidden"
    """It is no answer to a search, until it is shown again."""

    @property
    def is_named(self) -> bool:
        """Whether one target may have several, each with a name."""
        return self in (MarkKind.TAG, MarkKind.COLLECTION)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """From one time of a video to another, seconds on the container's clock."""

    start: float
    end: float
    """Above `start`."""

    def is_about(self, start: float, end: float) -> bool:
        """Whether what is kept about this span is about that one too: they share half of the shorter."""
        shared = min(self.end, end) - max(self.start, start)
        return shared > 0 and shared >= 0.5 * min(self.end - self.start, end - start)


@dataclass(frozen=True, slots=True)
class Target:
    """What something is kept about: a content, whatever file holds it, or a moment of it."""

    fingerprint: str
    span: TimeSpan | None = None
    """None for the whole video."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing that is kept."""

    target: Target
    kind: MarkKind
    value: str
    """Of a tag or a collection its name, of a note its text; empty of a favourite."""
    made: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class KnownContent:
    """A content as it was when something was last kept about it."""

    fingerprint: str
    path: Path
    size: int
    """Bytes."""
    duration: float | None
    """Seconds, None where that is not known."""


@dataclass(frozen=True, slots=True)
class KeptThing:
    """All that is kept about one video or moment."""

    target: Target
    path: Path
    """Of a file that holds the content; where none does any more, of the last one that did."""
    video_id: int | None
    """The video of that file; None where no file of the library holds the content now."""
    presence: Presence
    """Where that file is."""
    favourite: bool
    tags: tuple[str, ...]
    """In order of their names."""
    note: str
    """Empty where there is none."""
    collections: tuple[str, ...]
    """In order of their names."""
    made: float
    """When the first of them was kept, seconds since 1970."""
    hidden: bool = False
    """Whether searches pass it over."""


@dataclass(frozen=True, slots=True)
class VideoMark:
    """A mark of a content that the library holds."""

    video_id: int
    """Of the video whose frames stand for the content."""
    mark: Mark


@dataclass(frozen=True, slots=True)
class PersonFavourite:
    """A video or moment that one person of a household likes."""

    target: Target
    made: float
    """Seconds since 1970."""
    video_id: int | None
    """Of the video whose frames stand for the content; None where no file of the library holds it now."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One kind of mark that moments shall have or not have."""

    kind: MarkKind
    value: str = ""
    """The name of a tag or a collection, the text of a note; an empty note is none."""
    is_on: bool = True
    """Whether they shall have it."""


@dataclass(frozen=True, slots=True)
class MarkChange:
    """What a change of marks did, so that it can be taken back."""

    added: tuple[Mark, ...]
    removed: tuple[Mark, ...]
    new_collections: tuple[str, ...] = ()
    """Collections that were made for it."""

    @property
    def targets(self) -> int:
        """About how many videos and moments something else is kept now."""
        return len({mark.target for mark in (*self.added, *self.removed)})


@dataclass(frozen=True, slots=True)
class NamedCount:
    """A tag or a collection."""

    name: str
    count: int
    """Videos and moments in it."""


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A query under a name."""

    name: str
    query: str
    made: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class KeptOverview:
    """What people keep, as far as a window shows it without being asked; all of one moment."""

    favourites: int = 0
    """Videos and moments, also of contents that nobody has any more."""
    hidden: int = 0
    tags: tuple[NamedCount, ...] = ()
    """In order of name."""
    collections: tuple[NamedCount, ...] = ()
    """In order of name."""
    searches: tuple[SavedSearch, ...] = ()
    """In order of name."""
    marks: tuple[VideoMark, ...] = ()
    """Of what is in the library now, in the order in which they were made."""


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection, which may be empty."""

    name: str
    made: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class PastSearch:
    """A query that was searched for."""

    query: str
    times: int
    """How often."""
    searched: float
    """When last, seconds since 1970."""


@dataclass(frozen=True, slots=True)
class PersonMark:
    """A favourite of one person of a household, wherever its content is."""

    person: str
    target: Target
    made: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True)
class KeptLibrary:
    """All that people keep in a library; it can be put into another one."""

    marks: tuple[Mark, ...] = ()
    contents: tuple[KnownContent, ...] = ()
    """What the marks are about."""
    collections: tuple[Collection, ...] = ()
    searches: tuple[SavedSearch, ...] = ()
    past: tuple[PastSearch, ...] = ()
    """Newest first."""
    of_people: tuple[PersonMark, ...] = ()
    """Favourites of those who ask a server."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What was new of a library that was put into another one; numbers."""

    marks: int
    collections: int
    searches: int
    of_people: int = 0
    """Favourites of those who ask a server."""
