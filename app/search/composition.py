"""A step of a query as numbers: its terms as one vector, and whether what it leaves out is seen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.bundle.score_calibration import Calibration
from app.query.like_values import written
from app.query.parsed_query import Step
from app.search.alike.likeness import EncodedLikeness, Middles, Words, mixed
from app.search.candidates import Candidates, compared
from app.search.evidence.calibration import Background, pooled_level
from app.search.scorers.cosine import EncodedText, Medium, PooledScorer
from app.vectors.vector_index import Gallery

if TYPE_CHECKING:
    from app.runtime.encoders import TextEncoder

_POOLED = PooledScorer()

_AWAY = 0.3
"""So much of what is left out is taken from the vector of what is looked for (decision 22)."""


@dataclass(frozen=True, slots=True)
class EncodedPart:
    """A term of a step, something that it is to be like, or something that it leaves out."""

    text: str
    """As typed; of a likeness as `like:` is written."""
    vector: EncodedText
    weight: float = 1.0
    """Among what is not left out."""
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class EncodedStep:
    """A step whose words are vectors."""

    shown: EncodedText | None
    """The weighted mean of its terms, each of length one, turned away from what it leaves out; None where it
    only leaves out."""
    without: tuple[EncodedText, ...]
    video: EncodedLikeness | None = None
    """A whole video, where a step says nothing but that it is like it."""
    known_rows: tuple[int, ...] = ()
    """Gallery rows of moments that it is to be like, but different: they are no answer."""
    parts: tuple[EncodedPart, ...] = ()
    """One by one: the terms, what it is to be like, what it leaves out."""

    @classmethod
    def of(
        cls,
        step: Step,
        encoder: "TextEncoder",
        like: Sequence[EncodedLikeness] = (),
        middles: Middles | None = None,
    ) -> "EncodedStep":
        """Encode a step.

        Args:
            step: of a query.
            encoder: of its words.
            like: what it is to be like, one for each of `step.like`.
            middles: needed where there are words beside them.

        Raises:
            ModelError: the encoder gives numbers that are not finite.
        """
        texts = [EncodedText.of(encoder.encode_query(term.text)) for term in step.terms]
        without = tuple(EncodedText.of(encoder.encode_query(phrase)) for phrase in step.without)
        parts = _parts(step, texts, like, without)
        if not texts and not like:  # it leaves out, or only asks for lines
            return cls(None, without, parts=parts)
        if len(texts) == 1 and not without and not like:
            return cls(texts[0], (), parts=parts)
        weights = [term.weight for term in step.terms]
        vector, length = _said(texts, weights) if texts else (np.zeros(0, np.float32), 1.0)
        medium = Medium.WORDS
        if like:
            medium = Medium.BOTH if texts else Medium.PICTURE
            words = Words(EncodedText.of(vector).unit, float(np.mean(weights))) if texts else None
            vector = mixed(words, like, [likeness.weight for likeness in step.like], middles)
        video = like[0] if len(like) == 1 and not texts and not without else None
        for text in without:
            vector = vector - np.float32(_AWAY) * text.unit
        unit = EncodedText.of(vector.astype(np.float32)).unit
        shown = EncodedText.of(unit * np.float32(length), medium)
        known = tuple(likeness.row for likeness in like if texts and likeness.row is not None)
        if video is not None and video.video_id is None:
            video = None
        return cls(shown, without, video, known, parts)

    @property
    def is_seen(self) -> bool:
        """Whether anything is asked of pictures."""
        return self.shown is not None or bool(self.without)

    @property
    def towards(self) -> NDArray[np.float32]:
        """(D,) where its nearest frames are: away from what it leaves out, where it says nothing else."""
        if self.shown is not None:
            return self.shown.unit
        return np.asarray(-np.sum([text.unit for text in self.without], axis=0), dtype=np.float32)


def _parts(
    step: Step,
    texts: Sequence[EncodedText],
    like: Sequence[EncodedLikeness],
    without: Sequence[EncodedText],
) -> tuple[EncodedPart, ...]:
    pictures = [EncodedText.of(each.unit, Medium.PICTURE) for each in like]
    return (
        *(EncodedPart(term.text, text, term.weight) for term, text in zip(step.terms, texts, strict=True)),
        *(
            EncodedPart(f"like:{written(likeness)}", picture, likeness.weight)
            for likeness, picture in zip(step.like, pictures, strict=True)
        ),
        *(
            EncodedPart(phrase, text, excluded=True)
            for phrase, text in zip(step.without, without, strict=True)
        ),
    )


def _said(texts: Sequence[EncodedText], weights: Sequence[float]) -> tuple[NDArray[np.float32], float]:
    """The weighted mean (D,) of texts, and their mean length: a head looks at that too."""
    shares = np.array(weights, np.float32)
    shares /= shares.sum()
    mean = np.sum([share * text.unit for share, text in zip(shares, texts, strict=True)], axis=0)
    return mean, float(shares @ [float(np.linalg.norm(text.raw)) for text in texts])


def absent(
    without: Sequence[EncodedText], candidates: Candidates, gallery: Gallery, calibration: Calibration
) -> NDArray[np.float64]:
    """Calibrated probability, 0..1, that clips show nothing of what is left out.

    Whether a clip shows it is judged by the evidence alone: of a library's streets, cars are no rare find.

    Args:
        without: descriptions of it.
        candidates: K clips.
        gallery: where they are.
        calibration: the bundle's.

    Returns:
        (K,)
    """
    left = np.ones(len(candidates.clips))
    for text in without:
        level = pooled_level(text, gallery, calibration)
        near = compared(candidates.clips, gallery, text.unit)
        left *= 1 - level.presence(_POOLED.score(text, near, gallery))
    return left


@dataclass(frozen=True, slots=True)
class FrameLevel:
    """How well single frames match a description, on the scale of plain pooling.

    A frame's score is `w · s + (1 - w) · mean of its clip's s`: of a clip's best frame just the clip's pooled
    score (`PooledScorer`), so that the bundle's calibration of it holds.
    """

    scores: NDArray[np.float32]
    """(n,) of the candidates' frames."""
    level: Background

    @classmethod
    def of(
        cls, text: EncodedText, candidates: Candidates, gallery: Gallery, calibration: Calibration
    ) -> "FrameLevel":
        """Of the frames (n,) of candidates, whatever they were found for."""
        near = compared(candidates.clips, gallery, text.unit)
        means = np.repeat(np.add.reduceat(near.similarities, near.starts) / near.lengths, near.lengths)
        weight = np.float32(_POOLED.best_weight)
        scores = weight * near.similarities + (1 - weight) * means
        if len(near.rows) != len(candidates.rows):  # a part of the clips
            scores = scores[np.isin(near.rows, candidates.rows)]
        return cls(scores.astype(np.float32), pooled_level(text, gallery, calibration))


def frame_strengths(
    step: EncodedStep, candidates: Candidates, gallery: Gallery, calibration: Calibration
) -> NDArray[np.float64]:
    """Calibrated probability (n,) that frames show what a step asks for, and nothing that it leaves out."""
    strengths = np.ones(len(candidates.rows))
    if step.shown is not None:
        frames = FrameLevel.of(step.shown, candidates, gallery, calibration)
        strengths *= frames.level.strengths(frames.scores)
    for text in step.without:
        frames = FrameLevel.of(text, candidates, gallery, calibration)
        strengths *= 1 - frames.level.presence(frames.scores)
    return strengths
