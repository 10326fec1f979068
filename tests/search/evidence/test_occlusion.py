"""What covering a part of a picture costs is found where the thing is, and nowhere else."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.search.evidence.occlusion import CELLS, costs, covered

PICTURE = np.random.default_rng(0).integers(0, 256, (90, 121, 3), dtype=np.uint8)
WINDOWS = (CELLS - 1) ** 2


def seen(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Vectors of an encoder that looks at one cell alone: how much of it is as in the first picture."""
    height, width = pictures.shape[1:3]
    cell = (
        slice(2 * height // CELLS + 1, 3 * height // CELLS - 1),
        slice(3 * width // CELLS + 1, 4 * width // CELLS),
    )
    there = (pictures[:, *cell] == pictures[0, *cell]).mean(axis=(1, 2, 3))
    return np.stack([there, np.sqrt(1 - there**2)], axis=1).astype(np.float32)


def test_each_window_is_covered_once_and_the_rest_stays() -> None:
    pictures = covered(PICTURE)
    assert pictures.shape == (1 + WINDOWS, *PICTURE.shape)
    assert (pictures[0] == PICTURE).all()
    changed = (pictures[1:] != PICTURE).any(axis=-1)
    shares = changed.mean(axis=(1, 2))
    assert shares == pytest.approx(np.full(WINDOWS, 4 / CELLS**2), abs=0.03)
    assert changed.any(axis=0).all()


def test_the_cell_that_matters_costs_most() -> None:
    grid = costs(seen(covered(PICTURE)), np.array([1.0, 0.0], np.float32), 0.0, 0.05)
    assert grid.shape == (CELLS, CELLS)
    assert np.unravel_index(int(grid.argmax()), grid.shape) == (2, 3)
    assert grid.min() == 0.0
    assert grid.max() <= 1.0


def test_where_nothing_is_lost_the_map_is_empty() -> None:
    same = np.tile(np.array([0.6, 0.8], np.float32), (1 + WINDOWS, 1))
    for average in (0.0, 0.6, 0.9):
        assert not costs(same, np.array([1.0, 0.0], np.float32), average, 0.0).any()


@pytest.mark.parametrize("size", [(1, 1), (5, 4), (6, 200)])
def test_pictures_of_any_size_are_covered(size: tuple[int, int]) -> None:
    assert covered(np.zeros((*size, 3), np.uint8)).shape == (1 + WINDOWS, *size, 3)
