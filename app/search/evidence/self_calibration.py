"""What scores mean with a bundle that nobody measured, learned from the user's own clips and without labels.

The query bank, typical descriptions of everyday video, is compared with a sample of the library's clips.
Nearly every such pair does not match, so their scores give `unmatched_mean` and `unmatched_std`. How much
evidence a score is depends on how far the encoder lifts what matches: on μ, the usual z of a match. That
can be read off the scores too. Take z as ρ · signal + sqrt(1 - ρ²) · noise, with noise that favours neither
side and a signal that is rare and on one side: few frames show what a text says, and those stand out. Third
cumulants add and that of the noise is 0, so the skewness of z is γ = ρ³ · (the signal's), while μ = ρ · (the
signal's). Hence

    μ = 3.4 · γ^(1/3)    slope = μ / (1 + 0.55 γ)    offset = -slope · μ / 2

Two normal distributions a distance μ apart would give slope μ and offset -μ²/2; what does not match has a
long upper tail, which flattens the slope. The two numbers were fitted (docs/decisions/0010). A clip that is
near to every text, and a text that is near to every clip, are no signal: both means are taken out first.

Whatever is done to all cosines alike (times a, plus b) changes neither z nor γ: no verdict and no strength.
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle
from app.bundle.score_calibration import CALIBRATION_FILE, Calibration, ScoreCalibration
from app.search.candidates import frame_rows
from app.search.scorers.cosine import (
    MaximumScorer,
    MeanScorer,
    PlainScorer,
    PooledScorer,
    SoftMaximumScorer,
    TopKScorer,
)
from app.vectors.vector_index import Gallery

CLIPS, TEXTS = 256, 96
"""Clips of the library and queries of the bank that are compared, evenly spaced."""

_SCORERS: tuple[PlainScorer, ...] = (
    PooledScorer(),
    MeanScorer(),
    MaximumScorer(),
    TopKScorer(),
    SoftMaximumScorer(),
)
"""Not `gees`: its variance term is skewed by itself. Clips ranked by it are judged by plain pooling."""

_MATCH, _TAIL = 3.4, 0.55

_USUAL_SKEW, _USUAL_CLIPS = 0.36, 64
"""What is taken for γ before there are clips: Pocket's, which counts as much as so many clips."""

_GROWTH = 10
"""A library is looked at again when it grew by a tenth."""


def calibration_for(
    bundle: EncoderBundle, gallery: Gallery, bank_vectors: NDArray[np.float32]
) -> Calibration:
    """The bundle's measured calibration, else one learned from the library: see `self_calibration`."""
    if is_measured(bundle):
        return bundle.calibration
    return self_calibration(gallery, bank_vectors)


def is_measured(bundle: EncoderBundle) -> bool:
    """Whether the bundle brings its own calibration."""
    return CALIBRATION_FILE in bundle.hashes


def self_calibration(gallery: Gallery, bank_vectors: NDArray[np.float32]) -> Calibration:
    """Learn what the scores of cosines and of the plain scorers mean; the same input gives the same answer.

    Only the first `known_clips` clips count: the answer stays as it is until the library grew by a tenth.

    Args:
        gallery: the library.
        bank_vectors: (B, D) float32, L2-normalised: typical queries.

    Returns:
        A calibration of cosines and of the plain scorers but `gees`; the default one without clips or bank.
    """
    clips = evenly(known_clips(gallery), CLIPS)
    texts = bank_vectors[evenly(len(bank_vectors), TEXTS)]
    if len(clips) == 0 or len(texts) == 0:
        return Calibration()
    rows, starts = frame_rows(clips, gallery)
    similarities = np.asarray(texts @ gallery.vectors[rows].T, dtype=np.float32)
    learned = partial(_learned, clips=len(clips))
    frames = learned(similarities)
    return Calibration(
        frames.unmatched_mean,
        frames.unmatched_std,
        frames.slope,
        frames.offset,
        scorers={scorer.name: learned(scorer.pool(similarities, starts)) for scorer in _SCORERS},
    )


def evenly(count: int, most: int) -> NDArray[np.intp]:
    """Numbers below `count`, evenly spaced and ascending: all of them, or `most` where there are more."""
    return np.linspace(0, count - 1, min(count, most)).astype(np.intp)  # steps of 1 or more: no number twice


def known_clips(gallery: Gallery) -> int:
    """How many of the gallery's clips, the first ones, count: from ten on in steps of a tenth."""
    count, step = len(gallery.clip_starts), _GROWTH
    if count < step:
        return count
    while (after := step + step // _GROWTH) <= count:
        step = after
    return step


class CalibrationCache:
    """Answers for the snapshots of one library, learning anew only where it must. Thread-safe."""

    def __init__(self, bundle: EncoderBundle) -> None:
        self._bundle = bundle
        self._learned: tuple[NDArray[np.int64], NDArray[np.float32], Calibration] | None = None

    def calibration(self, gallery: Gallery, bank: Callable[[], NDArray[np.float32] | None]) -> Calibration:
        """As `calibration_for`; the default one where that takes the bank and it is not there yet.

        Args:
            gallery: a snapshot.
            bank: gives the bank's vectors (B, D) float32, L2-normalised; asked where they are needed. None
                while they are being made.
        """
        if is_measured(self._bundle):
            return self._bundle.calibration
        clips = known_clips(gallery)
        rows = gallery.clip_rows(clips - 1)[1] if clips else 0
        frames, means = gallery.frame_ids[:rows], gallery.means[:rows]
        known = self._learned
        # Row ids may come again when a video was removed, the means of its frames do not.
        if known is None or not (np.array_equal(known[0], frames) and np.array_equal(known[1], means)):
            vectors = bank()  # without a lock: it may take seconds, and learning twice gives the same
            if vectors is None:
                return Calibration()
            known = self._learned = (frames, means, self_calibration(gallery, vectors))
        return known[2]


def _learned(scores: NDArray[np.float32], clips: int) -> ScoreCalibration:
    """From scores (T, n) of texts and clips, or of texts and the frames of so many clips."""
    skew = (clips * _skewness(scores) + _USUAL_CLIPS * _USUAL_SKEW) / (clips + _USUAL_CLIPS)
    match = _MATCH * max(skew, 0.0) ** (1 / 3)
    slope = match / (1 + _TAIL * max(skew, 0.0))
    std = max(float(scores.std(dtype=np.float64)), 1e-6)
    return ScoreCalibration(float(scores.mean(dtype=np.float64)), std, slope, -slope * match / 2)


def _skewness(scores: NDArray[np.float32]) -> float:
    """Median over the texts of the skewness of their scores (T, n), column means taken out; 0 below three.

    With the small-sample factor of G₁ (Joanes & Gill, 1998), -1 to 1 per text.
    """
    count = scores.shape[1]
    if count < 3:
        return 0.0
    apart = scores - scores.mean(axis=0)
    apart -= apart.mean(axis=1, keepdims=True)
    squares = apart * apart
    spread = np.maximum(squares.mean(axis=1, dtype=np.float64), 1e-12) ** 1.5
    skews = (squares * apart).mean(axis=1, dtype=np.float64) / spread
    return float(np.median(np.clip(skews * np.sqrt(count * (count - 1)) / (count - 2), -1, 1)))
