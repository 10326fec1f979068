"""What a score means: the verdict on a query and the strength of a moment.

A cosine alone says little: every description has its own level, and every library too. A score is therefore
measured against the query's own similarities to the whole library, z = (score - mean) / std, steadied by the
bundle's held-out figures where the library is small. The bundle's `calibration.json` turns z into evidence
(log-likelihood ratio of match to no match). The larger the library, the higher its best score by chance
alone, so the evidence is weighed against the odds that a clip picked at random matches.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.encoders.bundle import Calibration
from app.library.vectors import Gallery
from app.search.outcome import Verdict

GOOD = 0.4
WEAK = 0.2
"""Verdict thresholds on the best moment's probability of being a match."""

_MATCHES, _MATCHES_PER_CLIP = 2.0, 0.01
"""Clips that fit an ordinary description: the moment in mind and its like, and some share of any library."""

_CERTAIN = 500.0
"""Evidence against, beyond which `exp` would overflow; the probability is 0 long before."""

_SAMPLE = 4096
_PRIOR_FRAMES = 256
"""The bundle's held-out distribution counts as much as this many frames of the library."""


@dataclass(frozen=True, slots=True)
class Background:
    """How similar the library as a whole is to one query."""

    mean: float
    std: float
    clips: int
    calibration: Calibration

    def strength(self, score: float) -> float:
        """Calibrated probability, 0..1, that a clip with this score shows what was described.

        Bayes' rule: prior odds `(2 + clips / 100) / clips` times the evidence of the score.
        """
        z = (score - self.mean) / self.std
        evidence = max(-_CERTAIN, self.calibration.slope * z + self.calibration.offset)
        prior = (_MATCHES + _MATCHES_PER_CLIP * self.clips) / self.clips
        return 1.0 / (1.0 + math.exp(-evidence) / prior)

    def verdict(self, best: float) -> Verdict:
        """What to say of a query whose best score is `best`."""
        probability = self.strength(best)
        if probability >= GOOD:
            return Verdict.GOOD
        return Verdict.WEAK if probability >= WEAK else Verdict.NONE


def background(text: NDArray[np.float32], gallery: Gallery, calibration: Calibration) -> Background:
    """Measure the query's similarities to an evenly spaced sample of the library.

    Args:
        text: (D,) float32, L2-normalised.
        gallery: the frames to compare with.
        calibration: the bundle's held-out figures, used as a prior.
    """
    count = len(gallery.times)
    rows = np.unique(np.linspace(0, count - 1, min(count, _SAMPLE)).astype(np.intp))
    similarities = gallery.vectors[rows] @ text
    prior = _PRIOR_FRAMES / (_PRIOR_FRAMES + count)
    mean = prior * calibration.unmatched_mean + (1 - prior) * float(similarities.mean())
    variance = prior * calibration.unmatched_std**2 + (1 - prior) * float(similarities.var())
    return Background(mean, math.sqrt(max(variance, 1e-12)), len(gallery.clip_starts), calibration)
