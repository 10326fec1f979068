"""The vectors of a library in memory: snapshots that never change, and the store that grows behind them."""

from dataclasses import dataclass, fields
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.vectors.embeddings import StoredEmbeddings


@dataclass(frozen=True, slots=True)
class Gallery:
    """A snapshot of N frames in C clips; safe to read from any thread for as long as it is kept.

    The rows of a video lie together in order of time, those of a clip too. Videos come in the order in which
    they were indexed, so that a new one only appends; the same library gives the same order after a restart.
    """

    vectors: NDArray[np.float32]
    """(N, D) L2-normalised, C-contiguous; a frame whose embedding is zero stays zero."""
    norms: NDArray[np.float32]
    """(N,) length of each embedding before it was normalised."""
    means: NDArray[np.float32]
    """(N,) mean of each vector's components: with the length, all that a layer normalisation needs."""
    frame_ids: NDArray[np.int64]
    """(N,)"""
    times: NDArray[np.float64]
    """(N,) seconds."""
    video_of_row: NDArray[np.int64]
    """(N,) video ids."""
    folder_of_row: NDArray[np.int64]
    """(N,) folder ids."""
    clip_of_row: NDArray[np.int64]
    """(N,) number of the clip within the gallery, 0 .. C - 1, never decreasing."""
    clip_starts: NDArray[np.int64]
    """(C,) first row of each clip."""

    def __len__(self) -> int:
        return len(self.frame_ids)

    def clip_rows(self, clip: int) -> tuple[int, int]:
        """First row of a clip and the row behind its last one."""
        behind = clip + 1
        end = int(self.clip_starts[behind]) if behind < len(self.clip_starts) else len(self.frame_ids)
        return int(self.clip_starts[clip]), end


class GalleryStore:
    """Grows by whole videos without copying what is there: capacity doubles, snapshots are views.

    Rows that a snapshot can see are never written again. One writer at a time; the caller holds the lock.
    """

    def __init__(self, width: int, capacity: int = 1024) -> None:
        self._width = width
        self._count = 0
        self._vectors = np.empty((capacity, width), np.float32)
        self._columns = _Columns.empty(capacity)
        self._clips = 0
        self._clip_starts = np.empty(capacity, np.int64)

    def reserve(self, count: int) -> None:
        """Make room for `count` rows more."""
        wanted = self._count + count
        capacity = len(self._vectors)
        if wanted > capacity:
            capacity = max(wanted, 2 * capacity)
            self._vectors = _grown(self._vectors, self._count, capacity)
            self._columns = self._columns.grown(self._count, capacity)
            self._clip_starts = _grown(self._clip_starts, self._clips, capacity)

    def append(self, video: StoredEmbeddings) -> None:
        """Add a video's rows at the end."""
        count = len(video.matrix)
        if count == 0:
            return
        self.reserve(count)
        rows = slice(self._count, self._count + count)
        vectors = self._vectors[rows]
        vectors[:] = video.matrix
        norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        vectors /= np.where(norms > 0, norms, 1)[:, np.newaxis]

        firsts = np.flatnonzero(np.diff(video.clips, prepend=video.clips[0] - 1))
        self._clip_starts[self._clips : self._clips + len(firsts)] = self._count + firsts
        lengths = np.diff(np.append(firsts, count))
        columns = self._columns
        columns.norms[rows] = norms
        vectors.mean(axis=1, out=columns.means[rows])
        columns.frame_ids[rows] = video.frame_ids
        columns.times[rows] = video.times
        columns.video_of_row[rows] = video.video_id
        columns.folder_of_row[rows] = video.folder_id
        columns.clip_of_row[rows] = self._clips + np.repeat(np.arange(len(firsts)), lengths)
        self._clips += len(firsts)
        self._count += count

    def without(self, video_ids: set[int]) -> "GalleryStore":
        """A store of its own that lacks these videos, in the same order."""
        keep = np.flatnonzero(~np.isin(self._columns.video_of_row[: self._count], list(video_ids)))
        count = len(keep)
        rest = GalleryStore(self._width, max(1024, count))
        np.take(self._vectors, keep, axis=0, out=rest._vectors[:count])
        rest._columns.take(self._columns, keep)
        firsts = np.flatnonzero(np.diff(self._columns.clip_of_row[keep], prepend=-1))
        rest._clip_starts[: len(firsts)] = firsts
        lengths = np.diff(np.append(firsts, count))
        rest._columns.clip_of_row[:count] = np.repeat(np.arange(len(firsts)), lengths)
        rest._count, rest._clips = count, len(firsts)
        return rest

    def snapshot(self) -> Gallery:
        """The rows there are now."""
        columns, count = self._columns, self._count
        return Gallery(
            vectors=_frozen(self._vectors[:count]),
            norms=_frozen(columns.norms[:count]),
            means=_frozen(columns.means[:count]),
            frame_ids=_frozen(columns.frame_ids[:count]),
            times=_frozen(columns.times[:count]),
            video_of_row=_frozen(columns.video_of_row[:count]),
            folder_of_row=_frozen(columns.folder_of_row[:count]),
            clip_of_row=_frozen(columns.clip_of_row[:count]),
            clip_starts=_frozen(self._clip_starts[: self._clips]),
        )


@dataclass(frozen=True, slots=True)
class _Columns:
    """What is kept per row beside its vector; arrays of one capacity."""

    norms: NDArray[np.float32]
    means: NDArray[np.float32]
    frame_ids: NDArray[np.int64]
    times: NDArray[np.float64]
    video_of_row: NDArray[np.int64]
    folder_of_row: NDArray[np.int64]
    clip_of_row: NDArray[np.int64]

    @classmethod
    def empty(cls, capacity: int) -> Self:
        return cls(
            norms=np.empty(capacity, np.float32),
            means=np.empty(capacity, np.float32),
            frame_ids=np.empty(capacity, np.int64),
            times=np.empty(capacity, np.float64),
            video_of_row=np.empty(capacity, np.int64),
            folder_of_row=np.empty(capacity, np.int64),
            clip_of_row=np.empty(capacity, np.int64),
        )

    def grown(self, count: int, capacity: int) -> Self:
        larger = self.empty(capacity)
        larger.take(self, slice(count))
        return larger

    def take(self, other: Self, rows: NDArray[np.intp] | slice) -> None:
        for column in fields(self):
            taken = getattr(other, column.name)[rows]
            getattr(self, column.name)[: len(taken)] = taken


_Number = TypeVar("_Number", np.float32, np.float64, np.int64)


def _grown(array: NDArray[_Number], count: int, capacity: int) -> NDArray[_Number]:
    larger = np.empty((capacity, *array.shape[1:]), array.dtype)
    larger[:count] = array[:count]
    return larger


def _frozen(view: NDArray[_Number]) -> NDArray[_Number]:
    view.flags.writeable = False
    return view
