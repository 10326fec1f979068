"""The words of a query that are looked for in lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.lines.words import is_unspaced, words_of

MOST_WORDS = 12
"""Of one description; the others are left out."""

_LITTLE_WORDS = """
    a an the of in on at to for from by with and or but is are was were be been am being it its this that
    these those there here i you he she we they me him her us them my your his our their mine as if so not
    no do does did has have had will would can could what which who whom when where how why s t m re ve ll d
    some any up out off into over under near next very just than then too also about while one
    de la le les un une des du et en der die das ein eine und im ist den dem el los las una y o il lo di che
"""
LITTLE = frozenset(_LITTLE_WORDS.split())
"""Words that stand in so many lines that they say nothing of any."""


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word, or a run of letters without spaces between words, as it is looked for in lines."""

    tokens: tuple[str, ...]
    """Words of lines that stand one behind the other."""
    prefix: bool = False
    """Whether the last one may go on."""

    @property
    def expression(self) -> str:
        """It in the language of FTS5."""
        return f'"{" ".join(self.tokens)}"' + ("*" if self.prefix else "")

    def places(self, words: Sequence[str]) -> list[int]:
        """Where it begins among the words of a line."""
        *before, last = self.tokens
        length = len(before)
        if self.prefix:
            ends = [place for place, word in enumerate(words) if word.startswith(last)]
        elif last in words:
            ends = [place for place, word in enumerate(words) if word == last]
        else:
            return []
        return [
            end - length
            for end in ends
            if end >= length and (not before or list(words[end - length : end]) == before)
        ]


def asked_words(text: str, *, little: bool = False) -> list[AskedWord]:
    """The words of a description that say something, without twins.

    Args:
        text: as typed; `birth*` stands for all words that begin so.
        little: whether little words count too.
    """
    found: dict[AskedWord, None] = {}
    for typed in text.split():
        for run in _runs(words_of(typed)):
            found[run] = None
        if typed.rstrip(',.;:!?"”').endswith("*") and found:
            last = found.popitem()[0]
            found[AskedWord(last.tokens, prefix=True)] = None
    telling = [word for word in found if little or word.prefix or not LITTLE.issuperset(word.tokens)]
    return telling[:MOST_WORDS]


def _runs(words: Sequence[str]) -> list[AskedWord]:
    """Words; of a run of letters in pairs one, without the last letter that stands alone."""
    runs: list[AskedWord] = []
    pairs: list[str] = []
    for word in words:
        if not is_unspaced(word):
            runs.append(AskedWord((word,)))
        elif len(word) == 2:
            pairs.append(word)
        else:
            runs.append(AskedWord(tuple(pairs)) if pairs else AskedWord((word,), prefix=True))
            pairs = []
    return runs
