"""Approximate nearest neighbours for large libraries: hnswlib's graph over the rows of a gallery's file.

Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable
Small World graphs", 2016 (arXiv:1603.09320). Loaded in the child process only, see `graph_child.py`.
"""

import logging
from pathlib import Path
from typing import Self

import hnswlib
import numpy as np
from numpy.typing import NDArray

from app.vectors.graph.graph_file import CONNECTIONS, GraphElements, GraphFacts, saved_graph, write_graph

logger = logging.getLogger(__name__)

_EF_CONSTRUCTION = 200
_EF_LEAST, _EF_TIMES = (800, 2400), (2.0, 2.2)
"""Breadth of the search: the least, and how many times the number wanted; of a small graph, and of one with
`_LARGE` elements. Texts lie off the manifold of images and need more of it than images do; see
docs/decisions/0018-graph-process.md."""
_LARGE = 1_000_000
_SEED = 2406
_COMPARED = 4096
"""Vectors that are compared at a time."""


class HnswGraph:
    """A graph over rows of a gallery's file: labels are their numbers, similarities inner products.

    Built by one thread with a fixed seed: the same rows in the same order give the same graph. Nothing may
    run beside `add`, `delete` or `save`: hnswlib can end the process.
    """

    def __init__(self, width: int, generation: str, *, capacity: int) -> None:
        """An empty graph.

        Args:
            width: D, numbers per vector.
            generation: of the gallery's file.
            capacity: elements that there is room for.

        Raises:
            RuntimeError: there is no memory for it.
        """
        self.generation = generation
        self._width = width
        self._index = hnswlib.Index(space="ip", dim=width)
        self._index.init_index(capacity, ef_construction=_EF_CONSTRUCTION, M=CONNECTIONS, random_seed=_SEED)
        self._found = np.zeros(0, np.bool_)  # of each row looked at, whether it can be found
        self._count = 0  # of those that can

    @property
    def covers(self) -> int:
        """How many rows were looked at, from the first one on."""
        return len(self._found)

    def reserve(self, count: int) -> None:
        """Make room for `count` elements more.

        Raises:
            RuntimeError: there is no memory for them.
        """
        wanted = self._index.get_current_count() + count
        if wanted > self._index.get_max_elements():
            self._index.resize_index(wanted + wanted // 8)

    def add(self, vectors: NDArray[np.float32], skip: NDArray[np.bool_]) -> None:
        """Look at the next rows. There must be room.

        Args:
            vectors: (n, D), theirs.
            skip: (n,) which of them are left out.
        """
        first = len(self._found)
        rows = np.flatnonzero(~skip)
        if len(rows):
            self._index.add_items(vectors[rows], first + rows, num_threads=1)
        self._found = np.concatenate((self._found, ~skip))
        self._count += len(rows)

    def delete(self, rows: NDArray[np.int64]) -> None:
        """Let rows not be found any more; others than those that can be are passed over."""
        rows = rows[rows < self.covers]
        rows = rows[self._found[rows]]
        for row in rows.tolist():
            self._index.mark_deleted(row)
        self._found[rows] = False
        self._count -= len(rows)

    def search(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64] | None:
        """About the k nearest rows, in no promised order; None where the graph cannot say.

        Args:
            query: (D,) float32, L2-normalised.
            k: how many; all that can be found where those are fewer.
        """
        k = min(k, self._count)
        if k == 0:
            return np.empty(0, np.int64)
        self._index.set_ef(_breadth(k, self._count))
        try:
            labels, _ = self._index.knn_query(query[np.newaxis], k=k, num_threads=1)
        except RuntimeError as error:  # fewer than k were reached
            logger.info("the graph could not answer for k=%d: %s", k, error)
            return None
        return np.asarray(labels[0], dtype=np.int64)

    def save(self, path: Path, model: str) -> None:
        """Keep it for the next start.

        Args:
            path: its `graph_file`.
            model: identity of the encoder bundle.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        count = self._index.get_current_count()
        write_graph(path, GraphFacts(model, self._width, self.generation, self.covers, count), self._write)

    def _write(self, path: Path) -> None:
        try:
            self._index.save_index(str(path))
        except RuntimeError as error:
            raise OSError(str(error)) from error
        if path.stat().st_size != self._index.index_file_size():  # hnswlib does not notice a full disk
            raise OSError(f"only {path.stat().st_size} bytes of the graph were written")

    @classmethod
    def load(cls, path: Path, model: str, generation: str, vectors: NDArray[np.float32]) -> Self | None:
        """Read a kept graph, None where there is none to be trusted.

        It is trusted when the file is the one that was saved, to the byte, and every vector in it is the
        gallery's own for that row: a library restored from a backup does not get a graph of the future.

        Args:
            path: its `graph_file`.
            model: identity of the encoder bundle.
            generation: of the gallery's file.
            vectors: (P, D), the rows of that file.
        """
        try:
            path, facts = saved_graph(path)
            if (facts.model, facts.width, facts.generation) != (model, vectors.shape[1], generation):
                raise ValueError("it belongs to something else")
            elements = GraphElements.of(path)
            _compare(elements, vectors[: facts.covers])
            graph = cls(facts.width, generation, capacity=1)
            graph._index = hnswlib.Index(space="ip", dim=facts.width)
            graph._index.load_index(str(path), max_elements=facts.count + (len(vectors) - facts.covers))
            if graph._index.get_current_count() != len(elements.labels):
                raise ValueError("it is not what it says")
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RuntimeError) as error:
            logger.warning("the saved graph %s is not used: %s", path, error)
            return None
        graph._found = np.zeros(facts.covers, np.bool_)
        graph._found[elements.labels] = ~elements.deleted
        graph._count = int(graph._found.sum())
        return graph


def _breadth(k: int, count: int) -> int:
    """How many elements a search for k of so many keeps in view."""
    least, times = (np.interp(count, (0, _LARGE), bounds) for bounds in (_EF_LEAST, _EF_TIMES))
    return int(max(least, times * k))


def _compare(elements: GraphElements, vectors: NDArray[np.float32]) -> None:
    """See that the vectors in the file are the gallery's.

    Raises:
        ValueError: they are not.
    """
    labels, stored = elements.labels, elements.vectors
    if stored.shape[1] != vectors.shape[1]:
        raise ValueError("its vectors have another width")
    if len(labels) and not (labels.min() >= 0 and labels.max() < len(vectors)):
        raise ValueError("it has rows that the gallery lacks")
    for start in range(0, len(labels), _COMPARED):
        part = slice(start, start + _COMPARED)
        if not np.array_equal(stored[part], vectors[labels[part]]):
            raise ValueError("its vectors are not the library's")
