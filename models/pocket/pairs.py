"""Which picture, which view of it and which of its sentences make a training pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.pocket.data import Part, Picture
from models.pocket.features import ViewFeatures
from models.pocket.prompts import picture_texts, positive_group

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class PictureWords:
    """The sentences of P pictures as numbers into one list of texts.

    `texts_of[p]` are the texts of picture p; `groups (P,)` is equal for pictures that answer each other's
    words.
    """

    texts_of: tuple[Indices, ...]
    groups: Indices

    @classmethod
    def of(cls, pictures: list[Picture], numbers: dict[str, int]) -> PictureWords:
        """`numbers` gives each known text its number; texts that are not in it are left out."""
        group_numbers: dict[str, int] = {}
        groups = [
            group_numbers.setdefault(positive_group(picture), len(group_numbers)) for picture in pictures
        ]
        texts = tuple(
            np.array([numbers[text] for text in picture_texts(picture) if text in numbers], np.int64)
            for picture in pictures
        )
        return cls(texts, np.array(groups, np.int64))


@dataclass(frozen=True, slots=True)
class PairBatch:
    """B training pairs: numbers of pictures, views, texts; `groups` int64 `(B,)`."""

    pictures: Indices
    views: Indices
    texts: Indices
    groups: Tensor


class PairSampler:
    """Draws batches with a fixed share of captioned pictures, no picture twice in a batch."""

    def __init__(
        self, pictures: list[Picture], words: PictureWords, parts: tuple[Part, ...], views: int, seed: int
    ) -> None:
        usable = [
            index
            for index, picture in enumerate(pictures)
            if picture.part in parts and len(words.texts_of[index])
        ]
        self._captioned = np.array([index for index in usable if pictures[index].captions], np.int64)
        self._labelled = np.array([index for index in usable if not pictures[index].captions], np.int64)
        self.pictures: Indices = np.concatenate([self._captioned, self._labelled])
        self._words = words
        self._views = views
        self._draw = np.random.default_rng(seed)

    def batch(self, size: int, captioned_share: float) -> PairBatch:
        """One batch of at most `size` pairs (fewer when there are not as many pictures)."""
        wanted = round(size * captioned_share)
        chosen = np.concatenate(
            [
                self._draw.choice(pool, min(count, len(pool)), replace=False)
                for pool, count in ((self._captioned, wanted), (self._labelled, size - wanted))
            ]
        )
        views = self._draw.integers(self._views, size=len(chosen))
        texts = np.array([self._draw.choice(self._words.texts_of[index]) for index in chosen])
        return PairBatch(chosen, views, texts, torch.from_numpy(self._words.groups[chosen]))


def head_inputs(views: list[ViewFeatures], pictures: Indices, chosen_views: Indices) -> Tensor:
    """Pooled features and level means, float32 `(B, features)`, of each picture's chosen view."""
    rows = [
        np.concatenate([views[view].pooled[picture], views[view].levels[picture]])
        for picture, view in zip(pictures, chosen_views, strict=True)
    ]
    return torch.from_numpy(np.stack(rows).astype(np.float32))


def map_inputs(views: list[ViewFeatures], pictures: Indices, chosen_views: Indices) -> tuple[Tensor, Tensor]:
    """Trunk maps `(B, 160, h, w)` and level means `(B, LEVELS)`, float32, of each picture's chosen view."""
    pairs = list(zip(pictures, chosen_views, strict=True))
    maps = np.stack([views[view].maps[picture] for picture, view in pairs]).astype(np.float32)
    levels = np.stack([views[view].levels[picture] for picture, view in pairs]).astype(np.float32)
    return torch.from_numpy(maps), torch.from_numpy(levels)
