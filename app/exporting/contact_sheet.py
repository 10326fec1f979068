"""Frames with their times, in rows on one picture."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from app.exporting.export_request import ExportMoment, StillFormat

CELL = 400
"""Pixels that a frame is wide; where it is upright, that it is high."""
GAP, LABEL = 12, 34
"""Pixels between two frames, and below each for its time."""
MOST = 120
"""Frames on one sheet."""
OF_ONE = 12
"""Frames of a single moment."""
JPEG_QUALITY = 92
_GROUND, _INK = (250, 248, 246), (60, 56, 52)
_FONT = cv2.FONT_HERSHEY_SIMPLEX

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class SheetFrame:
    """A frame that is to stand on a sheet."""

    moment: ExportMoment
    at: float


def frames_of(moments: Sequence[ExportMoment], handles: float) -> list[SheetFrame]:
    """Which frames: of a single moment several, spread over it; of many the best one each."""
    if len(moments) > 1:
        return [SheetFrame(moment, moment.best) for moment in moments]
    frames = []
    for moment in moments:
        start, end = moment.widened(handles)
        count = max(2, min(OF_ONE, round((end - start) * 4)))
        step = (end - start) / count
        frames += [SheetFrame(moment, start + (number + 0.5) * step) for number in range(count)]
    return frames


def sheet(cells: Sequence[tuple[Picture, str]]) -> Picture:
    """Put pictures (H, W, 3) RGB, each with its label in ASCII, on one picture, in reading order."""
    small = [_fitted(picture) for picture, _ in cells]
    width = max(picture.shape[1] for picture in small)
    height = max(picture.shape[0] for picture in small)
    columns = _columns(len(cells), width, height + LABEL)
    rows = -(-len(cells) // columns)
    page = np.full((rows * (height + LABEL + GAP) + GAP, columns * (width + GAP) + GAP, 3), _GROUND, np.uint8)
    for number, (picture, (_, label)) in enumerate(zip(small, cells, strict=True)):
        row, column = divmod(number, columns)
        top, left = GAP + row * (height + LABEL + GAP), GAP + column * (width + GAP)
        down, across = height - picture.shape[0], (width - picture.shape[1]) // 2
        page[top + down : top + down + picture.shape[0], left + across : left + across + picture.shape[1]] = (
            picture
        )
        place = left + across, top + height + LABEL - 12
        cv2.putText(page, label, place, _FONT, 0.6, _INK, 1, cv2.LINE_AA)
    return page


def encoded(picture: Picture, form: StillFormat) -> bytes:
    """A picture (H, W, 3) RGB as a file."""
    suffix, options = (
        (".png", [cv2.IMWRITE_PNG_COMPRESSION, 6])
        if form is StillFormat.PNG
        else (".jpg", [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    )
    done, data = cv2.imencode(suffix, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), options)
    if not done:
        raise RuntimeError(f"a picture of {picture.shape} cannot be encoded")
    return data.tobytes()


def _fitted(picture: Picture) -> Picture:
    height, width, _ = picture.shape
    scale = CELL / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)


def _columns(count: int, width: int, height: int) -> int:
    """So many that the page is about as wide as a screen."""
    return max(1, min(count, round(math.sqrt(count * height / width * 16 / 10))))
