"""A still picture, filmed: a camera pans and zooms over it, the light drifts, a fast move blurs.

The frames stand in for those of a real shot where no captioned videos are at hand. They are no videos:
nothing in them moves by itself, and every frame shows a part of one picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import ImageSpec
from app.runtime.preprocess import fit
from models.pocket.pictures.preprocess import Pixels


@dataclass(frozen=True, slots=True)
class CameraConfig:
    """How a picture is filmed. Shares are of the picture's own size."""

    frames: int = 8
    size: int = 160
    """Side of the square frames in pixels."""
    min_side: float = 0.6
    """Smallest side of the window the camera sees."""
    largest_pan: float = 0.25
    """How far the window's centre travels from first to last frame at most."""
    brightness: float = 0.25
    """Gain at most this far from 1, moving by half of it within the shot."""
    blur_share: float = 0.3
    """Share of shots with motion blur."""
    longest_blur: int = 9
    """Pixels."""
    mirror_share: float = 0.5
    seed: int = 24

    def at(self, size: int) -> CameraConfig:
        """The same camera with frames of another size; what is in pixels grows with them."""
        return replace(self, size=size, longest_blur=max(3, round(self.longest_blur * size / self.size)))


def film(picture: Pixels, index: int, config: CameraConfig, spec: ImageSpec | None = None) -> Pixels:
    """The frames `uint8 (frames, size, size, 3)` of the picture `(h, w, 3)` that has number `index`.

    The same picture, number and configuration give the same frames. `spec` says how an encoder wants what the
    camera sees; where None, all of it is squashed into a square of the configuration's size.
    """
    spec = spec or ImageSpec(config.size, "squash", "area")
    draw = np.random.default_rng((config.seed, index))
    if draw.random() < config.mirror_share:
        picture = np.ascontiguousarray(picture[:, ::-1])
    windows = _path(draw, config)
    gain = 1 + draw.uniform(-1, 1) * config.brightness
    gains = gain + np.linspace(0, 1, config.frames) * draw.uniform(-0.5, 0.5) * config.brightness
    blurred = draw.random() < config.blur_share
    length = int(draw.integers(3, config.longest_blur + 1))
    angle = float(draw.uniform(0, 180))
    frames = []
    for window, light in zip(windows, gains, strict=True):
        frame = _crop(picture, window, spec)
        if blurred:
            frame = np.asarray(cv2.filter2D(frame, -1, _motion_kernel(length, angle)), np.uint8)
        frames.append(np.clip(frame.astype(np.float32) * light, 0, 255).astype(np.uint8))
    return np.stack(frames)


def _path(draw: np.random.Generator, config: CameraConfig) -> NDArray[np.float64]:
    """Windows `(frames, 3)`: centre x, centre y, side, as shares; each lies within the picture."""
    sides = np.sort(draw.uniform(config.min_side, 1.0, 2))[:: draw.choice([-1, 1])]
    side = np.linspace(sides[0], sides[1], config.frames)
    start = draw.uniform(0, 1, 2)
    step = draw.uniform(-config.largest_pan, config.largest_pan, 2)
    centre = start + np.linspace(0, 1, config.frames)[:, None] * step
    centre = np.clip(centre, side[:, None] / 2, 1 - side[:, None] / 2)
    return np.concatenate([centre, side[:, None]], axis=1)


def _crop(picture: Pixels, window: NDArray[np.float64], spec: ImageSpec) -> Pixels:
    height, width = picture.shape[:2]
    x, y, side = window
    left, right = round((x - side / 2) * width), round((x + side / 2) * width)
    top, bottom = round((y - side / 2) * height), round((y + side / 2) * height)
    part = picture[max(top, 0) : max(bottom, top + 1), max(left, 0) : max(right, left + 1)]
    return np.ascontiguousarray(fit(part, spec))


def _motion_kernel(length: int, angle: float) -> NDArray[np.float32]:
    """A line of `length` pixels at `angle` degrees; sums to one."""
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1.0
    middle = ((length - 1) / 2, (length - 1) / 2)
    turned = cv2.warpAffine(kernel, cv2.getRotationMatrix2D(middle, angle, 1.0), (length, length))
    return np.asarray(turned / turned.sum(), np.float32)
