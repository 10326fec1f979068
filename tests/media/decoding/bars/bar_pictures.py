"""Pictures with and without bars, drawn by the tests."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]


@cache
def landscape(height: int, width: int, seed: int = 0, *, darkest: int = 20, lightest: int = 235) -> Picture:
    """(H, W, 3): structure of every size, as a photograph has. Not to be drawn on."""
    rng = np.random.default_rng(seed)
    picture = np.zeros((height, width, 3), np.float32)
    for cells, weight in ((2, 4.0), (5, 2.0), (14, 1.0), (50, 1.0)):
        coarse = rng.random((cells, max(2, cells * width // height), 3), np.float32) * weight
        picture += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    picture -= picture.min()
    made = (darkest + picture * ((lightest - darkest) / picture.max())).astype(np.uint8)
    made.flags.writeable = False
    return made


def padded(
    picture: Picture, top: int, bottom: int, left: int, right: int, colour: tuple[int, ...]
) -> Picture:
    """The picture with bars of so many pixels."""
    return cv2.copyMakeBorder(picture, top, bottom, left, right, cv2.BORDER_CONSTANT, value=colour).astype(
        np.uint8
    )


def blurred_sides(picture: Picture, width: int, blur: float = 4.0, light: float = 1.0) -> Picture:
    """The picture in the middle of a wider frame that a blurred, enlarged copy of it fills."""
    height, inner, _ = picture.shape
    enlarged = cv2.resize(picture, (width, round(height * width / inner)))
    top = (len(enlarged) - height) // 2
    ground = cv2.GaussianBlur(enlarged[top : top + height], (0, 0), blur) * light
    left = (width - inner) // 2
    ground[:, left : left + inner] = picture
    return ground.astype(np.uint8)


def coded(picture: Picture, quality: int = 60) -> Picture:
    """The picture after lossy coding."""
    _, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    back = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert back is not None
    return back.astype(np.uint8)
