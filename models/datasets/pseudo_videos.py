"""Pseudo-videos: clips put together from filmed pictures, to train a head where captioned videos are lacking.

A clip shows its captioned picture in some of its frames and other pictures of the same source in the rest,
the way a film cuts between things. The caption describes one of them. This is what they are, and all they
are: they teach a head to find the frames a text speaks of, not to understand motion.

Clips are put together from the frames' embeddings, which are computed once: every step sees new clips at the
price of copying vectors.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import ImageSpec
from models.datasets.backbones import Backbone
from models.datasets.features import FeatureSet
from models.datasets.films import CameraConfig, film
from models.pocket.pictures.data import Picture, read_pixels
from models.pocket.words.prompts import picture_texts, positive_group

BLOCK = 128
"""Pictures whose films are kept in one file."""
TOGETHER = 8
"""Pictures whose films are embedded in one call."""

Indices = NDArray[np.int64]
Number = TypeVar("Number", np.float16, np.float32)


@dataclass(frozen=True, slots=True)
class MixtureConfig:
    """What a clip is made of."""

    frames: int = 12
    least_shown: int = 2
    most_shown: int = 8
    """Frames that show the captioned picture."""
    most_others: int = 3
    """Other pictures in the rest of the frames, at least one."""
    whole_share: float = 0.0
    """Share of clips that show nothing but their picture: a real shot."""
    short_share: float = 0.0
    """Share of clips cut to fewer frames, at least one more than `least_shown`."""


@dataclass(frozen=True, slots=True)
class Films:
    """The embedded films of P pictures and their words.

    Attributes:
        frames: (P, W, D) float16, raw.
        texts: (T, D) float32, raw.
        texts_of: for each picture the numbers of its texts.
        sources: (P,) int64, equal for pictures of one source.
        groups: (P,) int64, equal for pictures whose words fit each other.
    """

    frames: NDArray[np.float16]
    texts: NDArray[np.float32]
    texts_of: tuple[Indices, ...]
    sources: Indices
    groups: Indices


def embed_films(
    pictures: list[Picture],
    training: Path,
    backbone: Backbone,
    folder: Path,
    config: CameraConfig,
    spec: ImageSpec | None = None,
) -> Films:
    """Film and embed `pictures`; kept in `folder` in blocks, so that a run that was cut off goes on.

    Args:
        pictures: all with texts.
        training: the folder with the shards.
        backbone: embeds frames and texts.
        folder: the cache.
        config: how pictures are filmed.
        spec: how the backbone wants its frames; squares of the camera's size where None.
    """
    names = [f"{picture.shard}/{picture.name}" for picture in pictures]
    key = json.dumps([backbone.identity, asdict(config), names]).encode()
    cache = folder / f"films-{hashlib.sha256(key).hexdigest()[:12]}"
    cache.mkdir(parents=True, exist_ok=True)
    started, made = time.monotonic(), 0

    def embedded(start: int) -> NDArray[np.float16]:
        nonlocal made
        part = pictures[start : start + BLOCK]
        films = (
            film(picture, start + offset, config, spec)
            for offset, picture in enumerate(read_pixels(training, part))
        )
        frames = []
        while batch := list(islice(films, TOGETHER)):
            embeddings = backbone.encode_frames(np.concatenate(batch))
            frames.append(embeddings.reshape(len(batch), config.frames, -1))
        made += len(part)
        done = start + len(part)
        minutes = (len(pictures) - done) * (time.monotonic() - started) / made / 60
        left = f", about {minutes:.0f} minutes left" if minutes >= 1 else ""
        print(f"films: {done:,} of {len(pictures):,} pictures{left}", flush=True)
        return np.concatenate(frames).astype(np.float16)

    blocks: list[NDArray[np.float16]] = []
    start = 0
    while start < len(pictures):
        blocks.append(_kept(cache / f"{start:06d}.npy", partial(embedded, start)))
        start += len(blocks[-1])

    numbers: dict[str, int] = {}
    texts_of = tuple(
        np.array([numbers.setdefault(text, len(numbers)) for text in picture_texts(picture)], np.int64)
        for picture in pictures
    )
    return Films(
        frames=np.concatenate(blocks),
        texts=_kept(cache / "texts.npy", lambda: backbone.encode_texts(list(numbers))),
        texts_of=texts_of,
        sources=_numbered([picture.source for picture in pictures]),
        groups=_numbered([positive_group(picture) for picture in pictures]),
    )


def scaled_texts(films: Films, factor: float) -> Films:
    """`films` with texts so many times as long."""
    return replace(films, texts=(films.texts * np.float32(factor)).astype(np.float32))


def weaken_matches(films: Films, share: float) -> Films:
    """`films` whose texts lost some likeness to their own picture.

    An encoder knows the pictures it was trained on by heart: there a text is closer to its picture than it
    ever is to one not seen before. A head trained on that would count on matches as sharp as it will not meet
    again. Every unit text loses `share` times the direction of its own picture's film (the mean where several
    pictures share it) and gets its length back.
    """
    frames = films.frames.astype(np.float32)
    frames /= np.linalg.norm(frames, axis=2, keepdims=True)
    own = frames.mean(1)
    own /= np.linalg.norm(own, axis=1, keepdims=True)
    direction = np.zeros_like(films.texts)
    pictures = np.zeros((len(films.texts), 1), np.float32)
    for picture, numbers in enumerate(films.texts_of):
        direction[numbers] += own[picture]
        pictures[numbers] += 1
    lengths = np.linalg.norm(films.texts, axis=1, keepdims=True)
    moved = films.texts / lengths - share * direction / np.maximum(pictures, 1)
    moved *= lengths / np.linalg.norm(moved, axis=1, keepdims=True)
    return replace(films, texts=moved.astype(np.float32))


class PseudoVideos:
    """Puts clips together from films."""

    def __init__(self, films: Films, config: MixtureConfig) -> None:
        self.films = films
        self.config = config
        self._same_source = {
            int(source): np.flatnonzero(films.sources == source) for source in np.unique(films.sources)
        }

    def clips(
        self, pictures: Indices, draw: np.random.Generator
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """One clip about each of `pictures` (B,): frames float32 (B, F, D), raw, and mask bool (B, F)."""
        config, width = self.config, self.films.frames.shape[2]
        frames = np.zeros((len(pictures), config.frames, width), np.float32)
        mask = np.zeros((len(pictures), config.frames), np.bool_)
        for row, picture in enumerate(pictures):
            clip = self._clip(int(picture), draw)
            frames[row, : len(clip)] = clip
            mask[row, : len(clip)] = True
        return frames, mask

    def held(self, draw: np.random.Generator) -> FeatureSet:
        """One clip about each picture and every text as a query: a fixed set to evaluate on."""
        pictures = np.arange(len(self.films.texts_of))
        frames, mask = self.clips(pictures, draw)
        numbers = np.concatenate(self.films.texts_of)
        return FeatureSet(
            frames=frames.astype(np.float16),
            counts=mask.sum(1).astype(np.int64),
            texts=self.films.texts[numbers].astype(np.float16),
            video_of_text=np.repeat(pictures, [len(texts) for texts in self.films.texts_of]),
        )

    def _clip(self, picture: int, draw: np.random.Generator) -> NDArray[np.float16]:
        config = self.config
        length = config.frames
        if draw.random() < config.short_share:
            length = int(draw.integers(config.least_shown + 1, config.frames + 1))
        if draw.random() < config.whole_share:
            return self._shot(picture, length, draw)
        shown = int(draw.integers(config.least_shown, min(config.most_shown, length - 1) + 1))
        others = self._others(picture, int(draw.integers(1, config.most_others + 1)), draw)
        shots = [self._shot(picture, shown, draw)]
        for other, count in zip(others, _shares(length - shown, len(others), draw), strict=True):
            if count:
                shots.append(self._shot(int(other), count, draw))
        return np.concatenate([shots[number] for number in draw.permutation(len(shots))])

    def _others(self, picture: int, count: int, draw: np.random.Generator) -> Indices:
        pool = self._same_source[int(self.films.sources[picture])]
        chosen = draw.choice(pool, min(count + 1, len(pool)), replace=False)
        others: Indices = chosen[chosen != picture][:count]
        return others

    def _shot(self, picture: int, length: int, draw: np.random.Generator) -> NDArray[np.float16]:
        """`length` neighbouring frames of a film; a longer shot than there are frames goes there and back."""
        film_length = self.films.frames.shape[1]
        there_and_back = np.concatenate([np.arange(film_length), np.arange(film_length - 2, 0, -1)])
        first = int(draw.integers(len(there_and_back)))
        rows = there_and_back[(first + np.arange(length)) % len(there_and_back)]
        shot: NDArray[np.float16] = self.films.frames[picture, rows]
        return shot


def _kept(path: Path, make: Callable[[], NDArray[Number]]) -> NDArray[Number]:
    """What `path` holds, made and written whole where it is not there yet."""
    if not path.exists():
        unfinished = path.with_suffix(".part")
        with unfinished.open("wb") as handle:
            np.save(handle, make())
        unfinished.replace(path)
    kept: NDArray[Number] = np.load(path)
    return kept


def _shares(total: int, parts: int, draw: np.random.Generator) -> list[int]:
    """`total` frames shared out among `parts` at random, as evenly as chance has it."""
    if parts == 0:
        return []
    counts: list[int] = np.bincount(draw.integers(parts, size=total), minlength=parts).tolist()
    return counts


def _numbered(names: list[str]) -> Indices:
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(name, len(numbers)) for name in names], np.int64)
