"""One video's frames in another: in order, cut, with frames passed over, and not at all."""

import numpy as np
import pytest
from numpy.typing import NDArray

from app.search.alike.alignment import HALF, SKIP, align

Likeness = NDArray[np.float32]


def likeness(places: list[int | None], width: int) -> Likeness:
    """(n, width): frame i of the query is just like the video's frame `places[i]`, and like no other."""
    made = np.zeros((len(places), width), np.float32)
    for row, place in enumerate(places):
        if place is not None:
            made[row, place] = 1.0
    return made


def test_a_whole_video_is_found_where_it_lies() -> None:
    found = align(likeness([3, 4, 5, 6], 10))
    assert found is not None
    assert (found.first, found.last) == (3, 6)
    assert found.coverage == 1.0
    assert found.likeness == pytest.approx(1.0)
    assert found.score == pytest.approx(1 - HALF)


def test_a_part_of_it_is_found_and_counts_for_less() -> None:
    part, whole = align(likeness([None, None, 0, 1], 8)), align(likeness([0, 1, 2, 3], 8))
    assert part is not None
    assert whole is not None
    assert (part.first, part.last, part.coverage) == (0, 1, 0.5)
    assert part.score < whole.score


def test_frames_may_be_passed_over_in_either() -> None:
    found = align(likeness([0, None, 2, 5], 6))
    assert found is not None
    assert (found.first, found.last) == (0, 5)


def test_the_order_counts() -> None:
    forward, backward = align(likeness([0, 1, 2, 3], 4)), align(likeness([3, 2, 1, 0], 4))
    assert forward is not None
    assert backward is not None
    assert backward.score < forward.score / 2


def test_nothing_alike_is_nothing() -> None:
    assert align(np.full((5, 7), HALF, np.float32)) is None
    assert align(np.zeros((1, 1), np.float32)) is None


@pytest.mark.parametrize("seed", range(20))
def test_the_best_alignment_is_as_good_as_any(seed: int) -> None:
    """Against all ways there are to align four frames with five."""
    made = np.random.default_rng(seed).random((4, 5)).astype(np.float32)
    found = align(made)
    assert found is not None
    assert found.score * 4 == pytest.approx(best_of_all(made), abs=1e-6)


def best_of_all(made: Likeness) -> float:
    best = 0.0

    def follow(row: int, place: int, gained: float) -> None:
        nonlocal best
        best = max(best, gained)
        for after in range(row + 1, made.shape[0]):
            for goal in range(place, made.shape[1]):
                passed = SKIP * (max(0, goal - place - 1) + after - row - 1)
                if gained - passed > 0:
                    follow(after, goal, gained - passed + float(made[after, goal]) - HALF)

    for row in range(made.shape[0]):
        for place in range(made.shape[1]):
            follow(row, place, float(made[row, place]) - HALF)
    return best
