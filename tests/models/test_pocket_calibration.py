"""What a score means, as it is fitted: the curve, the reach, and the bank that reach is measured over."""

import numpy as np
import pytest

pytest.importorskip("torch")

from models.pocket.figures.bank import HALF, bank_pictures
from models.pocket.figures.calibration import _steepness, calibrate, calibrate_scores, fit_logistic
from models.pocket.pictures.data import Part, Picture


def test_logistic_fit_recovers_the_curve_that_made_the_data() -> None:
    draw = np.random.default_rng(5)
    values = draw.normal(size=20_000)
    truth = (draw.random(20_000) < 1 / (1 + np.exp(-(1.5 * values - 0.5)))).astype(float)
    fitted = fit_logistic(values, truth, np.ones_like(values))
    assert fitted.a == pytest.approx(1.5, abs=0.08)
    assert fitted.b == pytest.approx(-0.5, abs=0.08)


def test_calibration_tells_right_from_wrong() -> None:
    draw = np.random.default_rng(6)
    pictures = draw.normal(size=(50, 16)).astype(np.float32)
    texts = pictures + draw.normal(size=(50, 16)).astype(np.float32)
    fitted = calibrate(texts, pictures, np.arange(50))
    assert fitted.matched.mean > fitted.unmatched.mean
    assert fitted.logistic.a > 0


def test_calibration_learns_what_reach_says() -> None:
    """Of some texts every score is 0.4 higher, as of those that say more: it is taken off again."""
    draw = np.random.default_rng(8)
    lifted = draw.random(400) < 0.5
    scores = draw.normal(size=(400, 200)) * 0.1 + np.where(lifted, 0.4, 0.0)[:, None]
    answers = draw.integers(0, 200, 400)
    scores[np.arange(400), answers] += 0.2
    assert calibrate_scores(scores, answers).reach is None
    reach = calibrate_scores(scores, answers, np.where(lifted, 0.9, 0.5)).reach
    assert reach is not None
    assert reach.usual == pytest.approx(np.where(lifted, 0.9, 0.5).mean())
    assert reach.slope < -3
    noise = calibrate_scores(scores[~lifted], answers[~lifted], draw.random((~lifted).sum())).reach
    assert noise is not None
    assert noise.slope == pytest.approx(0.0, abs=0.5)


def test_the_slope_of_reach_is_the_likeliest() -> None:
    draw = np.random.default_rng(9)
    values, given = draw.normal(size=20_000), draw.normal(size=20_000)
    truth = (draw.random(20_000) < 1 / (1 + np.exp(-(given - 2.0 * values)))).astype(float)
    assert _steepness(values, given, truth, np.ones(20_000)) == pytest.approx(-2.0, abs=0.1)


def test_a_bank_holds_half_captions_and_half_labels_and_nothing_held_out() -> None:
    def picture(number: int, part: Part, *captions: str) -> Picture:
        return Picture("shard", str(number), "made", part, captions, "", "" if captions else "thing", (), ())

    made = [
        picture(
            number, ("train", "train", "dev", "heldout")[number % 4], *(["said"] if number < 6000 else [])
        )
        for number in range(8000)
    ]
    chosen = bank_pictures(made)
    assert {each.part for each in chosen} == {"train"}
    assert [bool(each.captions) for each in chosen] == [True] * HALF + [False] * HALF
    assert len({each.name for each in chosen}) == 2 * HALF
    assert bank_pictures(made) == chosen
    assert len(bank_pictures(made[:40])) == 20
