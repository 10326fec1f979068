"""Batches of pseudo-videos: fresh clips at every step."""

from __future__ import annotations

import numpy as np
import torch

from models.datasets.features import FeatureSet
from models.datasets.pseudo_videos import PseudoVideos
from models.train.inputs.batches import Batch


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


class WithRealClips:
    """Batches of pseudo-videos, and some real clips in each that answer their own captions alone.

    Args:
        pseudo: the pseudo-videos.
        clips: the real clips, of as many slots.
        share: real clips per pseudo-video; no clip twice in a batch.
        seed: of clips and captions.
    """

    def __init__(self, pseudo: PseudoVideoBatches, clips: FeatureSet, share: float, seed: int) -> None:
        self._pseudo = pseudo
        self._clips = clips
        self._share = share
        self._seed = seed
        self._texts_of = [
            np.flatnonzero(clips.video_of_text == number) for number in range(len(clips.frames))
        ]

    @property
    def width(self) -> int:
        """The width D of the embeddings."""
        return self._pseudo.width

    @property
    def steps_per_epoch(self) -> int:
        """Steps after which as many pseudo-videos were shown as there are pictures."""
        return self._pseudo.steps_per_epoch

    def batch(self, step: int) -> Batch:
        """The batch of a step; it depends on the seed and the step alone."""
        pseudo, clips = self._pseudo.batch(step), self._clips
        draw = np.random.default_rng((self._seed, step, 1))
        wanted = min(round(self._share * len(pseudo.texts)), len(clips.frames))
        chosen = draw.choice(len(clips.frames), wanted, replace=False)
        texts = np.array([draw.choice(self._texts_of[number]) for number in chosen], np.int64)
        groups = pseudo.groups
        if groups is None:
            groups = torch.arange(len(pseudo.texts))
        own = int(groups.max()) + 1 + torch.from_numpy(chosen)
        return Batch(
            torch.cat([pseudo.texts, torch.from_numpy(clips.texts[texts].astype(np.float32))]),
            torch.cat([pseudo.frames, torch.from_numpy(clips.frames[chosen].astype(np.float32))]),
            torch.cat([pseudo.mask, torch.from_numpy(clips.mask[chosen])]),
            torch.cat([groups, own]),
        )
