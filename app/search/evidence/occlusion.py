"""Which part of a picture speaks for a description: what covering it costs.

Windows of two by two cells, covered one after the other with the picture's mean colour, overlap by half, so
that no edge of the grid hides what it cuts (a cell at the border is never covered without its neighbour
inwards, and is never lighter for it). A window's cost is the share of the picture's lead over the
library's average that is lost with it; a cell's is the mean of the windows that cover it (Zeiler & Fergus,
Visualizing and Understanding Convolutional Networks, ECCV 2014, section 4.2).
"""

import numpy as np
from numpy.typing import NDArray

CELLS = 6
"""Of each side of the grid; (CELLS - 1)² windows are covered."""

_TINY = 1e-6


def covered(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The picture itself, then with one window after the other covered, row by row.

    Args:
        image: (H, W, 3) uint8 RGB.

    Returns:
        (1 + (CELLS - 1)², H, W, 3) uint8.
    """
    height, width, _ = image.shape
    rows, columns = _borders(height), _borders(width)
    pictures = np.repeat(image[np.newaxis], 1 + (CELLS - 1) ** 2, axis=0)
    mean = image.reshape(-1, 3).mean(axis=0).round().astype(np.uint8)
    for number in range((CELLS - 1) ** 2):
        row, column = divmod(number, CELLS - 1)
        window = slice(rows[row], rows[row + 2]), slice(columns[column], columns[column + 2])
        pictures[1 + number][window] = mean
    return pictures


def costs(
    vectors: NDArray[np.float32], target: NDArray[np.float32], average: float, least: float
) -> NDArray[np.float32]:
    """What covering each cell costs.

    Args:
        vectors: (1 + (CELLS - 1)², D) of the pictures of `covered`, L2-normalised.
        target: (D,) float32, L2-normalised: the description.
        average: its mean similarity to the library's frames.
        least: a lead that is smaller than this counts as so much.

    Returns:
        (CELLS, CELLS) float32, 0..1: the share of the picture's lead over the average; 0 where covering a
        cell costs nothing.
    """
    similarities = vectors @ target
    lead = max(float(similarities[0]) - average, least, _TINY)
    lost = np.clip((similarities[0] - similarities[1:]) / lead, 0.0, 1.0).reshape(CELLS - 1, CELLS - 1)
    total, windows = np.zeros((CELLS, CELLS)), np.zeros((CELLS, CELLS))
    for down in (0, 1):
        for across in (0, 1):
            place = slice(down, down + CELLS - 1), slice(across, across + CELLS - 1)
            total[place] += lost
            windows[place] += 1
    return (total / windows).astype(np.float32)


def _borders(length: int) -> list[int]:
    """(CELLS + 1) pixels at which cells begin and end."""
    return [round(length * number / CELLS) for number in range(CELLS + 1)]
