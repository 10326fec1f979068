"""Which picture and which of its sentences make a training pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.pocket.pictures.data import Part, Picture
from models.pocket.words.general_names import generalised
from models.pocket.words.phrases import phrases_of
from models.pocket.words.prompts import picture_texts, positive_group

Indices = NDArray[np.int64]
NEAREST_CHUNK = 1_024
ODDS = {
    "exercise_db": 0.15, "pacs_cartoon": 0.4, "pacs_sketch": 0.3, "tuxpaint_stamps": 0.3, "openclipart": 0.3,
    "sign_digits": 0.1, "face_mask": 0.2, "faces": 0.2, "camvid": 0.3, "accident_cctv": 0.4, "frames": 0.4,
}  # fmt: skip
"""How often a captioned picture of a source is drawn; one of any other source counts 1. Template captions,
many pictures of one thing and frames of one clip count less."""


@dataclass(frozen=True, slots=True)
class PictureWords:
    """The sentences of P pictures as numbers into one list of texts.

    `texts_of[p]` are the texts of picture p; `groups (P,)` is equal for pictures that answer each other's
    words. `label_of (P,)` numbers the labels of pictures that have nothing else, -1 for the others;
    `labels_met` bool `(P, L)` says which of these labels a picture's own words have in them.
    """

    texts_of: tuple[Indices, ...]
    groups: Indices
    label_of: Indices
    labels_met: NDArray[np.bool_]

    @classmethod
    def of(
        cls, pictures: list[Picture], numbers: dict[str, int], classes: list[str] | None = None
    ) -> PictureWords:
        """`numbers` gives each known text its number; others are left out. `classes` are the names of the
        classifier's classes."""
        group_numbers: dict[str, int] = {}
        groups = [
            group_numbers.setdefault(positive_group(picture), len(group_numbers)) for picture in pictures
        ]
        texts = tuple(
            np.array([numbers[text] for text in picture_texts(picture) if text in numbers], np.int64)
            for picture in pictures
        )
        return cls(texts, np.array(groups, np.int64), *labels_met(pictures, classes or []))

    def also(self, chosen: Indices) -> NDArray[np.bool_]:
        """Which of the pictures `chosen (B,)` fit which others' labels, not of their group, `(B, B)`."""
        labels, groups = self.label_of[chosen], self.groups[chosen]
        if not self.labels_met.shape[1]:
            return np.zeros((len(chosen), len(chosen)), bool)
        met: NDArray[np.bool_] = self.labels_met[chosen][:, np.maximum(labels, 0)]
        others: NDArray[np.bool_] = (labels >= 0) & (groups[:, None] != groups[None])
        return np.logical_and(met, others)


def labels_met(pictures: list[Picture], classes: list[str]) -> tuple[Indices, NDArray[np.bool_]]:
    """`label_of` and `labels_met` of `PictureWords`: a caption meets a label by having its words in a row, a
    label meets another that is a general name for it ("Saint Bernard" and "dog")."""
    numbers: dict[str, int] = {}
    label_of = np.full(len(pictures), -1, np.int64)
    for index, picture in enumerate(pictures):
        if picture.label and not picture.captions and not picture.objects:
            label_of[index] = numbers.setdefault(picture.label.lower(), len(numbers))
    met = np.zeros((len(pictures), len(numbers)), bool)
    general = generalised(list(numbers), [name.lower() for name in classes])
    for index, picture in enumerate(pictures):
        phrases: set[str] = set()
        for caption in picture.captions:
            phrases.update(phrases_of(caption))
        for phrase in phrases & numbers.keys():
            met[index, numbers[phrase]] = True
        for name in general.get(picture.label.lower(), ()) if label_of[index] >= 0 else ():
            met[index, numbers[name]] = True
    return label_of, met


@dataclass(frozen=True, slots=True)
class PairBatch:
    """B training pairs: numbers of pictures and texts; `groups` int64 `(B,)`. The captioned come first."""

    pictures: Indices
    texts: Indices
    groups: Tensor
    captioned: int
    """How many of them have captions."""
    also: Tensor
    """Which pictures fit which texts though they are not theirs, bool `(B, B)`."""


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


