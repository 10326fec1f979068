"""General names as short queries: what a picture of a cockatoo has to do with "a bird".

Captions and labels name things as exactly as their authors liked. Each name of `general_names.csv` covers
classes of the ImageNet classifier, kinds of labels, and words; a picture fits it by the sum of what the
classifier believes of the classes, wholly if it is of such a kind or its sentences have such a word.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.pocket.pictures.data import Picture
from models.pocket.words.prompts import fill

PHRASINGS = ("{}", "{a}", "a photo of {a}", "{a} in the picture", "{a} in a video")
WORD = re.compile(r"[a-z]+")
LEAST_BELIEVED = 0.3
"""Below it what the classifier believes counts as no."""
UNKNOWN = -1
OPEN_KINDS = frozenset(("place", "scene", "objects", "sport", "weather", "exercise", "event"))
"""Labels of these kinds leave open what else is to be seen."""
OPEN_NAMES = frozenset(("person", "man", "woman", "child", "crowd", "water", "snow", "table", "furniture"))
"""No label of one thing tells whether these are to be seen beside it."""


@dataclass(frozen=True, slots=True)
class GeneralName:
    """A general name: the numbers of the classes it covers, the kinds of labels and the words that say it."""

    name: str
    classes: tuple[int, ...]
    kinds: frozenset[str]
    words: frozenset[str]


def read_names(path: Path) -> tuple[GeneralName, ...]:
    """The names of a table with the columns `name`, `classes` ("0-2 7"), `kinds` and `words`."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            GeneralName(
                row["name"],
                tuple(class_numbers(row["classes"])),
                frozenset(row["kinds"].split()),
                frozenset(row["words"].split()),
            )
            for row in csv.DictReader(lines)
        )


def class_numbers(ranges: str) -> list[int]:
    """`"0-2 7"` is 0, 1, 2, 7."""
    numbers: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        numbers.update(range(int(first), int(last or first) + 1))
    return sorted(numbers)


GENERAL = read_names(Path(__file__).with_name("general_names.csv"))


@dataclass(frozen=True, slots=True)
class GeneralNames:
    """G general names as short queries of several phrasings.

    `numbers` int64 `(G, phrasings)` are the sentences' numbers; `classes` float `(C, G)` is one where a class
    of the classifier is covered; `told` int8 `(P, G)` says what a picture's own words and kind tell: 1 it
    fits, 0 it does not unless the classifier says so, -1 nobody knows.
    """

    numbers: Tensor
    classes: Tensor
    told: Tensor

    @classmethod
    def of(cls, pictures: list[Picture], numbers: dict[str, int], classes: int) -> Self:
        """`numbers` gives each of `general_sentences` its number; the classifier has `classes`."""
        rows = torch.tensor([[numbers[text] for text in row] for row in general_sentences()])
        return cls(rows, covered_classes(classes), torch.from_numpy(told_by(pictures)))

    def to(self, device: torch.device) -> Self:
        """The same, with what `fit` reads on `device`."""
        return replace(self, classes=self.classes.to(device), told=self.told.to(device))

    def fit(self, pictures: NDArray[np.int64], believed: Tensor) -> tuple[Tensor, Tensor]:
        """How well each name fits each picture, float `(G, B)` from 0 to 1, and where that is known, bool.

        Args:
            pictures: numbers `(B,)`.
            believed: what the classifier believes of their views, `(B, C)`.
        """
        told = self.told[torch.from_numpy(pictures).to(self.told.device)].to(believed.device)
        seen = (believed @ self.classes.to(believed)).clamp(max=1)
        fits = torch.where(told == 1, 1.0, torch.where(seen >= LEAST_BELIEVED, seen, 0.0))
        return fits.T, ((told >= 0) | (fits > 0)).T


def general_sentences() -> list[list[str]]:
    """Each general name in all phrasings."""
    return [[fill(phrasing, name.name) for phrasing in PHRASINGS] for name in GENERAL]


def covered_classes(count: int) -> Tensor:
    """Which of `count` classes each general name covers, float `(count, G)`."""
    covered = torch.zeros(count, len(GENERAL))
    for column, name in enumerate(GENERAL):
        covered[[number for number in name.classes if number < count], column] = 1
    return covered


def told_by(pictures: list[Picture]) -> NDArray[np.int8]:
    """What each picture's captions, labels and kind tell of each general name, see `GeneralNames`."""
    open_names = np.array([name.name in OPEN_NAMES for name in GENERAL])
    told = np.zeros((len(pictures), len(GENERAL)), np.int8)
    for row, picture in enumerate(pictures):
        sentences = " ".join((*picture.captions, picture.label, *picture.synonyms, *picture.objects))
        words = set(WORD.findall(sentences.lower()))
        if picture.kind in OPEN_KINDS:
            told[row] = UNKNOWN
        elif not picture.captions:
            told[row, open_names] = UNKNOWN
        told[row, [bool(words & name.words) or picture.kind in name.kinds for name in GENERAL]] = 1
    return told


def generalised(labels: list[str], classes: list[str]) -> dict[str, set[str]]:
    """For each of `labels` those others of them that are general names for it, by its words or because the
    classifier has a class of that name; `classes` are the names of its classes, lower case."""
    places = {name: number for number, name in enumerate(classes)}
    wider: dict[str, set[str]] = {label: set() for label in labels}
    for label in labels:
        words, place = set(WORD.findall(label)), places.get(label)
        for general in GENERAL:
            below = place is not None and place in general.classes
            if general.name in wider and general.name != label and (below or words & general.words):
                wider[label].add(general.name)
    return wider
