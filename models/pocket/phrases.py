"""Short queries: runs of one to three words that stand in the captions of several pictures.

People type two words, captions have twelve. A phrase fits every picture one of whose captions has it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.pocket.data import Picture

LONGEST = 3
FEWEST_PICTURES = 4
LARGEST_SHARE = 0.1
WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
_WEAK = """
a an the of in on at to with and or for from by is are was were be being been it its his her their
this that these those there as into onto near next up down out over under off some two three while
who which very has have having he she they them him one other another each through around along
against behind above below front back top side what it's while during like looking looks
"""
WEAK = frozenset(_WEAK.split())
"""Words that no phrase begins or ends with."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """F phrases; picture p has those numbered `of_picture[p]`."""

    texts: tuple[str, ...]
    of_picture: tuple[NDArray[np.int64], ...]


def phrases_of(caption: str) -> set[str]:
    """The phrases of one caption."""
    words = WORD.findall(caption.lower())
    found = set()
    for length in range(1, LONGEST + 1):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            if run[0] not in WEAK and run[-1] not in WEAK:
                found.add(" ".join(run))
    return found


def collect_phrases(pictures: list[Picture]) -> Phrases:
    """The phrases of the captioned pictures that are neither rare nor in every tenth picture. Phrases are
    learned from the pictures of the parts "train" and "dev" alone."""
    having: dict[str, list[int]] = defaultdict(list)
    captioned = 0
    for index, picture in enumerate(pictures):
        if picture.part == "heldout" or not picture.captions:
            continue
        captioned += 1
        for phrase in set().union(*(phrases_of(caption) for caption in picture.captions)):
            having[phrase].append(index)
    most = LARGEST_SHARE * captioned
    texts = sorted(text for text, found in having.items() if FEWEST_PICTURES <= len(found) <= most)
    of_picture: list[list[int]] = [[] for _ in pictures]
    for number, text in enumerate(texts):
        for index in having[text]:
            of_picture[index].append(number)
    return Phrases(tuple(texts), tuple(np.array(row, np.int64) for row in of_picture))
