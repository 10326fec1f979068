"""Lines in chains: what each step's words add to its frames."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.search.words.hits import Hit, StepHits
from app.search.words.rows import NEAR, VideoRows
from app.vectors.vector_index import Gallery


def clips_of(hits: Sequence[StepHits], gallery: Gallery) -> NDArray[np.intp]:
    """Clips of the gallery in which lines of a chain's steps lie."""
    every = [
        hit for step in hits for some in (step.plain, *step.asked) for hit in some if not hit.is_timeless
    ]
    rows = VideoRows(gallery, {hit.content for hit in every})
    at = {rows.at(hit.content, hit.best) for hit in every} - {None}
    return np.unique(gallery.clip_of_row[np.array(sorted(row for row in at if row is not None), np.intp)])


def with_lines(
    strengths: NDArray[np.float64],
    rows: NDArray[np.intp],
    hits: StepHits,
    gallery: Gallery,
    *,
    is_shown: bool,
) -> NDArray[np.float64]:
    """What a step gives at frames (n,) with its lines, from what its pictures give.

    Args:
        strengths: (n,) of the pictures; 1 where nothing is asked of them.
        rows: (n,) of the gallery.
        hits: of the step.
        gallery: where the pictures are.
        is_shown: whether the step describes a picture.
    """
    videos, times = gallery.video_of_row[rows], gallery.times[rows]

    def of(some: Sequence[Hit]) -> NDArray[np.float64]:
        best = np.zeros(len(rows))
        for hit in some:
            if not hit.is_timeless:
                near = (videos == hit.content) & (times >= hit.start - NEAR) & (times <= hit.end + NEAR)
                best[near] = np.maximum(best[near], hit.strength)
        return best

    if is_shown and hits.plain:
        strengths = 1 - (1 - strengths) * (1 - of(hits.plain))
    for some in hits.asked:
        strengths = strengths * of(some)
    for some in hits.excluded:
        strengths = strengths * (1 - of(some))
    return strengths
