"""Where a moment begins and ends: the run of frames around its best one that belong to it.

A frame belongs to a moment in two ways: it fits the description, and it looks like the moment's best frame.
With m the library's mean vector, and all similarities measured from it,

    fit_i = (s_i - t·m) / (s_best - t·m)      alike_i = (f_i·f_best - f_best·m) / (1 - f_best·m)
    x_i = w · fit_i + (1 - w) · alike_i - τ

so that x is 1 - τ at the best frame and about -τ in the rest of the library. x is smoothed over about a
second, never across a cut. The moment is the run with the largest sum of x among those that hold the best
frame: a short gap is bridged where what lies behind it outweighs it, and a run ends for good where the sum
fell `_DROP` below its highest. (Maximal-sum segments: Bentley, CACM 1984; the drop: Altschul et al., 1990.)

An edge at a cut is the first frame behind it. Elsewhere it lies half-way between two frames.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.bundle.score_calibration import Calibration
from app.media.frames import Sampling
from app.search.evidence.self_calibration import evenly
from app.vectors.vector_index import Gallery

_FIT, _LEAST = 0.5, 0.55
"""w and τ (decision 23)."""

_DROP = 2.0

_SMOOTH, _NEIGHBOURS = 1.0, 2
"""σ, seconds; frames further away than the second neighbour count for nothing."""

_REACHES = (6, 20, 60, 128)
"""Frames to either side of the best one that are looked at, more of them where a run goes on."""

_SAMPLE = 512
"""Frames of the library, evenly spaced, that give its mean vector."""
_PRIOR = 100
"""An empty library's mean counts as much as so many frames."""

_FAINT = 0.5
"""A best frame's lead over the average counts as at least so many standard deviations."""

_NOTHING = 1e3

_FULL = Sampling().clip_frames
"""Frames of a clip that may have ended for no other reason than its length."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The frames of a moment: rows of the gallery, both included."""

    first_row: int
    last_row: int

    def __len__(self) -> int:
        return self.last_row - self.first_row + 1

    def shared(self, other: "Extent") -> int:
        """How many frames are of both."""
        return max(0, min(self.last_row, other.last_row) - max(self.first_row, other.first_row) + 1)


@dataclass(frozen=True, slots=True)
class Level:
    """What the library gives on average."""

    mean: NDArray[np.float32]
    """(D,) of its vectors, drawn to zero where it is small."""
    share: float
    """How far the library is trusted, 0..1."""
    calibration: Calibration

    @classmethod
    def of(cls, gallery: Gallery, calibration: Calibration) -> "Level":
        """Of a gallery that is not empty."""
        share = len(gallery) / (len(gallery) + _PRIOR)
        mean = gallery.vectors[evenly(len(gallery), _SAMPLE)].mean(axis=0)
        return cls((share * mean).astype(np.float32), share, calibration)

    def of_text(self, text: NDArray[np.float32]) -> float:
        """Mean similarity of a description (D,) to the library's frames."""
        return float(text @ self.mean) + (1 - self.share) * self.calibration.unmatched_mean


def extents(
    best_rows: Sequence[int],
    text: NDArray[np.float32] | None,
    gallery: Gallery,
    level: Level,
) -> list[Extent]:
    """Where moments begin and end.

    Args:
        best_rows: M gallery rows, each moment's best frame.
        text: (D,) float32, L2-normalised: what they were found for; None where by what they do not show.
        gallery: where they are.
        level: of the same gallery.
    """
    best = np.array(best_rows, dtype=np.intp)
    arms = _Arms.of(np.concatenate([best, best]), np.repeat([-1, 1], len(best)))
    for near, far in pairwise((-1, *_REACHES)):
        going = np.flatnonzero(arms.going)
        if len(going) == 0:
            break
        frames = _Frames.along(arms, going, near + 1 - _NEIGHBOURS, far, gallery)
        x = frames.smoothed(_belonging(frames, text, gallery, level), gallery)
        arms.go_on(going, near + 1, x[:, _NEIGHBOURS:])
    first, last = np.split(arms.best + arms.step * arms.length, 2)
    return [Extent(*rows) for rows in zip(first.tolist(), last.tolist(), strict=True)]


def times(extent: Extent, gallery: Gallery, duration: float) -> tuple[float, float]:
    """From the extent's beginning to its end, in seconds of the video that lasts `duration`."""
    first, last = extent.first_row, extent.last_row
    opens = first == 0 or gallery.video_of_row[first - 1] != gallery.video_of_row[first]
    closes = last + 1 == len(gallery) or gallery.video_of_row[last + 1] != gallery.video_of_row[last]
    start = 0.0 if opens else _edge(first, gallery)
    end = duration if closes else _edge(last + 1, gallery)
    return start, max(end, float(gallery.times[last]))


def _edge(row: int, gallery: Gallery) -> float:
    """Seconds at which what `row` shows begins."""
    clip = int(gallery.clip_of_row[row])
    if gallery.clip_starts[clip] == row and row - int(gallery.clip_starts[max(clip - 1, 0)]) < _FULL:
        return float(gallery.times[row])
    return float(gallery.times[row - 1] + gallery.times[row]) / 2


