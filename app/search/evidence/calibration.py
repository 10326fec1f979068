"""What a score means: the verdict on a query and the strength of a moment.

A score alone says little: every description has its own level, and every library too. A score is therefore
measured against what the query gives for the whole library, z = (score - mean) / std, steadied by the
bundle's held-out figures where the library is small. The bundle's `calibration.json` turns z into evidence
(log-likelihood ratio of match to no match). The larger the library, the higher its best score by chance
alone, so the evidence is weighed against the odds that a clip picked at random matches.

Each scorer has a scale of its own. Where the bundle was calibrated for a scorer, mean and std are those of
the same scorer's scores of a sample of the library's clips. Where it was not, a clip is judged by its plain
pooled score, whatever ranked it: a verdict means the same with every scorer. A bundle that was not calibrated
at all gets its calibration from the library itself (`app.search.evidence.self_calibration`).
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.bundle.score_calibration import Calibration, ScoreCalibration
from app.search.alike.likeness import LIKENESS, usual_likeness
from app.search.candidates import Candidates, compared
from app.search.evidence.self_calibration import calibration_for, evenly
from app.search.outcome import Verdict, verdict_of
from app.search.scorers.cosine import (
    EncodedText,
    Medium,
    PlainScorer,
    PooledScorer,
    Scorer,
    SoftMaximumScorer,
)
from app.search.scorers.hubness import Hubs
from app.vectors.vector_index import Gallery

__all__ = [
    "Background",
    "Judgement",
    "LibraryScores",
    "Spread",
    "background",
    "calibration_for",
    "judge",
    "pooled_level",
    "sample_clips",
    "score_background",
]

_MATCHES, _MATCHES_PER_CLIP = 2.0, 0.01
"""Clips that fit an ordinary description: the moment in mind and its like, and some share of any library."""

_CERTAIN = 500.0
"""Evidence against, beyond which `exp` would overflow; the probability is 0 long before."""

_TINY = 1e-12
_SAMPLE = 4096
_PRIOR_FRAMES = 1000
"""The bundle's held-out distribution counts as much as this many frames of the library."""

SAMPLE_CLIPS = 256
"""Clips of the library, evenly spaced, that a query is compared with beside its candidates."""

_RESCORED = 2
"""Of so many, a trained head looks at every second; what it gives for the rest follows from plain scores."""

PRIOR_CLIPS = 1000
"""The bundle's held-out distribution of a scorer counts as much as this many clips of the library."""


@dataclass(frozen=True, slots=True)
class Background:
    """What one query gives for the library as a whole."""

    mean: float
    std: float
    clips: int
    """In the library."""
    calibration: ScoreCalibration
    lift: float = 0.0
    """Evidence that is added whatever the score, as the query's reach asks for."""

    def strength(self, score: float) -> float:
        """Calibrated probability, 0..1, that a clip with this score shows what was described.

        Bayes' rule: prior odds `(2 + clips / 100) / clips` times the evidence of the score.
        """
        return float(self.strengths(np.float64(score)))

    def strengths(self, scores: NDArray[np.float32] | np.float64) -> NDArray[np.float64]:
        """`strength` of scores of any shape."""
        prior = (_MATCHES + _MATCHES_PER_CLIP * self.clips) / self.clips
        return 1.0 / (1.0 + np.exp(-self._evidence(scores)) / prior)

    def presence(self, scores: NDArray[np.float32]) -> NDArray[np.float64]:
        """As `strengths`, of something as likely to be seen as not: the evidence by itself."""
        return 1.0 / (1.0 + np.exp(-self._evidence(scores)))

    def _evidence(self, scores: NDArray[np.float32] | np.float64) -> NDArray[np.float64]:
        z = (scores.astype(np.float64) - self.mean) / self.std
        evidence = self.calibration.slope * z + self.calibration.offset + self.lift
        return np.clip(evidence, -_CERTAIN, _CERTAIN)

    def verdict(self, best: float) -> Verdict:
        """What to say of a query whose best score is `best`."""
        return verdict_of(self.strength(best))


