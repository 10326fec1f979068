"""What an unknown model is tried with: pictures of every kind that videos hold, and texts."""

import numpy as np
from numpy.typing import NDArray

from app.runtime.encoders import BATCH

TEXTS = (
    "a red car on a street",
    "a dog jumps into blue water",
    "white snow falls on a black night",
    "green trees in the wind",
    "two people talk at a table",
    "Ein Kind läuft über die gelbe Wiese",
    "猫",
    "birthday",
)
"""Of several lengths and scripts; the last two are single words."""

EMPTY_TEXTS = ("", " ", "…")


def frames(side: int) -> NDArray[np.uint8]:
    """`(BATCH, side, side, 3)` uint8 RGB pictures, all different: noise, plain, smooth, with edges.

    No picture's mean colour is the middle grey, which a sound model may well turn into zeros.
    """
    across = np.linspace(0.0, 1.0, side, dtype=np.float32)[None, :, None]
    down = across.transpose(1, 0, 2)
    rng = np.random.default_rng(0)
    warm, cold, green = (
        np.array(colour, np.float32) for colour in ((250, 160, 60), (40, 90, 190), (30, 140, 50))
    )
    disc = (across - 0.6) ** 2 + (down - 0.4) ** 2 < 0.06
    shapes = [
        rng.integers(0, 256, (side, side, 3)),
        np.zeros((side, side, 3)),
        np.full((side, side, 3), 255),
        _landscape(rng, side),
        warm * across + cold * (1 - across) + 0 * down,
        warm * down + green * (1 - down) + 0 * across,
        cold * across * down,
        np.where(across + 0 * down < 0.3, warm, cold),
        np.where(down + 0 * across < 0.7, green, np.float32(240.0)),
        np.where(disc, warm, np.float32(20.0)),
        np.where((across * 8).astype(int) + (down * 8).astype(int) & 1, green, cold),
        rng.integers(0, 40, (side, side, 3)),
        np.full((side, side, 3), 100),
        _landscape(rng, side) * np.float32(0.3),
        np.where(disc, np.float32(255.0), _landscape(rng, side)),
        _landscape(rng, side)[:, ::-1],
    ]
    assert len(shapes) == BATCH  # noqa: S101 (both are constants)
    return np.stack([np.clip(np.broadcast_to(shape, (side, side, 3)), 0, 255) for shape in shapes]).astype(
        np.uint8
    )


def _landscape(rng: np.random.Generator, side: int) -> NDArray[np.float32]:
    """A smooth picture of random colours with a little grain: as near to a photograph as numbers come."""
    coarse = rng.uniform(20, 255, (5, 5, 3)).astype(np.float32)
    place = np.linspace(0, 3.999, side)
    whole = place.astype(int)
    share = (place - whole).astype(np.float32)
    rows = coarse[whole] * (1 - share)[:, None, None] + coarse[whole + 1] * share[:, None, None]
    smooth = rows[:, whole] * (1 - share)[None, :, None] + rows[:, whole + 1] * share[None, :, None]
    grain = rng.normal(0, 4, (side, side, 3))
    return np.asarray(smooth + grain, dtype=np.float32)
