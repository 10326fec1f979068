"""Bars are told from what only looks like them, in single pictures."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.media.decoding.bars.blurred_bars import find_blurred_bars
from app.media.decoding.bars.flat_bars import Box, can_be_flat_bars, find_flat_bars
from tests.media.decoding.bars.bar_pictures import Picture, blurred_sides, coded, landscape, padded

BLACK, WHITE, TEAL = (0, 0, 0), (255, 255, 255), (20, 120, 110)


def assert_near(found: Box | None, expected: Box, picture: Picture) -> None:
    assert found is not None
    height, width, _ = picture.shape
    for one, two, side in (
        (found.left, expected.left, width),
        (found.right, expected.right, width),
        (found.top, expected.top, height),
        (found.bottom, expected.bottom, height),
    ):
        assert abs(one - two) <= 0.01 * side, (found, expected)


@settings(max_examples=150, deadline=None)
@given(
    bars=st.tuples(*[st.integers(3, 60)] * 4),
    upright=st.booleans(),
    sideways=st.booleans(),
    colour=st.tuples(*[st.integers(0, 255)] * 3),
    size=st.tuples(st.integers(90, 200), st.integers(90, 260)),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_picture_is_found_inside_any_bars(
    bars: tuple[int, ...],
    upright: bool,
    sideways: bool,
    colour: tuple[int, ...],
    size: tuple[int, int],
    seed: int,
) -> None:
    assume(upright or sideways)
    inner = np.random.default_rng(seed).integers(0, 256, (*size, 3), np.uint8)
    top, bottom = bars[:2] if upright else (0, 0)
    left, right = bars[2:] if sideways else (0, 0)
    picture = padded(inner, top, bottom, left, right, colour)
    expected = Box(left, top, left + size[1], top + size[0])
    assert_near(find_flat_bars(picture), expected, picture)
    assert can_be_flat_bars(picture, expected)


@settings(max_examples=100, deadline=None)
@given(size=st.tuples(st.integers(8, 200), st.integers(8, 300)), seed=st.integers(0, 2**32 - 1))
def test_a_picture_without_bars_has_none(size: tuple[int, int], seed: int) -> None:
    picture = landscape(*size, seed)
    assert find_flat_bars(picture) is None
    assert find_blurred_bars(picture) is None


@pytest.mark.parametrize("colour", [BLACK, WHITE, TEAL])
@pytest.mark.parametrize("bars", [(20, 20, 0, 0), (0, 0, 62, 62), (20, 30, 0, 0), (18, 18, 40, 40)])
def test_bars_of_any_colour_are_found_after_lossy_coding(
    colour: tuple[int, ...], bars: tuple[int, int, int, int]
) -> None:
    large = padded(landscape(480, 640, 1), *(4 * bar for bar in bars), colour)
    small = cv2.resize(coded(large), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA).astype(np.uint8)
    top, bottom, left, right = bars
    height, width, _ = small.shape
    assert_near(find_flat_bars(small), Box(left, top, width - right, height - bottom), small)


def test_a_logo_a_clock_and_a_subtitle_in_a_bar_do_not_matter() -> None:
    picture = padded(landscape(360, 640, 2), 60, 60, 0, 0, BLACK)
    cv2.putText(picture, "And then she said it again", (110, 460), cv2.FONT_HERSHEY_SIMPLEX, 0.9, WHITE, 2)
    cv2.putText(picture, "12:45", (560, 30), cv2.FONT_HERSHEY_SIMPLEX, 0.7, WHITE, 2)
    cv2.circle(picture, (40, 30), 20, (200, 30, 30), -1)
    small = cv2.resize(picture, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA).astype(np.uint8)
    expected = Box(0, 24, 256, 168)
    assert_near(find_flat_bars(small), expected, small)
    assert can_be_flat_bars(small, expected)


@pytest.mark.parametrize("bars", [(20, 20, 0, 0), (0, 0, 40, 40)])
def test_black_bars_beside_a_picture_that_is_nearly_black_are_found(bars: tuple[int, int, int, int]) -> None:
    stage = np.random.default_rng(3).integers(0, 3, (160, 240, 3), np.uint8)
    cv2.circle(stage, (120, 80), 30, (180, 140, 120), -1)
    picture, (top, _, left, _) = padded(stage, *bars, BLACK), bars
    assert_near(find_flat_bars(picture), Box(left, top, left + 240, top + 160), picture)
    logo = picture.copy()
    cv2.circle(logo, (12, 12), 5, WHITE, -1)
    assert_near(find_flat_bars(logo), Box(left, top, left + 240, top + 160), picture)


def vignette() -> Picture:
    """A night whose corners and sides sink into black."""
    down, across = np.mgrid[-1:1:160j, -1:1:284j]
    light = np.clip(1.1 - np.hypot(down, across), 0, 1)[..., None] * 9
    noise = np.random.default_rng(5).integers(-2, 3, (160, 284, 3))
    return np.clip(light + noise * (light > 0), 0, 255).astype(np.uint8)


def uneven() -> Picture:
    """A dark room between two walls of black, one of them wider."""
    picture = np.random.default_rng(6).integers(0, 4, (160, 284, 3), np.uint8)
    picture[:, :40] = picture[:, 230:] = 0
    return picture


def sky_and_snow() -> Picture:
    """White above and below, with a ridge between that is no straight line."""
    picture = np.full((160, 284, 3), 252, np.uint8)
    ridge = (60 + 25 * np.sin(np.arange(284) / 20) + 10 * np.sin(np.arange(284) / 7)).astype(int)
    ground = landscape(160, 284, 3)
    for column, row in enumerate(ridge):
        picture[row : row + 40 + column // 10, column] = ground[row : row + 40 + column // 10, column]
    return picture


def street_at_night() -> Picture:
    """Black above and below, lamps and windows between."""
    picture = np.random.default_rng(4).integers(0, 3, (160, 284, 3), np.uint8)
    for number in range(30):
        x, y = (number * 37) % 270, 40 + (number * 53) % 80
        picture[y : y + 9, x : x + 6] = (220, 190, 120)
    return picture


def wall_at_the_side() -> Picture:
    picture = landscape(160, 284, 5).copy()
    picture[:, :70] = 3
    return picture


def title() -> Picture:
    picture = np.zeros((160, 284, 3), np.uint8)
    for row, words in ((60, "THE HOUSE"), (110, "BY THE SEA")):
        cv2.putText(picture, words, (50, row), cv2.FONT_HERSHEY_SIMPLEX, 1.0, WHITE, 3)
    return picture


def clear_sky() -> Picture:
    """A smooth gradient over everything."""
    shades = np.linspace(120, 200, 160)[:, None, None] * np.array([0.6, 0.8, 1.0])
    return np.broadcast_to(shades, (160, 284, 3)).astype(np.uint8)


def shallow_focus() -> Picture:
    """A sharp face before a blurred room."""
    room = cv2.GaussianBlur(landscape(160, 284, 6), (0, 0), 6).astype(np.uint8)
    mask = np.zeros((160, 284), np.uint8)
    cv2.ellipse(mask, (142, 90), (45, 70), 0, 0, 360, 1, -1)
    return np.where(mask[..., None] == 1, landscape(160, 284, 7), room)


def curtains() -> Picture:
    """Sharp in the middle, plain at both sides: a stage, whose sides look like nothing in the middle."""
    picture = cv2.GaussianBlur(landscape(160, 284, 8), (0, 0), 6).astype(np.uint8)
    picture[:, 80:204] = landscape(160, 124, 9)
    return picture


def goods_on_white() -> Picture:
    picture = np.full((160, 284, 3), 255, np.uint8)
    cv2.ellipse(picture, (142, 80), (90, 50), 0, 0, 360, (60, 90, 150), -1)
    return picture


@pytest.mark.parametrize(
    "draw",
    [
        sky_and_snow,
        street_at_night,
        vignette,
        uneven,
        wall_at_the_side,
        title,
        clear_sky,
        shallow_focus,
        curtains,
        goods_on_white,
    ],
)
def test_what_only_looks_like_bars_has_none(draw: Callable[[], Picture]) -> None:
    picture = draw()
    assert find_flat_bars(picture) is None
    assert find_blurred_bars(picture) is None
    turned = np.ascontiguousarray(picture.swapaxes(0, 1))
    assert find_flat_bars(turned) is None
    assert find_blurred_bars(turned) is None


@pytest.mark.parametrize("level", [0, 16, 128, 255])
def test_a_plain_picture_has_no_bars(level: int) -> None:
    picture = np.full((160, 284, 3), level, np.uint8)
    assert find_flat_bars(picture) is None
    assert find_blurred_bars(picture) is None


@pytest.mark.parametrize("light", [1.0, 0.5])
@pytest.mark.parametrize("blur", [3.0, 10.0])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_blurred_sides_are_found_upright_and_lying(light: float, blur: float, seed: int) -> None:
    picture = coded(blurred_sides(landscape(160, 90, seed), 284, blur, light))
    assert_near(find_blurred_bars(picture), Box(97, 0, 187, 160), picture)
    lying = np.ascontiguousarray(picture.swapaxes(0, 1))
    assert_near(find_blurred_bars(lying), Box(0, 97, 160, 187), lying)
    assert find_flat_bars(picture) is None
