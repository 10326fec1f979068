"""How sure it is that a line is what was asked for, from the words of the query that it holds.

A word is worth its inverse document frequency among the library's lines, w = ln((1000 + N) / (1 + n)), with
N lines of which n hold it: rare words say much, and in a small library no word is thought to be common or
rare for sure. What a line holds of a query is its share of all the words' worth (the coverage) and the worth
itself; both together, and whether the words stand in the query's own order, give the odds (logistic; chosen
on one half of the mixed queries of benchmarks/mixed.py, decision 27).
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.lines.asked import AskedWord

_PRIOR_LINES = 1000.0
"""Every library counts as if it had so many lines more, without any of the words."""

_OFFSET, _COVERAGE, _WORTH, _IN_ORDER = -10.0, 9.5, 0.25, 1.5
_MOST_WORTH = 14.0
"""Two rare words: more of them make nothing surer."""

_ASKED_FOR = 2.5
"""Of `said:` and `text:`: words are looked for there, so that they are found is less of a chance."""

_GUESSED = 0.75
"""What a word is worth that was taken for a misspelt one."""


@dataclass(frozen=True, slots=True)
class Worth:
    """What the words of a query are worth in a library."""

    words: Mapping[AskedWord, float]

    @classmethod
    def of(cls, frequency: Mapping[AskedWord, float], total: int) -> "Worth":
        """From the number of lines that hold each word, and of all lines."""
        return cls(
            {
                word: math.log((_PRIOR_LINES + total) / (1 + min(lines, total)))
                for word, lines in frequency.items()
            }
        )

    def probability(
        self,
        held: Collection[AskedWord],
        *,
        guessed: Collection[AskedWord] = (),
        in_order: bool = False,
        asked_for: bool = False,
    ) -> float:
        """Of a line (or of lines that follow each other) that holds these words; 0..1.

        Args:
            held: words of the query.
            guessed: those of them for which another word stands.
            in_order: whether the words stand there in the query's order, without others between them.
            asked_for: whether the query asks for lines of this source.
        """
        every = sum(self.words.values())
        if not held or every <= 0:
            return 0.0
        worth = sum(self.words[word] * (_GUESSED if word in guessed else 1.0) for word in held)
        evidence = _OFFSET + _COVERAGE * worth / every + _WORTH * min(worth, _MOST_WORTH)
        evidence += _IN_ORDER if in_order and len(self.words) > 1 else 0.0
        evidence += _ASKED_FOR if asked_for else 0.0
        return 1 / (1 + math.exp(-evidence))
