"""A library's names, lines and signs, and queries for them: made by rule from captioned clips.

Nothing of the clips is kept: they are copied under made names. The lines talk of what other clips show, so
that single words of every picture's description stand in lines of other videos.
"""

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np

from app.lines.asked import LITTLE, asked_words
from app.lines.line import Line, Source
from app.lines.words import words_of
from benchmarks.moments.captioned_clips import CaptionedClip

SEED = 2026
_LINE_SECONDS = 1.5
_MOST_LINES = 40

_PEOPLE = (
    *("Anna", "Ben", "Carla", "David", "Elif", "Felix", "Grace", "Henry", "Ines", "Jonas", "Kim", "Lena"),
    *("Marco", "Nadia", "Oscar", "Paula", "Quentin", "Rosa", "Stefan", "Tina", "Umar", "Vera", "Wanda"),
)
_PLACES = (
    *("Lake Garda", "Lisbon", "Oslo", "Grandma's House", "Black Forest", "Kyoto", "New York", "Cornwall"),
    *("Vienna", "Marrakesh", "Alps", "Brighton", "Naxos", "Reykjavik", "Tuscany", "Dublin"),
)
_EVENTS = (
    *("birthday", "wedding", "graduation", "first day of school", "moving day", "barbecue", "hike"),
    *("christmas", "concert", "picnic", "reunion", "farewell", "rehearsal", "regatta"),
)
_TALK = (
    "I told {person} that the {thing} was broken again",
    "we could have left the {thing} with {person} in {place}",
    "do you remember the {event} when {person} lost the {thing}",
    "it cost {number} euros for a {thing}, can you believe it",
    "wait, {person} is calling about the {other} again",
    "my sister never liked the {thing} or the {other}",
    "next year we go back to {place}, I promise",
    "{person} said the {event} starts at {number} o'clock",
    "a {thing} like that would never fit in here",
    "please bring {number} more chairs and the {other}",
    "the doctor told {person} to stay away from the {thing}",
    "so I sold the {other} and moved to {place}",
)
_SIGNS = (
    *("PLATFORM {number}", "EXIT", "{person}'S BAKERY", "NO PARKING", "SALE {number} %", "HOTEL {place}"),
    *("ROOM {number}", "CAUTION WET FLOOR", "WELCOME TO {place}", "GATE {number}", "{person} & SONS", "STOP"),
)


class Kind(StrEnum):
    """What a query asks for."""

    PICTURES = "pictures"
    LINES = "lines"
    SIGNS = "signs"
    NAMES = "names"


@dataclass(frozen=True, slots=True)
class MixedQuery:
    """A query and what answers it."""

    kind: Kind
    text: str
    file: str
    """Stem of the video's made name."""
    at: float | None = None
    """Seconds of the line; None where any moment of the video is right."""


@dataclass(frozen=True, slots=True)
class MadeVideo:
    """A clip under its made name, with what is said and written in it."""

    clip: CaptionedClip
    folder: str
    stem: str
    said: tuple[Line, ...]
    written: tuple[Line, ...]

    def link(self, folder: Path) -> Path:
        """Copy the clip to where the library finds it; returns its path."""
        path = folder / self.folder / f"{self.stem}{self.clip.path.suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            shutil.copyfile(self.clip.path, path)
        return path

    @property
    def lines(self) -> dict[Source, tuple[Line, ...]]:
        """By source."""
        return {Source.SPEECH: self.said, Source.WRITING: self.written}


