"""Embeddings as the towers of an encoder give them, small."""

import numpy as np
from numpy.typing import NDArray

WIDTH = 32


def images(count: int, seed: int) -> NDArray[np.float32]:
    """(count, WIDTH) as of an image tower: scenes in clusters, all in a narrow cone of the space."""
    chance = np.random.default_rng(seed)
    cone = np.random.default_rng(0).standard_normal(WIDTH)
    scenes = chance.standard_normal((max(1, count // 10), WIDTH))
    noise = 0.3 * chance.standard_normal((count, WIDTH))
    return (10 * (cone + scenes[np.arange(count) % len(scenes)] + noise)).astype(np.float32)


def texts(count: int) -> NDArray[np.float32]:
    """(count, WIDTH) as of a text tower: about the scenes, but in another cone (the modality gap)."""
    gap = 1.5 * np.random.default_rng(1).standard_normal(WIDTH)
    chance = np.random.default_rng(2)
    return (gap + 0.7 * chance.standard_normal((count, WIDTH))).astype(np.float32)


def normalised(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same with length 1."""
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
