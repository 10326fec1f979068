"""What people keep, as the window shows it: read off the GUI thread, answered from memory."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from app.catalogue.kept.kept_records import MarkKind, NamedCount, SavedSearch, VideoMark

if TYPE_CHECKING:
    from app.open_library import OpenLibrary
    from app.search.outcome import Moment


@dataclass(frozen=True, slots=True)
class MomentMarks:
    """All that is kept about one moment."""

    favourite: bool = False
    tags: tuple[str, ...] = ()
    note: str = ""
    """Empty where there is none."""
    collections: tuple[str, ...] = ()
    hidden: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether nothing is."""
        return self == MomentMarks()


class KeptMarks:
    """Marks by video; never changes."""

    def __init__(self, marks: Iterable[VideoMark] = ()) -> None:
        """Sort marks, in the order in which they were made."""
        self._by_video: defaultdict[int, list[VideoMark]] = defaultdict(list)
        for each in marks:
            self._by_video[each.video_id].append(each)

    def of(self, moment: Moment) -> MomentMarks:
        """What is kept about a moment: about its video, or about most of the moment."""
        if moment.video_id not in self._by_video:
            return MomentMarks()
        about = [
            each.mark
            for each in self._by_video[moment.video_id]
            if each.mark.target.span is None or each.mark.target.span.is_about(moment.start, moment.end)
        ]

        def values(kind: MarkKind) -> tuple[str, ...]:
            return tuple(dict.fromkeys(mark.value for mark in about if mark.kind is kind))

        return MomentMarks(
            favourite=any(mark.kind is MarkKind.FAVOURITE for mark in about),
            tags=tuple(sorted(values(MarkKind.TAG), key=str.casefold)),
            note="\n".join(values(MarkKind.NOTE)),
            collections=tuple(sorted(values(MarkKind.COLLECTION), key=str.casefold)),
            hidden=any(mark.kind is MarkKind.HIDDEN for mark in about),
        )

    def is_favourite(self, moment: Moment) -> bool:
        """Whether a moment, or its video, is a favourite."""
        return self.of(moment).favourite


@dataclass(frozen=True, slots=True)
class KeptSnapshot:
    """What the side panel and the cards show."""

    favourites: int = 0
    hidden: int = 0
    tags: tuple[NamedCount, ...] = ()
    collections: tuple[NamedCount, ...] = ()
    searches: tuple[SavedSearch, ...] = ()
    new: Mapping[str, int] = field(default_factory=dict)
    """By the name of a saved search: matches that came since it was run, as far as they were counted."""
    marks: KeptMarks = field(default_factory=KeptMarks, compare=False)
    read_only: str = ""
    """Why nothing can be changed, one sentence; empty where something can."""

    @classmethod
    def of(cls, session: OpenLibrary, new: Mapping[str, int]) -> Self:
        """What is kept now."""
        kept = session.catalogue.kept_overview()
        return cls(
            kept.favourites,
            kept.hidden,
            kept.tags,
            kept.collections,
            kept.searches,
            new,
            KeptMarks(kept.marks),
            session.catalogue.read_only_reason,
        )
