"""A verdict follows from how far the best moment stands out, not from a bare cosine."""

import numpy as np
import pytest

from app.encoders.bundle import Calibration
from app.search.calibration import Background, background
from app.search.outcome import Verdict
from tests.search.galleries import TEXT, make_gallery

CALIBRATION = Calibration(unmatched_mean=0.0, unmatched_std=0.1, slope=2.5, offset=-3.0)


def noise(count: int, mean: float, seed: int = 0) -> list[list[float]]:
    rng = np.random.default_rng(seed)
    return [[float(value)] for value in np.clip(rng.normal(mean, 0.05, count), -0.9, 0.9)]


def test_what_stands_out_is_good_and_what_does_not_is_none() -> None:
    level = background(TEXT, make_gallery([noise(2000, 0.1)]), CALIBRATION)
    assert level.verdict(0.6) is Verdict.GOOD
    assert level.verdict(0.15) is Verdict.NONE
    assert level.strength(0.2) < level.strength(0.3) < level.strength(0.4)


def test_a_large_library_speaks_for_itself() -> None:
    low = background(TEXT, make_gallery([noise(4000, 0.1)]), CALIBRATION)
    high = background(TEXT, make_gallery([noise(4000, 0.4)]), CALIBRATION)
    assert low.strength(0.4) > high.strength(0.4) + 0.3
    assert low.mean == pytest.approx(0.1, abs=0.01)


def test_a_tiny_library_leans_on_the_bundle() -> None:
    one = background(TEXT, make_gallery([[[0.9]]]), CALIBRATION)
    assert one.mean == pytest.approx(0.0, abs=0.01)
    assert one.verdict(0.9) is Verdict.GOOD


def test_the_best_of_many_needs_more_evidence_than_the_best_of_few() -> None:
    few = background(TEXT, make_gallery([noise(20, 0.0)]), CALIBRATION)
    many = background(TEXT, make_gallery([noise(4000, 0.0)]), CALIBRATION)
    same_z = 4.0
    assert few.strength(few.mean + same_z * few.std) > many.strength(many.mean + same_z * many.std)


def test_a_library_of_one_picture_has_an_answer_for_what_is_far_below_it() -> None:
    level = Background(mean=0.5, std=1e-6, clips=1000, calibration=CALIBRATION)
    assert 0.0 <= level.strength(-1.0) < 1e-100
    assert level.verdict(-1.0) is Verdict.NONE
