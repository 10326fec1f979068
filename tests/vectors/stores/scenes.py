"""Videos whose clips each show one scene, as those of a camera do."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from tests.catalogue.making import make_file, rescan, rows_for
from tests.vectors.made_vectors import WIDTH

MODEL = "tiny-stores"
SERVER = "REELFIND_TEST_QDRANT"
"""Environment variable with the address of a server that tests may fill."""
VIDEOS = 32
"""In a library of which a test changes something."""
CLIP = 6
"""Frames of a clip."""


def scenes(clips: int, seed: int) -> NDArray[np.float32]:
    """(6 · clips, WIDTH) as of an image tower: clips in a narrow cone of the space, frames close together."""
    chance = np.random.default_rng(seed)
    cone = np.random.default_rng(0).standard_normal(WIDTH)
    each = np.repeat(chance.standard_normal((clips, WIDTH)), CLIP, axis=0)
    return (10 * (cone + each + 0.3 * chance.standard_normal(each.shape))).astype(np.float32)


def commit(
    catalogue: Catalogue, movies: Path, numbers: Iterable[int], clips: int = 8, version: int = 0
) -> None:
    """Put videos into the library; another version of a number is another content."""
    for number in numbers:
        make_file(movies / f"{number:03}.mp4", f"video {number} of version {version}")
    rescan(catalogue, movies)
    for video in catalogue.pending(MODEL):
        seed = 1000 * version + int(video.path.stem)
        rows = rows_for(
            video, CLIP * clips, seed=seed, model=MODEL, vectors=scenes(clips, seed), clip_frames=CLIP
        )
        catalogue.commit_indexed(video.id, rows, fingerprint=f"{seed:064}")


def remove(catalogue: Catalogue, movies: Path, numbers: Iterable[int]) -> None:
    """Take videos out of the library."""
    for number in numbers:
        (movies / f"{number:03}.mp4").unlink()
    rescan(catalogue, movies)
