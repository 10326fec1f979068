"""How well one video's frames, in their order, are found in another: for searches by a whole video.

Local alignment in the manner of Smith and Waterman (1981), on likenesses. Frames are sampled about once a
second, but not where nothing changes, so a frame may be passed over in either video; each frame of the query
goes with at most one, and never with an earlier one than the frame before it:

    H[i, j] = g[i, j] + max(0, H[i-1, j], max over k < j of (H[i-1, k] - skip · (j - 1 - k)))
    g = likeness - 0.5

A pair that is less than half alike costs as much as one that is more gains. The score of a video is the best
H, over the number of frames that could have been aligned.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

HALF = 0.5
"""Likeness from which on a pair of frames speaks for an alignment."""

SKIP = 0.02
"""What passing over one frame costs: a video of long shots has few frames, another of the same has more."""

MOST_FRAMES = 200
"""Of the query, evenly spaced: three minutes of it at one frame a second."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """The best run of frames of a video that follow each other as the query's do."""

    score: float
    """0..1 - `HALF`: what the aligned frames gain, over as many as there could be."""
    first: int
    last: int
    """Places among the video's frames, both included."""
    best: int
    """Place of the frame that is most alike."""
    likeness: float
    """Mean over the aligned frames, 0..1."""
    coverage: float
    """Share of the frames that could be aligned which are."""


def align(likeness: NDArray[np.float32]) -> Alignment | None:
    """Align a query's n frames with a video's m.

    Args:
        likeness: (n, m) of each pair; 1 is the same picture, 0 what any two have.

    Returns:
        None where no pair is half alike.
    """
    count, width = likeness.shape
    gains = likeness.astype(np.float64) - HALF
    numbers, cost = np.arange(width), SKIP * np.arange(width)
    before = np.zeros(width)
    back = np.full((count, width), -1, np.int64)
    scores = np.empty((count, width))
    for row in range(count):
        reachable = before + cost
        best = np.maximum.accumulate(reachable)
        furthest = np.maximum.accumulate(np.where(reachable >= best, numbers, -1))
        # The frame before, with all that were passed over; or once more the same.
        carried, places = before.copy(), numbers.copy()
        moved = best[:-1] - cost[:-1]
        moves = moved >= carried[1:]
        carried[1:], places[1:] = (
            np.where(moves, moved, carried[1:]),
            np.where(moves, furthest[:-1], numbers[1:]),
        )
        joined = carried > 0
        scores[row] = np.maximum(gains[row] + np.where(joined, carried, 0.0), 0.0)
        back[row] = np.where(joined, places, -1)
        # A frame of the query may be passed over too.
        passed = before - SKIP
        kept = passed > scores[row]
        back[row] = np.where(kept, -2, back[row])
        scores[row] = np.where(kept, passed, scores[row])
        before = scores[row]
    end_row, end = np.unravel_index(int(np.argmax(scores)), scores.shape)
    if scores[end_row, end] <= 0:
        return None
    return _traced(likeness, scores, back, int(end_row), int(end))


def _traced(
    likeness: NDArray[np.float32], scores: NDArray[np.float64], back: NDArray[np.int64], row: int, place: int
) -> Alignment:
    """Follow the best alignment back from where it ends."""
    total = float(scores[row, place])
    pairs: list[tuple[int, int]] = []
    while row >= 0 and scores[row, place] > 0:
        step = int(back[row, place])
        if step != -2:
            pairs.append((row, place))
            if step < 0:
                break
            place = step
        row -= 1
    values = [float(likeness[pair]) for pair in pairs]
    most = min(likeness.shape)
    return Alignment(
        score=total / most,
        first=pairs[-1][1],
        last=pairs[0][1],
        best=pairs[int(np.argmax(values))][1],
        likeness=float(np.mean(values)),
        coverage=min(1.0, len(pairs) / most),
    )