def background(text: EncodedText, gallery: Gallery, calibration: Calibration) -> Background:
    """Measure the query's similarities to an evenly spaced sample of the library.

    Args:
        text: the query.
        gallery: the frames to compare with.
        calibration: the bundle's held-out figures, used as a prior.
    """
    count = len(gallery.times)
    similarities = gallery.vectors[evenly(count, _SAMPLE)] @ text.unit
    prior = _PRIOR_FRAMES / (_PRIOR_FRAMES + count)
    mean = prior * calibration.unmatched_mean + (1 - prior) * float(similarities.mean())
    variance = prior * calibration.unmatched_std**2 + (1 - prior) * float(similarities.var())
    lift = calibration.reach_slope * _above_usual(text, calibration)
    return Background(mean, math.sqrt(max(variance, _TINY)), len(gallery.clip_starts), calibration, lift)


@dataclass(frozen=True, slots=True)
class Spread:
    """What a scorer gives for a library's clips."""

    mean: float
    variance: float

    @classmethod
    def of(cls, scores: NDArray[np.float32]) -> "Spread":
        """Of the scores (n,) of a sample."""
        return cls(float(scores.mean(dtype=np.float64)), float(scores.var(dtype=np.float64)))

    @classmethod
    def controlled(
        cls, scores: NDArray[np.float32], plain: NDArray[np.float32], more: NDArray[np.float32]
    ) -> "Spread":
        """Of few scores (n,) and of plain ones of the same clips (n,) and of more clips (m,).

        Regression on a control variate (Cochran, Sampling Techniques, 1977, ch. 7): with β the slope of the
        scores on the plain ones, mean = m(scores) + β · (m(more) - m(plain)) and the variance is that of the
        residuals and β² · that of `more`.
        """
        few, control = cls.of(scores), cls.of(plain)
        apart = plain.astype(np.float64) - control.mean
        shared = float(apart @ (scores.astype(np.float64) - few.mean)) / len(scores)
        beta = shared / control.variance if control.variance > _TINY else 0.0
        wide = cls.of(more)
        residual = max(few.variance - beta * shared, 0.0)
        return cls(few.mean + beta * (wide.mean - control.mean), residual + beta**2 * wide.variance)


def score_background(
    spread: Spread, clips: int, calibration: ScoreCalibration, above_usual: float = 0.0
) -> Background:
    """The level of a calibrated scorer. With p = 1000 / (1000 + clips) and m, s² of its scores here,
    mean = p · unmatched mean + (1 - p) · m, std² = p · unmatched std² + (1 - p) · s²; reach slope ·
    `above_usual` is added to the evidence.

    Args:
        spread: m and s², by the scorer that the calibration is of.
        clips: how many the library has.
        calibration: the bundle's held-out figures for this scorer.
        above_usual: of the query, see `PictureBank.above_usual`.
    """
    prior = PRIOR_CLIPS / (PRIOR_CLIPS + clips)
    mean = prior * calibration.unmatched_mean + (1 - prior) * spread.mean
    variance = prior * calibration.unmatched_std**2 + (1 - prior) * spread.variance
    lift = calibration.reach_slope * above_usual
    return Background(mean, math.sqrt(max(variance, _TINY)), clips, calibration, lift)


def sample_clips(gallery: Gallery) -> NDArray[np.intp]:
    """The clips (n,) that stand for the library: `SAMPLE_CLIPS` of them at most, evenly spaced."""
    return evenly(len(gallery.clip_starts), SAMPLE_CLIPS)


@dataclass(frozen=True, slots=True)
class LibraryScores:
    """What a query gives for a sample of the library: all that a verdict needs beside the candidates."""

    ranking: Spread
    """By the scorer that ranks."""
    judging: Spread
    """By the scorer that the calibration is of: the same, or plain pooling."""

    @classmethod
    def of(
        cls, scorer: Scorer, text: EncodedText, gallery: Gallery, calibration: Calibration
    ) -> "LibraryScores":
        """Score the sample.

        Args:
            scorer: ranks.
            text: the description.
            gallery: the library; not empty.
            calibration: the bundle's.

        Raises:
            ModelError: the scorer's head gives numbers that are not finite.
        """
        sample = compared(sample_clips(gallery), gallery, text.unit)
        ranking = _spread(scorer, text, sample, gallery)
        judges = _judging(scorer, calibration)
        return cls(ranking, ranking if judges is scorer else _spread(judges, text, sample, gallery))


