"""Cuts, fades and pans on synthetic pictures: where a new shot begins, and where none does."""

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from app.media.decoding.sampling.shots import (
    COLUMNS,
    ROWS,
    CutDetector,
    Signature,
    far_cut,
    near_identical,
    signature,
)

Points = NDArray[np.uint8]


def plain(luma: int, blue: int = 128, red: int = 128) -> Points:
    points = np.empty((3, ROWS, COLUMNS), np.uint8)
    points[0], points[1], points[2] = luma, blue, red
    return points


def textured(seed: int, mean: int = 120, contrast: int = 60, shift: int = 0) -> Points:
    """A random smooth landscape, `shift` columns to the left."""
    random = np.random.default_rng(seed)
    coarse = random.normal(0, contrast, (3, 6, 24))
    fine = np.repeat(np.repeat(coarse, ROWS // 6, axis=1), 8, axis=2)
    fine[1:] /= 4
    return np.clip(mean + fine[:, :, shift : shift + COLUMNS], 0, 255).astype(np.uint8)


def cuts(pictures: Sequence[Points], rate: float) -> list[float]:
    """Times at which a new shot begins when every frame is sampled."""
    detector = CutDetector[Signature](lambda look: look)
    found = []
    for number, points in enumerate(pictures):
        look = signature(points)
        detector.see(number / rate, look)
        if detector.cut_before(number / rate, look):
            found.append(number / rate)
    return found


def noisy(points: Points, seed: int) -> Points:
    random = np.random.default_rng(seed)
    return np.clip(points + random.normal(0, 3, points.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("rate", [8, 25, 60])
def test_a_hard_cut_is_found_at_its_frame(rate: int) -> None:
    shots = [noisy(textured(1), i) for i in range(10)] + [noisy(textured(2), i) for i in range(10)]
    assert cuts(shots, rate) == [10 / rate]


def test_a_cut_between_dark_shots_is_found() -> None:
    shots = [textured(1, 30, 10)] * 10 + [textured(2, 30, 10)] * 10
    assert cuts(shots, 25) == [0.4]


def test_a_cut_that_changes_only_the_colour_is_found() -> None:
    assert cuts([plain(100, 90, 200)] * 5 + [plain(100, 200, 90)] * 5, 25) == [0.2]


def test_cuts_in_quick_succession_are_all_found() -> None:
    shots = [textured(seed) for seed in range(6) for _ in range(4)]
    assert cuts(shots, 25) == pytest.approx([4 / 25 * n for n in range(1, 6)])


def test_a_pan_is_no_cut() -> None:
    assert cuts([textured(3, shift=step) for step in range(100)], 25) == []


def test_noise_and_flicker_are_no_cut() -> None:
    flicker = [noisy(textured(4, 120 + i % 3), i) for i in range(50)]
    assert cuts(flicker, 25) == []


def test_the_two_ends_of_a_fade_are_different_shots() -> None:
    """No single frame of a two-second dissolve stands out; frames a second apart are asked about."""
    bright, dark = plain(220, 100, 150).astype(float), plain(40, 160, 110).astype(float)
    detector = CutDetector[Signature](lambda look: look)
    found = []
    for number in range(76):
        share = min(max((number - 12) / 50, 0), 1)
        look = signature((bright * (1 - share) + dark * share).astype(np.uint8))
        detector.see(number / 25, look)
        if number % 25 == 0 and detector.cut_before(number / 25, look):
            found.append(number / 25)
    assert found


def test_distant_frames_of_one_pan_belong_together() -> None:
    assert not far_cut(signature(textured(5)), signature(textured(5, shift=40)))


def test_distant_frames_of_two_shots_do_not() -> None:
    one, two = textured(5), textured(6)
    two[1:] += 40
    assert far_cut(signature(one), signature(two))


def test_a_cut_seen_between_two_samples_counts_for_the_later_one() -> None:
    detector = CutDetector[Signature](lambda look: look)
    one, two = signature(textured(1)), signature(textured(2))
    detector.see(0.0, one)
    assert not detector.cut_before(0.0, one)
    detector.see(0.04, two)
    detector.see(0.08, one)
    assert detector.cut_before(0.08, one)


def test_near_identical_means_nothing_new_to_see() -> None:
    look = signature(textured(7))
    assert near_identical(look, signature(noisy(textured(7), 1)))
    small_object = textured(7)
    small_object[0, 10:14, 20:24] ^= 0x80
    assert not near_identical(look, signature(small_object))


def test_a_histogram_is_a_distribution_per_channel() -> None:
    look: Signature = signature(textured(8))
    np.testing.assert_allclose(look.histogram().sum(axis=1), 1, rtol=1e-6)
