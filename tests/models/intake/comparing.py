"""Frames and texts to compare with open_clip on, and what is near enough."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.model_intake.layouts.sample_texts import TEXTS
from app.model_intake.layouts.text_cleaning import clean
from tests.runtime.pictures import pictures

LOWEST_COSINE = 0.9999
TIE = 2e-3
"""Cosines this near are ties: Pillow and we differ by one level of 255 here and there, which moves those of a
model with random weights by as much."""
Vectors = tuple[NDArray[np.float32], NDArray[np.float32]]
SHAPES = ((48, 400), (400, 48), (70, 300), (333, 111), (90, 160), (120, 97), (48, 48), (500, 499))
"""Height and width of frames, most of them far from square."""
FRAMES = [frame for height, width in SHAPES for frame in pictures(5, height, width)]
AS_TYPED = tuple(text for text in TEXTS if clean(text, "whitespace") == text)
"""What open_clip repairs first in the others (curly quotes, entities) `transformers` leaves as typed."""


def texts_for(form: str) -> tuple[str, ...]:
    """What to compare an export in a layout on."""
    return TEXTS if form.startswith("immich") else AS_TYPED


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def lowest_cosine(left: NDArray[np.float32], right: NDArray[np.float32]) -> float:
    return float((unit(left) * unit(right)).sum(axis=1).min())


def assert_same_ten_nearest(ours: Vectors, theirs: Vectors) -> None:
    """Texts find the ten frames that open_clip finds: nine of ten texts exactly, the others but for ties.

    Args:
        ours: vectors of texts and of frames.
        theirs: open_clip's.
    """
    mine, right = (unit(texts) @ unit(frames).T for texts, frames in (ours, theirs))
    exact = []
    for found, true in zip(mine, right, strict=True):
        ten, wanted = (set(np.argsort(-row, kind="stable")[:10]) for row in (found, true))
        exact.append(ten == wanted)
        assert min(true[list(ten)]) >= min(true[list(wanted)]) - TIE
    assert np.mean(exact) >= 0.9
