"""The vector index: which frames of the library are nearest to a query. Derived; SQLite has the truth."""

import logging
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.vectors.embeddings import EmbeddingSource
from app.vectors.gallery import MAX_TOMBSTONES, Gallery, GalleryStore, rows_of
from app.vectors.gallery_file import GalleryFile
from app.vectors.graph.graph_file import graph_file
from app.vectors.stores.exact_store import ExactStore
from app.vectors.stores.graph_store import GraphStore
from app.vectors.stores.vector_store import Snapshot, VectorStore

__all__ = ["Gallery", "VectorIndex"]

logger = logging.getLogger(__name__)

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

_EXACT = ExactStore()


class VectorIndex:
    """Nearest frames for one model's embeddings; every method can be called from any thread.

    Up to `exact_limit` frames all are compared. Above it a store answers, which `update_graph` has follow the
    gallery: hnswlib's graph, in a process of its own, or a server where one is set. All frames are compared
    where it does not.
    """

    def __init__(
        self,
        folder: Path,
        model: str,
        width: int,
        *,
        exact_limit: int = 100_000,
        kept_from: int = 10_000,
        server: Callable[[], VectorStore | None] = lambda: None,
    ) -> None:
        """Start empty; `refresh` loads.

        Args:
            folder: where gallery and graph are cached, the library's.
            model: identity of the encoder bundle.
            width: D, numbers per embedding.
            exact_limit: number of frames up to which search is exact.
            kept_from: number of frames from which the gallery is kept in a file for the next start.
            server: gives the store that answers in place of the graph now; None where none is set.
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
        self._graph = GraphStore(graph_file(folder, model), model, width)
        self._server = server
        self._told: VectorStore = self._graph  # which of the two knows the newest snapshot
        self._removals = 0
        self._snapshot = Snapshot(self._store.snapshot(), 0, {}, None, 0)

    @property
    def gallery(self) -> Gallery:
        """The snapshot of the last `refresh`."""
        return self._snapshot.gallery

    @property
    def store(self) -> VectorStore:
        """What answers for large galleries now."""
        return self._server() or self._graph

    @property
    def wants_build(self) -> bool:
        """Whether `update_graph` would have the store follow something new."""
        if len(self._snapshot.gallery) <= self._exact_limit:
            return False
        return self.store is not self._told or self.store.wants_update

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
        self._graph.moved(None, kept.generation)
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
            self._graph.moved(places, "")

    def nearest_frames(
        self,
        query: NDArray[np.float32],
        k: int,
        *,
        rows: NDArray[np.intp] | None = None,
        gallery: Gallery | None = None,
        exact: bool = False,
    ) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
        """Find the frames with the highest cosine.

        Args:
            query: (D,) float32; its length does not matter.
            k: how many at most.
            rows: search only these rows of the gallery, ascending; all where None.
            gallery: the snapshot that the rows belong to, the newest where None.
            exact: compare each of them: a store knows the nearest frames, and hardly the furthest.

        Returns:
            Rows of the gallery and their cosines (float32), best first, equals in order of rows.
        """
        gallery = self._snapshot.gallery if gallery is None else gallery
        length = float(np.linalg.norm(query))
        query = np.ascontiguousarray(query, np.float32) / np.float32(length or 1.0)
        if not exact and (len(gallery) if rows is None else len(rows)) > self._exact_limit:
            found = self.store.nearest(gallery, query, k, rows)
            if found is not None:
                return found
        return _EXACT.nearest(gallery, query, k, rows)

    def update_graph(self) -> None:
        """Have the store follow the gallery, if there are enough frames for one.

        Returns at once: the store works by itself, minutes for a million frames that are new to it.
        """
        if len(self._snapshot.gallery) <= self._exact_limit:
            return
        with self._lock:
            store = self.store
            if store is not self._told:
                self._told = store
                store.publish(self._snapshot)
        store.update()

    def finish_graph(self, stop: Callable[[], bool] = lambda: False) -> bool:
        """Keep the gallery, have the store follow it, and wait for that; queries go on meanwhile.

        Args:
            stop: asked a few times a second; ends the waiting.

        Returns:
            Whether the store has everything; False too where there are too few frames for one, or it could
            not be built: queries stay exact, and `build_problem` says why.
        """
        self.save()
        self.update_graph()
        return len(self._snapshot.gallery) > self._exact_limit and self.store.finish(stop)

    @property
    def build_problem(self) -> str:
        """Why no store answers, one sentence; empty where one does, or will."""
        return self.store.problem

    @property
    def build_advice(self) -> str:
        """What can be done about it."""
        return self.store.advice

    def close(self) -> None:
        """End what the store runs, at once; nothing is lost."""
        self._graph.close()
        if (server := self._server()) is not None:
            server.close()

    @property
    def wants_save(self) -> bool:
        """Whether `save` would make the next start quicker, or removed videos cost too much here."""
        gallery = self._snapshot.gallery
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
                if kept is not None and not self._graph.is_current(kept.generation):
                    places = None if count == stored else gallery.vectors.rows()
                    self._graph.moved(places, kept.generation)
                self._publish()

    def _publish(self) -> None:
        """Let searches see what there is now; the lock is held."""
        self._changed = False
        self._snapshot = Snapshot(
            self._store.snapshot(), self._revision, dict(self._revision_of), self._file.kept, self._removals
        )
        self._told = self.store
        self._told.publish(self._snapshot)
