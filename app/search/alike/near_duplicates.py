"""Videos that share content: the same pictures in the same order, cut, cropped or encoded otherwise.

Pairs of videos with frames that match (`frame_matches`) are aligned frame by frame, twice: a copy whose parts
were put into another order, or that lacks one, has two runs. What is shared is a share of the shorter video:

    share = Σ over its aligned frames of w / Σ over all its frames of w
    w = min(1, q / videos with that frame)

where q is the lower quartile of that number over the video's frames: of a video with five copies every frame
is in six.
An intro, a logo or a title that many videos have weighs little; a still one is one or two frames anyway,
because frames are sampled where something changes. A frame without detail (black, one colour) weighs nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.errors import Cancelled
from app.search.alike.alignment import HALF, align
from app.search.alike.frame_matches import FrameMatches, match_frames
from app.search.evidence.self_calibration import evenly
from app.vectors.vector_index import Gallery

SHARED = 0.6
"""Share of the shorter video from which on two videos are told."""

ALIGNED = 0.6
"""Likeness from which on an aligned pair speaks for the same picture."""

_PROMISING = 0.25
"""Share of the shorter video's compared frames that match the other's, from which on the two are aligned."""

_MOST_FRAMES = 300
"""Of a video that are aligned, evenly spaced."""

_RUNS = 2

_RARE = 25
"""Percentile."""

_LEAST, _LEAST_OF_FEW = 0.7, 0.75
"""Mean likeness that an alignment needs."""
_FEW = 3
"""Frames."""

_PICTURES = 32
"""Frames of a video whose pictures are looked at, evenly spaced."""

Details = Callable[[Sequence[int]], NDArray[np.bool_]]
"""Says of frames, by their ids, which show anything but one colour."""


@dataclass(frozen=True, slots=True)
class SharedContent:
    """Two videos that share content; times in seconds."""

    one: int
    """Id of the shorter video (of fewer frames)."""
    other: int
    share: float
    """0..1 of `one` that is in `other`."""
    likeness: float
    """0..1, mean over the frames they share."""
    one_span: tuple[float, float]
    """From the first to the last shared frame."""
    other_span: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Group:
    """A video and the others that share content with it."""

    first: int
    """Id of the one with the most frames."""
    members: tuple[SharedContent, ...]
    """One for each other, those that share most first."""


def find_duplicates(
    gallery: Gallery,
    details: Details,
    *,
    progress: Callable[[float], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> list[SharedContent]:
    """Find the pairs of videos that share content.

    Args:
        gallery: the library's frames.
        details: tells frames that show something.
        progress: told the share that is done, 0 to 1.
        stop: asked a few times a second; ends the work.

    Returns:
        In order of the gallery.

    Raises:
        Cancelled: it was stopped.
    """
    if len(gallery) == 0:
        return []
    matches = match_frames(gallery, progress=lambda done: progress(0.8 * done), stop=stop)
    pairs = _promising(matches, gallery)
    weights = _Weights(matches, gallery, details)
    found: list[SharedContent] = []
    for number, (one, other) in enumerate(pairs):
        if stop():
            raise Cancelled("Looking for duplicates was stopped.")
        shared = _shared(one, other, matches.usual, gallery, weights)
        if shared is not None:
            found.append(shared)
        progress(0.8 + 0.2 * (number + 1) / len(pairs))
    return found


def grouped(pairs: Sequence[SharedContent], lengths: Callable[[int], float]) -> list[Group]:
    """Put pairs into groups: the longest video first, with all that share with it and are in no other group.

    Videos that only share with the same third one, each another part of it, are in its group and not told as
    alike.

    Args:
        pairs: of videos.
        lengths: gives a video's length, the longest begins a group.
    """
    partners: dict[int, dict[int, SharedContent]] = {}
    for pair in pairs:
        partners.setdefault(pair.one, {})[pair.other] = pair
        partners.setdefault(pair.other, {})[pair.one] = pair
    taken: set[int] = set()
    groups: list[Group] = []
    for first in sorted(partners, key=lambda video: (-lengths(video), video)):
        if first in taken:
            continue
        members = [pair for video, pair in partners[first].items() if video not in taken]
        if members:
            taken |= {first, *(pair.one if pair.other == first else pair.other for pair in members)}
            members.sort(key=lambda pair: (-pair.share, -pair.likeness, pair.one, pair.other))
            groups.append(Group(first, tuple(members)))
    return groups


def _promising(matches: FrameMatches, gallery: Gallery) -> list[tuple[int, int]]:
    """Videos of which enough frames match: ids, the one of fewer frames first."""
    videos = gallery.video_of_row[matches.rows]
    ids, number, counts = np.unique(videos, return_inverse=True, return_counts=True)
    total = len(ids)
    pair = number[matches.first] * total + number[matches.second]
    most = len(matches.rows)
    hits: list[NDArray[np.intp]] = []
    for places in (matches.first, matches.second):
        distinct = np.unique(pair * most + places) // most
        hits.append(distinct)
    keys = np.unique(pair)
    one, other = keys // total, keys % total
    of_one = np.searchsorted(hits[0], keys, side="right") - np.searchsorted(hits[0], keys)
    of_other = np.searchsorted(hits[1], keys, side="right") - np.searchsorted(hits[1], keys)
    shorter_is_one = counts[one] <= counts[other]
    share = np.where(shorter_is_one, of_one, of_other) / np.minimum(counts[one], counts[other])
    good = share >= _PROMISING
    return [
        (int(ids[a]), int(ids[b])) if first else (int(ids[b]), int(ids[a]))
        for a, b, first in zip(one[good], other[good], shorter_is_one[good], strict=True)
    ]


class _Weights:
    """How much each frame of a video tells; found out for the videos that are aligned."""

    def __init__(self, matches: FrameMatches, gallery: Gallery, details: Details) -> None:
        self._matches = matches
        self._gallery = gallery
        self._details = details
        self._known: dict[int, tuple[NDArray[np.intp], NDArray[np.float64]]] = {}
        self._shows: dict[int, NDArray[np.bool_]] = {}

    def of(self, video: int) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Gallery rows (n,) of a video's frames, at most `_MOST_FRAMES`, and their weights."""
        if video not in self._known:
            rows = np.flatnonzero(self._gallery.video_of_row == video)
            rows = rows[evenly(len(rows), _MOST_FRAMES)]
            at = np.searchsorted(self._matches.rows, rows)
            nearest = np.clip(at, 0, len(self._matches.rows) - 1)
            others = 1.0 + self._matches.videos[nearest]
            weights = np.minimum(1.0, np.percentile(others, _RARE) / others)
            self._known[video] = rows, weights
        return self._known[video]

    def detailed(self, video: int) -> NDArray[np.float64]:
        """The weights (n,) again, 0 for frames that show one colour; their pictures are looked at."""
        rows, weights = self.of(video)
        if video not in self._shows:
            sample = evenly(len(rows), _PICTURES)
            shows = self._details(self._gallery.frame_ids[rows[sample]].tolist())
            nearest = np.searchsorted((sample[1:] + sample[:-1]) / 2, np.arange(len(rows)))
            self._shows[video] = shows[nearest]
        return weights * self._shows[video]


