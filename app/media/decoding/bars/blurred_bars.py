"""Bars that are a blurred, enlarged copy of the picture between them, as upright videos get. Pure numpy.

They are told from a picture with a blurred background by four things: the picture begins abruptly along
straight lines, just as far from one end as from the other; beyond them there is hardly any detail; and what
is there looks like the picture's middle, enlarged until it fills the frame.
"""

import numpy as np
from numpy.typing import NDArray

from app.media.decoding.bars.flat_bars import LEAST_LEFT, Box

NARROWEST = 0.06
"""Share of the picture's width that a bar takes at least."""
DETAIL_RATIO = 1.8
"""How many times as much detail the picture has, at least, as the bars."""
NARROW, NARROW_DETAIL_RATIO = 0.11, 2.4
"""The same of bars narrower than this share: any picture's margins look like what is beside them."""
THINNED = 3
"""Of so many rows, or columns, one tells how much detail there is."""
MIDDLE_RATIO = 1.2
"""The same of the very middle, a part that has more detail or less."""
EDGE_RATIO = 3.0
"""How many times as much as inside the bars neighbouring pixels differ where the picture begins."""
STRAIGHT = 0.25
"""Share of the picture's height along which its beginning is seen."""
EDGE = 6
"""Levels by which pixels differ there."""
ALIKE = 0.88
"""Correlation of the bars with the enlarged middle."""
QUIET = 0.3
"""Levels by which neighbouring pixels of a plain area differ, with all that coding adds."""
PLAIN = 6.0
"""Levels of deviation below which there is nothing to correlate."""
CELLS = (8, 3)
"""Rows and columns of a bar that are compared."""


def find_blurred_bars(picture: NDArray[np.uint8]) -> Box | None:
    """The part of a picture between blurred copies of itself, None where there are none to be sure of.

    Args:
        picture: (H, W, 3) RGB.
    """
    height, width, _ = picture.shape
    across, down = _steps(picture)
    bar = _bar(picture, across, down)
    if bar is not None:
        return Box(bar, 0.0, width - bar, float(height))
    bar = _bar(picture.swapaxes(0, 1), down.T, across.T)
    return None if bar is None else Box(0.0, bar, float(width), height - bar)


def _steps(picture: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Levels by which a pixel differs from the next, in every third row, and from the one below.

    Returns:
        (H / 3, W - 1), and (H - 1, W / 3) of every third column.
    """
    rows, columns = picture[::THINNED, :, 1].astype(np.float32), picture[:, ::THINNED, 1].astype(np.float32)
    return np.abs(rows[:, 1:] - rows[:, :-1]), np.abs(columns[1:] - columns[:-1])


def can_be_blurred_bars(picture: NDArray[np.uint8], box: Box) -> bool:
    """Whether everything outside a part of a picture, (H, W, 3) RGB, can be a blurred copy of it."""
    if box.top > 0:
        return can_be_blurred_bars(picture.swapaxes(0, 1), Box(box.top, box.left, box.bottom, box.right))
    bar, width = round(box.left), picture.shape[1]
    if not 1 < bar < width // 2:
        return False
    sharper = _is_sharper(_means(_steps(picture)[1]) + QUIET, bar, 0.5)
    return sharper and _is_enlarged(picture, bar)


def _bar(picture: NDArray[np.uint8], across: NDArray[np.float32], down: NDArray[np.float32]) -> float | None:
    """How many columns the bars at the left and the right have."""
    height, width, _ = picture.shape
    narrowest, widest = int(max(4, NARROWEST * width)), int(width * (1 - LEAST_LEFT) / 2)
    if widest <= narrowest or height < 2 * CELLS[0]:
        return None
    detail = _means(down)
    inside = _mean_between(detail, widest, width - widest)
    outside = (_mean_between(detail, 0, narrowest) + _mean_between(detail, width - narrowest, width)) / 2
    if inside < MIDDLE_RATIO * (outside + QUIET):
        return None  # most pictures have as much detail at their sides as in the middle
    steps = _means(across)
    steps = np.minimum(steps, steps[::-1])  # step i lies between the columns i and i + 1
    usual = steps.cumsum()[narrowest - 3 : widest - 2] / np.arange(narrowest - 2, widest - 1)
    found = steps[narrowest - 1 : widest] / (usual + QUIET)
    edge = narrowest + int(found.argmax())
    if found[edge - narrowest] < EDGE_RATIO:
        return None
    if not _is_sharper(detail, edge, NARROW_DETAIL_RATIO if edge < NARROW * width else DETAIL_RATIO):
        return None
    ends = np.minimum((across[:, edge - 1] > EDGE).mean(), (across[:, width - edge - 1] > EDGE).mean())
    if ends < STRAIGHT or not _is_enlarged(picture, edge):
        return None
    return float(edge)


def _means(levels: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of each column."""
    weights = np.full(len(levels), 1 / max(1, len(levels)), np.float32)
    means: NDArray[np.float32] = weights @ levels
    return means


def _mean_between(detail: NDArray[np.float32], first: int, last: int) -> float:
    """Mean of what every third column has, from column `first` to before `last`."""
    part = detail[-(-first // THINNED) : -(-last // THINNED)]
    return float(part.sum()) / max(1, len(part))


def _is_sharper(detail: NDArray[np.float32], bar: int, ratio: float) -> bool:
    """Whether there is so many times as much detail between two bars as in them."""
    width = len(detail) * THINNED
    count = max(1, (bar - 1) // THINNED)
    outside = (detail[:count].sum() + detail[-count:].sum()) / (2 * count)
    return _mean_between(detail, bar + 1, width - bar - 1) >= ratio * (float(outside) + QUIET)


def _is_enlarged(picture: NDArray[np.uint8], bar: int) -> bool:
    """Whether two bars look like the picture between them, cut out or stretched to fill the frame."""
    height, width, _ = picture.shape
    inner = picture[:, bar : width - bar]
    shown = _cells(picture[:, : bar - 1]), _cells(picture[:, width - bar + 1 :])
    share = (width - 2 * bar) / width
    columns, cut = max(1, round(bar * share)), round(height * (1 - share) / 2)
    for rows in (slice(cut, height - cut), slice(None)):
        copied = _cells(inner[rows, :columns]), _cells(inner[rows, -columns:])
        if _alike(np.stack(shown), np.stack(copied)):
            return True
    return False


def _cells(part: NDArray[np.uint8]) -> NDArray[np.float64]:
    """(rows, columns, 3) means of the cells of a part of a picture."""
    height, width, _ = part.shape
    rows = np.arange(CELLS[0]) * height // CELLS[0]
    columns = np.arange(CELLS[1]) * width // CELLS[1]
    sums = np.add.reduceat(np.add.reduceat(part, rows, axis=0, dtype=np.float64), columns, axis=1)
    counts = np.outer(np.diff(rows, append=height), np.diff(columns, append=width))
    means: NDArray[np.float64] = sums / np.maximum(counts, 1)[..., None]
    return means


def _alike(one: NDArray[np.float64], two: NDArray[np.float64]) -> bool:
    one, two = one - one.mean(), two - two.mean()
    spread = one.std() * two.std()
    if spread < PLAIN**2:
        return bool(np.abs(one - two).mean() < PLAIN)
    return bool((one * two).mean() / spread >= ALIKE)
