"""Finds text in a picture: differentiable binarization (Liao et al., AAAI 2020), its boxes made here."""

import cv2
import numpy as np
from numpy.typing import NDArray

from app.runtime.plain_graph import PlainGraph
from app.writing.looking.boxes import Box, ordered

_STEP = 32
"""The network halves its input five times."""
_LIKELY = 0.3
"""A pixel above this belongs to text."""
_SCORE = 0.5
"""A box whose pixels are below this on average is dropped."""
_GROWTH = 1.6
"""The network marks the core of a text line: `area × growth / perimeter` inside its edge (eq. 10)."""
_THINNEST = 3.0
"""Pixels of the map."""
_MOST_PIXELS = 1312 * 544
"""Of the network's input: a very wide picture is made smaller."""
_ENLARGED = 1.5
"""A small picture is enlarged at most so much: more shows no further letters."""
_MOST_CONTOURS = 1000


class Detector:
    """Finds text in pictures.

    Args:
        graph: (1, 3, H, W) float32 BGR in -1..1, H and W multiples of 32, to (1, 1, H, W) shares of text.
    """

    def __init__(self, graph: PlainGraph) -> None:
        self._graph = graph

    def heat(self, image: NDArray[np.uint8], short_side: int) -> NDArray[np.float32]:
        """Return (h, w) how likely each pixel of a scaled picture belongs to text, 0 to 1.

        Args:
            image: (H, W, 3) BGR.
            short_side: pixels of the shorter side that is looked at, about.
        """
        height, width, _ = image.shape
        scale = min(_ENLARGED, short_side / min(height, width), (_MOST_PIXELS / (height * width)) ** 0.5)
        size = _steps(width * scale), _steps(height * scale)
        shrinks = scale < 1
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
        values = (small.astype(np.float32) / np.float32(127.5) - 1).transpose(2, 0, 1)[None]
        heat: NDArray[np.float32] = self._graph.run(np.ascontiguousarray(values))[0, 0]
        return heat

    def boxes(self, heat: NDArray[np.float32], width: int, height: int) -> list[Box]:
        """Return the boxes of text in a picture of that width and height, from top to bottom."""
        mask = cv2.dilate((heat > _LIKELY).astype(np.uint8), np.ones((2, 2), np.uint8))
        contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
        scale = np.array([width / heat.shape[1], height / heat.shape[0]], np.float32)
        found = []
        for contour in contours[:_MOST_CONTOURS]:
            centre, sides, angle = cv2.minAreaRect(contour)
            if min(sides) < _THINNEST:
                continue
            score = _mean_inside(heat, contour)
            if score < _SCORE:
                continue
            distance = sides[0] * sides[1] * _GROWTH / (2 * (sides[0] + sides[1]))
            grown = (sides[0] + 2 * distance, sides[1] + 2 * distance)
            corners = cv2.boxPoints((centre, grown, angle)).astype(np.float32) * scale
            corners = np.clip(corners, 0, np.array([width, height], np.float32))
            found.append(Box(ordered(corners), score))
        return sorted(found, key=lambda box: (box.bounds[1], box.bounds[0]))


def _steps(pixels: float) -> int:
    return max(1, round(pixels / _STEP)) * _STEP


def _mean_inside(heat: NDArray[np.float32], contour: cv2.typing.MatLike) -> float:
    left, top, width, height = cv2.boundingRect(contour)
    inside = np.zeros((height, width), np.uint8)
    cv2.fillPoly(inside, [contour - np.array([left, top])], 1)
    return float(cv2.mean(heat[top : top + height, left : left + width], inside)[0])
