"""The order of cards, what one stands for, and what is less likely."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.search.outcome import Moment, Verdict
from app.ui.results.arrangement import CLOSEST, Grouping, Layout, SortOrder, arrange
from tests.ui.outcomes import moment

A, B = Path("/v/a.mp4"), Path("/v/b.mp4")


def found(*strengths: float) -> list[Moment]:
    return [moment(rank, Path(f"/v/{rank}.mp4"), strength=s) for rank, s in enumerate(strengths, start=1)]


def ranks(cards: object) -> list[int]:
    return [card.moment.rank for card in cards]  # type: ignore[attr-defined]


def test_what_is_less_likely_comes_behind_and_the_order_of_the_search_stays() -> None:
    made = arrange(found(0.9, 0.1, 0.5, 0.05), Verdict.GOOD, Layout())
    assert (ranks(made.likely), ranks(made.less_likely)) == ([1, 3], [2, 4])
    strict = arrange(found(0.9, 0.1, 0.5, 0.05), Verdict.GOOD, Layout(strictness=0.6))
    assert (ranks(strict.likely), ranks(strict.less_likely)) == ([1], [2, 3, 4])
    assert not arrange(found(0.9, 0.1), Verdict.GOOD, Layout(strictness=0.0)).less_likely


def test_where_nothing_matches_the_closest_come_first() -> None:
    made = arrange(found(*[0.01] * 40), Verdict.NONE, Layout())
    assert ranks(made.likely) == list(range(1, CLOSEST + 1))
    assert len(made.less_likely) == 40 - CLOSEST


def test_a_card_of_a_video_shows_its_best_moment_and_has_the_others() -> None:
    same = [
        replace(each, video_id=7) for each in (moment(1, A, start=50, end=60), moment(3, A, start=5, end=9))
    ]
    made = arrange([same[0], moment(2, B), same[1]], Verdict.GOOD, Layout(grouping=Grouping.VIDEO))
    assert ranks(made.likely) == [1, 2]
    assert made.likely[0].moments == tuple(same)
    assert made.likely[0].in_time == (same[1], same[0])


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (SortOrder.MATCH, [1, 2, 3]),
        (SortOrder.NEWEST, [2, 3, 1]),
        (SortOrder.OLDEST, [1, 2, 3]),
        (SortOrder.LONGEST, [3, 1, 2]),
        (SortOrder.SHORTEST, [2, 1, 3]),
    ],
)
def test_each_part_is_sorted_by_itself(order: SortOrder, expected: list[int]) -> None:
    moments = [
        replace(moment(1), filmed=1.0, duration=20.0),
        replace(moment(2), filmed=5.0, duration=10.0),
        replace(moment(3), filmed=5.0, duration=30.0),
        replace(moment(4, strength=0.01), filmed=9.0, duration=90.0),
    ]
    made = arrange(moments, Verdict.GOOD, Layout(order))
    assert ranks(made.likely) == expected
    assert ranks(made.less_likely) == [4]
