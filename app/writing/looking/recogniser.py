"""Reads one line of text: a row of pixels to letters, by connectionist temporal classification."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.errors import ModelError
from app.runtime.plain_graph import PlainGraph

_HEIGHT = 48
_STEP = 16
_WIDEST = 40
"""A line is read up to this many times its height; what is longer is squeezed."""
_NARROWEST = 48


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line says."""

    text: str
    confidence: float
    """Mean share of the letters that were chosen, 0 to 1; 0 of no text."""


NOTHING = Reading("", 0.0)


class Recogniser:
    """Reads lines.

    Args:
        graph: (1, 3, 48, W) float32 BGR in -1..1 to (1, T, C) shares of C letters at each of T places; the
            letters stand in its file: the first class is none of them, the last one a space.

    Raises:
        ModelError: the letters are missing.
    """

    def __init__(self, graph: PlainGraph) -> None:
        self._graph = graph
        letters = graph.metadata.get("character", "").splitlines()
        if not letters:
            raise ModelError(
                f"The model file {graph.name} does not say which letters it reads.",
                "Install the package it belongs to again.",
            )
        self._letters = ["", *letters, " "]

    def read(self, line: NDArray[np.uint8]) -> Reading:
        """Read a line (H, W, 3) BGR that runs from left to right."""
        height, width, _ = line.shape
        wide = max(1, round(_HEIGHT * min(width / height, _WIDEST)))
        padded = max(_NARROWEST, -(-wide // _STEP) * _STEP)
        small = cv2.resize(line, (wide, _HEIGHT), interpolation=cv2.INTER_LINEAR)
        values = np.zeros((1, 3, _HEIGHT, padded), np.float32)
        values[0, :, :, :wide] = (small.astype(np.float32) / np.float32(127.5) - 1).transpose(2, 0, 1)
        return self._decoded(self._graph.run(values)[0])

    def _decoded(self, shares: NDArray[np.float32]) -> Reading:
        """The best letter at each place, repeated ones once, without the places of none."""
        if shares.shape[1] != len(self._letters):
            raise ModelError(
                f"The model file {self._graph.name} has another number of letters than it gives.",
                "Install the package it belongs to again.",
            )
        best = shares.argmax(axis=1)
        new = np.concatenate([[True], best[1:] != best[:-1]]) & (best > 0)
        if not new.any():
            return NOTHING
        text = "".join(self._letters[index] for index in best[new])
        return Reading(text, float(shares[new, best[new]].mean()))
