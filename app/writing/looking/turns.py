"""Text that does not run from left to right: downwards, upside down, mirrored."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from app.writing.looking.recogniser import NOTHING, Reading

SURE = 0.9
"""A reading with this confidence needs no other one."""
_CLEARLY = 0.1
"""Another way of reading must be so much better."""
_LETTERS = 3
"""What is shorter reads well in many ways by chance."""


class TurnedReader:
    """Reads lines that may be turned or mirrored, and remembers which way the last one was read.

    Args:
        read: reads a line from left to right.
    """

    def __init__(self, read: Callable[[NDArray[np.uint8]], Reading]) -> None:
        self._read = read
        self._mirrored = False
        """Whether the video is mirrored, as some cameras' are: then all of its text is."""

    def read(self, line: NDArray[np.uint8], *, tall: bool, further: bool) -> tuple[Reading, bool]:
        """Read a line.

        Args:
            line: (H, W, 3) BGR.
            tall: whether it runs downwards.
            further: whether ways that are rare may be tried too, where it is not read surely.

        Returns:
            The best reading, and whether rare ways were tried.
        """
        upright = [np.rot90(line), np.rot90(line, -1)] if tall else [line]
        first = [_mirror(each) for each in upright] if self._mirrored else upright
        best = self._best(first, NOTHING)
        if best.confidence >= SURE or not further:
            return best, False
        rare = upright if self._mirrored else [_mirror(each) for each in upright]
        mirrored = self._best(rare, NOTHING)
        turned = NOTHING if tall else self._best([np.rot90(line, 2)], NOTHING)
        other = max(mirrored, turned, key=lambda each: each.confidence)
        long = len("".join(other.text.split())) >= _LETTERS
        if long and other.confidence >= max(SURE, best.confidence + _CLEARLY):
            if other is mirrored:
                self._mirrored = not self._mirrored
            best = other
        return best, True

    def _best(self, ways: list[NDArray[np.uint8]], best: Reading) -> Reading:
        for way in ways:
            if best.confidence >= SURE:
                break
            best = max(best, self._read(np.ascontiguousarray(way)), key=lambda each: each.confidence)
        return best


def _mirror(line: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return line[:, ::-1]
