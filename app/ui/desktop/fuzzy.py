"""How well typed letters fit a title: in their order, and the better the more begin words or follow on."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

_START, _RUN, _LATE = 8, 8, 0.05
"""What a letter gains at a word's start, and right after the one before it; what each place between costs."""


@dataclass(frozen=True, slots=True)
class Fit:
    """One way in which the letters are found in a title."""

    score: float
    places: tuple[int, ...]
    """Places of the letters in the title."""


def fit(typed: str, title: str) -> Fit | None:
    """The best way to find the typed letters in a title, None where there is none; spaces don’t count."""
    wanted = [letter for letter in _plain(typed) if not letter.isspace()]
    letters = _plain(title)
    best: dict[int, Fit] = {-1: Fit(0.0, ())}
    for letter in wanted:
        nearer: dict[int, Fit] = {}
        for place, there in enumerate(letters):
            if there != letter:
                continue
            ways = [
                Fit(way.score + _gain(letters, before, place), (*way.places, place))
                for before, way in best.items()
                if before < place
            ]
            if ways:
                nearer[place] = max(ways, key=lambda way: way.score)
        best = nearer
    return max(best.values(), key=lambda way: way.score, default=None)


def _gain(letters: str, before: int, place: int) -> float:
    gain = 1.0 - _LATE * (place - before - 1)
    if place == 0 or not letters[place - 1].isalnum():
        gain += _START
    if before >= 0 and place == before + 1:
        gain += _RUN
    return gain


def _plain(text: str) -> str:
    """Lower-case letters without accents, as many as the text has."""
    return "".join((unicodedata.normalize("NFD", letter)[0].lower() or letter)[0] for letter in text)
