"""Pictures that a bundle is tried with: the user's own, or made-up frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.errors import UsageError

Pictures = Sequence[NDArray[np.uint8]]
"""uint8 RGB `(H, W, 3)`, of any sizes."""

COUNT = 64
_SHAPES = ((9, 16), (9, 16), (16, 9), (3, 4), (1, 1))
"""Height to width."""
_ENLARGED = (1.0, 1.0, 1.5, 2.0)
"""Shorter side over the model's: the program decodes most videos with the model's own."""
_ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".bmp"}


def sample_pictures(size: int, count: int = COUNT) -> list[NDArray[np.uint8]]:
    """Made-up frames, always the same: blots and gradients of colour, shapes with sharp edges, stripes and
    grain. Their shorter sides are `size` pixels or more."""
    draw = np.random.default_rng(0)
    pictures = []
    for number in range(count):
        high, wide = _SHAPES[number % len(_SHAPES)]
        short = size * _ENLARGED[number % len(_ENLARGED)]
        height, width = (round(short * side / min(high, wide)) for side in (high, wide))
        pictures.append(_picture(draw, height, width))
    return pictures


def read_pictures(folder: Path, count: int = COUNT) -> list[NDArray[np.uint8]]:
    """The first `count` pictures of a folder, by name; what cannot be read is left out.

    Raises:
        UsageError: there is none.
    """
    pictures = list(_read(folder, count)) if folder.is_dir() else []
    if not pictures:
        raise UsageError(
            f"There is no picture in “{folder.name}”.",
            f"Name a folder with pictures ({', '.join(sorted(_ENDINGS))}).",
        )
    return pictures


def _read(folder: Path, count: int) -> Iterator[NDArray[np.uint8]]:
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() not in _ENDINGS or count == 0:
            continue
        picture = cv2.imdecode(np.frombuffer(path.read_bytes() or b"\0", np.uint8), cv2.IMREAD_COLOR)
        if picture is not None:
            count -= 1
            yield np.ascontiguousarray(picture[:, :, ::-1], dtype=np.uint8)


def _picture(draw: np.random.Generator, height: int, width: int) -> NDArray[np.uint8]:
    cells = int(draw.integers(2, 9))
    coarse = draw.uniform(0, 255, (cells, cells, 3))
    picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).clip(0, 255)
    for _ in range(int(draw.integers(0, 7))):
        colour = draw.uniform(0, 255, 3).tolist()
        centre = (int(draw.integers(width)), int(draw.integers(height)))
        reach = int(draw.integers(height // 20 + 1, height // 3 + 2))
        if draw.random() < 0.5:
            cv2.circle(picture, centre, reach, colour, -1)
        else:
            cv2.rectangle(picture, centre, (centre[0] + reach, centre[1] + reach // 2 + 1), colour, -1)
    along = np.arange(width) if draw.random() < 0.5 else np.arange(height)[:, None]
    stripes = 40 * draw.random() * np.sin(along * 2 * np.pi / draw.uniform(3, 40))
    grain = draw.normal(0, draw.uniform(0, 20), picture.shape)
    mixed = picture + np.broadcast_to(stripes, picture.shape[:2])[..., None] + grain
    return np.asarray(mixed.clip(0, 255), dtype=np.uint8)
