"""The one preprocessing of Pocket: the whole frame squashed to a square, the same at training and at run
time."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]


def squash(picture: Pixels, size: int) -> Pixels:
    """Resize an RGB picture `(h, w, 3)` to `(size, size, 3)`, ignoring its aspect.

    Area averaging when both sides shrink or stay, bilinear otherwise (area averaging degrades to nearest
    neighbour when it enlarges).
    """
    height, width = picture.shape[:2]
    shrinks = height >= size and width >= size
    resized = cv2.resize(picture, (size, size), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
    return np.ascontiguousarray(resized, dtype=np.uint8)
