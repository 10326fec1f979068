"""Names as short queries: do the pictures of a thing come first when only its name is typed?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.pocket.figures.evaluate import Vectors, unit

DEPTH = 10


def names_found(names: Vectors, pictures: Vectors, right: NDArray[np.bool_]) -> float:
    """Mean over the names of how many right pictures are among the first ten, of as many as could be.

    Args:
        names: (Q, D) one embedding per name.
        pictures: (P, D).
        right: (Q, P) which pictures show what is named, one at least each.
    """
    scores = unit(names) @ unit(pictures).T
    first = np.argsort(-scores, axis=1, kind="stable")[:, :DEPTH]
    found = np.take_along_axis(right, first, axis=1).sum(1)
    return float((found / np.minimum(right.sum(1), DEPTH)).mean())
