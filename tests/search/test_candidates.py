"""Candidates are as large as they are, not as the library is."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from app.search.candidates import Candidates, compared, frame_rows
from app.search.moments import merge
from app.search.scorers.cosine import PooledScorer
from tests.search.galleries import QUERY, TEXT, all_clips, make_gallery

cosine = st.floats(-0.9, 0.9).map(lambda value: round(value, 1))
videos = st.lists(st.lists(st.lists(cosine, min_size=1, max_size=5), min_size=1, max_size=4), min_size=1)


def assert_same(found: Candidates, wanted: Candidates) -> None:
    for name in Candidates.__slots__:
        np.testing.assert_array_equal(getattr(found, name), getattr(wanted, name))


@settings(max_examples=settings.default.max_examples // 2)
@given(videos, st.data())
def test_parts_of_candidates_are_candidates(made: list[list[list[float]]], data: st.DataObject) -> None:
    gallery = make_gallery(made)
    everything = all_clips(gallery)
    order = np.array(data.draw(st.permutations(everything.clips.tolist())), dtype=np.intp)
    cut = data.draw(st.integers(0, len(order)))
    known = everything.similarities
    first, both = Candidates.of(order[:cut], gallery, known), Candidates.of(order, gallery, known)
    assert_same(both[np.arange(len(order)) < cut], first)
    rows, starts = frame_rows(order, gallery)
    ranges = [range(*gallery.clip_rows(clip)) for clip in order.tolist()]
    assert rows.tolist() == [row for part in ranges for row in part]
    assert starts.tolist() == np.cumsum([0, *map(len, ranges)])[:-1].tolist()


def test_any_clips_are_compared() -> None:
    gallery = make_gallery([[[0.1, 0.2], [0.3]], [[0.4, 0.5, 0.6]]])
    found = compared(np.array([2, 1]), gallery, TEXT)
    np.testing.assert_allclose(found.similarities, [0.4, 0.5, 0.6, 0.3], atol=1e-3)
    assert_same(compared(np.arange(3), gallery, TEXT), all_clips(gallery))


@settings(max_examples=settings.default.max_examples // 2)
@given(videos)
def test_a_moment_opens_at_the_first_of_its_nearest_frames(made: list[list[list[float]]]) -> None:
    gallery = make_gallery(made)
    candidates = all_clips(gallery)
    scores = PooledScorer().score(QUERY, candidates, gallery)
    best = {}
    for clip in candidates.clips.tolist():
        begin, end = gallery.clip_rows(clip)
        best[clip] = begin + int(np.argmax(candidates.similarities[begin:end]))
    for span in merge(candidates, scores, gallery, average=0.0):
        clip = int(gallery.clip_of_row[span.best_row])
        assert span.first_clip <= clip <= span.last_clip
        assert span.best_row == best[clip]