def pooled_level(text: EncodedText, gallery: Gallery, calibration: Calibration) -> Background:
    """What a description gives for a library (not empty) by plain pooling, whatever ranks."""
    if text.medium is Medium.PICTURE:
        return likeness_level(text, gallery)
    plain = PooledScorer()
    measured = calibration.scorers.get(plain.name)
    if measured is None:
        return background(text, gallery, calibration)
    library = LibraryScores.of(plain, text, gallery, calibration)
    above_usual = _above_usual(text, calibration)
    return score_background(library.judging, len(gallery.clip_starts), measured, above_usual)


def likeness_level(picture: EncodedText, gallery: Gallery) -> Background:
    """What a picture gives for a library (not empty), by cosines or plain pooling."""
    mean = usual_likeness(picture.unit, gallery)
    return Background(mean, 1 - mean, len(gallery.clip_starts), LIKENESS)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The scores of K candidates and what they mean."""

    scores: NDArray[np.float32]
    """(K,) by the scorer: the ranking."""
    average: float
    """What the scorer gives for the library on average."""
    judged: NDArray[np.float32]
    """(K,) on the scale of `level`."""
    level: Background


def judge(
    scorer: Scorer,
    text: EncodedText,
    candidates: Candidates,
    gallery: Gallery,
    calibration: Calibration,
    hubs: Hubs | None = None,
    *,
    library: LibraryScores | None = None,
) -> Judgement:
    """Score candidates and find out what the scores mean.

    Args:
        scorer: ranks.
        text: the description.
        candidates: K clips.
        gallery: where they are.
        calibration: the bundle's.
        hubs: corrects the ranking, not what is judged; not at all where None.
        library: what the same scorer gives for the library, found out here where None.

    Raises:
        ModelError: the scorer's head gives numbers that are not finite.
    """
    library = library or LibraryScores.of(scorer, text, gallery, calibration)
    judges = _judging(scorer, calibration)
    scores = scorer.score(text, candidates, gallery)
    judged = scores if judges is scorer else judges.score(text, candidates, gallery)
    measured = calibration.scorers.get(judges.name)
    if text.medium is Medium.PICTURE:
        level = likeness_level(text, gallery)
    elif measured is not None:
        above_usual = _above_usual(text, calibration)
        level = score_background(library.judging, len(gallery.clip_starts), measured, above_usual)
    else:
        level = background(text, gallery, calibration)
    average = level.mean if judged is scores else library.ranking.mean
    if hubs is not None:
        scores = hubs.corrected(scores, candidates.clips)
    return Judgement(scores, average, judged, level)


def _above_usual(text: EncodedText, calibration: Calibration) -> float:
    """How much further a query reaches than the usual one; 0 where nothing tells, and of what is no text."""
    bank = calibration.bank
    return 0.0 if bank is None or text.medium is not Medium.WORDS else bank.above_usual(text.unit)


def _judging(scorer: Scorer, calibration: Calibration) -> Scorer:
    """The scorer whose scores are judged: plain pooling where what others mean was not measured."""
    plain = PooledScorer()
    return scorer if scorer.name in calibration.scorers or scorer.name == plain.name else plain


def _spread(scorer: Scorer, text: EncodedText, sample: Candidates, gallery: Gallery) -> Spread:
    """What a scorer gives for the library, of which is a sample; a costly one looks at every second clip."""
    if isinstance(scorer, PlainScorer):
        return Spread.of(scorer.score(text, sample, gallery))
    step = _RESCORED if len(sample.clips) == SAMPLE_CLIPS else 1
    rescored = scorer.score(text, sample[::step], gallery)
    control = SoftMaximumScorer().score(text, sample, gallery)
    return Spread.controlled(rescored, control[::step], control)
