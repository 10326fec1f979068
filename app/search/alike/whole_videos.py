"""Searches by a whole video: which others, or parts of them, show the same in the same order."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.search.alike.alignment import MOST_FRAMES, Alignment, align
from app.search.alike.likeness import LIKENESS, EncodedLikeness, usual_likeness
from app.search.edges import Extent
from app.search.evidence.calibration import Background
from app.search.evidence.self_calibration import evenly
from app.search.moments import Span
from app.vectors.vector_index import Gallery, VectorIndex

PROBES = 24
"""Frames of the query, evenly spaced, whose nearest frames are looked for in the library."""

NEAREST = 200
"""So many of each, the query's own not counted."""

VIDEOS = 100
"""Videos that are aligned: those whose frames are nearest to the probes."""


@dataclass(frozen=True, slots=True)
class AlignedVideo:
    """A video with a run of frames like the query's."""

    span: Span
    extent: Extent
    strength: float
    """0..1: calibrated probability that the frames are alike, times the share that was aligned."""


def rank_videos(
    video: EncodedLikeness, index: VectorIndex, gallery: Gallery, rows: NDArray[np.intp] | None
) -> list[AlignedVideo]:
    """Rank the library's videos, the query itself left out, by how well they can be aligned with it.

    Args:
        video: the query.
        index: answers nearest-frame queries.
        gallery: the snapshot the answer refers to; not empty.
        rows: only these gallery rows, all where None.

    Returns:
        Best first, ties by position; only videos of which some frames are alike.
    """
    frames = video.frames[evenly(len(video.frames), MOST_FRAMES)]
    mean = float(np.mean([usual_likeness(frame, gallery) for frame in frames[evenly(len(frames), PROBES)]]))
    level = Background(0.0, 1.0, len(gallery.clip_starts), LIKENESS)
    inside = None if rows is None else np.zeros(len(gallery), np.bool_)
    if inside is not None:
        inside[rows] = True
    found: list[AlignedVideo] = []
    for number in _near(video, frames, index, gallery, rows):
        places = np.flatnonzero(gallery.video_of_row == number)
        if inside is not None:
            places = places[inside[places]]
        likeness = ((gallery.vectors[places] @ frames.T).T - mean) / (1 - mean)
        alignment = align(np.asarray(likeness, np.float32))
        if alignment is not None:
            strength = level.strength(alignment.likeness) * alignment.coverage
            extent = Extent(int(places[alignment.first]), int(places[alignment.last]))
            found.append(AlignedVideo(_span(alignment, places, gallery), extent, strength))
    return sorted(found, key=lambda each: (-each.span.score, each.span.best_row))


def _near(
    video: EncodedLikeness,
    frames: NDArray[np.float32],
    index: VectorIndex,
    gallery: Gallery,
    rows: NDArray[np.intp] | None,
) -> Sequence[int]:
    """Ids of the videos whose frames are nearest to the probes, the query itself left out."""
    sums: dict[int, float] = {}
    wanted = NEAREST + len(video.frames)
    for probe in frames[evenly(len(frames), PROBES)]:
        near, cosines = index.nearest_frames(probe, wanted, rows=rows, gallery=gallery)
        best: dict[int, float] = {}
        for number, cosine in zip(gallery.video_of_row[near].tolist(), cosines.tolist(), strict=True):
            best[number] = max(best.get(number, 0.0), cosine)
        for number, cosine in best.items():
            sums[number] = sums.get(number, 0.0) + cosine
    sums.pop(-1 if video.video_id is None else video.video_id, None)
    return sorted(sums, key=lambda number: (-sums[number], number))[:VIDEOS]


def _span(alignment: Alignment, places: NDArray[np.intp], gallery: Gallery) -> Span:
    first, last, best = (int(places[place]) for place in (alignment.first, alignment.last, alignment.best))
    clips = gallery.clip_of_row
    return Span(int(gallery.video_of_row[best]), int(clips[first]), int(clips[last]), best, alignment.score)
