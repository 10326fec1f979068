"""One thing after another: the best chain of frames in each video, by dynamic programming.

With p_i(f) the probability that frame f shows step i, the value of a chain f_1 < f_2 < ... of one video is
Σ log p_i(f_i), where each frame comes at most `within` seconds after the one before:

    v_1(f) = log p_1(f)        v_i(f) = log p_i(f) + max { v_(i-1)(g) : 0 < t_f - t_g <= within }

The maxima over windows come from a table of maxima over runs of 1, 2, 4, ... frames: n log n for n frames.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_LEAST = 1e-12


@dataclass(frozen=True, slots=True)
class Chain:
    """The best chain of a video."""

    places: tuple[int, ...]
    """Which frame stands for each step, counted among the n frames."""
    strengths: tuple[float, ...]
    """The probability of each step."""
    value: float
    """Mean of the logarithms of the strengths: chains of one query are ranked by it."""

    @property
    def strength(self) -> float:
        """That of the weakest step: a chain is no stronger."""
        return min(self.strengths)


def best_chains(
    strengths: NDArray[np.float64], videos: NDArray[np.int64], times: NDArray[np.float64], within: float
) -> list[Chain]:
    """The best chain of each video that has one.

    Args:
        strengths: (S, n) the probability, 0..1, that a frame shows a step.
        videos: (n,) the frames' videos, each video's frames together.
        times: (n,) seconds, ascending within a video.
        within: seconds at most from one step to the next.

    Returns:
        Best first, ties in order of the frames.
    """
    steps, count = strengths.shape
    if count == 0:
        return []
    logarithms = np.log(np.maximum(strengths, _LEAST))
    number = np.cumsum(np.diff(videos, prepend=videos[:1]) != 0)
    clock = times + number * (float(times.max() - times.min()) + within + 1)  # one axis for all videos
    first = np.searchsorted(clock, clock - within, side="left")
    behind = np.searchsorted(clock, clock, side="left")  # a frame at the same time is not before
    value = logarithms[0]
    came_from: list[NDArray[np.intp]] = []
    for step in range(1, steps):
        before = _first_maxima(value, first, behind)
        came_from.append(before)
        value = logarithms[step] + np.where(before < 0, -np.inf, value[before])
    return _best_of_each(value, number, came_from, strengths)


def _best_of_each(
    value: NDArray[np.float64],
    number: NDArray[np.intp],
    came_from: list[NDArray[np.intp]],
    strengths: NDArray[np.float64],
) -> list[Chain]:
    starts = np.flatnonzero(np.diff(number, prepend=-1))
    best = np.maximum.reduceat(value, starts)
    chains: list[Chain] = []
    ends = np.append(starts[1:], len(value))
    for video in np.lexsort((starts, -best)).tolist():
        if not np.isfinite(best[video]):
            break
        place = int(starts[video] + np.argmax(value[starts[video] : ends[video]]))
        places = [place]
        for before in reversed(came_from):
            places.append(int(before[places[-1]]))
        places.reverse()
        each = tuple(float(strengths[step, frame]) for step, frame in enumerate(places))
        chains.append(Chain(tuple(places), each, float(best[video]) / len(places)))
    return chains


def _first_maxima(
    values: NDArray[np.float64], first: NDArray[np.intp], behind: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Where the first highest value of each window `first <= place < behind` is; -1 for an empty one."""
    count = len(values)
    table = [np.arange(count)]
    while 2 ** len(table) <= count:
        half = 2 ** (len(table) - 1)
        left, right = table[-1][:-half], table[-1][half:]
        table.append(np.where(values[right] > values[left], right, left))
    lengths = behind - first
    power = np.frexp(np.maximum(lengths, 1))[1] - 1
    found = np.full(count, -1, np.intp)
    for level, places in enumerate(table):
        here = np.flatnonzero((power == level) & (lengths > 0))
        if len(here):
            left, right = places[first[here]], places[behind[here] - 2**level]
            found[here] = np.where(values[right] > values[left], right, left)
    return found
