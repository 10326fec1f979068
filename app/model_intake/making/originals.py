"""Both published graphs at work as their publisher's code runs them, one row at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.model_intake.graphs.published_graph import ImageInterface, TextInterface, files_beside
from app.runtime.original_graph import OriginalGraph

Vectors = NDArray[np.float32]
_INTEGERS = {6: np.int32, 7: np.int64}
"""numpy's types by `TensorProto.DataType`."""


class OriginalImages:
    """A published image graph.

    Args:
        path: of it.
        interface: what it takes.
    """

    def __init__(self, path: Path, interface: ImageInterface) -> None:
        self._graph = OriginalGraph(path, files_beside(path))
        self._interface = interface

    def run(self, pixels: NDArray[np.float32] | NDArray[np.uint8]) -> Vectors:
        """Embed pictures: float32 (N, 3, S, S), or uint8 (N, S, S, 3) where it takes bytes; gives (N, D)."""
        name, output = self._interface.pixels.name, self._interface.output
        rows = (self._graph.run({name: pixels[row : row + 1]}, output) for row in range(len(pixels)))
        return np.concatenate(list(rows))


class OriginalTexts:
    """A published text graph.

    Args:
        path: of it.
        interface: what it takes.
        pad_id: what rows are filled up with.
        ends_with_pad: whether that is the token at the end of every text, too (OpenAI's CLIP).
    """

    def __init__(self, path: Path, interface: TextInterface, pad_id: int, *, ends_with_pad: bool) -> None:
        self._graph = OriginalGraph(path, files_beside(path))
        self._interface = interface
        self._pad_id, self._ends_with_pad = pad_id, ends_with_pad

    def run(self, tokens: NDArray[np.int64]) -> Vectors:
        """Embed int64 (N, L) tokens, filled up to the context length; gives float32 (N, D)."""
        return np.concatenate([self._row(tokens[row : row + 1]) for row in range(len(tokens))])

    def _row(self, row: NDArray[np.int64]) -> Vectors:
        interface = self._interface
        given = {interface.tokens.name: row.astype(_INTEGERS[interface.tokens.kind])}
        if interface.mask is not None:
            mask = np.arange(row.shape[1])[None] < self.length(row[0])
            given[interface.mask.name] = mask.astype(_INTEGERS[interface.mask.kind])
        if interface.types is not None:
            given[interface.types.name] = np.zeros(row.shape, _INTEGERS[interface.types.kind])
        return self._graph.run(given, interface.output)

    def length(self, row: NDArray[np.int64]) -> int:
        """Tokens before the padding."""
        words = np.flatnonzero(row != self._pad_id)
        last = int(words[-1]) + 1 if len(words) else 0
        return min(last + self._ends_with_pad, len(row))
