"""What a picture, a moment or a whole video is as a vector, alone and together with words.

Pictures and texts lie in two cones of one space: picture vectors share a mean, text vectors another, and the
gap between them is wider than what sets pictures apart (Liang et al., NeurIPS 2022). To mix the two, both
means are taken out first:

    v = (1 - w) · (p - m_p) / ‖p - m_p‖ + w · (t - m_t) / ‖t - m_t‖

with `m_p` the mean of the library's frames and `m_t` that of typical queries (the query bank). Then `v · f`
ranks as before: the library needs no further vectors. `w` is measured (docs/decisions/0025-likeness.md).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.bundle.score_calibration import ScoreCalibration
from app.query.parsed_query import Likeness
from app.search.evidence.self_calibration import evenly
from app.search.scorers.cosine import EncodedText
from app.vectors.vector_index import Gallery

WORDS = 0.65
"""The words' share `w`, where nothing else is typed."""

_SAMPLE = 4096
"""Frames that stand for the library."""

LIKENESS = ScoreCalibration(unmatched_mean=0.15, unmatched_std=0.85, slope=11.3, offset=-4.08)
"""What a cosine of two pictures means: z is their likeness, 0 for what the library gives on average and 1 for
the picture itself. Measured (decision 25)."""

_USUAL_FRAMES = 64
"""The measured mean counts as much as so many frames of the library."""

_MOST_USUAL = 0.9
"""Of a library that shows one thing only: there some likeness is left to be seen."""


@dataclass(frozen=True, slots=True)
class EncodedLikeness:
    """What something is to be like."""

    frames: NDArray[np.float32]
    """(n, D) L2-normalised, in order of time: one of a picture or a moment, all there are of a video."""
    video_id: int | None = None
    """Of a whole video: its content in the library."""
    row: int | None = None
    """Of a moment: its gallery row."""

    @property
    def unit(self) -> NDArray[np.float32]:
        """(D,) their mean, L2-normalised."""
        return EncodedText.of(self.frames.mean(axis=0)).unit


Likenesses = Callable[[Likeness, Gallery], EncodedLikeness]
"""Gives the vectors of what is named; raises QueryError where there is none, or it cannot be read."""


class Middles:
    """The means of pictures and of texts, found out when they are needed.

    Args:
        gallery: the library.
        bank: gives the query bank's vectors (B, D) float32, L2-normalised; None while they are made.
    """

    def __init__(self, gallery: Gallery, bank: Callable[[], NDArray[np.float32] | None]) -> None:
        self._gallery = gallery
        self._bank = bank

    @cached_property
    def pictures(self) -> NDArray[np.float32]:
        """(D,) of the library's frames, evenly sampled."""
        frames = self._gallery.vectors[evenly(len(self._gallery), _SAMPLE)]
        return np.asarray(frames.mean(axis=0), dtype=np.float32)

    @cached_property
    def texts(self) -> NDArray[np.float32]:
        """(D,) of typical queries; zero while they are made."""
        bank = self._bank()
        return np.zeros_like(self.pictures) if bank is None else bank.mean(axis=0).astype(np.float32)


@dataclass(frozen=True, slots=True)
class Words:
    """What is said beside pictures."""

    unit: NDArray[np.float32]
    """(D,) L2-normalised."""
    weight: float
    """As typed, 1 where nothing was."""


def mixed(
    words: Words | None,
    pictures: Sequence[EncodedLikeness],
    weights: Sequence[float],
    middles: Middles | None,
) -> NDArray[np.float32]:
    """Mix pictures, and words where there are some, into one vector (D,), L2-normalised: see the module.

    Args:
        words: what is said besides.
        pictures: at least one.
        weights: the typed weight of each.
        middles: of the library and its model; needed beside words only.
    """
    typed = np.asarray(weights, np.float32)
    shares = typed / typed.sum()
    if words is None:
        return EncodedText.of(_mean(shares, [picture.unit for picture in pictures])).unit
    if middles is None:
        raise ValueError("words and pictures are mixed by their means")
    seen = _mean(shares, [EncodedText.of(picture.unit - middles.pictures).unit for picture in pictures])
    said = EncodedText.of(words.unit - middles.texts).unit
    share = WORDS * words.weight / (WORDS * words.weight + (1 - WORDS) * float(typed.mean()))
    return EncodedText.of(np.asarray((1 - share) * seen + share * said, np.float32)).unit


def _mean(shares: NDArray[np.float32], vectors: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    return np.asarray(shares @ np.stack(vectors), dtype=np.float32)


def usual_likeness(picture: NDArray[np.float32], gallery: Gallery) -> float:
    """Mean cosine of a picture (D,), unit length, to a gallery (not empty), steadied where that is small."""
    rows = evenly(len(gallery), _SAMPLE)
    total = float((gallery.vectors[rows] @ picture).sum()) + _USUAL_FRAMES * LIKENESS.unmatched_mean
    return min(_MOST_USUAL, total / (len(rows) + _USUAL_FRAMES))
