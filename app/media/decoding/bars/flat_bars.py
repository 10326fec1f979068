"""Bars of one colour at opposite sides of a picture: letterbox, pillarbox, or both. Pure numpy.

A bar is told from a sky, a dark wall or a studio's backdrop by four things: its opposite has the same colour,
it hardly varies, it ends in one straight line along the whole picture, and it ends abruptly. A logo, clock
or subtitle may lie in it: it takes few of its pixels and of its end. Beside a picture as dark as itself it
is told by having the width of its opposite, and no noise.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SMALLEST = 2
"""Pixels: narrower lines are left where they are."""
LEAST_LEFT = 0.2
"""Share of the picture's height, and of its width, that has to be left between the bars."""

SAME_COLOUR = 10
"""Levels by which opposite bars may differ."""
QUIETEST, LOUDEST = 4, 16
"""Levels by which a bar's pixels may differ from its colour: from the noise at its outside to at most."""
BORDER_SHARE = 0.7
"""Share of the outermost pixels that have the bar's colour."""
CLEAR_SHARE = 0.65
"""Share of a bar's pixels that have its colour; text takes the rest."""
STRAIGHT = 0.5
"""Share of the picture's length along which the bar has to end at the same place."""
STRAIGHT_BLACK, STRAIGHT_COLOURED = 0.7, 0.9
"""The same where all four sides have a bar narrower than the picture: a card on a table ends so as well."""
BLACK = 24
"""Level up to which a colour is black."""
PLAIN = 4.0
"""Levels of deviation below which what lies between bars is a stripe or a card and no picture."""
RINGING = 4
"""A pixel that differs this many times less from the bar than its neighbour belongs to the bar."""
CLEAR_JUMP = 40
"""Levels by which a pixel of the picture differs from the bar beside it at most, as far as it counts."""
FLAWED, STIRRING = 0.05, 0.6
"""Share of a bar's pixels that are not exactly of its colour, at most, and of those of each line behind it,
at least, where the picture is as dark as its bars: no camera gives one level all over."""
CONTENT_SHARE = 0.25
"""Share of a row that has other colours than the bars, where the picture between four bars is looked for."""


@dataclass(frozen=True, slots=True)
class Box:
    """A part of a picture in its pixels, edges between pixels."""

    left: float
    top: float
    right: float
    bottom: float


_Border = tuple[NDArray[np.float64], float]
"""A colour, and by how many levels pixels of that colour vary."""


@dataclass(frozen=True, slots=True)
class Borders:
    """What the outermost lines of a picture share: first and last row, first and last column."""

    rows: _Border | None
    columns: _Border | None


def borders_of(picture: NDArray[np.uint8]) -> Borders | None:
    """The borders of a picture, (H, W, 3) RGB; None, as in most, where it cannot have bars of one colour."""
    rows, columns = _border(picture), _border(picture.swapaxes(0, 1))
    return None if rows is None and columns is None else Borders(rows, columns)


def find_flat_bars(picture: NDArray[np.uint8], borders: Borders | None = None) -> Box | None:
    """The part of a picture between bars of one colour, None where there are none to be sure of.

    Args:
        picture: (H, W, 3) RGB.
        borders: its own, where they are known.
    """
    borders = borders or borders_of(picture)
    box = None if borders is None else _box(picture, borders)
    if box is None:
        return None
    inside = picture[int(box.top) + 2 : int(box.bottom) - 1, int(box.left) + 2 : int(box.right) - 1]
    return box if inside.std(axis=(0, 1)).max(initial=0) >= PLAIN else None


def _box(picture: NDArray[np.uint8], borders: Borders) -> Box | None:
    height, width, _ = picture.shape
    turned = picture.swapaxes(0, 1)
    across, down = borders.rows, borders.columns
    rows = _between(picture, across)
    if rows is not None:
        left, right = _between(turned[:, _pixels(rows)]) or (0.0, float(width))
        return Box(left, rows[0], right, rows[1])
    columns = _between(turned, down)
    if columns is not None:
        top, bottom = _between(picture[:, _pixels(columns)]) or (0.0, float(height))
        return Box(columns[0], top, columns[1], bottom)
    return _between_four(picture, across, down)


def can_be_flat_bars(picture: NDArray[np.uint8], box: Box) -> bool:
    """Whether everything outside a part of a picture, (H, W, 3) RGB, can be bars of one colour."""
    top, bottom, left, right = int(box.top), int(np.ceil(box.bottom)), int(box.left), int(np.ceil(box.right))
    inner = picture[top:bottom].swapaxes(0, 1)
    parts = (picture[:top], picture[bottom:][::-1], inner[:left], inner[right:][::-1])
    bars = [part for part in parts if len(part) >= SMALLEST]
    colours = [np.median(bar[0], axis=0) for bar in bars]
    if any(np.abs(colour - colours[0]).max() > SAME_COLOUR for colour in colours):
        return False
    return all((_departure(bar, colours[0]) <= LOUDEST).mean() >= CLEAR_SHARE for bar in bars)


def _between(picture: NDArray[np.uint8], border: _Border | None = None) -> tuple[float, float] | None:
    """First and last edge of the rows between two bars above and below each other."""
    border = border or _border(picture)
    if border is None:
        return None
    return _edges(_departure(picture, border[0]), border[1], STRAIGHT)


