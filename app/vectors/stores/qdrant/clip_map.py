"""Where the clips that a server names are in a gallery, and which of its frames the server does not hold."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.vectors.gallery import Gallery
from app.vectors.stores.vector_store import Snapshot

_BITS = 24
MOST_CLIPS = 1 << _BITS
"""Clips of one video that can be named; a video of more stays with whoever compares every frame."""
_MOST_VIDEO = 1 << 39


@dataclass(frozen=True, slots=True)
class Held:
    """What a server holds of one video."""

    revision: int
    """Of the embeddings that its clips were made of."""
    volume: int
    """Row of the volume, which names the collection they are in."""
    clips: int


@dataclass(frozen=True, slots=True, eq=False)
class ClipMap:
    """A gallery of V videos as clips on a server: clip `n` of video `v` is the point `v · 2²⁴ + n`."""

    gallery: Gallery
    videos: NDArray[np.int64]
    """(V,) ids, ascending."""
    first_rows: NDArray[np.int64]
    """(V,) of each video its first row of the gallery."""
    row_counts: NDArray[np.int64]
    """(V,)"""
    first_clips: NDArray[np.int64]
    """(V,) its first clip of the gallery."""
    clip_counts: NDArray[np.int64]
    """(V,)"""
    folders: NDArray[np.int64]
    """(V,) ids."""
    volumes: NDArray[np.int64]
    """(V,) of what the server holds: row of the volume; -1 where it does not hold the video as it is."""
    rest: NDArray[np.intp]
    """(n,) rows of the videos that it does not hold, ascending."""
    outdated: tuple[int, ...]
    """Videos of which it holds what is not in the gallery any more."""

    @classmethod
    def of(cls, snapshot: Snapshot, held: Mapping[int, Held]) -> Self:
        """Of a gallery.

        Args:
            snapshot: with the revision of each video.
            held: what the server holds, by video.
        """
        gallery = snapshot.gallery
        starts = np.flatnonzero(np.diff(gallery.video_of_row, prepend=-1))
        counts = np.diff(np.append(starts, len(gallery)))
        ids = gallery.video_of_row[starts]
        firsts = gallery.clip_of_row[starts]
        clips = np.diff(np.append(firsts, len(gallery.clip_starts)))
        order = np.argsort(ids)
        volumes = np.full(len(ids), -1, np.int64)
        revisions = snapshot.revisions
        for place, (video, number) in enumerate(zip(ids.tolist(), clips.tolist(), strict=True)):
            known = held.get(video)
            if known is not None and known.revision == revisions.get(video) and known.clips == number:
                volumes[place] = known.volume
        lacking = np.flatnonzero(volumes < 0)
        current = set(ids[volumes >= 0].tolist())
        return cls(
            gallery=gallery,
            videos=ids[order],
            first_rows=starts[order],
            row_counts=counts[order],
            first_clips=firsts[order],
            clip_counts=clips[order],
            folders=gallery.folder_of_row[starts][order],
            volumes=volumes[order],
            rest=_runs(starts[lacking], counts[lacking]),
            outdated=tuple(video for video in tuple(held) if video not in current),
        )

    def videos_of(self, rows: NDArray[np.intp]) -> NDArray[np.intp]:
        """Places among the videos, ascending, of those that have some of these rows, ascending."""
        of_row = self.gallery.video_of_row[rows]
        ids = of_row[np.flatnonzero(np.diff(of_row, prepend=-1))]
        return np.searchsorted(self.videos, np.unique(ids)).astype(np.intp)

    def clips_of(self, points: NDArray[np.int64]) -> NDArray[np.intp]:
        """Clips of the gallery that points (n,) stand for, in their order, each once; others are left out."""
        _, first = np.unique(points, return_index=True)
        points = points[np.sort(first)]
        if len(self.videos) == 0:
            return np.empty(0, np.intp)
        ids, numbers = points >> _BITS, points & (MOST_CLIPS - 1)
        places = np.minimum(np.searchsorted(self.videos, ids), len(self.videos) - 1)
        known = (self.videos[places] == ids) & (self.volumes[places] >= 0)
        known &= numbers < self.clip_counts[places]
        found: NDArray[np.intp] = (self.first_clips[places] + numbers)[known].astype(np.intp)
        return found

    def rows_of(self, clips: NDArray[np.intp]) -> NDArray[np.intp]:
        """Rows of the gallery of clips (n,), one clip after the other."""
        starts = self.gallery.clip_starts
        ends = np.append(starts[1:], len(self.gallery))
        return _runs(starts[clips], ends[clips] - starts[clips])


def points_of(video: int, count: int) -> list[int] | None:
    """The points of a video's clips; None where they cannot be numbered."""
    if not 0 < video < _MOST_VIDEO or count > MOST_CLIPS:
        return None
    return list(range(video << _BITS, (video << _BITS) + count))


def clip_vectors(gallery: Gallery, first_row: int, count: int) -> NDArray[np.float32]:
    """(C, D) float32: of each clip in some rows of a gallery the mean of its frames, L2-normalised.

    Args:
        gallery: where they are.
        first_row: of the first clip.
        count: rows, to the end of the last clip.
    """
    rows = slice(first_row, first_row + count)
    starts = np.flatnonzero(np.diff(gallery.clip_of_row[rows], prepend=-1))
    sums = np.add.reduceat(gallery.vectors[rows], starts, axis=0)
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.where(lengths > 0, lengths, 1), np.float32)


def _runs(first: NDArray[np.integer], lengths: NDArray[np.integer]) -> NDArray[np.intp]:
    """Runs of consecutive numbers, one after the other."""
    starts = np.cumsum(lengths) - lengths
    numbers = np.arange(int(lengths.sum())) + np.repeat(first - starts, lengths)
    return np.asarray(numbers, np.intp)
