"""A clip's score comes from its own frames, however many it has."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.candidates import Candidates
from app.search.scorers.cosine import (
    EncodedText,
    GeesScorer,
    MaximumScorer,
    MeanScorer,
    PooledScorer,
    Scorer,
    SoftMaximumScorer,
    TopKScorer,
)
from tests.search.galleries import QUERY, all_clips, make_gallery

cosine = st.floats(-0.99, 0.99).map(lambda value: round(value, 3))
videos = st.lists(st.lists(st.lists(cosine, min_size=1, max_size=5), min_size=1, max_size=4), min_size=1)


@given(videos, st.randoms())
def test_pooling_equals_the_obvious_loop(made: list[list[list[float]]], random: object) -> None:
    gallery = make_gallery(made)
    everything = all_clips(gallery)
    clips = list(everything.clips)
    random.shuffle(clips)  # type: ignore[attr-defined]
    candidates = Candidates.of(np.array(clips, dtype=np.intp), gallery, everything.similarities)

    frames = [everything.similarities[slice(*gallery.clip_rows(clip))] for clip in clips]
    scores = PooledScorer(best_weight=0.25).score(QUERY, candidates, gallery)
    expected = [0.25 * max(rows) + 0.75 * np.mean(rows) for rows in frames]
    np.testing.assert_allclose(scores, expected, atol=1e-6)
    assert scores.dtype == np.float32


def test_one_frame_scores_as_itself() -> None:
    gallery = make_gallery([[[0.5]], [[0.25]]])
    scores = PooledScorer().score(QUERY, all_clips(gallery), gallery)
    assert scores == pytest.approx([0.5, 0.25], abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(videos, st.randoms())
def test_every_scorer_equals_its_formula(made: list[list[list[float]]], random: object) -> None:
    gallery = make_gallery(made)
    everything = all_clips(gallery)
    clips = list(everything.clips)
    random.shuffle(clips)  # type: ignore[attr-defined]
    candidates = Candidates.of(np.array(clips, dtype=np.intp), gallery, everything.similarities)
    frames = [everything.similarities[slice(*gallery.clip_rows(clip))].astype(float) for clip in clips]
    formulas: list[tuple[Scorer, list[float]]] = [
        (MeanScorer(), [np.mean(s) for s in frames]),
        (MaximumScorer(), [max(s) for s in frames]),
        (TopKScorer(k=2), [np.mean(sorted(s)[-2:]) for s in frames]),
        (SoftMaximumScorer(gain=9.0), [np.log(np.mean(np.exp(9.0 * s))) / 9.0 for s in frames]),
        (GeesScorer(gain=9.0), [9.0 * np.mean(s) + 0.5 * 81.0 * np.var(s) for s in frames]),
    ]
    for scorer, expected in formulas:
        scores = scorer.score(QUERY, candidates, gallery)
        np.testing.assert_allclose(scores, expected, atol=2e-5, err_msg=scorer.name)
        assert scores.dtype == np.float32


def test_a_large_gain_does_not_overflow() -> None:
    gallery = make_gallery([[[0.9, 0.1], [-0.9, -0.95]]])
    soft = SoftMaximumScorer(gain=1e4).score(QUERY, all_clips(gallery), gallery)
    assert soft == pytest.approx([0.9, -0.9], abs=1e-3)


def test_an_encoded_text_keeps_its_length_and_has_a_direction() -> None:
    text = EncodedText.of(np.array([3.0, 4.0], np.float32))
    assert text.raw.tolist() == [3.0, 4.0]
    assert text.unit == pytest.approx([0.6, 0.8])
    assert EncodedText.of(np.zeros(2, np.float32)).unit.tolist() == [0.0, 0.0]