@dataclass(frozen=True, slots=True)
class Pool:
    """What batches are drawn from.

    `captioned (C,)` and `labelled` are numbers of pictures; `odds` float64 `(C,)` the chance of each of the
    captioned. A `share` of a batch's captioned pictures comes in families of `size`; a family is drawn from
    `near` `(C, neighbours)`, places among the captioned. Without families `near` is `(C, 0)`.
    """

    words: PictureWords
    captioned: Indices
    labelled: Indices
    odds: NDArray[np.float64]
    near: Indices
    share: float
    size: int

    @classmethod
    def of(
        cls,
        pictures: list[Picture],
        words: PictureWords,
        parts: tuple[Part, ...],
        families: Families | None = None,
    ) -> Pool:
        """The pictures of `parts` that have words."""
        usable = [
            index
            for index, picture in enumerate(pictures)
            if picture.part in parts and len(words.texts_of[index])
        ]
        captioned = np.array([index for index in usable if pictures[index].captions], np.int64)
        labelled = np.array([index for index in usable if not pictures[index].captions], np.int64)
        odds = _odds(pictures, captioned)
        if families is None:
            return cls(words, captioned, labelled, odds, np.zeros((len(captioned), 0), np.int64), 0.0, 1)
        near = _nearest(families, captioned)
        return cls(words, captioned, labelled, odds, near, families.share, families.size)


class PairSampler:
    """Draws batches with a fixed share of captioned pictures, no picture twice in a batch."""

    def __init__(self, pool: Pool, seed: int | np.random.Generator) -> None:
        self._pool = pool
        self._draw = np.random.default_rng(seed)

    def batch(self, size: int, captioned_share: float) -> PairBatch:
        """One batch of at most `size` pairs (fewer when there are not as many pictures)."""
        pool, wanted = self._pool, round(size * captioned_share)
        labelled = self._draw.choice(pool.labelled, min(size - wanted, len(pool.labelled)), replace=False)
        chosen = np.concatenate([self._some_captioned(min(wanted, len(pool.captioned))), labelled])
        texts = np.array([self._draw.choice(pool.words.texts_of[index]) for index in chosen])
        return PairBatch(
            chosen,
            texts,
            torch.from_numpy(pool.words.groups[chosen]),
            len(chosen) - len(labelled),
            torch.from_numpy(pool.words.also(chosen)),
        )

    def _some_captioned(self, count: int) -> Indices:
        """`count` captioned pictures, families first where there are any."""
        pool = self._pool
        if not pool.near.shape[1]:
            return self._draw.choice(pool.captioned, count, replace=False, p=pool.odds)
        members = pool.size - 1
        drawn = min(2 * count, len(pool.captioned))
        seeds = self._draw.choice(len(pool.captioned), drawn, replace=False, p=pool.odds)
        chosen: dict[int, None] = {}
        for seed in seeds[: int(count * pool.share) // pool.size]:
            kin = self._draw.choice(pool.near[seed], min(members, pool.near.shape[1]), replace=False)
            chosen.update(dict.fromkeys([int(seed), *kin.tolist()]))
        chosen.update(dict.fromkeys(seeds.tolist()))
        return pool.captioned[np.array(list(chosen)[:count], np.int64)]


def _nearest(families: Families, captioned: Indices) -> Indices:
    """For each captioned picture the places of its nearest ones among them, itself left out."""
    vectors = families.vectors[torch.from_numpy(captioned)]
    count = min(families.neighbours, len(vectors) - 1)
    rows = []
    for start in range(0, len(vectors), NEAREST_CHUNK):
        alike = vectors[start : start + NEAREST_CHUNK] @ vectors.T
        alike.diagonal(start).fill_(-torch.inf)
        rows.append(alike.topk(count).indices)
    return torch.cat(rows).numpy()


def _odds(pictures: list[Picture], captioned: Indices) -> NDArray[np.float64]:
    """The chance of each captioned picture, float64, sums to one."""
    odds = np.array([ODDS.get(pictures[index].source, 1.0) for index in captioned], np.float64)
    odds /= odds.sum()
    return odds
