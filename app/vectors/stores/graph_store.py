"""hnswlib's graph as a store: it lives in a process of its own, `app/vectors/graph/`."""

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.vectors.gallery import Gallery
from app.vectors.gallery_paths import START
from app.vectors.graph.graph_messages import Follow
from app.vectors.graph.graph_process import GraphProcess
from app.vectors.graph.graph_rows import GraphRows
from app.vectors.stores.exact_store import best
from app.vectors.stores.vector_store import Nearest, Snapshot

MAX_TAIL = 0.125
"""Share of frames outside a graph, compared one by one, above which all of them are."""


class GraphStore:
    """A `VectorStore` over the rows of a gallery's file.

    Frames that are not in the graph yet are compared one by one, so nothing new is ever missed.
    """

    name = "graph"
    advice = "Until it is, each search compares with every frame."

    def __init__(self, path: Path, model: str, width: int) -> None:
        """Nothing is started before `update`.

        Args:
            path: the graph's file.
            model: identity of the encoder bundle.
            width: D.
        """
        self._process = GraphProcess(path, model, width)
        self._lock = threading.Lock()  # guards what follows, for moments
        self._rows = GraphRows()
        self._view: tuple[Snapshot, GraphRows] | None = None
        self._told: _Told | None = None  # what the graph was told to follow

    @property
    def problem(self) -> str:
        """See `VectorStore.problem`."""
        return self._process.problem

    def moved(self, places: NDArray[np.integer] | None, generation: str) -> None:
        """The gallery's vectors were put together, or into another file; counts from the next `publish` on.

        Args:
            places: (n,) which place each of the first n was before; None where they are the same.
            generation: of the file whose rows the places are now; empty where there is none.
        """
        with self._lock:
            self._rows = self._rows.moved(places, generation, keep=self._process.generation)

    def is_current(self, generation: str) -> bool:
        """Whether the places are rows of this generation of the gallery's file."""
        return self._rows.is_current(generation)

    def publish(self, snapshot: Snapshot) -> None:
        """See `VectorStore.publish`."""
        with self._lock:
            self._view = snapshot, self._rows

    @property
    def wants_update(self) -> bool:
        """See `VectorStore.wants_update`. What is new is followed once it is kept in the gallery's file."""
        view = self._view
        return self._told != (None if view is None else _to_tell(view[0]))

    def update(self) -> None:
        """See `VectorStore.update`: minutes for a million frames that are new to it."""
        with self._lock:
            if self._view is None:
                return
            (snapshot, rows), told = self._view, self._told
            kept = snapshot.kept
            if kept is None or told == _to_tell(snapshot) or not rows.is_current(kept.generation):
                return
            self._told = _to_tell(snapshot)
        follow = Follow(str(kept.path.absolute()), kept.generation, START, kept.stored)
        self._process.follow(follow, rows.removed(snapshot.gallery.vectors))

    def finish(self, stop: Callable[[], bool]) -> bool:
        """See `VectorStore.finish`; False too where it could not be built."""
        return self._process.wait(stop)

    def nearest(
        self, gallery: Gallery, query: NDArray[np.float32], k: int, rows: NDArray[np.intp] | None = None
    ) -> Nearest | None:
        """See `VectorStore.nearest`; some rows alone are no matter of a graph."""
        view = self._view
        if view is None or rows is not None or gallery is not view[0].gallery:
            return None
        vectors = gallery.vectors
        least = (1 - MAX_TAIL) * len(vectors)
        if self._process.covers < least or (answer := self._process.ask(query, k)) is None:
            return None
        found = view[1].rows_of(answer, vectors)
        if found is None or found[1] < least:
            return None
        near, tail = found
        scores = np.concatenate((vectors[near] @ query, vectors[tail:] @ query))
        return best(np.concatenate((near, np.arange(tail, len(vectors)))), scores, k)

    def close(self) -> None:
        """See `VectorStore.close`: ends the process at once."""
        self._process.close()


_Told = tuple[str, int, int]
"""Generation of the gallery's file, vectors in it, removals so far."""


def _to_tell(snapshot: Snapshot) -> _Told | None:
    kept = snapshot.kept
    return None if kept is None else (kept.generation, kept.stored, snapshot.removals)
