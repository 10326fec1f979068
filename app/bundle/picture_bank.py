"""Pictures of every kind that come with a bundle: how high a query goes before it meets a library.

A match of "a man crouches beside a brown dog on a beach" scores higher than one of "a dog": the more a text
says, the nearer a picture can come to it, and the further it stands above all others. A small library says
little of that, and the bundle's held-out figures are of all queries alike. So each query is compared with the
bank. With c its cosines to the N pictures of it, its reach is

    mean of the N/250 highest c - mean of all c

and as far as it is above that of the usual sentence, a score means less (`ScoreCalibration.reach_slope`).
Figures and what else was tried: docs/decisions/0052-reach.md.

The file is somebody else's, like the rest of a bundle: bounded before it is read, and every number looked at.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.bundle.arrays import stored_array, stored_arrays
from app.bundle.description import damaged
from app.errors import ModelError

PICTURE_BANK_FILE = "picture_bank.npz"
PICTURES = "pictures"
"""Name of its array: (N, D) float16 or float32, of any length."""

LEAST_PICTURES, MOST_PICTURES = 16, 4096
"""Of a bank."""

TOP_SHARE = 250
"""One picture of so many is among the highest."""

_LARGEST = 1e6
"""No embedding comes near this."""

_AROUND = 4096
"""Bytes at most around the numbers."""


def reaches(texts: NDArray[np.float32], pictures: NDArray[np.float32]) -> NDArray[np.float32]:
    """Reach (Q,) of texts.

    Args:
        texts: (Q, D) L2-normalised.
        pictures: (N, D) L2-normalised, one at least.
    """
    cosines = texts @ pictures.T
    count = max(1, len(pictures) // TOP_SHARE)
    highest = np.partition(cosines, -count, axis=1)[:, -count:]
    return np.asarray(highest.mean(axis=1) - cosines.mean(axis=1), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class PictureBank:
    """What queries are compared with."""

    pictures: NDArray[np.float32]
    """(N, D) L2-normalised, read-only."""
    usual_reach: float
    """Mean reach of held-out sentences."""

    def above_usual(self, text: NDArray[np.float32]) -> float:
        """How much further a text (D,), L2-normalised, reaches than the usual sentence; it may be less."""
        return float(reaches(text[np.newaxis], self.pictures)[0]) - self.usual_reach


def read_picture_bank(folder: Path, width: int) -> NDArray[np.float32]:
    """The bank (N, D) of the bundle in `folder`, L2-normalised and read-only; D is `width`.

    Raises:
        ModelError: the file holds something else.
    """
    limit = MOST_PICTURES * width * np.dtype(np.float32).itemsize + _AROUND
    try:
        stored = stored_array(stored_arrays(folder / PICTURE_BANK_FILE, limit, "bank")[PICTURES])
    except (KeyError, ValueError) as error:
        raise _no_bank(folder) from error
    if stored.dtype == np.uint8 or stored.ndim != 2 or stored.shape[1] != width:
        raise _no_bank(folder)
    if not LEAST_PICTURES <= len(stored) <= MOST_PICTURES:
        raise _no_bank(folder)
    pictures = stored.astype(np.float32)
    if not np.all(np.abs(pictures) <= _LARGEST):  # nor is anything of NaN
        raise _no_bank(folder)
    lengths = np.linalg.norm(pictures, axis=1, keepdims=True)
    if not np.all(lengths > 0):
        raise _no_bank(folder)
    pictures /= lengths
    pictures.setflags(write=False)
    return pictures


def _no_bank(folder: Path) -> ModelError:
    return damaged(folder, f"{PICTURE_BANK_FILE} holds no embeddings of pictures")
