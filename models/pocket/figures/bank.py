"""The picture bank of a bundle: pictures of every kind that each query is compared with before the library.

See `app.bundle.picture_bank`. Half of them come with captions, half with labels, evenly spaced among the
training pictures; what the program gets are their embeddings, not the pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.bundle.picture_bank import LEAST_PICTURES, PICTURE_BANK_FILE, PICTURES
from models.pocket.bundle import BundleRunner
from models.pocket.figures.evaluate import unit
from models.pocket.pictures.data import Picture, read_pictures, read_pixels

HALF = 500


def bank_pictures(pictures: Sequence[Picture]) -> list[Picture]:
    """The pictures of the bank: those with captions, then those with labels."""
    learned = [picture for picture in pictures if picture.part == "train"]
    captioned = [picture for picture in learned if picture.captions]
    return [*_evenly(captioned), *_evenly([picture for picture in learned if not picture.captions])]


def write_bank(runner: BundleRunner, training: Path, folder: Path) -> NDArray[np.float32] | None:
    """Embed the bank's pictures and write them; returns them `(N, D)`, L2-normalised.

    Where there are too few training pictures for a bank, none is written, and None returned.
    """
    pictures = bank_pictures(read_pictures(training))
    if len(pictures) < LEAST_PICTURES:
        return None
    vectors = unit(runner.embed_pictures(list(read_pixels(training, pictures)))).astype(np.float16)
    np.savez(folder / PICTURE_BANK_FILE, **{PICTURES: vectors})  # type: ignore[arg-type]
    return vectors.astype(np.float32)


def _evenly(pictures: Sequence[Picture]) -> list[Picture]:
    """`HALF` of them, evenly spaced; all where there are fewer."""
    rows = np.linspace(0, len(pictures) - 1, min(len(pictures), HALF)).astype(int)
    return [pictures[row] for row in rows]
