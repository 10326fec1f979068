"""Where text stands in a picture: boxes that may be tilted, and the pixels inside them."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

_TALL = 1.5
"""What is this many times as tall as wide is written downwards, or turned."""


@dataclass(frozen=True, slots=True)
class Box:
    """Four corners in pixels, from the upper left clockwise as the text runs; and how sure that is text."""

    corners: NDArray[np.float32]
    """(4, 2) x and y."""
    score: float

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the upright box around it."""
        left, top = self.corners.min(axis=0)
        right, bottom = self.corners.max(axis=0)
        return float(left), float(top), float(right), float(bottom)

    @property
    def size(self) -> tuple[float, float]:
        """Length along the text's first edge, and across it."""
        across = np.linalg.norm(self.corners[3] - self.corners[0])
        return float(np.linalg.norm(self.corners[1] - self.corners[0])), float(across)

    @property
    def tall(self) -> bool:
        """Whether its text runs downwards."""
        along, across = self.size
        return across > _TALL * along


def ordered(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the corners (4, 2) of a box in the order of `Box.corners`."""
    by_x = points[np.argsort(points[:, 0], kind="stable")]
    left = by_x[:2][np.argsort(by_x[:2, 1], kind="stable")]
    right = by_x[2:][np.argsort(by_x[2:, 1], kind="stable")]
    return np.array([left[0], right[0], right[1], left[1]], np.float32)


def cut_out(image: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """Return the pixels (H, W, 3) of a box, straightened; at least one."""
    along, across = (max(1, round(side)) for side in box.size)
    left, top, right, bottom = box.bounds
    straight = (
        abs(box.corners[0, 1] - box.corners[1, 1]) < 1 and abs(box.corners[0, 0] - box.corners[3, 0]) < 1
    )
    if straight:
        rows = slice(max(0, round(top)), max(1, round(bottom)))
        part = image[rows, max(0, round(left)) : max(1, round(right))]
        if part.size:
            return part
    target = np.array([[0, 0], [along, 0], [along, across], [0, across]], np.float32)
    matrix = cv2.getPerspectiveTransform(box.corners, target)
    return cv2.warpPerspective(
        image, matrix, (along, across), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    ).astype(np.uint8)


def overlap(
    one: tuple[float, float, float, float], two: tuple[float, float, float, float]
) -> tuple[float, float]:
    """How much of the first and of the second upright box the other one covers, 0 to 1."""
    width = min(one[2], two[2]) - max(one[0], two[0])
    height = min(one[3], two[3]) - max(one[1], two[1])
    if width <= 0 or height <= 0:
        return 0.0, 0.0
    shared = width * height
    first = (one[2] - one[0]) * (one[3] - one[1])
    second = (two[2] - two[0]) * (two[3] - two[1])
    return min(1.0, shared / max(first, 1e-6)), min(1.0, shared / max(second, 1e-6))
