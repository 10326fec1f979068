"""A frame is brought to the encoder's square as its training did it, whatever the frame's size."""

import cv2
import numpy as np
import pytest

from app.bundle.encoder_bundle import ImageSpec
from app.runtime.preprocess import fit, fit_batch

SIZE = 64
SHAPES = [(64, 114), (64, 113), (115, 64), (48, 80), (70, 90), (150, 267), (400, 230), (64, 64), (30, 200)]


def noise(height: int, width: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)


def along(columns: np.ndarray, length: int, kind: str) -> np.ndarray:
    """Pillow's filter along the first axis of (N, M), from its definition: for each new pixel the old ones
    within the support, which widens with the factor, weighted by their distance; then whole levels."""
    factor = len(columns) / length
    wide = max(factor, 1.0)
    support = {"linear": 1.0, "cubic": 2.0}[kind] * wide
    made = np.empty((length, columns.shape[1]))
    for new in range(length):
        centre = (new + 0.5) * factor
        first, last = max(int(centre - support + 0.5), 0), min(int(centre + support + 0.5), len(columns))
        weights = []
        for old in range(first, last):
            x = abs((old - centre + 0.5) / wide)
            if kind == "linear":
                weights.append(max(0.0, 1 - x))
            elif x < 1:
                weights.append((1.5 * x - 2.5) * x * x + 1)
            else:
                weights.append(((-0.5 * x + 2.5) * x - 4) * x + 2 if x < 2 else 0.0)
        made[new] = np.array(weights) / sum(weights) @ columns[first:last]
    return np.floor(made + 0.5).clip(0, 255)


def resized(image: np.ndarray, height: int, width: int, kind: str) -> np.ndarray:
    rows, _, channels = image.shape
    across = along(image.transpose(1, 0, 2).reshape(image.shape[1], -1).astype(float), width, kind)
    across = across.reshape(width, rows, channels).transpose(1, 0, 2)
    return along(across.reshape(rows, -1), height, kind).reshape(height, width, channels)


def reference(image: np.ndarray, spec: ImageSpec) -> np.ndarray:
    """torchvision's `Resize` to the square, or of the shorter side and `CenterCrop`, on Pillow."""
    height, width, _ = image.shape
    if spec.resize == "squash":
        return resized(image, spec.size, spec.size, spec.interpolation)
    short = min(height, width)
    whole = resized(
        image, int(spec.size * height / short), int(spec.size * width / short), spec.interpolation
    )
    top, left = (round((side - spec.size) / 2.0) for side in whole.shape[:2])
    return whole[top : top + spec.size, left : left + spec.size]


@pytest.mark.parametrize("kind", ["linear", "cubic"])
@pytest.mark.parametrize("resize", ["squash", "crop"])
def test_linear_and_cubic_are_pillows(kind: str, resize: str) -> None:
    spec = ImageSpec(SIZE, resize, kind)  # type: ignore[arg-type]
    for height, width in SHAPES:
        image = noise(height, width)
        ours, wanted = fit(image, spec).astype(float), reference(image, spec)
        assert ours.shape == (SIZE, SIZE, 3)
        assert np.abs(ours - wanted).max() <= 1
        assert (ours != wanted).mean() < 0.05  # a half may be rounded either way


@pytest.mark.parametrize("kind", ["linear", "cubic"])
def test_the_reference_is_pillows_own(kind: str) -> None:
    pillow = pytest.importorskip("PIL.Image")
    filters = {"linear": pillow.Resampling.BILINEAR, "cubic": pillow.Resampling.BICUBIC}
    for height, width in SHAPES:
        image = noise(height, width)
        own = np.asarray(pillow.fromarray(image).resize((SIZE, SIZE), filters[kind]))
        assert np.abs(reference(image, ImageSpec(SIZE, "squash", kind)) - own).max() <= 1  # type: ignore[arg-type]


def test_a_frame_of_the_right_height_is_only_cut() -> None:
    image = noise(SIZE, 114)
    np.testing.assert_array_equal(fit(image, ImageSpec(SIZE, "crop", "cubic")), image[:, 25:89])


def test_area_is_open_cvs() -> None:
    image = noise(70, 200)
    wanted = cv2.resize(image, (SIZE, SIZE), interpolation=cv2.INTER_AREA)
    np.testing.assert_array_equal(fit(image, ImageSpec(SIZE, "squash", "area")), wanted)
    small = noise(40, 60)
    wanted = cv2.resize(small[:, 10:50], (SIZE, SIZE), interpolation=cv2.INTER_LINEAR)
    np.testing.assert_array_equal(fit(small, ImageSpec(SIZE, "crop", "area")), wanted)


def test_a_batch_is_its_frames() -> None:
    spec = ImageSpec(SIZE, "squash", "cubic")
    frames = np.stack([noise(70, 90), noise(70, 90)[::-1]])
    batch = fit_batch(frames, spec)
    assert batch.flags.c_contiguous
    np.testing.assert_array_equal(batch, [fit(frame, spec) for frame in frames])