def _is_cut(rows: NDArray[np.intp], gallery: Gallery) -> NDArray[np.bool_]:
    """Whether there is a cut before each of some rows: a clip of the same video ended before its time."""
    clips = gallery.clip_of_row[rows]
    starts = gallery.clip_starts[clips]
    before = gallery.clip_starts[np.maximum(clips - 1, 0)]
    return np.asarray((starts == rows) & (rows - before < _FULL))


@dataclass(slots=True)
class _Arms:
    """What goes from best frames backwards or forwards, two of each moment: A arms, as far as seen."""

    best: NDArray[np.intp]
    """(A,) gallery rows."""
    step: NDArray[np.intp]
    """(A,) -1 backwards, 1 forwards."""
    length: NDArray[np.intp]
    """(A,) how many frames behind the best one the best run goes."""
    total: NDArray[np.float64]
    """(A,) sum of x so far."""
    highest: NDArray[np.float64]
    """(A,) the highest it was."""
    going: NDArray[np.bool_]
    """(A,) whether the run may go on."""

    @classmethod
    def of(cls, best: NDArray[np.intp], step: NDArray[np.intp]) -> "_Arms":
        """Nothing seen yet."""
        count = len(best)
        nothing = np.zeros(count, np.intp)
        return cls(best, step, nothing, np.zeros(count), np.full(count, -np.inf), np.ones(count, np.bool_))

    def go_on(self, which: NDArray[np.intp], first: int, x: NDArray[np.float64]) -> None:
        """See what x (n, m) the next frames of some arms (n,) have, from the frame `first` on."""
        sums = self.total[which, None] + np.cumsum(x, axis=1)
        highest = np.maximum(np.maximum.accumulate(sums, axis=1), self.highest[which, None])
        alive = ~np.logical_or.accumulate(highest - sums > _DROP, axis=1)
        best = np.argmax(np.where(alive, sums, -np.inf), axis=1)
        reached = np.where(alive, sums, -np.inf)[np.arange(len(which)), best]
        longer = reached > self.highest[which]
        self.length[which] = np.where(longer, first + best, self.length[which])
        self.highest[which] = np.maximum(reached, self.highest[which])
        self.total[which], self.going[which] = sums[:, -1], alive[:, -1]


@dataclass(frozen=True, slots=True)
class _Frames:
    """Frames along arms: n arms, W frames of each."""

    own: NDArray[np.intp]
    """(n,) gallery rows of the arms' best frames."""
    rows: NDArray[np.intp]
    """(n, W) gallery rows, in the order of the arm."""
    inside: NDArray[np.bool_]
    """(n, W) whether there is such a row, of the same video."""

    @classmethod
    def along(
        cls, arms: _Arms, which: NDArray[np.intp], first: int, last: int, gallery: Gallery
    ) -> "_Frames":
        """From the frame `first` to the frame `last` (both included) behind the best frames of some arms."""
        own = arms.best[which]
        rows = own[:, None] + arms.step[which, None] * np.arange(first, last + 1)
        inside = (rows >= 0) & (rows < len(gallery))
        rows = np.clip(rows, 0, len(gallery) - 1)
        inside &= gallery.video_of_row[rows] == gallery.video_of_row[own][:, None]
        return cls(own, rows, inside)

    def smoothed(self, x: NDArray[np.float32], gallery: Gallery) -> NDArray[np.float64]:
        """x (n, W) smoothed in time, shot by shot; far below zero where there is nothing."""
        later = np.maximum(self.rows[:, 1:], self.rows[:, :-1])  # whichever way the arm goes
        shot = np.zeros(x.shape, np.intp)
        np.cumsum(_is_cut(later, gallery), axis=1, out=shot[:, 1:])
        shot[~self.inside] = -1
        seconds = gallery.times[self.rows]
        total, weights = x.astype(np.float64), np.ones(x.shape)
        for step in range(1, _NEIGHBOURS + 1):
            apart = seconds[:, step:] - seconds[:, :-step]
            weight = np.exp(-0.5 * (apart / _SMOOTH) ** 2) * (shot[:, step:] == shot[:, :-step])
            total[:, step:] += weight * x[:, :-step]
            total[:, :-step] += weight * x[:, step:]
            weights[:, step:] += weight
            weights[:, :-step] += weight
        return np.where(self.inside, total / weights, -_NOTHING)


def _belonging(
    frames: _Frames, text: NDArray[np.float32] | None, gallery: Gallery, level: Level
) -> NDArray[np.float32]:
    """x (n, W) of frames along arms."""
    vectors, own = gallery.vectors[frames.rows], gallery.vectors[frames.own]
    usual = (own @ level.mean)[:, None]
    alike = np.matmul(vectors, own[:, :, None])[:, :, 0]
    x = (alike - usual) / np.maximum(1 - usual, 1e-6)
    if text is not None:
        average = level.of_text(text)
        lead = np.maximum(own @ text - average, _FAINT * level.calibration.unmatched_std)
        x = _FIT * (vectors @ text - average) / lead[:, None] + (1 - _FIT) * x
    return np.asarray(x - _LEAST, dtype=np.float32)