def _between_four(picture: NDArray[np.uint8], across: _Border | None, down: _Border | None) -> Box | None:
    """The part between four bars that are narrower than the picture is."""
    if across is None or down is None or np.abs(across[0] - down[0]).max() > SAME_COLOUR:
        return None
    colour, tolerance = across[0], max(across[1], down[1])
    straight = STRAIGHT_BLACK if colour.max() <= BLACK else STRAIGHT_COLOURED
    apart = _departure(picture, colour)
    columns = np.flatnonzero((apart > tolerance).mean(axis=0) > CONTENT_SHARE * LEAST_LEFT)
    if len(columns) < LEAST_LEFT * apart.shape[1]:
        return None
    rows = _edges(apart[:, columns[0] : columns[-1] + 1], tolerance, straight)
    if rows is None:
        return None
    sides = _edges(apart[_pixels(rows)].T, tolerance, straight)
    return None if sides is None else Box(sides[0], rows[0], sides[1], rows[1])


def _border(picture: NDArray[np.uint8]) -> _Border | None:
    """The colour that the first and the last row share."""
    height, width, _ = picture.shape
    if height < 8 or width < 8:
        return None
    lines = (picture[1], picture[-2])
    low, high = int(width * (1 - BORDER_SHARE)), int(width * BORDER_SHARE)
    middles = []
    for line in lines:
        green = np.partition(line[:, 1], (low, width // 2, high))
        if int(green[high]) - int(green[low]) > 2 * LOUDEST:
            return None
        middles.append(int(green[width // 2]))
    if abs(middles[0] - middles[1]) > SAME_COLOUR + 1:
        return None
    colours = [np.median(line, axis=0) for line in lines]
    if np.abs(colours[0] - colours[1]).max() > SAME_COLOUR:
        return None
    colour: NDArray[np.float64] = (colours[0] + colours[1]) / 2
    tolerance = 0.0
    for line in lines:
        apart = np.abs(line - colour).max(axis=1)
        noise = float(np.partition(apart, high)[high])
        tolerance = max(tolerance, 2 * noise + 3)
        if (apart <= LOUDEST).mean() < BORDER_SHARE:
            return None
    return colour, min(max(tolerance, QUIETEST), LOUDEST)


def _pixels(part: tuple[float, float]) -> slice:
    return slice(round(part[0]), round(part[1]))


def _departure(picture: NDArray[np.uint8], colour: NDArray[np.float64]) -> NDArray[np.int16]:
    """(H, W) levels by which each pixel differs from a colour, in the channel that differs most."""
    most = np.zeros(picture.shape[:2], np.uint8)
    for channel, level in enumerate(np.rint(colour).astype(np.uint8)):
        levels = picture[..., channel]
        np.maximum(most, np.maximum(levels, level) - np.minimum(levels, level), out=most)
    return most.astype(np.int16)


def _edges(apart: NDArray[np.int16], tolerance: float, straight: float) -> tuple[float, float] | None:
    """First and last edge of the rows that are no bars, None without a bar at each end."""
    height = len(apart)
    first = _edge(apart, tolerance, straight)
    last = _edge(apart[::-1], tolerance, straight) if first is not None else None
    if first is None or last is None:
        first = last = _drawn(apart)
    if first is None or last is None or height - first - last < LEAST_LEFT * height:
        return None
    return first, height - last


def _drawn(apart: NDArray[np.int16]) -> float | None:
    """How many rows two equal bars have that nothing stirs in, between which all of a dark picture does."""
    stirring = (apart > 0).mean(axis=1)
    begins = stirring >= STIRRING
    bars = (int(begins.argmax()), int(begins[::-1].argmax()))
    if not SMALLEST < min(bars) >= max(bars) - 1:
        return None
    for bar, lines in zip(bars, (stirring, stirring[::-1]), strict=True):
        if lines[: bar - 1].mean() > FLAWED or lines[bar : bar + 3].min() < STIRRING:
            return None
    return float(max(bars))


def _edge(apart: NDArray[np.int16], tolerance: float, straight: float) -> float | None:
    """How many rows the bar at the beginning has; a row that is half bar counts as half."""
    height = len(apart)
    reach = int(height * (1 - LEAST_LEFT)) + 2
    part = apart[:reach]
    before, after = part[:-2], part[2:]
    # Coding lets the picture ring a little into the bar, more where it differs more.
    ends = ((before <= tolerance) | (RINGING * before <= after)) & (after - before > tolerance)
    support = ends.mean(axis=1)
    departed = (part > tolerance).mean(axis=1).cumsum()
    rows = np.arange(1, len(support) + 1)
    clear = departed[:-2] <= (1 - CLEAR_SHARE) * rows
    jump = np.where(ends, np.minimum(after - before, CLEAR_JUMP), 0).mean(axis=1)
    jump[~clear | (support < straight)] = 0.0
    row = int(jump.argmax())
    if jump[row] == 0 or row + 1 < SMALLEST:
        return None
    columns = ends[row]
    levels = apart[row : row + 4, columns].mean(axis=1)
    full = max(levels[2:].max(), 1.0)
    return float(row + 3 - min(levels[:3].sum() / full, 3.0))
