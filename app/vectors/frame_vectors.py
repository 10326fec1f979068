"""The vectors of a gallery, as an array of which some rows may be left out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike, NDArray


@dataclass(frozen=True, slots=True, eq=False)
class FrameVectors:
    """N vectors of width D, read like an array: rows, products with a vector.

    They lie in an array of P ≥ N rows, in memory or in a file. Where videos were removed, theirs are still
    there and are passed over: no vector is copied because of another video.
    """

    stored: NDArray[np.float32]
    """(P, D) C-contiguous."""
    places: NDArray[np.int64] | None = None
    """(N,) rows of `stored`, ascending; None where all of them count."""

    def __len__(self) -> int:
        return len(self.stored) if self.places is None else len(self.places)

    @property
    def shape(self) -> tuple[int, int]:
        """N and D."""
        return len(self), self.stored.shape[1]

    def rows(self, rows: NDArray[np.integer] | slice = slice(None)) -> NDArray[np.integer]:
        """Which rows of `stored` these are, all where none are named."""
        if self.places is not None:
            return self.places[rows]
        return np.arange(len(self.stored))[rows] if isinstance(rows, slice) else rows

    def __getitem__(self, rows: NDArray[np.integer] | slice | int) -> NDArray[np.float32]:
        """Vectors (n, D) of rows, one (D,) of a number."""
        vectors: NDArray[np.float32] = self.stored[rows if self.places is None else self.places[rows]]
        return vectors

    def __matmul__(self, vector: NDArray[np.float32]) -> NDArray[np.float32]:
        """Inner products (N,) with a vector (D,)."""
        products: NDArray[np.float32] = self.stored @ vector
        return products if self.places is None else products[self.places]

    def take(self, rows: NDArray[np.integer], out: NDArray[np.float32]) -> NDArray[np.float32]:
        """Copy rows (n,), all of them valid, to `out` (n, D); returns it."""
        # mode="clip": with "raise", numpy fills a copy first.
        return np.take(self.stored, self.rows(rows), axis=0, out=out, mode="clip")

    def __array__(self, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[np.float32]:
        """All N of them as one array, copied where some are left out."""
        del copy
        return np.asarray(self[:], dtype)
