"""Favourites, tags, notes and collections of videos and moments."""

import time
from collections.abc import Sequence

from app.catalogue.deltas import Delta
from app.catalogue.kept import mark_rows
from app.catalogue.kept.kept_names import cleaned_name, cleaned_note
from app.catalogue.kept.kept_records import (
    KeptThing,
    Mark,
    MarkKind,
    NamedCount,
    Target,
    TimeSpan,
    VideoMark,
)
from app.catalogue.parts.base import CataloguePart
from app.catalogue.records import Video
from app.catalogue.rows import video_rows
from app.errors import UsageError
from app.text import shown

_LEAST_SECONDS = 0.001

_WHAT = {MarkKind.TAG: "a tag", MarkKind.COLLECTION: "a collection"}


class KeepingMarks(CataloguePart):
    """What people keep about contents: it stays where files move, are re-indexed, or leave and return."""

    def target_of(self, video: Video, span: TimeSpan | None = None) -> Target:
        """What marks of a video, or of a moment of it, hang on.

        Args:
            video: of the library.
            span: the moment; the whole video where None. It is cut off where the video ends.

        Raises:
            UsageError: the video was not indexed yet, or has no such moment.
        """
        if video.fingerprint is None:
            raise UsageError(
                f"“{shown(video.path)}” is not indexed, so nothing can be kept about it yet.",
                "Index it first: reelfind index.",
            )
        if span is None:
            return Target(video.fingerprint)
        duration = video.facts.duration if video.facts else None
        start, end = round(span.start, 3), round(span.end, 3)
        if duration is not None and duration > 0:
            end = min(end, round(duration, 3))
        if not (start >= 0 and end - start >= _LEAST_SECONDS):
            length = "" if duration is None else f", which is {duration:.1f} seconds long"
            raise UsageError(
                f"There is no moment from {span.start:g} to {span.end:g} seconds "
                f"in “{shown(video.path)}”{length}.",
                "Give a start within the video, and an end after it.",
            )
        return Target(video.fingerprint, TimeSpan(start, end))

    def keep(self, targets: Sequence[tuple[Video, Target]], kind: MarkKind, value: str = "") -> int:
        """Keep something about videos or moments; an empty note is none.

        Args:
            targets: videos with what marks of them hang on (`target_of`).
            kind: what is kept.
            value: the name of a tag or a collection, the text of a note (which takes the place of another).

        Returns:
            How many were not marked so before.

        Raises:
            UsageError: the name is empty or too long, or the note is too long.
            LibraryError: the library cannot be written.
        """
        value = _cleaned(kind, value)
        if kind is MarkKind.NOTE and not value:
            return sum(self.unkeep(target, kind) for _, target in targets)
        now = time.time()
        with self._connections.writing() as database:
            for video, _ in targets:
                mark_rows.note_content(database, video)
            new = mark_rows.put(database, [Mark(target, kind, value, now) for _, target in targets])
        self._tell({kind})
        return new

    def change_marks(self, add: Sequence[Mark], remove: Sequence[Mark], videos: Sequence[Video] = ()) -> None:
        """Forget some marks and keep others, in one transaction.

        Args:
            add: with clean names; a note takes the place of another one of its target.
            remove: those that are not there are passed over.
            videos: that hold the contents of `add`, as far as they are new.

        Raises:
            LibraryError: the library cannot be written.
        """
        with self._connections.writing() as database:
            for mark in remove:
                mark_rows.remove(database, mark.target, mark.kind, mark.value)
            for video in videos:
                mark_rows.note_content(database, video)
            mark_rows.put(database, add)
        self._tell({mark.kind for mark in (*add, *remove)})

    def unkeep(self, target: Target, kind: MarkKind | None = None, value: str = "") -> int:
        """Forget one thing that is kept about a target, all where None; returns how many there were."""
        with self._connections.writing() as database:
            count = mark_rows.remove(database, target, kind, value)
        self._tell(set(MarkKind) if kind is None else {kind})
        return count

    def move_kept(self, old: Target, new: Target) -> int:
        """Give all that is kept about one moment another beginning and end; returns how many things that are.

        What is kept about the new one already stays with it.
        """
        with self._connections.writing() as database:
            count = mark_rows.move(database, old, new) if old != new else 0
        self._tell(set(MarkKind))
        return count

    def kept(
        self, *, fingerprint: str | None = None, kind: MarkKind | None = None, value: str = ""
    ) -> list[KeptThing]:
        """What is kept, in order of path and time, also about contents that nobody has any more.

        Args:
            fingerprint: only about this content.
            kind: only what is marked so.
            value: of `kind`, the name of the tag or collection.
        """
        with self._connections.reading() as database:
            return mark_rows.things(database, fingerprint=fingerprint, kind=kind, value=value)

    def marks_of(self, fingerprint: str) -> list[Mark]:
        """The marks of a content and of its moments, in the order in which they were made."""
        with self._connections.reading() as database:
            return mark_rows.marks_of(database, fingerprint)

    def marks_of_videos(self) -> list[VideoMark]:
        """All marks of what is in the library now, in the order in which they were made."""
        with self._connections.reading() as database:
            return mark_rows.marks_of_videos(database)

    def mark_count(self, kind: MarkKind) -> int:
        """How many videos and moments are marked so, also of contents that nobody has any more."""
        with self._connections.reading() as database:
            return mark_rows.count(database, kind)

    def tags(self) -> list[NamedCount]:
        """All tags in order of name, each with how much has it."""
        with self._connections.reading() as database:
            return mark_rows.named(database, MarkKind.TAG)

    def collections(self) -> list[NamedCount]:
        """All collections in order of name, each with how much is in it."""
        with self._connections.reading() as database:
            return mark_rows.named(database, MarkKind.COLLECTION)

    def tags_named(self, start: str) -> list[str]:
        """Names of the tags that begin so, whatever their case."""
        return _beginning(self.tags(), start)

    def collections_named(self, start: str) -> list[str]:
        """Names of the collections that begin so, whatever their case."""
        return _beginning(self.collections(), start)

    def make_collection(self, name: str) -> bool:
        """Make an empty collection; returns whether there was none of this name.

        Raises:
            UsageError: the name is empty or too long.
        """
        name = _cleaned(MarkKind.COLLECTION, name)
        with self._connections.writing() as database:
            new = mark_rows.make_collection(database, name)
        self._deltas.tell(Delta(kept=True))
        return new

    def rename_kept(self, kind: MarkKind, old: str, new: str) -> None:
        """Give a tag or a collection another name; that of another one puts both together.

        Raises:
            UsageError: there is none, or the new name is empty or too long.
        """
        new = _cleaned(kind, new)
        with self._connections.writing() as database:
            if not mark_rows.rename(database, kind, old, new):
                raise _unknown(kind, old)
        self._deltas.tell(Delta(kept=True))

    def remove_kept(self, kind: MarkKind, name: str) -> None:
        """Forget a tag or a collection, and nothing else about what is in it.

        Raises:
            UsageError: there is none.
        """
        with self._connections.writing() as database:
            if not mark_rows.remove_named(database, kind, name):
                raise _unknown(kind, name)
        self._deltas.tell(Delta(kept=True))

    def _tell(self, kinds: set[MarkKind]) -> None:
        self._deltas.tell(Delta(kept=True, findable=MarkKind.HIDDEN in kinds))

    def videos_of_content(self, fingerprint: str) -> list[Video]:
        """The videos, not gone, that hold a content, in order of id."""
        with self._connections.reading() as database:
            return video_rows.select(database, "fingerprint = ? AND presence <> 'gone'", [fingerprint])


def _cleaned(kind: MarkKind, value: str) -> str:
    if kind is MarkKind.NOTE:
        return cleaned_note(value)
    return cleaned_name(value, _WHAT[kind]) if kind.is_named else ""


def _beginning(found: Sequence[NamedCount], start: str) -> list[str]:
    wanted = start.strip().casefold()
    return [each.name for each in found if each.name.casefold().startswith(wanted)]


def _unknown(kind: MarkKind, name: str) -> UsageError:
    what = "tag" if kind is MarkKind.TAG else "collection"
    return UsageError(f"There is no {what} “{name}”.", f"List what there is with: reelfind keep {what}s.")
