"""What training is fed: batches of texts, frames and who belongs to whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from app.errors import UsageError
from models.datasets.features import FeatureSet
from models.train.config import Captions

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Batch:
    """B pairs: row i of `texts` describes clip i.

    `texts` float32 `(B, D)` and `frames` float32 `(B, F, D)` raw, `mask` bool `(B, F)`, True = a real frame;
    rows of equal `groups` (int64 `(B,)`) are right answers to each other, None where every row has only its
    own.
    """

    texts: Tensor
    frames: Tensor
    mask: Tensor
    groups: Tensor | None = None

    def to(self, device: torch.device) -> Batch:
        """The same batch on a device."""
        groups = None if self.groups is None else self.groups.to(device)
        return Batch(self.texts.to(device), self.frames.to(device), self.mask.to(device), groups)


class Batches(Protocol):
    """An endless supply of batches of embeddings of one width."""

    @property
    def width(self) -> int:
        """The width D of the embeddings."""

    @property
    def steps_per_epoch(self) -> int:
        """How many batches show everything once; at least 1."""

    def batch(self, step: int) -> Batch:
        """The batch of a step, counted from 0 over all epochs.

        It depends on `step` alone, so that a run that was cut off goes on as if it had not been. Random
        numbers of torch's default generator may be drawn: it is seeded for every step.
        """


class PairOrder:
    """Which captions make up which step: a new random order every epoch, the same for one seed.

    The last captions of an epoch that do not fill a batch are left out (another order brings them back); all
    pairs are one batch where there are fewer than a batch.

    Args:
        video_of_text: int64 `(Q,)`, the video of every caption.
        usable: bool `(V,)`, videos that have frames.
        captions: "one" of every video an epoch, drawn anew, or "every" one.

    Raises:
        UsageError: fewer than two pairs can be used, which gives nothing to tell apart.
    """

    def __init__(
        self, video_of_text: Indices, usable: NDArray[np.bool_], batch: int, captions: Captions, seed: int
    ) -> None:
        texts = np.flatnonzero(usable[video_of_text])
        self._texts = texts[np.argsort(video_of_text[texts], kind="stable")]
        _, self._first, self._count = np.unique(
            video_of_text[self._texts], return_index=True, return_counts=True
        )
        if len(self._first) < 2:
            raise UsageError(
                f"There are {len(self._first)} videos with frames and captions to train on.",
                "At least two are needed; check the folders and the split in the configuration.",
            )
        self._captions, self._seed = captions, seed
        pairs = len(self._first) if captions == "one" else len(self._texts)
        self._batch = min(batch, pairs)
        self.steps_per_epoch = pairs // self._batch
        self._epoch, self._order = -1, self._texts

    def texts(self, step: int) -> Indices:
        """Numbers of the captions of a step, int64 `(B,)`."""
        epoch, place = divmod(step, self.steps_per_epoch)
        if epoch != self._epoch:
            self._epoch, self._order = epoch, self._ordered(epoch)
        return self._order[place * self._batch : (place + 1) * self._batch]

    def _ordered(self, epoch: int) -> Indices:
        draw = np.random.default_rng((self._seed, epoch))
        if self._captions == "every":
            return draw.permutation(self._texts)
        chosen = self._texts[self._first + draw.integers(self._count)]
        return draw.permutation(chosen)


class FeatureBatches:
    """Batches from the cached features of a data set; captions of one video share a group.

    Raises:
        UsageError: fewer than two videos have frames and captions.
    """

    def __init__(
        self, features: FeatureSet, batch: int, *, captions: Captions = "one", seed: int = 24
    ) -> None:
        self._features, self._mask = features, features.mask
        self._order = PairOrder(features.video_of_text, features.counts > 0, batch, captions, seed)

    @property
    def width(self) -> int:
        """The width D of the embeddings."""
        return int(self._features.texts.shape[1])

    @property
    def steps_per_epoch(self) -> int:
        """Batches an epoch."""
        return self._order.steps_per_epoch

    def batch(self, step: int) -> Batch:
        """The batch of a step."""
        texts = self._order.texts(step)
        videos = self._features.video_of_text[texts]
        return Batch(
            texts=torch.from_numpy(self._features.texts[texts].astype(np.float32)),
            frames=torch.from_numpy(self._features.frames[videos].astype(np.float32)),
            mask=torch.from_numpy(self._mask[videos]),
            groups=torch.from_numpy(videos),
        )
