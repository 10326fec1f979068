"""A verdict follows from how far the best moment stands out, not from a bare cosine."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from app.bundle.picture_bank import PictureBank
from app.bundle.score_calibration import Calibration, ScoreCalibration
from app.search.candidates import Candidates
from app.search.evidence.calibration import (
    PRIOR_CLIPS,
    SAMPLE_CLIPS,
    Background,
    Judgement,
    Spread,
    background,
    judge,
    sample_clips,
    score_background,
)
from app.search.outcome import Verdict
from app.search.scorers.cosine import (
    EncodedText,
    GeesScorer,
    MaximumScorer,
    Medium,
    PooledScorer,
    Scorer,
    SoftMaximumScorer,
)
from app.vectors.gallery import Gallery
from tests.search.galleries import QUERY, all_clips, make_gallery

CALIBRATION = Calibration(unmatched_mean=0.0, unmatched_std=0.1, slope=2.5, offset=-3.0)


def noise(count: int, mean: float, seed: int = 0) -> list[list[float]]:
    rng = np.random.default_rng(seed)
    return [[float(value)] for value in np.clip(rng.normal(mean, 0.05, count), -0.9, 0.9)]


def test_what_stands_out_is_good_and_what_does_not_is_none() -> None:
    level = background(QUERY, make_gallery([noise(2000, 0.1)]), CALIBRATION)
    assert level.verdict(0.6) is Verdict.GOOD
    assert level.verdict(0.15) is Verdict.NONE
    assert level.strength(0.2) < level.strength(0.3) < level.strength(0.4)


def test_a_large_library_speaks_for_itself() -> None:
    low = background(QUERY, make_gallery([noise(20_000, 0.1)]), CALIBRATION)
    high = background(QUERY, make_gallery([noise(20_000, 0.4)]), CALIBRATION)
    assert low.strength(0.4) > high.strength(0.4) + 0.3
    assert low.mean == pytest.approx(0.1, abs=0.01)


def test_a_tiny_library_leans_on_the_bundle() -> None:
    one = background(QUERY, make_gallery([[[0.9]]]), CALIBRATION)
    assert one.mean == pytest.approx(0.0, abs=0.01)
    assert one.verdict(0.9) is Verdict.GOOD


def test_the_best_of_many_needs_more_evidence_than_the_best_of_few() -> None:
    few = background(QUERY, make_gallery([noise(20, 0.0)]), CALIBRATION)
    many = background(QUERY, make_gallery([noise(4000, 0.0)]), CALIBRATION)
    same_z = 4.0
    assert few.strength(few.mean + same_z * few.std) > many.strength(many.mean + same_z * many.std)


def test_a_library_of_one_picture_has_an_answer_for_what_is_far_below_it() -> None:
    level = Background(mean=0.5, std=1e-6, clips=1000, calibration=CALIBRATION)
    assert 0.0 <= level.strength(-1.0) < 1e-100
    assert level.verdict(-1.0) is Verdict.NONE


OF_MAX = ScoreCalibration(unmatched_mean=0.3, unmatched_std=0.05, slope=2.0, offset=-3.0)


def mixed(clips: int, seed: int = 0) -> Gallery:
    """Clips of one to five frames, their cosines around 0.2."""
    rng = np.random.default_rng(seed)
    frames = [rng.normal(0.2, 0.1, rng.integers(1, 6)).clip(-0.9, 0.9) for _ in range(clips)]
    return make_gallery([[clip.tolist() for clip in frames]])


def some(gallery: Gallery, count: int) -> Candidates:
    """A few clips."""
    return all_clips(gallery)[slice(3, 3 + count)]


def judged_by(scorer: Scorer, gallery: Gallery, calibration: Calibration, count: int = 20) -> Judgement:
    return judge(scorer, QUERY, some(gallery, count), gallery, calibration)


def test_a_calibrated_scorer_is_measured_against_its_own_scores_of_the_library() -> None:
    gallery = mixed(1000)
    calibration = Calibration(0.0, 0.1, 2.5, -3.0, scorers={"max": OF_MAX})
    found = judged_by(MaximumScorer(), gallery, calibration)
    best = [max(all_clips(gallery).similarities[slice(*gallery.clip_rows(clip))]) for clip in range(1000)]
    sample = np.array([best[clip] for clip in sample_clips(gallery)], dtype=np.float64)
    prior = PRIOR_CLIPS / (PRIOR_CLIPS + 1000)
    assert found.level.mean == pytest.approx(prior * 0.3 + (1 - prior) * sample.mean(), abs=1e-6)
    assert found.level.std**2 == pytest.approx(prior * 0.05**2 + (1 - prior) * sample.var(), rel=1e-4)
    assert found.average == found.level.mean
    np.testing.assert_array_equal(found.scores, np.array(best[3:23], np.float32))
    np.testing.assert_array_equal(found.judged, found.scores)
    z = (found.scores[0] - found.level.mean) / found.level.std
    odds = (2 + 0.01 * 1000) / 1000 * np.exp(2.0 * z - 3.0)
    assert found.level.strength(float(found.scores[0])) == pytest.approx(odds / (1 + odds))


def test_plain_pooling_is_judged_as_ever_where_nothing_else_was_measured() -> None:
    gallery = mixed(300)
    found = judged_by(PooledScorer(), gallery, CALIBRATION)
    level = background(QUERY, gallery, CALIBRATION)
    assert found.level == level
    assert found.average == level.mean
    np.testing.assert_array_equal(found.judged, found.scores)


def test_a_scorer_that_was_not_measured_ranks_but_does_not_judge() -> None:
    """Its scale means nothing to the calibration: the verdict is that of plain pooling."""
    gallery = mixed(300)
    plain = judged_by(PooledScorer(), gallery, CALIBRATION)
    found = judged_by(GeesScorer(gain=50.0), gallery, CALIBRATION)
    assert found.level == plain.level
    np.testing.assert_array_equal(found.judged, plain.scores)
    assert found.scores.max() > 5
    assert found.average == pytest.approx(
        GeesScorer(gain=50.0).score(QUERY, all_clips(gallery), gallery)[sample_clips(gallery)].mean(),
        rel=1e-5,
    )


def test_a_tiny_library_leans_on_what_was_measured_of_the_scorer() -> None:
    one = score_background(Spread.of(np.array([0.9], np.float32)), 1, OF_MAX)
    assert one.mean == pytest.approx(0.3, abs=0.03)
    assert one.std == pytest.approx(0.05, rel=0.05)
    assert one.verdict(0.9) is Verdict.GOOD


def test_the_sample_is_spread_over_the_whole_library_and_always_the_same() -> None:
    gallery = mixed(1000)
    clips = sample_clips(gallery)
    assert len(clips) == SAMPLE_CLIPS
    assert (clips[0], clips[-1]) == (0, 999)
    assert set(np.diff(clips).tolist()) <= {3, 4}
    assert sample_clips(mixed(7)).tolist() == list(range(7))
    np.testing.assert_array_equal(clips, sample_clips(gallery))


def test_a_scorer_that_was_not_measured_is_judged_as_plain_pooling_was_measured() -> None:
    gallery = mixed(300)
    measured = ScoreCalibration(unmatched_mean=0.2, unmatched_std=0.08, slope=2.0, offset=-2.5)
    calibration = Calibration(0.0, 0.1, 2.5, -3.0, scorers={"pooled": measured})
    plain = judged_by(PooledScorer(), gallery, calibration)
    found = judged_by(GeesScorer(gain=50.0), gallery, calibration)
    assert found.level == plain.level
    np.testing.assert_array_equal(found.judged, plain.scores)


class Costly:
    """Stands for a trained head: the soft maximum bent a little; remembers what it was asked to score."""

    name = "costly"

    def __init__(self) -> None:
        self.asked: list[list[int]] = []

    def score(self, text: EncodedText, candidates: Candidates, gallery: Gallery) -> NDArray[np.float32]:
        self.asked.append(candidates.clips.tolist())
        soft = SoftMaximumScorer().score(text, candidates, gallery)
        return np.asarray(0.3 + soft + 0.2 * soft**2, np.float32)


OF_COSTLY = Calibration(0.0, 0.1, 2.5, -3.0, scorers={"costly": OF_MAX})


def test_a_costly_scorer_looks_at_half_the_sample() -> None:
    gallery, costly = mixed(2000), Costly()
    candidates = some(gallery, 200)
    found = judge(costly, QUERY, candidates, gallery, OF_COSTLY)
    assert costly.asked == [sample_clips(gallery)[::2].tolist(), candidates.clips.tolist()]
    np.testing.assert_array_equal(found.scores, costly.score(QUERY, candidates, gallery))

    everything = costly.score(QUERY, all_clips(gallery), gallery)
    level = score_background(Spread.of(everything[sample_clips(gallery)]), 2000, OF_MAX)
    assert found.level.mean == pytest.approx(level.mean, abs=0.02 * level.std)
    assert found.level.std == pytest.approx(level.std, rel=0.02)


def test_in_a_small_library_the_sample_is_all_of_it() -> None:
    gallery, costly = mixed(200), Costly()
    found = judge(costly, QUERY, some(gallery, 50), gallery, OF_COSTLY)
    assert costly.asked[0] == list(range(200))
    level = score_background(Spread.of(costly.score(QUERY, all_clips(gallery), gallery)), 200, OF_MAX)
    assert found.level.mean == pytest.approx(level.mean, abs=1e-6)
    assert found.level.std == pytest.approx(level.std, rel=1e-5)


def test_a_control_that_says_nothing_is_left_out() -> None:
    scores = np.array([0.1, 0.4, 0.2], np.float32)
    same = np.full(9, 0.3, np.float32)
    assert Spread.controlled(scores, same[:3], same) == Spread.of(scores)


def bank_calibration(slope: float, usual: float = 0.1) -> Calibration:
    """Of a bundle whose bank the query of these tests reaches 0.3 over."""
    width = len(QUERY.unit)
    rows = np.linspace(-0.3, 0.3, 101, dtype=np.float32)
    pictures = np.zeros((101, width), np.float32)
    pictures[:, 1] = np.sqrt(1 - rows**2)
    pictures += rows[:, np.newaxis] * QUERY.unit
    assert QUERY.unit[1] == 0
    bank = PictureBank(pictures, usual)
    return Calibration(
        unmatched_mean=0.0, unmatched_std=0.1, slope=2.5, offset=-3.0, reach_slope=slope, bank=bank
    )


def test_of_a_query_that_goes_higher_than_usual_a_score_means_less() -> None:
    gallery = make_gallery([noise(20, 0.0)])
    plain = background(QUERY, gallery, CALIBRATION)
    higher = background(QUERY, gallery, bank_calibration(-5.0))
    lower = background(QUERY, gallery, bank_calibration(-5.0, usual=0.5))
    assert higher.lift == pytest.approx(-5.0 * (0.3 - 0.1), abs=1e-4)
    assert higher.strength(0.2) < plain.strength(0.2) < lower.strength(0.2)
    assert higher.strengths(np.array([0.2], np.float32)) == pytest.approx([higher.strength(0.2)])
    assert higher.presence(np.array([0.2], np.float32)) < plain.presence(np.array([0.2], np.float32))
    assert (higher.mean, higher.std) == (plain.mean, plain.std), "what is said of the library is as before"


def test_what_is_no_text_has_no_reach() -> None:
    picture = EncodedText.of(QUERY.raw, Medium.BOTH)
    level = background(picture, make_gallery([noise(20, 0.0)]), bank_calibration(-5.0))
    assert level.lift == 0.0


def test_a_scorer_is_lifted_by_its_own_slope() -> None:
    gallery = make_gallery([noise(20, 0.0)])
    of_max = ScoreCalibration(0.0, 0.1, 2.5, -3.0, reach_slope=-2.0)
    calibration = replace(bank_calibration(-5.0), scorers={"max": of_max})
    for scorer, slope in ((MaximumScorer(), -2.0), (PooledScorer(), -5.0)):
        level = judge(scorer, QUERY, all_clips(gallery), gallery, calibration).level
        assert level.lift == pytest.approx(slope * 0.2, abs=1e-4)
