"""Groups of a library's videos that share content, with how they differ. Nothing is deleted."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from app.catalogue.kept.kept_records import MarkKind
from app.catalogue.records import Presence, Video
from app.search.alike.near_duplicates import Details, SharedContent, find_duplicates, grouped
from app.vectors.vector_index import Gallery

_PLAIN = 8.0
"""Standard deviation of the brightness, of 255, below which a picture shows one colour."""

_LONGER, _LARGER = 1.0, 1.1
"""Seconds, and times, from which on a difference is told."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One video of a group."""

    video: Video
    copies: tuple[Path, ...]
    """Other files with just this content, in order of path."""
    share: float
    """0..1 of the shorter of this video and the group's first that is in the other; 1 of the first itself."""
    likeness: float
    """0..1, mean over the frames they share."""
    span: tuple[float, float] | None
    """From the first to the last frame of this video that is shared, seconds; None of the first."""
    differences: tuple[str, ...]
    """How it differs from the first: longer, shorter, higher resolution, larger file, newer, …"""


@dataclass(frozen=True, slots=True)
class DuplicateGroup:
    """Videos that share content with the first of them, which is the longest."""

    videos: tuple[Duplicate, ...]
    """One alone where there are only copies of it."""


def find_groups(
    catalogue: Catalogue,
    gallery: Gallery,
    *,
    progress: Callable[[float], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[DuplicateGroup]:
    """Find all groups, those of more videos first; videos that are hidden are in none.

    Args:
        catalogue: says what is where.
        gallery: its frames.
        progress: told the share that is done, 0 to 1.
        stop: asked a few times a second; ends the work.

    Raises:
        Cancelled: it was stopped.
    """
    pairs = find_duplicates(gallery, details_of(catalogue), progress=progress, stop=stop)
    hidden = {
        each.video_id
        for each in catalogue.marks_of_videos()
        if each.mark.kind is MarkKind.HIDDEN and each.mark.target.span is None
    }
    videos = {
        video.id: video for video in catalogue.videos() if video.copy_of is None and video.id not in hidden
    }
    copies = catalogue.copies(videos.keys())
    pairs = [pair for pair in pairs if pair.one in videos and pair.other in videos]
    made = [
        _group(group.first, group.members, videos, copies)
        for group in grouped(pairs, lambda number: _duration(videos[number]))
    ]
    told = {each.video.id for group in made for each in group.videos}
    made += [
        DuplicateGroup((_first(videos[number], copies),))
        for number in sorted(copies)
        if number in videos and number not in told
    ]
    return sorted(made, key=lambda group: -len(group.videos))


def details_of(catalogue: Catalogue) -> Details:
    """Says of frames, by their stored pictures, which show anything but one colour."""

    def details(frame_ids: Sequence[int]) -> NDArray[np.bool_]:
        return np.array([_shows_something(catalogue.thumbnail(number)) for number in frame_ids], np.bool_)

    return details


def _shows_something(thumbnail: bytes | None) -> bool:
    """Whether a stored picture shows anything but one colour; True where it cannot be read."""
    if not thumbnail:
        return True
    picture = cv2.imdecode(np.frombuffer(thumbnail, np.uint8), cv2.IMREAD_GRAYSCALE)
    return picture is None or float(picture.std()) >= _PLAIN


def _group(
    first: int, members: Sequence[SharedContent], videos: dict[int, Video], copies: dict[int, list[Video]]
) -> DuplicateGroup:
    begin = _first(videos[first], copies)
    others: list[Duplicate] = []
    for pair in members:
        is_one = pair.one != first
        video = videos[pair.one if is_one else pair.other]
        others.append(
            Duplicate(
                video,
                _paths(copies.get(video.id, [])),
                pair.share,
                pair.likeness,
                pair.one_span if is_one else pair.other_span,
                differences(begin.video, video),
            )
        )
    return DuplicateGroup((begin, *others))


def _first(video: Video, copies: dict[int, list[Video]]) -> Duplicate:
    return Duplicate(video, _paths(copies.get(video.id, [])), 1.0, 1.0, None, ())


def differences(first: Video, other: Video) -> tuple[str, ...]:
    """How a video differs from another one, in a few words each; what is nearly the same is not told."""
    found: list[str] = []
    longer = _duration(other) - _duration(first)
    if abs(longer) >= _LONGER:
        found.append("longer" if longer > 0 else "shorter")
    for more, less, one, two in (
        ("higher resolution", "lower resolution", _pixels(first), _pixels(other)),
        ("larger file", "smaller file", first.size, other.size),
    ):
        if one > 0 and two > 0 and max(one, two) >= _LARGER * min(one, two):
            found.append(more if two > one else less)
    earlier, later = _filmed(first), _filmed(other)
    if earlier.date() != later.date():
        found.append("newer" if later > earlier else "older")
    if other.presence is not Presence.HERE:
        found.append("offline" if other.presence is Presence.AWAY else "cannot be reached")
    return tuple(found)


def _filmed(video: Video) -> datetime:
    """The day that its file says it was filmed on, else that of the file's last change."""
    if video.facts is not None and video.facts.created:
        try:
            told = datetime.fromisoformat(video.facts.created)
        except ValueError:
            pass
        else:
            return told if told.tzinfo else told.astimezone()
    return datetime.fromtimestamp(video.mtime_ns / 1e9, UTC)


def _pixels(video: Video) -> int:
    return video.facts.width * video.facts.height if video.facts else 0


def _duration(video: Video) -> float:
    return video.facts.duration if video.facts else 0.0


def _paths(videos: Sequence[Video]) -> tuple[Path, ...]:
    return tuple(sorted(video.path for video in videos))
