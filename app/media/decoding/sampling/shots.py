"""Shot changes and near-identical frames, judged on tiny signatures. Pure: numpy in, decisions out.

Consecutive frames are compared by an adaptive threshold (a hard cut stands out from the motion just before
it, the idea of PySceneDetect's `AdaptiveDetector`); frames further apart by their colour histograms as well,
since motion alone moves structure but keeps colours. Both lean towards splitting: a needless split costs
little, a clip across a cut is wrong.
"""

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.media.area import Area

ROWS, COLUMNS = 36, 64
"""Points of a signature; its blocks are 2×2 of them."""
LEVELS = 16
"""Histogram bins per channel."""

ADJACENT_SECONDS = 0.2
"""Frames further apart than this are compared as distant ones."""
CUT_CERTAIN = 45.0
CUT_CLEAR, CLEAR_RATIO = 12.0, 3.0
CUT_FAINT, FAINT_RATIO = 6.0, 5.0
NEW_COLOURS = 0.08
"""Motion alone, even of a jolted camera, changes the histogram of the next frame by less."""
STILL_RATIO = 10.0
"""After stillness a change this abrupt is a cut even where the colours stay."""
MOTION_FRAMES = 7
UNKNOWN_MOTION = 4.0
"""Assumed motion, in levels per frame, before any has been seen."""
FLOOR_MOTION = 0.5

FAR_HISTOGRAM = 0.5
FAR_STRUCTURE, FAR_STRUCTURE_HISTOGRAM = 25.0, 0.25
FADE_HISTOGRAM = 0.7

SAME_MEAN, SAME_BLOCK = 1.5, 10.0


@dataclass(frozen=True, slots=True)
class Signature:
    """What a frame looks like from far away."""

    points: NDArray[np.uint8]
    """(3, 36, 64) samples of Y, U, V on a regular grid."""
    grid: NDArray[np.float32]
    """(3, 18, 32) means of 2×2 points, 0..255."""

    def histogram(self) -> NDArray[np.float32]:
        """Return (3, 16) shares of the points at each level; every row sums to 1."""
        bins = (self.points.reshape(3, -1) // (256 // LEVELS)).astype(np.intp) + np.arange(3)[
            :, None
        ] * LEVELS
        counts = np.bincount(bins.ravel(), minlength=3 * LEVELS).reshape(3, LEVELS)
        shares: NDArray[np.float32] = (counts / bins.shape[1]).astype(np.float32)
        return shares


def signature(points: NDArray[np.uint8]) -> Signature:
    """Summarise `points`, (3, 36, 64) uint8 YUV samples on a regular grid."""
    pairs = points[:, 0::2].astype(np.float32) + points[:, 1::2]
    return Signature(points, (pairs[:, :, 0::2] + pairs[:, :, 1::2]) * np.float32(0.25))


def structure_distance(one: Signature, two: Signature) -> float:
    """Mean absolute difference of the block grids, 0..255, the most different channel counting."""
    return float(np.abs(one.grid - two.grid).mean(axis=(1, 2)).max())


def histogram_distance(one: Signature, two: Signature) -> float:
    """Half the L1 distance of the histograms (0 same, 1 disjoint), the most different channel counting.

    Neighbouring bins are pooled first, so that a slight change of brightness is not a new histogram.
    """
    pool = np.array([0.25, 0.5, 0.25], np.float32)
    apart = [
        np.abs(np.convolve(a - b, pool)).sum() / 2
        for a, b in zip(one.histogram(), two.histogram(), strict=True)
    ]
    return float(max(apart))


def near_identical(one: Signature, two: Signature) -> bool:
    """Whether a second frame would show a viewer nothing new."""
    apart = np.abs(one.grid - two.grid)
    return bool(apart.mean() < SAME_MEAN and apart.max() < SAME_BLOCK)


def same_beside(one: Signature, two: Signature, area: Area) -> bool:
    """Whether nothing changed outside an area of two whole frames, where bars are."""
    _, rows, columns = one.grid.shape
    above, below = _blocks_beside(area.top, area.bottom, rows)
    left, right = _blocks_beside(area.left, area.right, columns)
    apart = np.abs(one.grid - two.grid)
    beside = (apart[:, :above], apart[:, below:], apart[:, :, :left], apart[:, :, right:])
    return all(part.max(initial=0) < SAME_BLOCK for part in beside)


def _blocks_beside(first: float, last: float, count: int) -> tuple[int, int]:
    """Of `count` blocks: how many end before the first share of them, and which begins behind the last."""
    return int(first * count), math.ceil(last * count)


def far_cut(one: Signature, two: Signature) -> bool:
    """Whether a cut lies between two frames with unseen frames in between."""
    colours = histogram_distance(one, two)
    if colours > FAR_HISTOGRAM:
        return True
    return colours > FAR_STRUCTURE_HISTOGRAM and structure_distance(one, two) > FAR_STRUCTURE


T = TypeVar("T")


class CutDetector(Generic[T]):
    """Follows a video frame by frame and remembers where cuts are.

    `see` every decoded frame in time order, whether or not some in between were left out.

    Args:
        look: gives what a frame looks like, as far as is known by now.
    """

    def __init__(self, look: Callable[[T], Signature]) -> None:
        self._look = look
        self._last: T | None = None
        self._motion = deque([UNKNOWN_MOTION] * 3, maxlen=MOTION_FRAMES)
        self._time = float("-inf")
        self._cutting = False
        self._cuts: deque[float] = deque()
        self._sampled: T | None = None

    def see(self, time: float, frame: T) -> bool:
        """Take the next decoded frame; `time` in seconds.

        Returns:
            Whether there is a cut just before it: frames that were left out in between count for none.
        """
        apart = time - self._time
        cut = self._last is not None and self._is_cut(self._look(self._last), self._look(frame), apart)
        # Until motion is known again, the frames behind a cut stand out too.
        fresh = cut and not self._cutting
        if fresh:
            self._cuts.append(time)
        self._last, self._time, self._cutting = frame, time, cut
        return fresh and apart <= ADJACENT_SECONDS

    def cut_before(self, time: float, frame: T) -> bool:
        """Whether a new shot began after the frame asked about before, up to the one at `time` seconds."""
        cut = False
        while self._cuts and self._cuts[0] <= time:
            self._cuts.popleft()
            cut = True
        if self._sampled is not None and not cut:
            # A fade or dissolve has no single frame that stands out: its two ends give it away.
            cut = histogram_distance(self._look(self._sampled), self._look(frame)) > FADE_HISTOGRAM
        self._sampled = frame
        return cut

    def _is_cut(self, before: Signature, after: Signature, seconds: float) -> bool:
        if seconds > ADJACENT_SECONDS:
            return far_cut(before, after)
        apart = structure_distance(before, after)
        # The median: one cut among the last frames does not hide the next.
        motion = max(median(self._motion), FLOOR_MOTION)
        self._motion.append(apart)
        clear = apart > CUT_CLEAR and apart > CLEAR_RATIO * motion
        faint = apart > CUT_FAINT and apart > FAINT_RATIO * motion
        if apart > CUT_CERTAIN or (apart > CUT_FAINT and apart > STILL_RATIO * motion):
            return True
        return (clear or faint) and histogram_distance(before, after) > NEW_COLOURS