def make(clips: Sequence[CaptionedClip]) -> tuple[list[MadeVideo], list[MixedQuery]]:
    """Names, lines and signs of clips, and the queries for them; the same clips give the same."""
    rng = np.random.default_rng(SEED)
    things = sorted({word for clip in clips for word in _content(clip.caption) if len(word) > 3})
    videos, queries = [], []
    for number, clip in enumerate(clips):
        place, event, person = rng.choice(_PLACES), rng.choice(_EVENTS), rng.choice(_PEOPLE)
        year = 2009 + number % 16
        words = f"{person} {event}".split()
        stem = (
            f"{''.join(word.capitalize() for word in words)}{number:02d}"
            if number % 2
            else f"{'_'.join(words)}_IMG_{1000 + number}"
        )
        said = _talk(clip, things, rng)
        written = _signs(clip, number, rng)
        made = MadeVideo(clip, f"{year}-{1 + number % 12:02d} {place}", stem, said, written)
        videos.append(made)
        queries.append(MixedQuery(Kind.PICTURES, clip.caption.rstrip("."), stem))
        queries.append(MixedQuery(Kind.NAMES, f"{person} {event} {place} {year}".lower(), stem))
        remembered = rng.permutation(len(said))[:2].tolist()
        queries += [
            MixedQuery(Kind.LINES, _remembered(said[place].text, rng), stem, said[place].start)
            for place in remembered
        ]
        if written:
            queries.append(MixedQuery(Kind.SIGNS, written[0].text.lower(), stem, written[0].start))
    return videos, _unambiguous(queries, videos)


def _talk(clip: CaptionedClip, things: Sequence[str], rng: np.random.Generator) -> tuple[Line, ...]:
    others = [thing for thing in things if thing not in _content(clip.caption)]
    count = max(1, min(_MOST_LINES, int(clip.seconds / _LINE_SECONDS)))
    texts = [_filled(str(rng.choice(_TALK)), others, rng) for _ in range(count)]
    return tuple(
        Line(_LINE_SECONDS * place, min(clip.seconds, _LINE_SECONDS * (place + 1)), text, "en")
        for place, text in enumerate(texts)
    )


def _signs(clip: CaptionedClip, number: int, rng: np.random.Generator) -> tuple[Line, ...]:
    if number % 4 == 3:
        return ()
    text = _filled(str(rng.choice(_SIGNS)), ["x"], rng).upper()
    start = round(float(rng.random()) * clip.seconds / 2, 1)
    return (Line(start, clip.seconds, text),)


def _filled(template: str, things: Sequence[str], rng: np.random.Generator) -> str:
    thing, other = rng.choice(things, size=2)
    return template.format(
        thing=thing,
        other=other,
        person=rng.choice(_PEOPLE),
        place=rng.choice(_PLACES),
        event=rng.choice(_EVENTS),
        number=int(rng.integers(2, 60)),
    )


def _remembered(text: str, rng: np.random.Generator) -> str:
    """A part of a line as somebody remembers it: some words in a row, at times one left out or misspelt."""
    words = re.findall(r"[\w']+", text)
    length = min(len(words), int(rng.integers(4, 8)))
    starts = [
        start
        for start in range(len(words) - length + 1)
        if len(asked_words(" ".join(words[start : start + length]))) > 1
    ]
    start = int(rng.choice(starts)) if starts else 0
    part = words[start : start + length]
    chance = rng.random()
    if chance < 0.25 and len(part) > 4:
        del part[int(rng.integers(1, len(part) - 1))]
    elif chance < 0.35:
        longest = max(range(len(part)), key=lambda place: len(part[place]))
        word = part[longest]
        part[longest] = word[:2] + word[3:4] + word[2:3] + word[4:]
    return " ".join(part)


def _content(text: str) -> set[str]:
    return {word for word in words_of(text) if word not in LITTLE}


def _unambiguous(queries: Sequence[MixedQuery], videos: Sequence[MadeVideo]) -> list[MixedQuery]:
    """Without those that lines, signs or names of other videos answer as well, and without twins."""
    kept: dict[str, MixedQuery] = {}
    for query in queries:
        words = _content(query.text)
        texts = {
            video.stem: [
                _content(line.text) for line in (video.said if query.kind is Kind.LINES else video.written)
            ]
            for video in videos
        }
        others = [
            stem
            for stem, lines in texts.items()
            if stem != query.file and any(words <= line for line in lines)
        ]
        if query.kind in {Kind.PICTURES, Kind.NAMES} or not others:
            kept.setdefault(query.text, query)
    return list(kept.values())
