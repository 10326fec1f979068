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

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import Calibration
from app.media.frames import Sampling
from app.search.evidence.self_calibration import evenly
from app.vectors.vector_index import Gallery

_FIT, _LEAST = 0.5, 0.55
"""w and τ (decision 23)."""

_DROP = 2.0

_SMOOTH = 1.0
"""σ, seconds; frames further away than the second neighbour count for nothing."""

_REACHES = (8, 32, 128)
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
    first, last = best.copy(), best.copy()
    left = np.arange(len(best))
    for reach in _REACHES:
        windows = _Windows.around(best[left], reach, gallery)
        x = windows.smoothed(_belonging(windows, text, gallery, level), gallery)
        before, open_before = _runs(x[:, reach::-1])
        after, open_after = _runs(x[:, reach:])
        first[left], last[left] = best[left] - before, best[left] + after
        left = left[open_before | open_after]
        if len(left) == 0:
            break
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
    if _is_cut(np.array([row]), gallery)[0]:
        return float(gallery.times[row])
    return float(gallery.times[row - 1] + gallery.times[row]) / 2


def _is_cut(rows: NDArray[np.intp], gallery: Gallery) -> NDArray[np.bool_]:
    """Whether there is a cut before each of some rows: a clip of the same video ended before its time."""
    clips = gallery.clip_of_row[rows]
    starts = gallery.clip_starts[clips]
    before = gallery.clip_starts[np.maximum(clips - 1, 0)]
    return np.asarray((starts == rows) & (rows - before < _FULL))


def _runs(x: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """How many frames behind the first of each x (M, n) its best run goes, and whether it may go on."""
    sums = np.cumsum(x, axis=1)
    fallen = np.maximum.accumulate(sums, axis=1) - sums > _DROP
    alive = ~np.logical_or.accumulate(fallen, axis=1)
    return np.argmax(np.where(alive, sums, -np.inf), axis=1), alive[:, -1]


@dataclass(frozen=True, slots=True)
class _Windows:
    """The frames around M best ones, as many (W = 2 · reach + 1) of each."""

    rows: NDArray[np.intp]
    """(M, W) gallery rows, the best one in the middle."""
    inside: NDArray[np.bool_]
    """(M, W) whether there is such a row, of the same video."""

    @classmethod
    def around(cls, best: NDArray[np.intp], reach: int, gallery: Gallery) -> "_Windows":
        """So many frames to either side of each best row (M,)."""
        rows = best[:, None] + np.arange(-reach, reach + 1)
        inside = (rows >= 0) & (rows < len(gallery))
        rows = np.clip(rows, 0, len(gallery) - 1)
        inside &= gallery.video_of_row[rows] == gallery.video_of_row[best][:, None]
        return cls(rows, inside)

    @property
    def best(self) -> NDArray[np.intp]:
        """(M,)"""
        return self.rows[:, self.rows.shape[1] // 2]

    def smoothed(self, x: NDArray[np.float32], gallery: Gallery) -> NDArray[np.float64]:
        """x (M, W) smoothed in time, shot by shot; far below zero where there is nothing."""
        shot = np.where(self.inside, np.cumsum(_is_cut(self.rows, gallery), axis=1), -1)
        seconds = gallery.times[self.rows]
        total, weights = x.astype(np.float64), np.ones(x.shape)
        for step in (1, 2):
            apart = seconds[:, step:] - seconds[:, :-step]
            weight = np.exp(-0.5 * (apart / _SMOOTH) ** 2) * (shot[:, step:] == shot[:, :-step])
            total[:, step:] += weight * x[:, :-step]
            total[:, :-step] += weight * x[:, step:]
            weights[:, step:] += weight
            weights[:, :-step] += weight
        return np.where(self.inside, total / weights, -_NOTHING)


def _belonging(
    windows: _Windows, text: NDArray[np.float32] | None, gallery: Gallery, level: Level
) -> NDArray[np.float32]:
    """x (M, W) of the frames of windows."""
    vectors, own = gallery.vectors[windows.rows], gallery.vectors[windows.best]
    usual = (own @ level.mean)[:, None]
    alike = np.matmul(vectors, own[:, :, None])[:, :, 0]
    x = (alike - usual) / np.maximum(1 - usual, 1e-6)
    if text is not None:
        average = level.of_text(text)
        lead = np.maximum(own @ text - average, _FAINT * level.calibration.unmatched_std)
        x = _FIT * (vectors @ text - average) / lead[:, None] + (1 - _FIT) * x
    return np.asarray(x - _LEAST, dtype=np.float32)
