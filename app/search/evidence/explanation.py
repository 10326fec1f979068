"""Why a moment was found: what each part of the query has to do with it, and where in the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.bundle.score_calibration import Calibration
from app.media.area import Area
from app.search.candidates import compared
from app.search.composition import EncodedPart, EncodedStep, FrameLevel
from app.search.edges import Level
from app.search.evidence.occlusion import costs
from app.search.outcome import Reason, ReasonKind
from app.search.scorers.cosine import EncodedText
from app.vectors.vector_index import Gallery

FAINT = 0.5
"""A picture's lead over the average counts as at least so many standard deviations."""

Map = NDArray[np.float32]
"""(CELLS, CELLS), 0..1, rows from the top: see `occlusion.costs`."""


@dataclass(frozen=True, slots=True)
class PartReason:
    """What one part of a step has to do with a frame."""

    text: str
    excluded: bool
    strength: float
    """0..1: calibrated probability that the frame shows it; of what is left out by the evidence alone."""
    share: float
    """0..1: of a term its share of what the terms give together; of what is left out the share of the
    moment's lead that it takes."""
    map: Map | None
    """Where it is seen; None where the picture cannot be looked at."""


@dataclass(frozen=True, slots=True)
class StepReason:
    """Why a frame was found for a step."""

    time: float
    """Seconds on the container's clock."""
    area: Area
    """The part of the video's frame that the maps lie on."""
    map: Map | None
    """Of all terms together, less what is left out; None where the picture cannot be looked at, or the step
    only leaves out."""
    parts: tuple[PartReason, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a moment was found."""

    rank: int
    path: Path
    steps: tuple[StepReason, ...]
    """One for each step of the query, in order of time."""
    problem: str
    """Why there are no maps, one sentence; empty where there are."""


def reason(
    row: int,
    shown: EncodedText | None,
    parts: Sequence[EncodedPart],
    gallery: Gallery,
    calibration: Calibration,
    *,
    area: Area,
    vectors: NDArray[np.float32] | None,
) -> StepReason:
    """Say why a frame was found for a step.

    Args:
        row: of the frame in the gallery.
        shown: what was looked for; None where the step only leaves out.
        parts: of the step.
        gallery: where the frame is.
        calibration: the model's.
        area: see `StepReason.area`.
        vectors: (1 + (CELLS - 1)², D) L2-normalised, of its picture as `covered` gives it; None without it.
    """
    level, least = Level.of(gallery, calibration), FAINT * calibration.unmatched_std
    frame = gallery.vectors[row]
    leads = [
        0.0 if part.excluded else part.weight * max(_lead(frame, part.vector, level), 0.0) for part in parts
    ]
    total = sum(leads) or 1.0

    def where(text: EncodedText) -> Map | None:
        return None if vectors is None else costs(vectors, text.unit, level.of_text(text.unit), least)

    reasons = []
    for part, lead in zip(parts, leads, strict=True):
        strength = float(part_strengths([row], part, gallery, calibration)[0])
        share = strength if part.excluded else lead / total
        reasons.append(PartReason(part.text, part.excluded, strength, share, where(part.vector)))
    time = float(gallery.times[row])
    return StepReason(time, area, None if shown is None else where(shown), tuple(reasons))


def _lead(frame: NDArray[np.float32], text: EncodedText, level: Level) -> float:
    return float(frame @ text.unit) - level.of_text(text.unit)


def part_strengths(
    rows: Sequence[int], part: EncodedPart, gallery: Gallery, calibration: Calibration
) -> NDArray[np.float64]:
    """Calibrated probability (n,) that frames show a part of a step; by the evidence alone if it is left out.

    Args:
        rows: (n,) of the gallery.
        part: of a step.
        gallery: where the frames are.
        calibration: the model's.
    """
    wanted = np.asarray(rows, np.intp)
    candidates = compared(np.unique(gallery.clip_of_row[wanted]), gallery, part.vector.unit)
    frames = FrameLevel.of(part.vector, candidates, gallery, calibration)
    judge = frames.level.presence if part.excluded else frames.level.strengths
    # The rows of clips in order are in order themselves.
    return judge(frames.scores)[np.searchsorted(candidates.rows, wanted)]


def reasons_for(
    rows: Sequence[Sequence[int]],
    strengths: Sequence[Sequence[float]],
    steps: Sequence[EncodedStep],
    gallery: Gallery,
    calibration: Calibration,
) -> list[tuple[Reason, ...]]:
    """What each part of a query has to do with moments: one reason for each.

    Args:
        rows: of each moment the best frame for each step.
        strengths: of each moment the strength of each step: where a step has one part, that is its strength.
        steps: of the query.
        gallery: where the frames are.
        calibration: the model's.
    """
    found: list[list[Reason]] = [[] for _ in rows]
    for number, step in enumerate(steps):
        here = [each[number] for each in rows]
        for part in step.parts:
            if len(step.parts) == 1:
                shown = [each[number] for each in strengths]
            else:
                seen = part_strengths(here, part, gallery, calibration)
                shown = (1 - seen if part.excluded else seen).tolist()
            kind = ReasonKind.ABSENT if part.excluded else ReasonKind.SEEN
            for reasons, strength in zip(found, shown, strict=True):
                reasons.append(Reason(kind, part.text, strength, number + 1))
    return [tuple(reasons) for reasons in found]
