"""Pixels as the encoder was trained on them: resize or crop to the bundle's square, nothing else.

Normalisation is inside the graph. `models/` trains on the output of these very functions.
"""

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import ImageSpec
from app.runtime.resample import resample


def fit(image: NDArray[np.uint8], spec: ImageSpec) -> NDArray[np.uint8]:
    """Bring one picture to the encoder's square.

    `linear` and `cubic` are Pillow's, `crop` is torchvision's `Resize` and `CenterCrop`: what open_clip's
    models were trained with, to one level of 255. `area` is OpenCV's, linear where it enlarges.

    Args:
        image: (H, W, 3) uint8 RGB.
        spec: the bundle's image specification.

    Returns:
        (size, size, 3) uint8 RGB.
    """
    if spec.interpolation == "area":
        return _fit_area(image, spec)
    size, (height, width) = spec.size, image.shape[:2]
    if spec.resize == "squash":
        return resample(image, size, size, spec.interpolation, (0, 0, size, size))
    short = min(height, width)
    height, width = size * height // short, size * width // short
    # Python rounds halves to even, as torchvision does.
    window = (round((width - size) / 2), round((height - size) / 2), size, size)
    return resample(image, width, height, spec.interpolation, window)


def _fit_area(image: NDArray[np.uint8], spec: ImageSpec) -> NDArray[np.uint8]:
    if spec.resize == "crop":
        side = min(image.shape[:2])
        top, left = (image.shape[0] - side) // 2, (image.shape[1] - side) // 2
        image = image[top : top + side, left : left + side]
    if image.shape[0] == image.shape[1] == spec.size:
        return image
    import cv2

    shrinks = min(image.shape[:2]) >= spec.size
    interpolation = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    resized = cv2.resize(image, (spec.size, spec.size), interpolation=interpolation)
    return np.asarray(resized, dtype=np.uint8)


def fit_batch(images: NDArray[np.uint8], spec: ImageSpec) -> NDArray[np.uint8]:
    """Bring `(N, H, W, 3)` uint8 RGB pictures of one size to `(N, size, size, 3)`, C-contiguous."""
    if images.shape[1] == images.shape[2] == spec.size:
        return np.ascontiguousarray(images)
    batch = np.empty((len(images), spec.size, spec.size, 3), dtype=np.uint8)
    for row, image in zip(batch, images, strict=True):
        row[...] = fit(image, spec)
    return batch
