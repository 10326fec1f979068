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
NEAREST_CHUNK = 1_024


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


@dataclass(frozen=True, slots=True)
class Families:
    """Hard negatives: a `share` of a batch's captioned pictures comes in families of `size` like ones.

    `vectors` float32 `(P, D)` unit vectors of the pictures' words; a family is a picture and others of its
    `neighbours` nearest.
    """

    vectors: Tensor
    share: float
    size: int
    neighbours: int


class PairSampler:
    """Draws batches with a fixed share of captioned pictures, no picture twice in a batch."""

    def __init__(
        self,
        pictures: list[Picture],
        words: PictureWords,
        parts: tuple[Part, ...],
        views: int,
        seed: int,
        families: Families | None = None,
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
        self._families = families
        self._near = None if families is None else self._nearest(families)

    def batch(self, size: int, captioned_share: float) -> PairBatch:
        """One batch of at most `size` pairs (fewer when there are not as many pictures)."""
        wanted = round(size * captioned_share)
        labelled = self._draw.choice(self._labelled, min(size - wanted, len(self._labelled)), replace=False)
        chosen = np.concatenate([self._some_captioned(min(wanted, len(self._captioned))), labelled])
        views = self._draw.integers(self._views, size=len(chosen))
        texts = np.array([self._draw.choice(self._words.texts_of[index]) for index in chosen])
        return PairBatch(chosen, views, texts, torch.from_numpy(self._words.groups[chosen]))

    def _some_captioned(self, count: int) -> Indices:
        """`count` captioned pictures, families first where there are any."""
        if self._families is None or self._near is None:
            return self._draw.choice(self._captioned, count, replace=False)
        members = self._families.size - 1
        seeds = self._draw.permutation(len(self._captioned))
        chosen: dict[int, None] = {}
        for seed in seeds[: int(count * self._families.share) // self._families.size]:
            kin = self._draw.choice(self._near[seed], min(members, self._near.shape[1]), replace=False)
            chosen.update(dict.fromkeys([int(seed), *kin.tolist()]))
        chosen.update(dict.fromkeys(seeds[: 2 * count].tolist()))
        return self._captioned[np.array(list(chosen)[:count], np.int64)]

    def _nearest(self, families: Families) -> Indices:
        """For each captioned picture the positions of its nearest ones among them, itself left out."""
        vectors = families.vectors[torch.from_numpy(self._captioned)]
        count = min(families.neighbours + 1, len(vectors))
        rows = [
            (vectors[start : start + NEAREST_CHUNK] @ vectors.T).topk(count).indices[:, 1:]
            for start in range(0, len(vectors), NEAREST_CHUNK)
        ]
        return torch.cat(rows).numpy()


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
