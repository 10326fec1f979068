"""Pixels as the encoder was trained on them: resize or crop to the bundle's square, nothing else.

Normalisation is inside the graph. `models/` trains on the output of these very functions.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from app.encoders.bundle import ImageSpec

_SHRINK = {"area": cv2.INTER_AREA, "linear": cv2.INTER_LINEAR, "cubic": cv2.INTER_CUBIC}
_ENLARGE = {"area": cv2.INTER_LINEAR, "linear": cv2.INTER_LINEAR, "cubic": cv2.INTER_CUBIC}

CUBIC_UP_TO = 1.2
"""How far `cubic` shrinks with cubic weights; beyond it, with area weights.

OpenCV's cubic looks at four pixels however far it shrinks, and what lies between them is lost; the bicubic of
CLIP's training (Pillow's) widens with the factor, and area is the nearest to it: 45 dB against 38 at a factor
of 2 on real frames; below this one cubic is the nearer.
"""


def fit(image: NDArray[np.uint8], spec: ImageSpec) -> NDArray[np.uint8]:
    """Bring one picture to the encoder's square.

    Args:
        image: (H, W, 3) uint8 RGB.
        spec: the bundle's image specification.

    Returns:
        (size, size, 3) uint8 RGB.
    """
    if spec.resize == "crop":
        side = min(image.shape[:2])
        top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
        image = image[top : top + side, left : left + side]
    if image.shape[0] == image.shape[1] == spec.size:
        return image
    resized = cv2.resize(image, (spec.size, spec.size), interpolation=_interpolation(image.shape, spec))
    return np.asarray(resized, dtype=np.uint8)


def _interpolation(shape: tuple[int, ...], spec: ImageSpec) -> int:
    if shape[0] < spec.size or shape[1] < spec.size:
        return _ENLARGE[spec.interpolation]
    if spec.interpolation == "cubic" and max(shape[:2]) > CUBIC_UP_TO * spec.size:
        return cv2.INTER_AREA
    return _SHRINK[spec.interpolation]


def fit_batch(images: NDArray[np.uint8], spec: ImageSpec) -> NDArray[np.uint8]:
    """Bring `(N, H, W, 3)` uint8 RGB pictures of one size to `(N, size, size, 3)`, C-contiguous."""
    if images.shape[1] == images.shape[2] == spec.size:
        return np.ascontiguousarray(images)
    batch = np.empty((len(images), spec.size, spec.size, 3), dtype=np.uint8)
    for row, image in zip(batch, images, strict=True):
        row[...] = fit(image, spec)
    return batch
