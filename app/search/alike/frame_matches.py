"""Which frames of different videos are nearly the same picture: a gallery compared with itself in blocks."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.errors import Cancelled
from app.search.alike.likeness import LIKENESS
from app.search.evidence.self_calibration import evenly
from app.vectors.vector_index import Gallery

ALIKE = 0.65
"""Likeness from which on two frames may be of one picture."""

MOST_ROWS = 50_000
"""Frames that are compared with each other: of a larger gallery every video's are thinned out evenly."""

MOST_PARTNERS = 2000
"""A frame that is like more frames than this tells nothing (black, a wall): it is left out."""

_BLOCK = 1024
_SAMPLE = 2048
_USUAL_FRAMES = 64
_MOST_USUAL = 0.9


@dataclass(frozen=True, slots=True)
class FrameMatches:
    """Pairs of frames, of different videos, that are alike."""

    rows: NDArray[np.intp]
    """(R,) gallery rows that were compared, ascending."""
    first: NDArray[np.intp]
    """(M,) one of each pair, places among `rows`."""
    second: NDArray[np.intp]
    """(M,) the other; its video comes later in the gallery."""
    videos: NDArray[np.int64]
    """(R,) how many other videos each row is like, 0 and on."""
    usual: float
    """Mean cosine of two frames of the library."""


def usual_cosine(gallery: Gallery) -> float:
    """Mean cosine of two frames of a gallery (not empty), steadied where that is small."""
    mean = gallery.vectors[evenly(len(gallery), _SAMPLE)].mean(axis=0)
    count = min(len(gallery), _SAMPLE)
    total = count * float(mean @ mean) + _USUAL_FRAMES * LIKENESS.unmatched_mean
    return min(_MOST_USUAL, total / (count + _USUAL_FRAMES))


def compared_rows(gallery: Gallery, most: int = MOST_ROWS) -> NDArray[np.intp]:
    """Rows to compare: all, or of each video evenly as many as its share of `most`, at least one."""
    if len(gallery) <= most:
        return np.arange(len(gallery))
    starts = np.flatnonzero(np.diff(gallery.video_of_row, prepend=-1))
    lengths = np.diff(np.append(starts, len(gallery)))
    wanted = np.maximum(1, lengths * most // len(gallery))
    return np.concatenate(
        [
            start + evenly(int(count), int(many))
            for start, count, many in zip(starts, lengths, wanted, strict=True)
        ]
    )


def match_frames(
    gallery: Gallery,
    *,
    progress: Callable[[float], None] = lambda _: None,
    stop: Callable[[], bool] = lambda: False,
) -> FrameMatches:
    """Compare the frames of a gallery (not empty) with each other.

    Args:
        gallery: whose.
        progress: told the share that is done, 0 to 1.
        stop: asked a few times a second; ends the work.

    Raises:
        Cancelled: it was stopped.
    """
    rows = compared_rows(gallery)
    vectors = np.ascontiguousarray(gallery.vectors[rows], np.float32)
    videos = gallery.video_of_row[rows]
    _, number = np.unique(videos, return_inverse=True)
    behind = np.append(np.flatnonzero(np.diff(videos)) + 1, len(rows))
    ends = behind[np.searchsorted(behind, np.arange(len(rows)), side="right")]
    usual = usual_cosine(gallery)
    least = usual + ALIKE * (1 - usual)
    found: list[tuple[NDArray[np.intp], NDArray[np.intp]]] = []
    partners = np.zeros(len(rows), np.int64)
    for start in range(0, len(rows), _BLOCK):
        if stop():
            raise Cancelled("Looking for duplicates was stopped.")
        block = slice(start, min(start + _BLOCK, len(rows)))
        near = vectors[block] @ vectors[start:].T >= least
        place, other = np.nonzero(near)
        first, second = place + start, other + start
        later = second >= ends[first]
        first, second = first[later], second[later]
        np.add.at(partners, first, 1)
        np.add.at(partners, second, 1)
        few = partners[first] <= MOST_PARTNERS
        found.append((first[few], second[few]))
        done = 1 - (1 - block.stop / len(rows)) ** 2
        progress(done)
    first = np.concatenate([each for each, _ in found])
    second = np.concatenate([each for _, each in found])
    told = (partners[first] <= MOST_PARTNERS) & (partners[second] <= MOST_PARTNERS)
    first, second = first[told], second[told]
    return FrameMatches(rows, first, second, _videos_alike(first, second, number, len(rows)), usual)


def _videos_alike(
    first: NDArray[np.intp], second: NDArray[np.intp], number: NDArray[np.intp], count: int
) -> NDArray[np.int64]:
    """(count,) how many videos, by their numbers, each row is matched with."""
    most = int(number.max()) + 1
    keys = np.unique(np.concatenate([first * most + number[second], second * most + number[first]]))
    return np.bincount(keys // most, minlength=count).astype(np.int64)
