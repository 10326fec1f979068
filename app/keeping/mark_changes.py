"""What is kept about found moments is changed, many at once, and every change can be taken back."""

import time
from collections.abc import Collection, Sequence

from app.catalogue.catalogue import Catalogue
from app.catalogue.kept.kept_names import cleaned_name, cleaned_note, folded_name
from app.catalogue.kept.kept_records import Mark, MarkChange, MarkKind, Target, TimeSpan, Wish
from app.catalogue.records import Video
from app.search.outcome import Moment

_WHOLE = 0.05
"""Seconds at either end that a moment may lack to be the whole video."""

_WHAT = {MarkKind.TAG: "a tag", MarkKind.COLLECTION: "a collection"}


def change_marks(
    catalogue: Catalogue, moments: Sequence[Moment], wishes: Sequence[Wish], *, whole: bool = False
) -> MarkChange:
    """Keep something about moments, or forget it, all in one transaction.

    Args:
        catalogue: the library's.
        moments: as they were found; those whose videos left the library are passed over. What was kept about
            a moment with other edges is about this one where they share half of the shorter.
        wishes: what they shall have, or not have.
        whole: whether their whole videos are meant.

    Raises:
        UsageError: a name is empty or too long, or a video is not indexed.
        LibraryError: the library cannot be written.
    """
    wishes = [_cleaned(wish) for wish in wishes]
    videos = catalogue.videos_by_id({moment.video_id for moment in moments})
    found = [moment for moment in moments if moment.video_id in videos]
    known = {
        video.fingerprint: catalogue.marks_of(video.fingerprint)
        for video in videos.values()
        if video.fingerprint is not None
    }
    added: dict[tuple[Target, MarkKind, str], Mark] = {}
    removed: dict[tuple[Target, MarkKind, str], Mark] = {}
    for moment in found:
        target = _target(catalogue, videos[moment.video_id], moment, whole=whole)
        about = [mark for mark in known[target.fingerprint] if _is_about(mark, target)]
        for wish in wishes:
            fresh, stale = _difference(about, target, wish)
            added.update((_key(mark), mark) for mark in fresh)
            removed.update((_key(mark), mark) for mark in stale)
    named = {mark.value for mark in added.values() if mark.kind is MarkKind.COLLECTION}
    change = MarkChange(tuple(added.values()), tuple(removed.values()), _new(catalogue, named))
    if added or removed:
        catalogue.change_marks(change.added, change.removed, list(videos.values()) if added else ())
    return change


def change_target(catalogue: Catalogue, video: Video, target: Target, wish: Wish) -> MarkChange:
    """As `change_marks`, of one video or moment.

    Args:
        catalogue: the library's.
        video: that holds it.
        target: see `Catalogue.target_of`.
        wish: what it shall have, or not have.

    Raises:
        UsageError: a name is empty or too long.
        LibraryError: the library cannot be written.
    """
    wish = _cleaned(wish)
    about = [mark for mark in catalogue.marks_of(target.fingerprint) if _is_about(mark, target)]
    added, removed = _difference(about, target, wish)
    if added or removed:
        catalogue.change_marks(added, removed, [video] if added else ())
    return MarkChange(tuple(added), tuple(removed))


def take_back(catalogue: Catalogue, change: MarkChange) -> None:
    """Undo a change; a collection that was made for it goes where nothing is in it.

    Raises:
        LibraryError: the library cannot be written.
    """
    catalogue.change_marks(change.removed, change.added)
    empty = {folded_name(each.name) for each in catalogue.collections() if not each.count}
    for name in change.new_collections:
        if folded_name(name) in empty:
            catalogue.remove_kept(MarkKind.COLLECTION, name)


def _difference(about: Sequence[Mark], target: Target, wish: Wish) -> tuple[list[Mark], list[Mark]]:
    """What has to be added and removed for a wish to be met, of the marks that are about its target."""
    same = [mark for mark in about if _is_same(mark, wish)]
    if not wish.is_on:
        return [], same
    is_other = wish.kind is MarkKind.NOTE and any(mark.value != wish.value for mark in same)
    if same and not is_other:
        return [], []
    return [Mark(target, wish.kind, wish.value, time.time())], same


def _cleaned(wish: Wish) -> Wish:
    if wish.kind is MarkKind.NOTE:
        note = cleaned_note(wish.value)
        return Wish(MarkKind.NOTE, note, bool(note) and wish.is_on)
    if wish.kind.is_named:
        return Wish(wish.kind, cleaned_name(wish.value, _WHAT[wish.kind]), wish.is_on)
    return wish


def _target(catalogue: Catalogue, video: Video, moment: Moment, *, whole: bool) -> Target:
    duration = video.facts.duration if video.facts else 0.0
    if whole or (moment.start <= _WHOLE and 0 < duration <= moment.end + _WHOLE):
        return catalogue.target_of(video)
    end = moment.end if moment.end > moment.start else moment.start + 1
    return catalogue.target_of(video, TimeSpan(moment.start, end))


def _is_about(mark: Mark, target: Target) -> bool:
    if mark.target.span is None or target.span is None:
        return mark.target.span is None
    return mark.target.span.is_about(target.span.start, target.span.end)


def _is_same(mark: Mark, wish: Wish) -> bool:
    if mark.kind is not wish.kind:
        return False
    return not wish.kind.is_named or folded_name(mark.value) == folded_name(wish.value)


def _key(mark: Mark) -> tuple[Target, MarkKind, str]:
    return mark.target, mark.kind, folded_name(mark.value) if mark.kind.is_named else ""


def _new(catalogue: Catalogue, names: Collection[str]) -> tuple[str, ...]:
    there = {folded_name(each.name) for each in catalogue.collections()} if names else set()
    return tuple(name for name in sorted(names) if folded_name(name) not in there)
