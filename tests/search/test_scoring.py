"""A clip's score comes from its own frames, however many it has."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.scoring import Candidates, PooledScorer, clip_maximum, clip_mean
from tests.search.galleries import TEXT, all_clips, make_gallery

cosine = st.floats(-0.99, 0.99).map(lambda value: round(value, 3))
videos = st.lists(st.lists(st.lists(cosine, min_size=1, max_size=5), min_size=1, max_size=4), min_size=1)


@given(videos, st.randoms())
def test_pooling_equals_the_obvious_loop(made: list[list[list[float]]], random: object) -> None:
    gallery = make_gallery(made)
    everything = all_clips(gallery)
    clips = list(everything.clips)
    random.shuffle(clips)  # type: ignore[attr-defined]
    candidates = Candidates(np.array(clips, dtype=np.intp), everything.similarities)

    frames = [everything.similarities[slice(*gallery.clip_rows(clip))] for clip in clips]
    np.testing.assert_allclose(
        clip_maximum(candidates.similarities, candidates.clips, gallery), [max(rows) for rows in frames]
    )
    np.testing.assert_allclose(
        clip_mean(candidates.similarities, candidates.clips, gallery),
        [sum(map(float, rows)) / len(rows) for rows in frames],
        atol=1e-6,
    )
    scores = PooledScorer(best_weight=0.25).score(TEXT, candidates, gallery)
    expected = [0.25 * max(rows) + 0.75 * np.mean(rows) for rows in frames]
    np.testing.assert_allclose(scores, expected, atol=1e-6)
    assert scores.dtype == np.float32


def test_one_frame_scores_as_itself() -> None:
    gallery = make_gallery([[[0.5]], [[0.25]]])
    scores = PooledScorer().score(TEXT, all_clips(gallery), gallery)
    assert scores == pytest.approx([0.5, 0.25], abs=1e-3)
