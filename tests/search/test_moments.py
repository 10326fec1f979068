"""Neighbouring clips that match become one moment, and no video crowds the others out."""

from app.search.moments import PER_VIDEO, Span, merge, take_turns
from app.search.scorers.cosine import PooledScorer
from tests.search.galleries import QUERY, Clips, all_clips, make_gallery


def spans_of(*videos: Clips, average: float = 0.0) -> list[Span]:
    gallery = make_gallery(videos)
    candidates = all_clips(gallery)
    return merge(candidates, PooledScorer().score(QUERY, candidates, gallery), gallery, average=average)


def test_matching_neighbours_merge_and_others_stay_apart() -> None:
    spans = spans_of([[0.1], [0.8], [0.9, 0.7], [0.1], [0.8]])
    first = spans[0]
    assert (first.first_clip, first.last_clip) == (1, 2)
    assert first.best_row == 2
    assert [(span.first_clip, span.last_clip) for span in spans[1:]] == [(4, 4), (0, 0), (3, 3)]


def test_a_moment_never_runs_over_the_end_of_a_video() -> None:
    spans = spans_of([[0.1], [0.9]], [[0.9], [0.1]])
    assert [(span.video_id, span.first_clip, span.last_clip) for span in spans[:2]] == [(1, 1, 1), (2, 2, 2)]


def test_what_is_no_better_than_average_does_not_join() -> None:
    spans = spans_of([[0.45], [0.5], [0.45]], average=0.4)
    assert (spans[0].first_clip, spans[0].last_clip) == (1, 1)


def test_every_clip_is_in_exactly_one_moment() -> None:
    spans = spans_of([[0.3], [0.31], [0.9], [0.5], [0.32]], [[0.2], [0.2], [0.2]])
    clips = sorted(clip for span in spans for clip in range(span.first_clip, span.last_clip + 1))
    assert clips == list(range(8))


def test_equal_scores_keep_their_order() -> None:
    spans = spans_of([[0.5]], [[0.5]], [[0.5]])
    assert [span.video_id for span in spans] == [1, 2, 3]


def span(video: int, score: float) -> Span:
    return Span(video, 0, 0, 0, score)


def test_a_fourth_moment_waits_for_the_other_videos() -> None:
    spans = [span(1, 0.9 - number / 100) for number in range(5)] + [span(2, 0.5), span(3, 0.4)]
    assert [kept.video_id for kept in take_turns(spans, 10)] == [1] * PER_VIDEO + [2, 3, 1, 1]
    assert [kept.video_id for kept in take_turns(spans, 4)] == [1, 1, 1, 2]


def test_few_results_are_all_kept() -> None:
    assert take_turns([], 5) == []
    assert len(take_turns([span(1, 0.5), span(1, 0.4)], 5)) == 2
