"""The one preprocessing of Pocket: the program's own, so that training sees what run time sees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import ImageSpec
from app.runtime.preprocess import fit

Pixels = NDArray[np.uint8]


def squash(picture: Pixels, size: int) -> Pixels:
    """Resize an RGB picture `(h, w, 3)` to `(size, size, 3)`, ignoring its aspect; see `fit`."""
    return np.ascontiguousarray(fit(picture, ImageSpec(size, "squash", "area")))
