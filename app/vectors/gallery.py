"""The vectors of a library: snapshots that never change, and the store that grows behind them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.vectors.embeddings import StoredEmbeddings
from app.vectors.frame_vectors import FrameVectors
from app.vectors.gallery_rows import GalleryRows

MAX_TOMBSTONES = 0.25
"""Share of removed rows among those stored above which leaving them out at every query costs too much."""

Grow = Callable[[NDArray[np.float32], int, int], NDArray[np.float32]]
"""Gives an array of a larger capacity that begins with so many rows of another."""


@dataclass(frozen=True, slots=True)
class Gallery:
    """A snapshot of N frames in C clips; safe to read from any thread for as long as it is kept.

    The rows of a video lie together in order of time, those of a clip too. Videos come in the order in which
    they were indexed, so that a new one only appends; the same library gives the same order after a restart.
    """

    vectors: FrameVectors
    """(N, D) L2-normalised; a frame whose embedding is zero stays zero."""
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

    Vectors that a snapshot can see are never written again: a removed video leaves its own where they are.
    One writer at a time; the caller holds the lock.
    """

    def __init__(self, width: int, capacity: int = 1024) -> None:
        self._width = width
        self._grow: Grow = grown
        self._vectors = np.empty((capacity, width), np.float32)
        self._stored = 0  # rows of the vectors that are taken, by removed videos too
        self._count = 0
        self._columns = _Columns.empty(capacity)
        self._clips = 0
        self._clip_starts = np.empty(capacity, np.int64)

    @classmethod
    def restored(cls, rows: GalleryRows, vectors: NDArray[np.float32], grow: Grow) -> Self:
        """A store as it was kept.

        Args:
            rows: what was kept of the N frames.
            vectors: (capacity, D) float32, writable; the first `rows.stored` are in use.
            grow: makes more room.
        """
        store = cls(vectors.shape[1], 0)
        store._vectors, store._grow = vectors, grow
        store._stored, store._count, store._clips = rows.stored, len(rows.frame_ids), len(rows.clip_lengths)
        columns = _Columns(
            place=rows.places(),
            norms=rows.norms,
            means=rows.means,
            frame_ids=rows.frame_ids,
            times=rows.times,
            video_of_row=np.repeat(rows.video_ids, rows.video_rows),
            folder_of_row=np.repeat(rows.folder_ids, rows.video_rows),
            clip_of_row=np.repeat(np.arange(store._clips), rows.clip_lengths),
        )
        room = store._count + store._count // 8 + 1024  # for what comes next
        store._columns = columns.grown(store._count, room)
        store._clip_starts = grown(np.cumsum(rows.clip_lengths) - rows.clip_lengths, store._clips, room)
        return store

    @property
    def tombstones(self) -> float:
        """Share of the stored vectors whose videos were removed."""
        return 1 - self._count / self._stored if self._stored else 0.0

    def reserve(self, count: int) -> None:
        """Make room for `count` rows more."""
        wanted = self._stored + count
        if wanted > len(self._vectors):
            self._vectors = self._grow(self._vectors, self._stored, max(wanted, 2 * len(self._vectors)))
        wanted = self._count + count
        capacity = len(self._columns.norms)
        if wanted > capacity:
            capacity = max(wanted, 2 * capacity)
            self._columns = self._columns.grown(self._count, capacity)
            self._clip_starts = grown(self._clip_starts, self._clips, capacity)

    def append(self, video: StoredEmbeddings) -> None:
        """Add a video's rows at the end."""
        count = len(video.matrix)
        if count == 0:
            return
        self.reserve(count)
        rows = slice(self._count, self._count + count)
        vectors = self._vectors[self._stored : self._stored + count]
        vectors[:] = video.matrix
        norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors))
        vectors /= np.where(norms > 0, norms, 1)[:, np.newaxis]

        firsts = np.flatnonzero(np.diff(video.clips, prepend=video.clips[0] - 1))
        self._clip_starts[self._clips : self._clips + len(firsts)] = self._count + firsts
        lengths = np.diff(np.append(firsts, count))
        columns = self._columns
        columns.place[rows] = np.arange(self._stored, self._stored + count)
        columns.norms[rows] = norms
        vectors.mean(axis=1, out=columns.means[rows])
        columns.frame_ids[rows] = video.frame_ids
        columns.times[rows] = video.times
        columns.video_of_row[rows] = video.video_id
        columns.folder_of_row[rows] = video.folder_id
        columns.clip_of_row[rows] = self._clips + np.repeat(np.arange(len(firsts)), lengths)
        self._clips += len(firsts)
        self._count += count
        self._stored += count

    def holds(self, video: StoredEmbeddings) -> bool:
        """Whether a video's rows are in here just as `append` would write them."""
        other = GalleryStore(self._width, len(video.matrix))
        if video.matrix.shape[1] != self._width:
            return False
        other.append(video)
        rows = np.flatnonzero(self._columns.video_of_row[: self._count] == video.video_id)
        return len(rows) == other._count and (
            np.array_equal(self._vectors[self._columns.place[rows]], other._vectors)
            and np.array_equal(self._columns.folder_of_row[rows], other._columns.folder_of_row)
            and np.array_equal(self._columns.frame_ids[rows], other._columns.frame_ids)
            and np.array_equal(self._columns.times[rows], other._columns.times)
            and np.array_equal(np.diff(self._columns.clip_of_row[rows]), np.diff(other._columns.clip_of_row))
        )

    def remove(self, video_ids: set[int]) -> None:
        """Leave these videos out of later snapshots; the order of the others stays."""
        keep = np.flatnonzero(~np.isin(self._columns.video_of_row[: self._count], list(video_ids)))
        count = len(keep)
        columns = _Columns.empty(max(1024, count + count // 8))
        columns.take(self._columns, keep)
        firsts = np.flatnonzero(np.diff(columns.clip_of_row[:count], prepend=-1))
        starts = np.empty(len(columns.norms), np.int64)
        starts[: len(firsts)] = firsts
        columns.clip_of_row[:count] = np.repeat(np.arange(len(firsts)), np.diff(np.append(firsts, count)))
        self._columns, self._clip_starts = columns, starts
        self._count, self._clips = count, len(firsts)

    def compact(self) -> None:
        """Copy the vectors together in memory, without those of removed videos."""
        count = self._count
        vectors = np.empty((max(1024, count), self._width), np.float32)
        np.take(self._vectors, self._columns.place[:count], axis=0, out=vectors[:count])
        self._columns = self._columns.grown(count, len(self._columns.norms))
        self._columns.place[:count] = np.arange(count)
        self._vectors, self._stored, self._grow = vectors, count, grown

    def move(self, seen: Gallery, vectors: NDArray[np.float32], count: int, grow: Grow) -> None:
        """Go on with another array that holds the vectors of a snapshot; what came since is copied.

        Args:
            seen: an earlier snapshot of this store.
            vectors: (capacity, D) float32, writable.
            count: rows of it that are taken. Either all that were stored, at their places, or only the
                snapshot's own, one behind the other.
            grow: makes more room in it.
        """
        before, dense = len(seen.vectors.stored), len(seen)
        news = self._stored - before
        if count + news > len(vectors):
            vectors = grow(vectors, count, count + news)
        vectors[count : count + news] = self._vectors[before : self._stored]
        if count != before:
            place = np.full(self._stored, -1, np.int64)
            place[seen.vectors.rows()] = np.arange(dense)
            place[before:] = count + np.arange(news)
            self._columns = self._columns.grown(self._count, len(self._columns.norms))
            self._columns.place[: self._count] = place[self._columns.place[: self._count]]
        self._vectors, self._stored, self._grow = vectors, count + news, grow

    def snapshot(self) -> Gallery:
        """The rows there are now."""
        columns, count = self._columns, self._count
        places = None if count == self._stored else _frozen(columns.place[:count])
        return Gallery(
            vectors=FrameVectors(_frozen(self._vectors[: self._stored]), places),
            norms=_frozen(columns.norms[:count]),
            means=_frozen(columns.means[:count]),
            frame_ids=_frozen(columns.frame_ids[:count]),
            times=_frozen(columns.times[:count]),
            video_of_row=_frozen(columns.video_of_row[:count]),
            folder_of_row=_frozen(columns.folder_of_row[:count]),
            clip_of_row=_frozen(columns.clip_of_row[:count]),
            clip_starts=_frozen(self._clip_starts[: self._clips]),
        )


def rows_of(gallery: Gallery, revisions: Mapping[int, int]) -> GalleryRows:
    """What is kept of a gallery beside its vectors.

    Args:
        gallery: a snapshot.
        revisions: of each video in it, and of those without frames.
    """
    starts = np.flatnonzero(np.diff(gallery.video_of_row, prepend=-1))
    places, ids = gallery.vectors.rows(starts), gallery.video_of_row[starts]
    known = set(ids.tolist())
    empty = [video for video in revisions if video not in known]
    nothing = np.zeros(len(empty), np.int64)
    videos = np.append(ids, np.array(empty, np.int64))
    return GalleryRows(
        stored=len(gallery.vectors.stored),
        norms=gallery.norms,
        means=gallery.means,
        frame_ids=gallery.frame_ids,
        times=gallery.times,
        clip_lengths=np.diff(gallery.clip_starts, append=len(gallery)),
        video_ids=videos,
        folder_ids=np.append(gallery.folder_of_row[starts], nothing),
        video_rows=np.append(np.diff(starts, append=len(gallery)), nothing),
        video_places=np.append(places, nothing),
        revisions=np.array([revisions[video] for video in videos.tolist()], np.int64),
    )


@dataclass(frozen=True, slots=True)
class _Columns:
    """What is kept per row beside its vector; arrays of one capacity."""

    place: NDArray[np.int64]
    """Which of the stored vectors is the row's: ascending."""
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
            place=np.empty(capacity, np.int64),
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


def grown(array: NDArray[_Number], count: int, capacity: int) -> NDArray[_Number]:
    """An array of a larger capacity in memory that begins with the first `count` rows of another."""
    larger = np.empty((capacity, *array.shape[1:]), array.dtype)
    larger[:count] = array[:count]
    return larger


def _frozen(view: NDArray[_Number]) -> NDArray[_Number]:
    view.flags.writeable = False
    return view
