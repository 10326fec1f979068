"""Query-time T-MASS gives the papers' numbers, however the clips are cut and the work is split."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.bundle.sampling_head import Norm, Radius
from app.errors import ModelError
from app.search.scorers.cosine import EncodedText, Scorer
from app.search.scorers.tmass import TMassScorer
from app.search.scorers.xpool import PART, Slots
from app.vectors.gallery import Gallery
from tests.search.heads import (
    Reference,
    candidates_of,
    random_gallery,
    random_head,
    random_text,
    raw_frames,
)

MIXED = (6, 1, 3, 2, 6, 5, 1, 4, 6, 6, 2, 1)


def expected(reference: Reference, text: EncodedText, gallery: Gallery, clips: Sequence[int]) -> list[float]:
    return [reference.score(text.raw, raw_frames(gallery, range(*gallery.clip_rows(clip)))) for clip in clips]


@pytest.mark.parametrize("samples", [0, 1, 20])
@pytest.mark.parametrize("radius", ["none", "cos", "scalar", "linear"])
def test_the_scores_are_those_of_the_equations(radius: Radius, samples: int) -> None:
    head = random_head(radius=radius, samples=samples, soft_weight=0.25)
    gallery = random_gallery(MIXED)
    for seed in range(5):
        text = random_text(seed=seed)
        scores = TMassScorer(head).score(text, candidates_of(text, gallery), gallery)
        wanted = expected(Reference(head), text, gallery, range(len(MIXED)))
        np.testing.assert_allclose(scores, wanted, atol=1e-5)
        assert scores.dtype == np.float32


def test_the_samples_change_the_score() -> None:
    """Else the comparisons above could pass with samples that nobody looks at."""
    gallery, text = random_gallery(MIXED), random_text()
    candidates = candidates_of(text, gallery)
    with_samples = TMassScorer(random_head()).score(text, candidates, gallery)
    without = TMassScorer(random_head(samples=0)).score(text, candidates, gallery)
    assert np.abs(with_samples - without).min() > 1e-3


def test_the_length_of_the_text_counts() -> None:
    """`t + R ⊙ ε` leans on how long the raw text is; a cosine would not."""
    gallery, head = random_gallery(MIXED), random_head()
    short, long = random_text(scale=2.0), random_text(scale=20.0)
    scorer = TMassScorer(head)
    scores = [scorer.score(text, candidates_of(text, gallery), gallery) for text in (short, long)]
    assert np.abs(scores[0] - scores[1]).max() > 1e-2
    for text, found in zip((short, long), scores, strict=True):
        np.testing.assert_allclose(
            found, expected(Reference(head), text, gallery, range(len(MIXED))), atol=1e-5
        )


@settings(max_examples=30, deadline=None)
@given(
    lengths=st.lists(st.integers(1, 6), min_size=1, max_size=20),
    width=st.sampled_from([4, 16, 33]),
    seed=st.integers(0, 1000),
    data=st.data(),
)
def test_any_clips_in_any_order(lengths: list[int], width: int, seed: int, data: st.DataObject) -> None:
    head = random_head(width, seed=seed, samples=5)
    gallery, text = random_gallery(lengths, width, seed=seed), random_text(width, seed=seed)
    clips = data.draw(st.permutations(range(len(lengths))))[: data.draw(st.integers(1, len(lengths)))]
    scores = TMassScorer(head).score(text, candidates_of(text, gallery, clips), gallery)
    np.testing.assert_allclose(scores, expected(Reference(head), text, gallery, clips), atol=1e-5)


def test_a_clip_of_more_frames_is_seen_through_evenly_spaced_ones() -> None:
    gallery = random_gallery((12, 7, 3))
    head, text = random_head(frames=4), random_text()
    candidates = candidates_of(text, gallery)
    slots = Slots.of(candidates, 4)
    assert slots.lengths.tolist() == [4, 4, 3]
    assert slots.rows.tolist() == [[0, 4, 7, 11], [12, 14, 16, 18], [19, 20, 21, 19]]
    np.testing.assert_array_equal(slots.similarities, (gallery.vectors @ text.unit)[slots.rows])
    scores = TMassScorer(head).score(text, candidates, gallery)
    wanted = [
        Reference(head).score(text.raw, raw_frames(gallery, rows[:length]))
        for rows, length in zip(slots.rows.tolist(), slots.lengths.tolist(), strict=True)
    ]
    np.testing.assert_allclose(scores, wanted, atol=1e-5)


def test_many_clips_are_scored_as_few_are() -> None:
    """Beyond one part and one block, over several threads."""
    rng = np.random.default_rng(3)
    lengths = rng.integers(1, 7, 2 * PART + 77).tolist()
    head, text = random_head(8), random_text(8)
    gallery = random_gallery(lengths, 8)
    everything = candidates_of(text, gallery)
    scores = TMassScorer(head, threads=3).score(text, everything, gallery)
    tried = list(range(0, len(lengths), 7))
    np.testing.assert_allclose(scores[tried], expected(Reference(head), text, gallery, tried), atol=1e-5)
    alone = TMassScorer(head, threads=1)
    one_by_one = [alone.score(text, candidates_of(text, gallery, [clip]), gallery)[0] for clip in tried]
    np.testing.assert_allclose(one_by_one, scores[tried], atol=1e-6)
    assert len(alone.score(text, candidates_of(text, gallery, []), gallery)) == 0


def test_a_wide_gallery_is_gathered_in_blocks() -> None:
    head, text = random_head(512, 12), random_text(512)
    gallery = random_gallery([12, 5] * 60, 512)
    scores = TMassScorer(head, threads=1).score(text, candidates_of(text, gallery), gallery)
    clips = [0, 1, 59, 60, 118, 119]
    np.testing.assert_allclose(scores[clips], expected(Reference(head), text, gallery, clips), atol=1e-5)


def test_the_same_question_gives_the_same_bits() -> None:
    head, text = random_head(64), random_text(64)
    gallery = random_gallery([6, 2, 5, 1] * 100, 64)
    candidates = candidates_of(text, gallery)
    scorer: Scorer = TMassScorer(head)
    first = scorer.score(text, candidates, gallery)
    for _ in range(5):
        assert scorer.score(text, candidates, gallery).tobytes() == first.tobytes()
    assert TMassScorer(head).score(text, candidates, gallery).tobytes() == first.tobytes()


def test_a_frame_without_direction_gives_a_number() -> None:
    gallery = random_gallery((3, 1), scale=0.0)
    assert not gallery.vectors[:].any()
    text = random_text()
    scores = TMassScorer(random_head()).score(text, candidates_of(text, gallery), gallery)
    assert np.isfinite(scores).all()
    nothing = EncodedText.of(np.zeros(32, np.float32))
    scores = TMassScorer(random_head(samples=0)).score(nothing, candidates_of(nothing, gallery), gallery)
    assert np.isfinite(scores).all()


def test_a_head_that_gives_no_numbers_is_refused_with_a_sentence() -> None:
    head = random_head()
    head = replace(head, radius_bias=np.full(32, 1e5, np.float32))
    gallery, text = random_gallery(MIXED), random_text()
    with pytest.raises(ModelError, match="not finite") as caught:
        TMassScorer(head).score(text, candidates_of(text, gallery), gallery)
    assert caught.value.advice


def test_a_head_at_its_start_pools_towards_the_frames() -> None:
    """With all matrices the identity, ψ of a clip of equal frames is that frame, normalised."""
    head = random_head(samples=0)
    flat = Norm(np.ones(32, np.float32), np.zeros(32, np.float32))
    unit = replace(head.query, weight=np.eye(32, dtype=np.float32), bias=np.zeros(32, np.float32))
    head = replace(
        head,
        norm1=flat, norm2=flat, norm3=flat,
        query=unit, key=unit, value=unit, output=unit, linear=unit,
    )  # fmt: skip
    gallery, text = random_gallery((1, 1, 1)), random_text()
    scores = TMassScorer(head).score(text, candidates_of(text, gallery), gallery)
    vectors = gallery.vectors[:]
    apart = vectors - vectors.mean(axis=1, keepdims=True)
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    np.testing.assert_allclose(scores, apart @ text.unit, atol=1e-5)


def test_one_scorer_follows_its_gallery() -> None:
    head, text = random_head(), random_text()
    scorer = TMassScorer(head)
    for gallery in (random_gallery(MIXED[:5]), random_gallery(MIXED), random_gallery(MIXED, seed=1)):
        scores = scorer.score(text, candidates_of(text, gallery), gallery)
        wanted = expected(Reference(head), text, gallery, range(len(gallery.clip_starts)))
        np.testing.assert_allclose(scores, wanted, atol=1e-5)
