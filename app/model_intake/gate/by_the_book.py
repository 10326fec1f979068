"""A picture as a model's published code prepares it: plain, slow, and independent of how the program does it.

Pillow's resampling: each output pixel is the weighted mean of the source pixels within the filter's reach,
which grows with the reduction; first across, then down, rounded to whole levels after each (`Resample.c`).
Then torchvision's centre crop. What the program does (`app.runtime.preprocess`) is held against this.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import ImageSpec

_CUBIC = -0.5
"""Pillow's coefficient of its bicubic filter (Keys 1981)."""


def prepared(picture: NDArray[np.uint8], spec: ImageSpec) -> NDArray[np.uint8]:
    """Bring a picture to the square that a model takes.

    Args:
        picture: (H, W, 3) uint8 RGB, any H and W.
        spec: `linear` or `cubic`; no published model asks for `area`.

    Returns:
        (size, size, 3) uint8 RGB.
    """
    size, (height, width) = spec.size, picture.shape[:2]
    if spec.resize == "squash":
        return _resized(picture, size, size, spec.interpolation)
    if height <= width:
        whole = _resized(picture, size, int(size * width / height), spec.interpolation)
    else:
        whole = _resized(picture, int(size * height / width), size, spec.interpolation)
    top, left = (round((side - size) / 2) for side in whole.shape[:2])
    return whole[top : top + size, left : left + size]


def _resized(picture: NDArray[np.uint8], height: int, width: int, interpolation: str) -> NDArray[np.uint8]:
    across = _resampled(picture.transpose(1, 0, 2), width, interpolation).transpose(1, 0, 2)
    return _resampled(across, height, interpolation)


def _resampled(lines: NDArray[np.uint8], count: int, interpolation: str) -> NDArray[np.uint8]:
    """`(L, …)` to `(count, …)` along the first axis."""
    if len(lines) == count:
        return lines
    kernel, reach = (_cubic, 2.0) if interpolation == "cubic" else (_triangle, 1.0)
    there = lines.astype(np.float64).reshape(len(lines), -1)
    spans = _weights(len(lines), count, kernel, reach)
    rows = [weights @ there[first:last] for first, last, weights in spans]
    mixed = np.clip(np.floor(np.stack(rows) + 0.5), 0, 255).astype(np.uint8)
    return mixed.reshape(count, *lines.shape[1:])


def _weights(
    there: int, count: int, kernel: Callable[[float], float], reach: float
) -> Iterator[tuple[int, int, NDArray[np.float64]]]:
    """For each line of the result: the first source line that weighs in it, the one after the last, and what
    each of these weighs."""
    scale = there / count
    stretch = max(scale, 1.0)
    for line in range(count):
        centre = (line + 0.5) * scale
        first = max(0, int(centre - reach * stretch + 0.5))
        last = min(there, int(centre + reach * stretch + 0.5))
        row = [kernel((place - centre + 0.5) / stretch) for place in range(first, last)]
        yield first, last, np.array(row) / math.fsum(row)


def _triangle(distance: float) -> float:
    return max(0.0, 1.0 - abs(distance))


def _cubic(distance: float) -> float:
    far = abs(distance)
    if far < 1:
        return ((_CUBIC + 2) * far - (_CUBIC + 3)) * far * far + 1
    if far < 2:
        return (((far - 5) * far + 8) * far - 4) * _CUBIC
    return 0.0
