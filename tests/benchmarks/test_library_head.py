"""Heads that a library teaches itself, on made clips where the right answer is known."""

import numpy as np
import pytest

from benchmarks.library_head import judging, learned
from benchmarks.library_head.learned import Clips

WIDTH, FRAMES = 32, 6


def made(draw: np.random.Generator, count: int = 40, shift: float = 0.0) -> tuple[Clips, np.ndarray]:
    """Clips whose frames are near one direction each, and that direction; all lie `shift` to one side."""
    directions = draw.standard_normal((count, WIDTH)).astype(np.float32)
    frames = directions[:, np.newaxis] + 0.3 * draw.standard_normal((count, FRAMES, WIDTH)).astype(np.float32)
    frames[..., 0] += shift
    mask = np.ones((count, FRAMES), np.bool_)
    mask[::3, 4:] = False
    return Clips.of(frames, mask), learned.unit(directions)


@pytest.fixture
def draw() -> np.random.Generator:
    return np.random.default_rng(24)


def test_plain_pooling_and_the_soft_maximum_pass_over_missing_frames(draw: np.random.Generator) -> None:
    clips, texts = made(draw)
    first = Clips(clips.frames[:1, :4], clips.mask[:1, :4])
    for pool in (learned.pooled, learned.soft_maximum(20)):
        assert pool(clips, texts)[:, 0] == pytest.approx(pool(first, texts)[:, 0], abs=1e-6)


def test_the_soft_maximum_lies_between_the_mean_and_the_best_frame(draw: np.random.Generator) -> None:
    clips, texts = made(draw)
    cosines = clips.cosines(texts)
    soft = learned.soft_maximum(20)(clips, texts)
    mean = np.where(clips.mask, cosines, 0).sum(-1) / clips.mask.sum(1)
    assert np.all(soft <= cosines.max(-1) + 1e-6)
    assert np.all(soft >= mean - 1e-6)


def test_ties_are_lost() -> None:
    scores = np.array([[0.5, 0.5, 0.1], [0.1, 0.2, 0.3]], np.float32)
    assert learned.ranks(scores, np.array([0, 2])).tolist() == [2, 1]


def test_centring_takes_a_common_direction_from_both_sides(draw: np.random.Generator) -> None:
    clips, texts = made(draw, shift=40)
    bank = learned.unit(texts + np.float32(2) * np.eye(1, WIDTH, 5, dtype=np.float32))
    frames, moved = learned.centring(clips, bank)(clips.frames, bank)
    assert np.abs(frames[clips.mask].mean(0)).max() < 1e-6
    assert np.abs(moved.mean(0)).max() < 1e-6


def test_what_a_clip_gives_for_every_query_is_taken_off(draw: np.random.Generator) -> None:
    scores = draw.standard_normal((50, 8)).astype(np.float32)
    hub = scores + np.array([6, 0, 0, 0, 0, 0, 0, 0], np.float32)
    even = learned.less_bank_mean(1)(hub, hub)
    assert np.bincount(hub.argmax(1), minlength=8)[0] > 45
    assert np.bincount(even.argmax(1), minlength=8)[0] < 15


def test_the_gain_that_neighbours_ask_for_is_one_of_those_offered(draw: np.random.Generator) -> None:
    clips, texts = made(draw)
    assert learned.gain_by_neighbours(clips, texts) in learned.GAINS


def test_the_fitted_line_is_that_of_two_normal_distributions(draw: np.random.Generator) -> None:
    line = judging.fitted(draw.normal(2, 1, 40_000), draw.normal(0, 1, 40_000))
    assert line == pytest.approx((2, -2), abs=0.1)  # a distance μ apart: slope μ, offset -μ²/2
    assert line.loss(np.array([9.0]), np.array([-9.0])) < 1e-4


def test_a_library_without_the_clip_has_a_lower_best_score(draw: np.random.Generator) -> None:
    clips, texts = made(draw)
    assert judging.presence_area(learned.pooled(clips, texts), np.arange(len(texts))) > 0.95
    other = learned.unit(draw.standard_normal(texts.shape).astype(np.float32))
    assert judging.presence_area(learned.pooled(clips, other), np.arange(len(texts))) < 0.65
