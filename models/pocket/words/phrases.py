"""Short queries: runs of one to three words that stand in the captions of several pictures.

People type two words, captions have twelve. A phrase fits every picture one of whose captions has it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.pocket.pictures.data import Picture
from models.pocket.words.prompts import with_article

LONGEST = 3
FEWEST_PICTURES = 4
LARGEST_SHARE = 0.5
ARTICLES = ("a", "an")
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
    """F phrases; picture p has those numbered `of_picture[p]`. `written[f]` is phrase f with its article, or
    bare where captions have none before it."""

    texts: tuple[str, ...]
    written: tuple[str, ...]
    of_picture: tuple[NDArray[np.int64], ...]

    def both(self) -> list[tuple[str, str]]:
        """Each phrase bare and as written."""
        return list(zip(self.texts, self.written, strict=True))


def phrases_of(caption: str) -> dict[str, bool]:
    """The phrases of one caption, and whether an article stands before them."""
    words = WORD.findall(caption.lower())
    found: dict[str, bool] = {}
    for length in range(1, LONGEST + 1):
        for start in range(len(words) - length + 1):
            run = words[start : start + length]
            if run[0] not in WEAK and run[-1] not in WEAK:
                phrase = " ".join(run)
                found[phrase] = found.get(phrase, False) or (start > 0 and words[start - 1] in ARTICLES)
    return found


def collect_phrases(pictures: list[Picture]) -> Phrases:
    """The phrases of the captioned pictures that are neither rare nor in every second picture. Phrases are
    learned from the pictures of the parts "train" and "dev" alone."""
    having: dict[str, list[int]] = defaultdict(list)
    countable: set[str] = set()
    captioned = 0
    for index, picture in enumerate(pictures):
        if picture.part == "heldout" or not picture.captions:
            continue
        captioned += 1
        found: set[str] = set()
        for caption in picture.captions:
            phrases = phrases_of(caption)
            found.update(phrases)
            countable.update(phrase for phrase, article in phrases.items() if article)
        for phrase in found:
            having[phrase].append(index)
    most = LARGEST_SHARE * captioned
    texts = sorted(text for text, found in having.items() if FEWEST_PICTURES <= len(found) <= most)
    of_picture: list[list[int]] = [[] for _ in pictures]
    for number, text in enumerate(texts):
        for index in having[text]:
            of_picture[index].append(number)
    return Phrases(
        tuple(texts),
        tuple(with_article(text) if text in countable else text for text in texts),
        tuple(np.array(row, np.int64) for row in of_picture),
    )
