"""The vector index: which frames of the library are nearest to a query. Derived; SQLite has the truth."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.vectors.embeddings import EmbeddingSource
from app.vectors.gallery import MAX_TOMBSTONES, Gallery, GalleryStore, rows_of
from app.vectors.gallery_file import GalleryFile, KeptVectors
from app.vectors.gallery_paths import START
from app.vectors.graph.graph_file import graph_file
from app.vectors.graph.graph_messages import Follow
from app.vectors.graph.graph_process import GraphProcess
from app.vectors.graph.graph_rows import GraphRows

__all__ = ["Gallery", "VectorIndex"]

logger = logging.getLogger(__name__)

_MAX_TAIL = 0.125
"""Share of frames outside the graph, compared one by one, above which all of them are."""
_RETRY = 0.1
"""Share by which a gallery that could not be kept must have grown before that is tried again."""

_UNSAVED = 64
"""The gallery is kept again when a share of one in so many of its frames is new."""
_LEAST_UNSAVED = 4096
"""As many frames are read in no time."""

_MAX_PASSED_OVER = 0.5
"""As `MAX_TOMBSTONES`, where `save` will leave them out, in the background."""

_CHECKED = 16
"""Videos of a kept gallery, the newest, that are compared with the library before it is trusted."""

_GATHER = 0.25
"""Share of rows up to which copying them together is faster than comparing all."""


class VectorIndex:
    """Nearest frames for one model's embeddings; every method can be called from any thread.

    Up to `exact_limit` frames all are compared. Above it hnswlib's graph answers, in a process of its own
    that `update_graph` starts: frames that are not in it yet are compared one by one, so nothing new is ever
    missed; all are where it does not answer.
    """

    def __init__(
        self,
        folder: Path,
        model: str,
        width: int,
        *,
        exact_limit: int = 100_000,
        kept_from: int = 10_000,
    ) -> None:
        """Start empty; `refresh` loads.

        Args:
            folder: where gallery and graph are cached, the library's.
            model: identity of the encoder bundle.
            width: D, numbers per embedding.
            exact_limit: number of frames up to which search is exact.
            kept_from: number of frames from which the gallery is kept in a file for the next start.
        """
        self._model = model
        self._width = width
        self._exact_limit = exact_limit
        self._kept_from = kept_from
        self._file = GalleryFile(folder, model, width)
        self._loaded = False
        self._complete = False  # whether the gallery has every video there was at the last revision
        self._changed = False  # since the last snapshot
        self._unkept = 0  # frames of the gallery that could not be kept
        self._lock = threading.Lock()  # guards what follows, for moments
        self._keep_lock = threading.Lock()  # held while the gallery is written, for seconds
        self._store = GalleryStore(width)
        self._revision = 0
        self._revision_of: dict[int, int] = {}
        self._graph = GraphProcess(graph_file(folder, model), model, width)
        self._graph_rows = GraphRows()
        self._removals = 0
        self._told: _Told | None = None  # what the graph was told to follow
        self._view = _View(self._store.snapshot(), self._graph_rows)

    @property
    def gallery(self) -> Gallery:
        """The snapshot of the last `refresh`."""
        return self._view.gallery

    @property
    def wants_build(self) -> bool:
        """Whether `update_graph` would have the graph follow something new."""
        return len(self._view.gallery) > self._exact_limit and self._told != self._to_tell(self._file.kept)

    def _to_tell(self, kept: KeptVectors | None) -> "_Told | None":
        return None if kept is None else (kept.generation, kept.stored, self._removals)

    def refresh(self, catalogue: EmbeddingSource) -> bool:
        """Follow the library: reads what was written since the last time and swaps the snapshot.

        Returns:
            Whether the snapshot changed.

        Raises:
            LibraryError: the library cannot be read.
        """
        with self._lock:
            # The revision is read first: what is committed meanwhile is read now or again, never missed.
            revision = catalogue.revision()
            if revision == self._revision:
                return False
            complete = self._complete and self._nothing_left(catalogue)
            self._complete = False
            if not complete:
                complete = self._compare(catalogue, revision)
            expected, read = catalogue.embedded_count(self._model, after=self._revision), 0
            damaged: dict[int, str] = {}
            if not self._revision_of:
                self._store.reserve(catalogue.frame_count(self._model))
            for stored in catalogue.embeddings(self._model, after=self._revision):
                if stored.video_id in self._revision_of:
                    continue
                if stored.matrix.shape[1] != self._width:
                    damaged[stored.video_id] = f"its embeddings have the width {stored.matrix.shape[1]}"
                    continue
                self._store.append(stored)
                self._revision_of[stored.video_id] = stored.revision
                self._changed = True
                read += 1
            catalogue.set_aside(self._model, damaged)
            self._revision = revision
            self._complete = complete and read == expected
            changed = self._changed
            if changed:
                self._publish()
            return changed

    def _nothing_left(self, catalogue: EmbeddingSource) -> bool:
        """Whether all that was in the library at the last revision still is: as many is the same ones."""
        known = catalogue.embedded_count(self._model, until=self._revision)
        return known == len(self._revision_of)

    def _compare(self, catalogue: EmbeddingSource, revision: int) -> bool:
        """Leave out what is gone; returns whether the rest is all that was written so far."""
        live = catalogue.embedded(self._model)
        if not self._loaded:
            self._changed |= self._load(catalogue, revision, live)
            self._loaded = True
        self._remove(live)
        return len(self._revision_of) == sum(seen <= self._revision for seen in live.values())

    def _load(self, catalogue: EmbeddingSource, revision: int, live: Mapping[int, int]) -> bool:
        """Begin with the gallery that was kept, where it is this library's; returns whether it was."""
        kept = self._file.load()
        if kept is None:
            return False
        store = GalleryStore.restored(kept.rows, kept.vectors, self._file.grow)
        seen = dict(zip(kept.rows.video_ids.tolist(), kept.rows.revisions.tolist(), strict=True))
        # A library that was put back from a backup counts on from there: what it knows as the same revision
        # may be something else. The newest it has in common with the gallery would show it.
        common = sorted((number, video) for video, number in seen.items() if live.get(video) == number)
        newest = catalogue.embeddings_of(self._model, [video for _, video in common[-_CHECKED:]])
        if kept.revision > revision or not all(store.holds(stored) for stored in newest):
            logger.warning("the saved gallery is not used: it is another library's")
            self._file.abandon()
            return False
        self._store, self._revision_of, self._revision = store, seen, kept.revision
        self._graph_rows = self._graph_rows.moved(None, kept.generation)
        return True

    def _remove(self, live: Mapping[int, int]) -> None:
        """Leave out what is gone or was written again."""
        stale = {video for video, seen in self._revision_of.items() if live.get(video) != seen}
        if not stale:
            return
        self._changed = True
        self._removals += 1
        self._store.remove(stale)
        for video in stale:
            del self._revision_of[video]
        if self._store.tombstones > (_MAX_PASSED_OVER if self._file.stored else MAX_TOMBSTONES):
            places = self._store.snapshot().vectors.rows()
            self._store.compact()
            self._file.abandon()
            self._graph_rows = self._graph_rows.moved(places, "", keep=self._graph.generation)

    def nearest_frames(
        self,
        query: NDArray[np.float32],
        k: int,
        *,
        rows: NDArray[np.intp] | None = None,
        gallery: Gallery | None = None,
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Find the frames with the highest cosine.

        Args:
            query: (D,) float32; its length does not matter.
            k: how many at most.
            rows: search only these rows of the gallery, always exactly; all where None.
            gallery: the snapshot that the rows belong to, the newest where None.

        Returns:
            Rows of the gallery and their cosines (float32), best first, equals in order of rows.
        """
        view = self._view
        gallery = view.gallery if gallery is None else gallery
        length = float(np.linalg.norm(query))
        query = np.ascontiguousarray(query, np.float32) / np.float32(length or 1.0)
        vectors = gallery.vectors
        if rows is not None:
            few = len(rows) < _GATHER * len(vectors)
            return _best(rows, vectors[rows] @ query if few else (vectors @ query)[rows], k)
        if gallery is view.gallery and (found := self._from_graph(view, query, k)) is not None:
            near, tail = found
            rest = np.arange(tail, len(vectors))
            scores = np.concatenate((vectors[near] @ query, vectors[tail:] @ query))
            return _best(np.concatenate((near, rest)), scores, k)
        return _best(np.arange(len(vectors)), vectors @ query, k)

    def _from_graph(
        self, view: "_View", query: NDArray[np.float32], k: int
    ) -> tuple[NDArray[np.intp], int] | None:
        """The rows that the graph found, and the first that it does not cover; None where it cannot say."""
        vectors = view.gallery.vectors
        least = (1 - _MAX_TAIL) * len(vectors)
        if len(vectors) <= self._exact_limit or self._graph.covers < least:
            return None
        if (answer := self._graph.ask(query, k)) is None:
            return None
        found = view.graph_rows.rows_of(answer, vectors)
        return found if found is not None and found[1] >= least else None

    def update_graph(self) -> None:
        """Have the graph follow what is kept of the gallery, if there are enough frames for one.

        Returns at once: the graph's process works by itself, minutes for a million frames that are new to it.
        """
        with self._lock:
            view, kept = self._view, self._file.kept
            if not self.wants_build or kept is None or not view.graph_rows.is_current(kept.generation):
                return
            self._told = self._to_tell(kept)
        follow = Follow(str(kept.path.absolute()), kept.generation, START, kept.stored)
        self._graph.follow(follow, view.graph_rows.removed(view.gallery.vectors))

    def finish_graph(self, stop: Callable[[], bool] = lambda: False) -> bool:
        """Keep the gallery, have the graph follow it, and wait for that; queries go on meanwhile.

        Args:
            stop: asked a few times a second; ends the waiting.

        Returns:
            Whether the graph has everything that was kept; False too where there are too few frames for one,
            or it could not be built: queries stay exact, and `build_problem` says why.
        """
        self.save()
        self.update_graph()
        return len(self._view.gallery) > self._exact_limit and self._graph.wait(stop)

    @property
    def build_problem(self) -> str:
        """Why there is no search graph, one sentence; empty where there is one, or will be."""
        return self._graph.problem

    def close(self) -> None:
        """End the graph's process at once; nothing is lost."""
        self._graph.close()

    @property
    def wants_save(self) -> bool:
        """Whether `save` would make the next start quicker, or removed videos cost too much here."""
        gallery = self._view.gallery
        count, stored = len(gallery), len(gallery.vectors.stored)
        if count < max(1, self._kept_from) or count <= self._unkept * (1 + _RETRY):
            return False
        unsaved = stored - self._file.stored
        least = min(_LEAST_UNSAVED, max(1, self._kept_from))
        return unsaved >= max(least, count // _UNSAVED) or stored - count > MAX_TOMBSTONES * stored

    def save(self, stop: Callable[[], bool] = lambda: False, *, most: int | None = None) -> None:
        """Keep the gallery beside the library for the next start, where that is worth while.

        It is a cache: it may fail with a warning.

        Args:
            stop: asked every few thousand vectors; ends the work, and what was kept before stays.
            most: vectors to write at most; where there are more, nothing is done.
        """
        with self._keep_lock:
            with self._lock:
                if not self.wants_save:
                    return
                gallery, revision, seen = self._store.snapshot(), self._revision, dict(self._revision_of)
            stored = len(gallery.vectors.stored)
            compact = stored - len(gallery) > MAX_TOMBSTONES * stored
            if most is not None and (len(gallery) if compact else stored - self._file.stored) > most:
                return
            rows = rows_of(gallery, seen)
            vectors = self._file.save(gallery.vectors, rows, revision, compact=compact, stop=stop)
            if vectors is None:
                self._unkept = len(gallery)
                return
            self._unkept = 0
            with self._lock:
                kept = self._file.kept
                count = stored if kept is None else kept.stored
                self._store.move(gallery, vectors, count, self._file.grow)
                if kept is not None and not self._graph_rows.is_current(kept.generation):
                    places = None if count == stored else gallery.vectors.rows()
                    graph = self._graph.generation
                    self._graph_rows = self._graph_rows.moved(places, kept.generation, keep=graph)
                self._publish()

    def _publish(self) -> None:
        self._changed = False
        self._view = _View(self._store.snapshot(), self._graph_rows)


_Told = tuple[str, int, int]
"""Generation of the gallery's file, vectors in it, removals so far."""


@dataclass(frozen=True, slots=True)
class _View:
    """A snapshot with the names that the graph has for its vectors."""

    gallery: Gallery
    graph_rows: GraphRows


def _best(
    rows: NDArray[np.intp], scores: NDArray[np.float32], k: int
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """The k highest scores; of equal ones the lower rows, so that the same library answers the same."""
    count = len(scores)
    k = max(0, min(k, count))
    if k < count:
        # The k-th highest score: everything above it is in, of its equals as many as there is room for.
        limit = np.partition(scores, count - k)[count - k] if k else np.float32(np.inf)
        chosen = np.flatnonzero(scores >= limit) if k else np.empty(0, np.intp)
    else:
        chosen = np.arange(count)
    order = np.lexsort((rows[chosen], -scores[chosen]))[:k]
    chosen = chosen[order]
    return rows[chosen], scores[chosen]