def _shared(one: int, other: int, usual: float, gallery: Gallery, weights: _Weights) -> SharedContent | None:
    """What two videos share; None where that is too little."""
    rows, weight = weights.of(one)
    other_rows, _ = weights.of(other)
    likeness = (gallery.vectors[rows] @ gallery.vectors[other_rows].T - usual) / (1 - usual)
    aligned = np.zeros(len(rows), np.bool_)
    left = np.asarray(likeness - (ALIGNED - HALF), np.float32)
    places: list[tuple[int, int]] = []
    for _ in range(_RUNS):
        run = align(left)
        if run is None:
            break
        inside = left[:, run.first : run.last + 1].max(axis=1) >= HALF
        new = inside & ~aligned
        if not new.any():
            break
        aligned |= new
        places.append((run.first, run.last))
        left[new] = 0.0
        left[:, run.first : run.last + 1] = 0.0
    if not aligned.any() or _share(weight, aligned) < SHARED:
        return None
    share = _share(weights.detailed(one), aligned)
    mean = float(likeness[aligned].max(axis=1).mean())
    if share < SHARED or mean < (_LEAST_OF_FEW if aligned.sum() < _FEW else _LEAST):
        return None
    times, other_times = gallery.times[rows[aligned]], gallery.times[other_rows]
    return SharedContent(
        one,
        other,
        share,
        min(1.0, mean),
        (float(times[0]), float(times[-1])),
        (
            float(other_times[min(first for first, _ in places)]),
            float(other_times[max(last for _, last in places)]),
        ),
    )


def _share(weight: NDArray[np.float64], aligned: NDArray[np.bool_]) -> float:
    total = float(weight.sum())
    return float(weight[aligned].sum()) / total if total else 0.0
