"""Comparing with every frame: quick enough up to a hundred thousand of them, and right at any number."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.vectors.gallery import Gallery
from app.vectors.stores.vector_store import Nearest, Snapshot

_GATHER = 0.25
"""Share of rows up to which copying them together is faster than comparing all."""


class ExactStore:
    """A `VectorStore` that holds nothing and always answers, for any gallery."""

    name = "exact"
    problem = ""
    advice = ""
    wants_update = False

    def publish(self, snapshot: Snapshot) -> None:
        """The gallery comes with each question."""

    def update(self) -> None:
        """There is nothing to follow."""

    def finish(self, stop: Callable[[], bool]) -> bool:
        """Whether it has everything: always."""
        del stop
        return True

    def nearest(
        self, gallery: Gallery, query: NDArray[np.float32], k: int, rows: NDArray[np.intp] | None = None
    ) -> Nearest:
        """See `VectorStore.nearest`; there always is an answer."""
        vectors = gallery.vectors
        if rows is None:
            return best(np.arange(len(vectors)), vectors @ query, k)
        few = len(rows) < _GATHER * len(vectors)
        return best(rows, vectors[rows] @ query if few else (vectors @ query)[rows], k)

    def close(self) -> None:
        """Nothing runs."""


def best(rows: NDArray[np.intp], scores: NDArray[np.float32], k: int) -> Nearest:
    """The k highest scores; of equal ones the lower rows, so that the same library answers the same.

    Args:
        rows: (n,) of a gallery.
        scores: (n,) theirs.
        k: how many at most.
    """
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
