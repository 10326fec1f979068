"""What a step is fed, and at which rate it learns."""

import itertools
import math
from collections import Counter

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from app.errors import UsageError
from models.train.inputs.batches import Batch, FeatureBatches, PairOrder
from models.train.schedule import PEAK, factor, set_rates
from tests.models.train.material import FRAMES, VIDEOS, WIDTH, make_features

OWNERS = np.array([0, 0, 0, 1, 2, 2, 4])
"""Seven captions; video 3 has none."""
ALL = np.ones(5, np.bool_)


def epoch(order: PairOrder, number: int) -> list[int]:
    steps = range(number * order.steps_per_epoch, (number + 1) * order.steps_per_epoch)
    return [int(text) for step in steps for text in order.texts(step)]


def test_one_caption_of_every_video_is_seen_an_epoch() -> None:
    order = PairOrder(OWNERS, ALL, batch=2, captions="one", seed=24)
    assert order.steps_per_epoch == 2
    for number in range(5):
        assert sorted(OWNERS[epoch(order, number)]) == [0, 1, 2, 4]


def test_every_caption_is_drawn_in_time_and_as_often_as_the_others() -> None:
    order = PairOrder(OWNERS, ALL, batch=4, captions="one", seed=24)
    seen = Counter(text for number in range(900) for text in epoch(order, number))
    assert set(seen) == set(range(7))
    assert all(240 < seen[text] < 360 for text in (0, 1, 2))
    assert all(390 < seen[text] < 510 for text in (4, 5))


def test_every_caption_is_seen_once_where_asked() -> None:
    order = PairOrder(OWNERS, ALL, batch=7, captions="every", seed=24)
    assert sorted(epoch(order, 0)) == list(range(7))
    assert epoch(order, 0) != epoch(order, 1)


def test_videos_without_frames_are_left_out() -> None:
    usable = np.array([True, True, False, True, True])
    order = PairOrder(OWNERS, usable, batch=8, captions="every", seed=24)
    assert sorted(epoch(order, 0)) == [0, 1, 2, 3, 6]


def test_what_does_not_fill_a_batch_waits_for_another_epoch() -> None:
    order = PairOrder(OWNERS, ALL, batch=3, captions="one", seed=24)
    assert order.steps_per_epoch == 1
    assert set(OWNERS[[text for number in range(20) for text in epoch(order, number)]]) == {0, 1, 2, 4}


def test_a_step_depends_on_its_number_and_the_seed_alone() -> None:
    first, second = (PairOrder(OWNERS, ALL, batch=2, captions="one", seed=24) for _ in range(2))
    forwards = [first.texts(step).tolist() for step in range(9)]
    backwards = [second.texts(step).tolist() for step in reversed(range(9))]
    assert forwards == backwards[::-1]
    other = PairOrder(OWNERS, ALL, batch=2, captions="one", seed=25)
    assert forwards != [other.texts(step).tolist() for step in range(9)]


@pytest.mark.parametrize("usable", [[False] * 5, [True, False, False, True, False]])
def test_fewer_than_two_videos_are_nothing_to_train_on(usable: list[bool]) -> None:
    with pytest.raises(UsageError, match="videos with frames and captions to train on"):
        PairOrder(OWNERS, np.array(usable), batch=2, captions="one", seed=24)


def test_feature_batches_hold_the_pairs() -> None:
    features = make_features()
    batches = FeatureBatches(features, 5)
    assert (batches.width, batches.steps_per_epoch) == (WIDTH, VIDEOS // 5)
    batch = batches.batch(3)
    assert batch.groups is not None
    assert batch.texts.shape == (5, WIDTH)
    assert batch.frames.shape == (5, FRAMES, WIDTH)
    assert {batch.texts.dtype, batch.frames.dtype} == {torch.float32}
    for row, video in enumerate(batch.groups.tolist()):
        assert np.array_equal(batch.frames[row].numpy(), features.frames[video])
        assert int(batch.mask[row].sum()) == features.counts[video]
        own = features.texts[features.video_of_text == video].astype(np.float32)
        assert (own == batch.texts[row].numpy()).all(axis=1).any()


def test_a_batch_moves_to_a_device_whole() -> None:
    batch = Batch(torch.zeros(2, 3), torch.zeros(2, 4, 3), torch.ones(2, 4, dtype=torch.bool))
    moved = batch.to(torch.device("meta"))
    assert {moved.texts.device.type, moved.frames.device.type, moved.mask.device.type} == {"meta"}
    assert moved.groups is None


def test_the_rate_rises_in_a_line_and_falls_in_a_cosine() -> None:
    rates = [factor(step, 100, 10) for step in range(100)]
    assert rates[:11] == pytest.approx([step / 10 for step in range(11)])
    assert rates[55] == pytest.approx(0.5)
    assert rates[77] == pytest.approx(0.5 * (1 + math.cos(math.pi * 67 / 90)))
    assert all(later < earlier for earlier, later in itertools.pairwise(rates[10:]))
    assert factor(0, 5, 0) == 1
    assert factor(3, 3, 3) == 1


def test_every_group_keeps_its_own_highest_rate() -> None:
    weights = [torch.nn.Parameter(torch.zeros(1)) for _ in range(2)]
    optimizer = torch.optim.AdamW(
        [{"params": [weights[0]], PEAK: 3e-5}, {"params": [weights[1]], PEAK: 1e-6}]
    )
    set_rates(optimizer, 0.5)
    assert [group["lr"] for group in optimizer.param_groups] == [1.5e-5, 5e-7]
