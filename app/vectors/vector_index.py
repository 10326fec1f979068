"""The vector index: which frames of the library are nearest to a query. Derived; SQLite has the truth."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.vectors.embeddings import EmbeddingSource
from app.vectors.gallery import MAX_TOMBSTONES, Gallery, GalleryStore, rows_of
from app.vectors.gallery_file import GalleryFile
from app.vectors.hnsw import HnswGraph, graph_file

__all__ = ["Gallery", "VectorIndex"]

logger = logging.getLogger(__name__)

_REBUILD = 0.1
"""Share of frames outside the graph, compared one by one, above which extending it is worth while."""

_UNSAVED = 64
"""The gallery is kept again when a share of one in so many of its frames is new ."""
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

    Up to `exact_limit` frames all are compared. Above it hnswlib's graph answers, once `build_hnsw` has made
    it ready: frames that are not in it yet are compared one by one, so nothing new is ever missed.
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
        self._graph_file = graph_file(folder, model)
        self._kept_from = kept_from
        self._file = GalleryFile(folder, model, width)
        self._loaded = False
        self._complete = False  # whether the gallery has every video there was at the last revision
        self._changed = self._removed = False  # since the last snapshot: anything, and anything taken away
        self._unkept = 0  # frames of the gallery that could not be kept
        self._lock = threading.Lock()  # guards what follows, for moments
        self._build_lock = threading.Lock()  # held while a graph is built or saved, for minutes
        self._keep_lock = threading.Lock()  # held while the gallery is written, for seconds
        self._store = GalleryStore(width)
        self._revision = 0
        self._revision_of: dict[int, int] = {}
        self._graph: HnswGraph | None = None
        self._saved = True
        self._build_problem = ""
        self._failed_at = -1  # revision at which the graph could not be built
        self._view = _View.make(self._store.snapshot(), None)

    @property
    def gallery(self) -> Gallery:
        """The snapshot of the last `refresh`."""
        return self._view.gallery

    @property
    def wants_build(self) -> bool:
        """Whether `build_hnsw` would make queries faster."""
        view = self._view
        count = len(view.gallery)
        if count <= self._exact_limit or self._failed_at == self._revision:
            return False
        return (
            view.graph is None or view.graph.needs_rebuild or count - len(view.graph.ids) > _REBUILD * count
        )

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
        return True

    def _remove(self, live: Mapping[int, int]) -> None:
        """Leave out what is gone or was written again."""
        stale = {video for video, seen in self._revision_of.items() if live.get(video) != seen}
        if not stale:
            return
        self._changed = self._removed = True
        self._store.remove(stale)
        for video in stale:
            del self._revision_of[video]
        if self._store.tombstones > (_MAX_PASSED_OVER if self._file.stored else MAX_TOMBSTONES):
            self._store.compact()
            self._file.abandon()

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
        if gallery is None or gallery is view.gallery:
            gallery, graph = view.gallery, view.graph
        else:
            graph = None
        length = float(np.linalg.norm(query))
        query = np.ascontiguousarray(query, np.float32) / np.float32(length or 1.0)
        vectors = gallery.vectors
        if rows is not None:
            few = len(rows) < _GATHER * len(vectors)
            return _best(rows, vectors[rows] @ query if few else (vectors @ query)[rows], k)
        if graph is not None and (found := graph.search(query, k)) is not None:
            near = view.rows_of(found)
            rest = np.arange(view.tail, len(vectors))
            scores = np.concatenate((vectors[near] @ query, vectors[view.tail :] @ query))
            return _best(np.concatenate((near, rest)), scores, k)
        return _best(np.arange(len(vectors)), vectors @ query, k)

    def build_hnsw(self, stop: Callable[[], bool] = lambda: False) -> bool:
        """Make the graph ready in this thread, if there are enough frames for one; queries go on, exactly.

        A saved graph that fits is read in a moment; else 100,000 frames take minutes. It is saved at the end.

        Args:
            stop: asked every few hundred frames; ends the work early, what is done counts.

        Returns:
            Whether the graph is in use and complete. False too where building it failed: queries stay exact,
            `build_problem` says why, and it is tried again when the library has changed.
        """
        try:
            complete = self._build(stop)
        except Exception as error:
            logger.exception("The search graph could not be built")
            self._build_problem = f"The search graph could not be built: {error or type(error).__name__}."
            self._failed_at = self._revision
            return False
        self._build_problem = ""
        self.save()
        return complete

    @property
    def build_problem(self) -> str:
        """Why the last `build_hnsw` failed, one sentence; empty where it did not."""
        return self._build_problem

    def _build(self, stop: Callable[[], bool]) -> bool:
        with self._build_lock:
            with self._lock:
                gallery, graph = self._view.gallery, self._graph
                if len(gallery) <= self._exact_limit:
                    return False
                self._graph = None
                self._publish()
            if graph is None:
                graph = HnswGraph.load(self._graph_file, self._model, gallery)
                self._saved = graph is not None
            if graph is None or graph.needs_rebuild:
                graph = HnswGraph(self._width, capacity=len(gallery))
                self._saved = False
            if len(graph.ids) < len(gallery):
                self._saved = False
            complete = graph.add(gallery, stop)
            with self._lock:
                self._graph = graph
                self._publish()
        return complete

    @property
    def wants_save(self) -> bool:
        """Whether `save` would make the next start quicker, or removed videos cost too much here."""
        gallery = self._view.gallery
        count, stored = len(gallery), len(gallery.vectors.stored)
        if count < max(1, self._kept_from) or count <= self._unkept * (1 + _REBUILD):
            return False
        unsaved = stored - self._file.stored
        least = min(_LEAST_UNSAVED, max(1, self._kept_from))
        return unsaved >= max(least, count // _UNSAVED) or stored - count > MAX_TOMBSTONES * stored

    def save(self) -> None:
        """Keep gallery and graph beside the library for the next start, where that is worth while.

        Both are caches: it may fail with a warning.
        """
        self._save_gallery()
        self._save_graph()

    def _save_gallery(self) -> None:
        with self._keep_lock:
            with self._lock:
                if not self.wants_save:
                    return
                gallery, revision, seen = self._store.snapshot(), self._revision, dict(self._revision_of)
            stored = len(gallery.vectors.stored)
            compact = stored - len(gallery) > MAX_TOMBSTONES * stored
            vectors = self._file.save(gallery.vectors, rows_of(gallery, seen), revision, compact=compact)
            if vectors is None:
                self._unkept = len(gallery)
                return
            self._unkept = 0
            with self._lock:
                self._store.move(gallery, vectors, self._file.stored, self._file.grow)
                self._publish()

    def _save_graph(self) -> None:
        with self._build_lock:
            graph = self._graph
            if graph is None or self._saved or len(graph.ids) == 0:
                return
            try:
                graph.save(self._graph_file, self._model)
            except OSError as error:
                logger.warning("the search graph cannot be kept: %s", error)
                return
            self._saved = True

    def _publish(self) -> None:
        gallery, view = self._store.snapshot(), self._view
        only_grown = not self._removed
        self._changed = self._removed = False
        if only_grown and self._graph is not None and self._graph is view.graph:
            self._view = replace(view, gallery=gallery)
            return
        if self._graph is not None and self._graph.keep_only(gallery.frame_ids):
            self._saved = False
        self._view = _View.make(gallery, self._graph if len(gallery) > self._exact_limit else None)


@dataclass(frozen=True, slots=True)
class _View:
    """A snapshot with the graph that answers for its rows before `tail`."""

    gallery: Gallery
    graph: HnswGraph | None
    tail: int
    order: NDArray[np.intp]
    """(tail,) those rows in order of frame id."""

    @classmethod
    def make(cls, gallery: Gallery, graph: HnswGraph | None) -> "_View":
        if graph is None:
            return cls(gallery, None, 0, np.empty(0, np.intp))
        outside = ~np.isin(gallery.frame_ids, graph.ids)
        tail = int(np.argmax(outside)) if outside.any() else len(gallery)
        return cls(gallery, graph, tail, np.argsort(gallery.frame_ids[:tail], kind="stable"))

    def rows_of(self, frame_ids: NDArray[np.int64]) -> NDArray[np.intp]:
        """Rows of these frames, without those of the tail and those that have left the gallery since."""
        ids = self.gallery.frame_ids[: self.tail]
        if self.tail == 0:
            return np.empty(0, np.intp)
        places = np.minimum(np.searchsorted(ids, frame_ids, sorter=self.order), len(ids) - 1)
        rows = self.order[places]
        found: NDArray[np.intp] = rows[ids[rows] == frame_ids]
        return found


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
