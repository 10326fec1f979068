"""Which rows of a gallery the search graph means, though its file may have been written anew since."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.vectors.frame_vectors import FrameVectors
from app.vectors.graph.graph_messages import Answer, Remove

_ALL = np.iinfo(np.int64).max
_MAY_LACK = 0.01
"""Share of an answer that may have left the gallery meanwhile, above which the answer is too poor."""


@dataclass(frozen=True, slots=True, eq=False)
class GraphRows:
    """The places of a gallery's vectors, by the labels they have in a graph: rows of its file.

    While a graph for a new generation is built, the one of an old generation answers.
    """

    labels: Mapping[str, NDArray[np.int64] | None] = field(default_factory=dict)
    """By generation: (n,) ascending, the labels of the first n places; None where each place is its label."""

    def is_current(self, generation: str) -> bool:
        """Whether the places are rows of this generation."""
        return generation in self.labels and self.labels[generation] is None

    def moved(
        self, places: NDArray[np.integer] | None, generation: str, *, keep: str | None = None
    ) -> "GraphRows":
        """After the vectors were put together, or into another file.

        Args:
            places: (n,) which place each of the first n was before; None where they are the same.
            generation: of the file whose rows the places are now; empty where there is none.
            keep: of the earlier generations the one that can still be answered for.
        """
        labels: dict[str, NDArray[np.int64] | None] = {}
        if keep is not None and keep in self.labels:
            known = self.labels[keep]
            if places is None:
                labels[keep] = known
            elif known is None:
                labels[keep] = places.astype(np.int64)
            else:
                labels[keep] = known[places[places < len(known)]]
        if generation:
            labels[generation] = None
        return GraphRows(labels)

    def removed(self, vectors: FrameVectors) -> list[Remove]:
        """What the graph must not find any more, by generation.

        Args:
            vectors: of a snapshot of the gallery.
        """
        places = vectors.places
        found = []
        for generation, known in self.labels.items():
            if known is None:
                live, end = places, len(vectors.stored)
            else:
                live, end = known if places is None else known[places[places < len(known)]], _ALL
            found.append(Remove(generation, _gaps(live, end)))
        return found

    def rows_of(self, answer: Answer, vectors: FrameVectors) -> tuple[NDArray[np.intp], int] | None:
        """Rows of a gallery that an answer names, and the first row that it does not cover.

        None where they cannot be told, or too many have left the gallery.

        Args:
            answer: of the graph.
            vectors: of a snapshot of the gallery.
        """
        if answer.generation not in self.labels:
            return None
        known = self.labels[answer.generation]
        places, covered = _positions(known, answer.rows), _position(known, answer.covers)
        rows = _positions(vectors.places, places)
        rows = rows[rows < len(vectors)]
        if len(rows) < (1 - _MAY_LACK) * len(answer.rows):
            return None
        return rows, min(_position(vectors.places, covered), len(vectors))


def _position(numbers: NDArray[np.integer] | None, wanted: int) -> int:
    """How many of the numbers (n,), ascending, are smaller; None stands for 0, 1, 2 …"""
    return wanted if numbers is None else int(np.searchsorted(numbers, wanted))


def _positions(numbers: NDArray[np.integer] | None, wanted: NDArray[np.integer]) -> NDArray[np.intp]:
    """Where these (m,) are among the numbers, without those that are not."""
    if numbers is None:
        return wanted.astype(np.intp)
    if len(numbers) == 0:
        return np.empty(0, np.intp)
    positions = np.minimum(np.searchsorted(numbers, wanted), len(numbers) - 1)
    found: NDArray[np.intp] = positions[numbers[positions] == wanted]
    return found


def _gaps(live: NDArray[np.int64] | None, end: int) -> NDArray[np.int64]:
    """(G, 2) runs of numbers below `end` that are not among these (n,), ascending."""
    if live is None:
        return np.empty((0, 2), np.int64)
    gaps = np.stack((np.append(0, live + 1), np.append(live, end)), axis=1)
    return gaps[gaps[:, 0] < gaps[:, 1]]
