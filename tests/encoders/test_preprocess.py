"""A frame is brought to the encoder's square as its training did it, whatever the frame's size."""

import cv2
import numpy as np
import pytest

from app.encoders.bundle import ImageSpec
from app.encoders.preprocess import CUBIC_UP_TO, fit

SIZE = 64
CUBIC = ImageSpec(SIZE, "crop", "cubic")


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def bicubic(image: np.ndarray, size: int) -> np.ndarray:
    """Pillow's antialiased bicubic of a square picture, from its definition: cubic weights (a = -0.5) that
    widen with the factor."""
    factor = len(image) / size
    centres = (np.arange(size) + 0.5) * factor
    distance = np.abs((np.arange(len(image)) + 0.5 - centres[:, None]) / max(factor, 1.0))
    near = (1.5 * distance - 2.5) * distance**2 + 1
    far = ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
    weights = np.where(distance < 1, near, np.where(distance < 2, far, 0.0))
    weights /= weights.sum(1, keepdims=True)
    return np.einsum("yh,xw,hwc->yxc", weights, weights, image.astype(np.float64), optimize=True).clip(0, 255)


def difference(image: np.ndarray, wanted: np.ndarray) -> float:
    return float(np.sqrt(np.mean((image.astype(np.float64) - wanted) ** 2)))


@pytest.mark.parametrize(("height", "width"), [(48, 80), (70, 90), (76, 140)])
def test_cubic_enlarges_and_shrinks_a_little_with_cubic_weights(height: int, width: int) -> None:
    image = noise(height, width)
    left = (width - height) // 2
    wanted = cv2.resize(image[:, left : left + height], (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
    np.testing.assert_array_equal(fit(image, CUBIC), wanted)


@pytest.mark.parametrize("factor", [1.5, 2, 3.5, 6])
def test_cubic_loses_no_pixel_when_it_shrinks_strongly(factor: float) -> None:
    """Four pixels out of many would show grain where the reference has grey."""
    assert factor > CUBIC_UP_TO
    image = noise(int(SIZE * factor), int(SIZE * factor))
    wanted = bicubic(image, SIZE)
    plain = cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
    assert difference(fit(image, CUBIC), wanted) < 0.5 * difference(plain, wanted)


def test_a_squashed_frame_counts_by_its_longer_side() -> None:
    image = noise(70, 200)
    wanted = cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(fit(image, ImageSpec(SIZE, "squash", "cubic")), wanted)
