"""One thing after another: the best chain is the one that comparing all chains finds."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.search.chains import best_chains


def by_hand(
    strengths: list[list[float]], videos: list[int], times: list[float], within: float
) -> dict[int, float]:
    """The value of each video's best chain, all chains compared."""
    best: dict[int, float] = {}
    for places in product(range(len(times)), repeat=len(strengths)):
        pairs = list(pairwise(places))
        if len({videos[place] for place in places}) > 1:
            continue
        if any(not 0 < times[after] - times[before] <= within for before, after in pairs):
            continue
        value = sum(np.log(max(strengths[step][place], 1e-12)) for step, place in enumerate(places))
        video = videos[places[0]]
        best[video] = max(best.get(video, -np.inf), value / len(strengths))
    return best


@given(st.data())
def test_the_best_chain_of_every_video(data: st.DataObject) -> None:
    steps = data.draw(st.integers(2, 3))
    counts = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    videos = [number for number, count in enumerate(counts) for _ in range(count)]
    gaps = data.draw(st.lists(st.integers(0, 4), min_size=len(videos), max_size=len(videos)))
    times = [
        float(
            sum(gap for gap, other in zip(gaps[: place + 1], videos, strict=False) if other == videos[place])
        )
        for place in range(len(videos))
    ]
    numbers = st.floats(0, 1)
    strengths = [
        data.draw(st.lists(numbers, min_size=len(videos), max_size=len(videos))) for _ in range(steps)
    ]
    within = float(data.draw(st.integers(1, 6)))
    chains = best_chains(np.array(strengths), np.array(videos), np.array(times), within)
    assert {videos[chain.places[0]]: pytest.approx(chain.value, abs=1e-9) for chain in chains} == by_hand(
        strengths, videos, times, within
    )
    assert [chain.value for chain in chains] == sorted((chain.value for chain in chains), reverse=True)
    for chain in chains:
        assert chain.strength == min(strengths[step][place] for step, place in enumerate(chain.places))
        assert all(0 < times[b] - times[a] <= within for a, b in pairwise(chain.places))


def test_nothing_has_no_chain() -> None:
    assert best_chains(np.empty((2, 0)), np.empty(0, np.int64), np.empty(0), 60.0) == []
