"""A picture that is drawn on: shapes in shares of its sides, grass, grain, soft edges."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

_SCALE = 3
"""Drawn so many times larger, then reduced: edges without steps."""


class Canvas:
    """A picture that is drawn on, in coordinates from 0 to 1 (across by `wide` to 1)."""

    def __init__(self, wide: float, top: Colour, bottom: Colour | None = None, seed: int = 0) -> None:
        short = 192
        size = (short, round(short * wide)) if wide >= 1 else (round(short / wide), short)
        self.height, self.width = size[0] * _SCALE, size[1] * _SCALE
        self.unit = min(self.height, self.width)
        self.draw = np.random.default_rng(seed)
        share = np.linspace(0, 1, self.height)[:, None, None]
        last = top if bottom is None else bottom
        rows = (1 - share) * np.array(top) + share * np.array(last)
        self.pixels = np.ascontiguousarray(np.broadcast_to(rows, (self.height, self.width, 3)), np.float32)

    def place(self, x: float, y: float) -> tuple[int, int]:
        """Pixels of a point: shares of width and height."""
        return round(x * self.width), round(y * self.height)

    def length(self, share: float) -> int:
        """Pixels of a share of the shorter side."""
        return max(1, round(share * self.unit))

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle."""
        cv2.circle(self.pixels, self.place(x, y), self.length(radius), colour, -1)

    def ellipse(
        self, x: float, y: float, axes: tuple[float, float], colour: Colour, angle: float = 0.0
    ) -> None:
        """A filled ellipse with half axes in shares of the shorter side."""
        half = (self.length(axes[0]), self.length(axes[1]))
        cv2.ellipse(self.pixels, self.place(x, y), half, angle, 0, 360, colour, -1)

    def shape(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """A filled polygon."""
        cv2.fillPoly(self.pixels, [np.array([self.place(*point) for point in points])], colour)

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour) -> None:
        """A filled rectangle."""
        cv2.rectangle(self.pixels, self.place(left, top), self.place(right, bottom), colour, -1)

    def line(self, points: list[tuple[float, float]], width: float, colour: Colour) -> None:
        """A line through points."""
        placed = [np.array([self.place(*point) for point in points])]
        cv2.polylines(self.pixels, placed, False, colour, self.length(width))

    def grain(self, amount: float, *, top: float = 0.0, bottom: float = 1.0, fine: int = 2) -> None:
        """Noise between two heights: grass, sand, water."""
        first, last = round(top * self.height), round(bottom * self.height)
        shape = ((last - first) // (fine * _SCALE) + 1, self.width // (fine * _SCALE) + 1)
        noise = self.draw.normal(0, amount, shape).astype(np.float32)
        large = cv2.resize(noise, (self.width, last - first), interpolation=cv2.INTER_CUBIC)
        self.pixels[first:last] += large[..., None]

    def blades(self, colour: Colour, top: float, count: int = 900) -> None:
        """Grass from a height down."""
        for _ in range(count):
            x, y = self.draw.uniform(0, 1), self.draw.uniform(top, 1.02)
            shade = self.draw.uniform(0.6, 1.3)
            tint = (int(colour[0] * shade), int(min(255, colour[1] * shade)), int(colour[2] * shade))
            lean = self.draw.uniform(-0.012, 0.012)
            self.line([(x, y), (x + lean, y - self.draw.uniform(0.03, 0.07))], 0.006, tint)

    def finished(self) -> Picture:
        """uint8 RGB (H, W, 3)."""
        size = (self.width // _SCALE, self.height // _SCALE)
        reduced = cv2.resize(self.pixels, size, interpolation=cv2.INTER_AREA)
        grained = reduced + self.draw.normal(0, 2, reduced.shape)
        return np.asarray(np.clip(grained, 0, 255), dtype=np.uint8)
