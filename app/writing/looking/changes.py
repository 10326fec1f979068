"""The cheap test: whether a picture, or the place of a text in it, shows something new."""

import cv2
import numpy as np
from numpy.typing import NDArray

_SIDE = 320
"""Pixels of the shorter side that is compared: a street sign's letters are some pixels tall."""
_BLOCK = 8
_NEW = 6.0
"""Levels, 0 to 255, that the mean of some block must have changed by: compression alone changes it less."""

_ROWS, _COLUMNS = 16, 16
"""Of the small picture of a line; so many columns for each time that it is as long as tall, up to 16."""
_MOST_COLUMNS = 256
_SAME = 0.2
"""Difference of normalised levels, mean of 3×3 pixels, up to which a line is the same everywhere. Another
letter makes 0.27 and more, strong compression up to 0.12; a line that moved by a pixel may be read again."""
_CONTRAST = 8.0
"""Levels of spread below which a line's picture is only noise."""


class ChangeGate:
    """Lets a picture through where some part of it is new since the last one that it let through."""

    def __init__(self) -> None:
        self._last: NDArray[np.float32] | None = None

    def changed(self, image: NDArray[np.uint8]) -> bool:
        """Whether a picture (H, W, 3) shows something new."""
        height, width, _ = image.shape
        scale = min(1.0, _SIDE / min(height, width)) / _BLOCK
        size = max(1, round(width * scale)), max(1, round(height * scale))
        # Means of blocks: what a letter changes stays, what compression does to single pixels goes.
        means = cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.float32)
        last = self._last
        if last is not None and last.shape == means.shape and np.abs(means - last).max() <= _NEW:
            return False
        self._last = means
        return True


def look_of(line: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A line's pixels (H, W, 3) as a small picture (16, n) of about -1 to 1, whatever its brightness."""
    height, width, _ = line.shape
    columns = int(np.clip(round(width / height) * _COLUMNS, _COLUMNS, _MOST_COLUMNS))
    grey = cv2.cvtColor(line, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (columns, _ROWS), interpolation=cv2.INTER_AREA).astype(np.float32)
    small -= small.mean()
    return small / np.float32(max(4 * float(small.std()), _CONTRAST))


def same_look(one: NDArray[np.float32], two: NDArray[np.float32]) -> bool:
    """Whether two lines look the same in every part."""
    if one.shape != two.shape:
        return False
    return bool(cv2.blur(np.abs(one - two), (3, 3)).max() <= _SAME)
