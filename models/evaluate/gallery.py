"""A feature set as tensors, ready to be scored, whole or with fewer frames per video."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from models.datasets.features import FeatureSet


@dataclass(frozen=True, slots=True)
class Gallery:
    """Queries and videos: `texts` float32 `(Q, D)`, `frames` float32 `(V, F, D)`, raw, `mask` bool `(V, F)`,
    `video_of_text` int64 `(Q,)`; the first three on one device."""

    texts: Tensor
    frames: Tensor
    mask: Tensor
    video_of_text: Tensor

    @classmethod
    def of(cls, features: FeatureSet, device: torch.device | None = None) -> Gallery:
        """All of a feature set."""
        return cls(
            torch.from_numpy(features.texts.astype(np.float32)).to(device),
            torch.from_numpy(features.frames.astype(np.float32)).to(device),
            torch.from_numpy(features.mask).to(device),
            torch.from_numpy(features.video_of_text),
        )

    def with_frames(self, count: int) -> Gallery:
        """The same with at most `count` frames of every video, the middles of equal parts of those it has.

        There are as many slots as before: a head's radius has one weight for each.

        Raises:
            ValueError: `count` is not positive.
        """
        if count < 1:
            raise ValueError(f"{count} frames are wanted")
        frames, mask = torch.zeros_like(self.frames), torch.zeros_like(self.mask)
        for video, real in enumerate(self.mask):
            rows = torch.nonzero(real).flatten()
            kept = min(count, len(rows))
            middles = (torch.arange(kept, device=rows.device) * 2 + 1) * len(rows) // (2 * kept)
            frames[video, :kept] = self.frames[video, rows[middles]]
            mask[video, :kept] = True
        return replace(self, frames=frames, mask=mask)
