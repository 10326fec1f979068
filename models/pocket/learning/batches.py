"""The batches of a run: which pictures, which of their sentences, and which short queries fit them.

Drawing one takes a processor longer than a quick GPU needs for a step: there, processes beside the training
draw ahead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from models.pocket.config import JointStage
from models.pocket.words.pairs import Indices, PairBatch, PairSampler, Pool
from models.pocket.words.phrases import Phrases

DRAWERS = 6
AHEAD = 4
"""Batches that each process keeps ready."""


@dataclass(frozen=True, slots=True)
class Batch:
    """B training pairs and F short queries: their sentence numbers int64 `(F,)`, and which of the captioned
    pictures each fits, bool `(F, captioned)`. `anchors` are numbers of any sentences."""

    pairs: PairBatch
    phrases: Tensor
    fits: Tensor
    anchors: Tensor

    def to(self, device: torch.device) -> Batch:
        """The same with what losses read on `device`; the copies need not have ended yet."""
        return self._each(lambda tensor: tensor.to(device, non_blocking=True))

    def pin_memory(self) -> Batch:
        """The same, ready to be copied to a GPU while that computes: what `DataLoader` calls."""
        return self._each(Tensor.pin_memory)

    def _each(self, change: Callable[[Tensor], Tensor]) -> Batch:
        pairs = replace(self.pairs, groups=change(self.pairs.groups), also=change(self.pairs.also))
        return replace(self, pairs=pairs, fits=change(self.fits))


class Batches(IterableDataset[Batch]):
    """Batches without end, drawn from `seed`, the step they `begin` at (a run that goes on sees others than
    those it began with) and, in a process beside the training, its number."""

    def __init__(
        self,
        stage: JointStage,
        pool: Pool,
        phrases: Phrases,
        numbers: Tensor,
        sentences: int,
        seed: int,
        begin: int = 0,
    ) -> None:
        self._stage, self._pool = stage, pool
        self._phrases, self._numbers, self._sentences = phrases, numbers, sentences
        self._seed, self._begin = seed, begin

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        draw = np.random.default_rng([self._seed, self._begin, 0 if worker is None else worker.id])
        sampler = PairSampler(self._pool, draw)
        while True:
            pairs = sampler.batch(self._stage.batch, self._stage.captioned_share)
            phrases, fits = self._short(pairs, draw)
            anchors = torch.from_numpy(draw.integers(self._sentences, size=self._stage.anchor_batch))
            yield Batch(pairs, phrases, fits, anchors)

    def _short(self, pairs: PairBatch, draw: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Phrases that fit some of the first, captioned pictures, and which of those."""
        rows = [self._phrases.of_picture[index] for index in pairs.pictures[: pairs.captioned]]
        present, places = np.unique(np.concatenate(rows), return_inverse=True)
        owners = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        fits = np.zeros((len(present), len(rows)), bool)
        fits[places, owners] = True
        wanted = min(self._stage.phrases, len(present))
        chosen = draw.choice(len(present), wanted, replace=False)
        written: Indices = draw.integers(2, size=wanted)
        numbers = self._numbers[torch.from_numpy(present[chosen]), torch.from_numpy(written)]
        return numbers, torch.from_numpy(fits[chosen])


def drawn(batches: Batches, device: torch.device) -> Iterator[Batch]:
    """`batches`, drawn ahead by processes of their own where `device` is quicker than they are."""
    if device.type != "cuda":
        return iter(batches)
    loader = DataLoader(batches, batch_size=None, num_workers=DRAWERS, prefetch_factor=AHEAD, pin_memory=True)
    return cast(Iterator[Batch], iter(loader))
