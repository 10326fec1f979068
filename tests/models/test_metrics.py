"""The figures of retrieval, against examples worked by hand and a slow reference."""

import math
from statistics import mean

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.metrics import Rankings, bootstrap, figures, roc_area, text_to_video, video_to_text


def slow_places(scores: list[float], right: set[int]) -> list[int]:
    """Ranks of the right items in a list sorted by score, wrong before right among equals."""
    order = sorted(range(len(scores)), key=lambda item: (-scores[item], item in right))
    return [place for place, item in enumerate(order, start=1) if item in right]


def slow_precision(places: list[int]) -> float:
    return mean(found / place for found, place in enumerate(places, start=1))


def slow_gain(places: list[int]) -> float:
    gained = sum(1 / math.log2(place + 1) for place in places if place <= 10)
    return gained / sum(1 / math.log2(place + 1) for place in range(1, min(len(places), 10) + 1))


@st.composite
def matrices(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Similarities with many ties and the video of each caption."""
    queries, videos = draw(st.integers(1, 18)), draw(st.integers(1, 14))
    scores = draw(st.lists(st.integers(0, 5), min_size=queries * videos, max_size=queries * videos))
    owners = draw(st.lists(st.integers(0, videos - 1), min_size=queries, max_size=queries))
    return np.array(scores, np.float32).reshape(queries, videos), np.array(owners)


@given(matrices())
@settings(max_examples=60, deadline=None)
def test_text_to_video_equals_sorting(example: tuple[np.ndarray, np.ndarray]) -> None:
    scores, owners = example
    found = text_to_video(scores, owners)
    for query, owner in enumerate(owners):
        places = slow_places(scores[query].tolist(), {int(owner)})
        assert found.ranks[query] == places[0]
        assert found.average_precisions[query] == pytest.approx(slow_precision(places))
        assert found.gains[query] == pytest.approx(slow_gain(places))
    assert found.gallery == scores.shape[1]


@given(matrices())
@settings(max_examples=60, deadline=None)
def test_video_to_text_equals_sorting(example: tuple[np.ndarray, np.ndarray]) -> None:
    scores, owners = example
    found = video_to_text(scores, owners)
    captioned = sorted(set(owners.tolist()))
    assert len(found.ranks) == len(captioned)
    for query, video in enumerate(captioned):
        places = slow_places(scores[:, video].tolist(), set(np.flatnonzero(owners == video).tolist()))
        assert found.ranks[query] == places[0]
        assert found.average_precisions[query] == pytest.approx(slow_precision(places))
        assert found.gains[query] == pytest.approx(slow_gain(places))
    assert found.gallery == scores.shape[0]


def test_figures_of_an_example_worked_by_hand() -> None:
    scores = np.array([
        [0.9, 0.1, 0.2, 0.3],  # right: first of four
        [0.8, 0.5, 0.6, 0.1],  # right: third
        [0.4, 0.4, 0.4, 0.1],  # right: tied with two others, so third
        [0.1, 0.2, 0.3, 0.9],  # a second caption of video 0: last
    ])  # fmt: skip
    measured = figures(text_to_video(scores, [0, 1, 2, 0]))
    assert measured.recall_at_1 == 25
    assert measured.recall_at_5 == 100
    assert measured.median_rank == 3
    assert measured.mean_rank == (1 + 3 + 3 + 4) / 4
    assert measured.mean_average_precision == pytest.approx(100 * (1 + 1 / 3 + 1 / 3 + 1 / 4) / 4)
    assert measured.ndcg_at_10 == pytest.approx(100 * (1 + 0.5 + 0.5 + 1 / math.log2(5)) / 4)


def test_any_caption_of_a_video_is_right_and_the_best_counts() -> None:
    scores = np.array([[0.2, 0.9], [0.7, 0.1], [0.5, 0.3]])
    found = video_to_text(scores, [0, 0, 1])
    assert found.ranks.tolist() == [1, 2]  # video 0 by its second caption; video 1 after caption 0
    assert found.average_precisions.tolist() == [pytest.approx((1 + 2 / 3) / 2), 0.5]


def test_scoring_everything_alike_finds_nothing() -> None:
    owners = np.arange(20)
    for direction in (text_to_video, video_to_text):
        measured = figures(direction(np.ones((20, 20)), owners))
        assert measured.recall_at_10 == 0
        assert measured.mean_rank == 20


def test_a_video_without_captions_is_a_wrong_answer_and_no_query() -> None:
    found = video_to_text(np.array([[0.5, 0.9, 0.1]]), [0])
    assert len(found.ranks) == 1
    assert text_to_video(np.array([[0.5, 0.9, 0.1]]), [0]).ranks.tolist() == [2]


@pytest.mark.parametrize(
    ("scores", "owners", "message"),
    [
        ([[0.1, math.nan]], [0], "not a number"),
        ([[0.1, 0.2]], [2], "not among the columns"),
        ([[0.1, 0.2]], [-1], "not among the columns"),
        ([[0.1, 0.2]], [0, 1], "do not fit"),
    ],
)
def test_what_cannot_be_ranked_is_refused(scores: list[list[float]], owners: list[int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        text_to_video(scores, owners)


def test_nothing_measured_is_no_figure() -> None:
    with pytest.raises(ValueError, match="no queries"):
        figures(text_to_video(np.zeros((0, 3)), np.zeros(0, np.int64)))


def some_rankings(queries: int, hits: int) -> Rankings:
    ranks = np.where(np.arange(queries) < hits, 1, 7)
    return Rankings(ranks, 1 / ranks, 1 / np.log2(1 + ranks), gallery=50)


def test_the_bootstrap_gives_the_width_that_theory_gives() -> None:
    interval = bootstrap(some_rankings(1_000, 400), resamples=2_000)
    half = 1.96 * math.sqrt(0.4 * 0.6 / 1_000) * 100
    assert interval.low.recall_at_1 == pytest.approx(40 - half, abs=0.5)
    assert interval.high.recall_at_1 == pytest.approx(40 + half, abs=0.5)
    assert interval.low.recall_at_10 == interval.high.recall_at_10 == 100
    assert interval.low.median_rank == interval.high.median_rank == 7


def test_the_bootstrap_equals_drawing_queries_by_hand() -> None:
    rankings = some_rankings(9, 4)
    draw = np.random.default_rng(3)
    means = sorted(mean(rankings.ranks[draw.integers(9, size=9)].tolist()) for _ in range(51))
    interval = bootstrap(rankings, resamples=51, level=0.8, seed=3)
    assert interval.low.mean_rank == pytest.approx(means[5])
    assert interval.high.mean_rank == pytest.approx(means[45])


def test_the_bootstrap_is_repeatable_and_follows_its_seed() -> None:
    rankings = some_rankings(60, 21)
    assert bootstrap(rankings, resamples=40) == bootstrap(rankings, resamples=40)
    assert bootstrap(rankings, resamples=40) != bootstrap(rankings, resamples=40, seed=25)


def test_the_roc_area_equals_comparing_every_pair() -> None:
    rng = np.random.default_rng(6)
    there, gone = rng.integers(0, 9, 70), rng.integers(0, 7, 50)
    pairs = mean(1.0 if yes > no else 0.5 if yes == no else 0.0 for yes in there for no in gone)
    assert roc_area(there, gone) == pytest.approx(pairs)
    assert roc_area(gone, there) == pytest.approx(1 - pairs)
    assert math.isnan(roc_area([], gone))
