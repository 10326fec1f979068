"""Where in a whole video a query matches."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.search.candidates import Candidates, frame_rows
from app.search.composition import EncodedStep, frame_strengths
from app.search.ranking import Ground
from app.search.words.chain_lines import with_lines
from app.search.words.hits import StepHits


@dataclass(frozen=True, slots=True, eq=False)
class MatchCurve:
    """How well each of the n frames of one video matches a query; empty where it has none to compare."""

    times: NDArray[np.float32]
    """(n,) seconds on the container's clock, ascending."""
    strengths: NDArray[np.float32]
    """(n,) 0..1: calibrated probability that it shows, or is said, what was asked for."""


def match_curve(
    video_id: int, steps: Sequence[EncodedStep], lines: Sequence[StepHits], ground: Ground | None
) -> MatchCurve:
    """Compare every frame of a video with a query.

    Pictures are judged by plain pooling, whatever ranks the moments: the curve is made of frames, not of
    clips. Of a chain a frame is as good as the step that it matches best.

    Args:
        video_id: of the video whose frames stand for the content.
        steps: of the query.
        lines: what lines hold of each step.
        ground: where the frames are; None where none can be searched.
    """
    nothing = np.empty(0, np.float32)
    if ground is None or not steps:  # filters alone compare nothing
        return MatchCurve(nothing, nothing)
    gallery = ground.gallery
    clips = np.unique(gallery.clip_of_row[np.flatnonzero(gallery.video_of_row == video_id)]).astype(np.intp)
    if len(clips) == 0:
        return MatchCurve(nothing, nothing)
    rows, starts = frame_rows(clips, gallery)
    candidates = Candidates(clips, rows, starts, np.zeros(len(rows), np.float32))
    every = [_of_step(step, hits, candidates, ground) for step, hits in zip(steps, lines, strict=True)]
    strengths = np.max(every, axis=0).astype(np.float32)
    return MatchCurve(gallery.times[rows].astype(np.float32), strengths)


def _of_step(
    step: EncodedStep, hits: StepHits, candidates: Candidates, ground: Ground
) -> NDArray[np.float64]:
    strengths = frame_strengths(step, candidates, ground.gallery, ground.calibration)
    is_shown = step.shown is not None
    if not step.is_seen and not hits.is_asked:  # nothing but a line makes a frame match
        strengths, is_shown = np.zeros(len(candidates.rows)), True
    return with_lines(strengths, candidates.rows, hits, ground.gallery, is_shown=is_shown)
