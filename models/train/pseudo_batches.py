"""Batches of pseudo-videos: fresh clips at every step."""

from __future__ import annotations

import numpy as np
import torch

from models.datasets.pseudo_videos import PseudoVideos
from models.train.batches import Batch


class PseudoVideoBatches:
    """Clips put together anew for every step, each with one of its picture's texts.

    Args:
        videos: puts the clips together.
        batch: pairs per step, no picture twice; fewer where there are not as many pictures.
        seed: of pictures, texts and mixtures.
    """

    def __init__(self, videos: PseudoVideos, batch: int, seed: int) -> None:
        self._videos = videos
        self._count = len(videos.films.texts_of)
        self._batch = min(batch, self._count)
        self._seed = seed

    @property
    def width(self) -> int:
        """The width D of the embeddings."""
        return int(self._videos.films.texts.shape[1])

    @property
    def steps_per_epoch(self) -> int:
        """Steps after which as many clips were shown as there are pictures."""
        return max(1, self._count // self._batch)

    def batch(self, step: int) -> Batch:
        """The batch of a step; it depends on the seed and the step alone."""
        draw = np.random.default_rng((self._seed, step))
        films = self._videos.films
        pictures = draw.choice(self._count, self._batch, replace=False)
        texts = np.array([draw.choice(films.texts_of[picture]) for picture in pictures])
        frames, mask = self._videos.clips(pictures, draw)
        return Batch(
            texts=torch.from_numpy(films.texts[texts]),
            frames=torch.from_numpy(frames),
            mask=torch.from_numpy(mask),
            groups=torch.from_numpy(films.groups[pictures]),
        )
