"""All sentences of a training run, as tokens on the device that trains."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from torch import Tensor

from models.pocket.networks.teacher import PAD

PARTS = 2


@dataclass(frozen=True, slots=True)
class Sentences:
    """N sentences: `tokens` int32 `(N, longest)` padded, `lengths` int64 `(N,)`."""

    tokens: Tensor
    lengths: Tensor

    @classmethod
    def of(cls, rows: list[list[int]], device: torch.device) -> Self:
        """From lists of token ids."""
        lengths = np.array([len(row) for row in rows], np.int64)
        tokens = np.full((len(rows), int(lengths.max())), PAD, np.int32)
        for number, row in enumerate(rows):
            tokens[number, : len(row)] = row
        return cls(torch.from_numpy(tokens).to(device), torch.from_numpy(lengths))

    def __len__(self) -> int:
        return len(self.tokens)

    def of_numbers(self, numbers: Tensor) -> Tensor:
        """Token ids int64 `(B, longest of them)` of the sentences `numbers` int64 `(B,)`, on the CPU."""
        longest = int(self.lengths[numbers].max())
        return self.tokens[numbers.to(self.tokens.device), :longest].long()


def by_length(
    encode: Callable[[Tensor], Tensor], tokens: Tensor, lengths: Tensor, parts: int = PARTS
) -> Tensor:
    """`encode` of all rows of `tokens (N, L)` in `parts`, like lengths together, so that little padding is
    computed.

    Args:
        encode: token ids `(n, l)` to `(n, D)`.
        tokens: padded ids.
        lengths: int64 `(N,)` on the processor; no row has more tokens.
    """
    order = torch.argsort(lengths)
    back = torch.empty_like(order)
    back[order] = torch.arange(len(order))
    pieces = [(rows, int(lengths[rows].max())) for rows in order.chunk(parts)]
    encoded = [encode(tokens[rows.to(tokens.device), :longest]) for rows, longest in pieces]
    return torch.cat(encoded)[back.to(tokens.device)]
