"""Training: it learns, it repeats, and an interruption changes nothing."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("matplotlib")

import torch
from torch import nn

from app.errors import UsageError
from models.datasets.features import FeatureSet
from models.heads.losses import LogitScale
from models.heads.tmass import TMassHead
from models.metrics import figures, text_to_video
from models.train.config import LogitScaleConfig, LossConfig, PriorConfig, TrainConfig
from models.train.inputs.batches import Batch, FeatureBatches
from models.train.loop import CURVES, loss_terms, train_head
from models.train.outputs.checkpoint import FILE, load_head
from tests.models.train.material import FRAMES, TINY, VIDEOS, WIDTH, make_features, tiny


class PowerCutError(Exception):
    """The power went off."""


class Breaking:
    """Batches that break off at a step."""

    def __init__(self, batches: FeatureBatches, at: int) -> None:
        self._batches, self._at = batches, at
        self.width, self.steps_per_epoch = batches.width, batches.steps_per_epoch

    def batch(self, step: int) -> Batch:
        if step == self._at:
            raise PowerCutError
        return self._batches.batch(step)


def batches(features: FeatureSet | None = None) -> FeatureBatches:
    return FeatureBatches(features or make_features(), TINY.optimiser.batch)


def recall_at_1(head: TMassHead, features: FeatureSet) -> float:
    scores = head.similarities(
        torch.from_numpy(features.texts.astype(np.float32)),
        torch.from_numpy(features.frames.astype(np.float32)),
        torch.from_numpy(features.mask),
        samples=head.draw_samples(),
    )
    return figures(text_to_video(scores, features.video_of_text)).recall_at_1


def states_equal(one: nn.Module, other: nn.Module) -> bool:
    pairs = zip(one.state_dict().values(), other.state_dict().values(), strict=True)
    return all(torch.equal(a, b) for a, b in pairs)


def quiet(_: str) -> None:
    """No progress lines."""


def test_a_trained_head_beats_chance_and_its_start_on_videos_it_never_saw(tmp_path: Path) -> None:
    lines: list[str] = []
    many = make_features(videos=300)
    recipe = replace(TINY, optimiser=replace(TINY.optimiser, batch=64))
    held = make_features(seed=1)
    start = recall_at_1(TMassHead(recipe.head_of(WIDTH)).eval(), held)
    head = train_head(recipe, FeatureBatches(many, 64), tmp_path, report=lines.append)
    reached = recall_at_1(head, held)
    assert reached > start + 15
    assert reached > 3 * 100 / VIDEOS
    losses = [float(line.split("loss ")[1].split(",")[0]) for line in lines]
    assert losses[-1] < 0.7 * losses[0]
    assert (tmp_path / CURVES).read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize("clip_norm", [0.0, 1.0])
def test_the_steps_are_those_of_the_recipe_written_out(tmp_path: Path, clip_norm: float) -> None:
    """Without dropout and with a prior of no width nothing is left to chance."""
    optimiser = replace(TINY.optimiser, steps=12, warm_up=0.25, weight_decay=0.2, clip_norm=clip_norm)
    recipe = replace(
        TINY,
        head=replace(TINY.head, dropout=0.0),
        prior=PriorConfig(scale=0.0),
        logit_scale=LogitScaleConfig(initial=40, learning_rate=1e-2, weight_decay=0.1),
        optimiser=optimiser,
    )
    trained = train_head(recipe, batches(), tmp_path, report=quiet)

    head, scale = TMassHead(recipe.head_of(WIDTH)).train(), LogitScale(math.log(40))
    groups = [
        {"params": list(head.parameters()), "lr": 1e-2, "weight_decay": 0.2},
        {"params": list(scale.parameters()), "lr": 1e-2, "weight_decay": 0.1},
    ]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.999), eps=1e-6)
    served = batches()
    for step in range(12):
        share = step / 3 if step < 3 else 0.5 * (1 + math.cos(math.pi * (step - 3) / 9))
        for group in optimizer.param_groups:
            group["lr"] = 1e-2 * share
        batch = served.batch(step)
        loss = head.losses(batch.texts, batch.frames, batch.mask, scale(), groups=batch.groups).total
        optimizer.zero_grad()
        loss.backward()
        if clip_norm:
            nn.utils.clip_grad_norm_([*head.parameters(), *scale.parameters()], clip_norm)
        optimizer.step()
    pairs = zip(trained.state_dict().values(), head.state_dict().values(), strict=True)
    assert all(torch.allclose(one, other, rtol=1e-3, atol=1e-5) for one, other in pairs)
    kept = torch.load(tmp_path / FILE, weights_only=True)["parts"]["logit_scale"]["log"]
    assert kept.item() == pytest.approx(scale.log.item(), abs=1e-6)


@pytest.mark.parametrize("decay", [0.0, 0.9])
def test_an_interrupted_run_ends_as_an_uninterrupted_one(tmp_path: Path, decay: float) -> None:
    recipe = replace(tiny(23), average_decay=decay)
    whole = train_head(recipe, batches(), tmp_path / "whole", report=quiet)
    for stop in (7, 16):
        with pytest.raises(PowerCutError):
            train_head(recipe, Breaking(batches(), stop), tmp_path / "cut", report=quiet)
        torch.rand(3)  # whatever else draws numbers in between
    resumed = train_head(recipe, batches(), tmp_path / "cut", report=quiet)
    assert states_equal(whole, resumed)
    ends = [torch.load(tmp_path / name / FILE, weights_only=True) for name in ("whole", "cut")]
    assert torch.equal(ends[0]["history"], ends[1]["history"])
    assert len(ends[0]["history"]) == 23


def test_a_run_repeats_and_follows_its_seed(tmp_path: Path) -> None:
    heads = [
        train_head(replace(tiny(4), seed=seed), batches(), tmp_path / name, report=quiet)
        for name, seed in (("a", 24), ("b", 24), ("c", 25))
    ]
    assert states_equal(heads[0], heads[1])
    assert not states_equal(heads[0], heads[2])


def test_training_leaves_the_callers_random_numbers_alone(tmp_path: Path) -> None:
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    train_head(tiny(2), batches(), tmp_path, report=quiet)
    assert torch.equal(torch.rand(3), expected)


def test_a_finished_run_is_not_trained_again(tmp_path: Path) -> None:
    first = train_head(tiny(3), batches(), tmp_path, report=quiet)
    again = train_head(tiny(3), Breaking(batches(), 0), tmp_path, report=quiet)
    assert states_equal(first, again)


def test_another_recipe_or_other_data_do_not_continue_a_run(tmp_path: Path) -> None:
    train_head(tiny(3), batches(), tmp_path, data="one", report=quiet)
    for recipe, data in ((tiny(4), "one"), (tiny(3), "two")):
        with pytest.raises(UsageError, match="another configuration"):
            train_head(recipe, batches(), tmp_path, data=data, report=quiet)
    oftener = replace(tiny(3), progress=replace(TINY.progress, report_every=1))
    train_head(oftener, batches(), tmp_path, data="one", report=quiet)


def test_a_damaged_checkpoint_gives_one_sentence(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a checkpoint")
    with pytest.raises(UsageError, match="cannot be read as a checkpoint"):
        train_head(tiny(3), batches(), tmp_path, report=quiet)
    torch.save({"weights": torch.zeros(2)}, tmp_path / FILE)
    with pytest.raises(UsageError, match="no checkpoint of this training"):
        load_head(tmp_path / FILE)


@pytest.mark.parametrize("decay", [0.0, 0.9])
def test_a_head_read_from_its_checkpoint_is_the_head(tmp_path: Path, decay: float) -> None:
    head = train_head(replace(tiny(8), average_decay=decay), batches(), tmp_path, report=quiet)
    read = load_head(tmp_path / FILE)
    assert states_equal(head, read)
    assert read.config == head.config
    assert not read.training


def test_the_moving_average_is_that_of_the_weights(tmp_path: Path) -> None:
    recipe = replace(tiny(3), average_decay=0.75)
    weights: list[torch.Tensor] = []

    class Watching(FeatureBatches):
        def batch(self, step: int) -> Batch:
            if step:
                kept = torch.load(tmp_path / "run" / FILE, weights_only=True)
                weights.append(kept["parts"]["head"]["xpool.q.weight"])
            return super().batch(step)

    often = replace(recipe, progress=replace(TINY.progress, checkpoint_every=1))
    head = train_head(often, Watching(make_features(), 12), tmp_path / "run", report=quiet)
    last = torch.load(tmp_path / "run" / FILE, weights_only=True)["parts"]["head"]["xpool.q.weight"]
    expected = 0.75 * (0.75 * weights[0] + 0.25 * weights[1]) + 0.25 * last
    assert torch.allclose(head.state_dict()["xpool.q.weight"], expected, atol=1e-6)


def fixed_head() -> tuple[TMassHead, Batch]:
    head = TMassHead(TINY.head_of(WIDTH)).eval()
    return head, batches().batch(0)


def test_the_terms_are_those_of_the_head_and_add_up() -> None:
    head, batch = fixed_head()
    scale = torch.tensor(math.log(20.0))
    torch.manual_seed(5)
    expected = head.losses(batch.texts, batch.frames, batch.mask, scale, groups=batch.groups)
    torch.manual_seed(5)
    stochastic, support, plain, total = loss_terms(head, batch, scale, LossConfig())
    assert torch.equal(stochastic, expected.stochastic)
    assert torch.equal(support, expected.support)
    assert plain == 0
    assert torch.allclose(total, expected.total)


def test_terms_that_are_off_do_not_count() -> None:
    head, batch = fixed_head()
    scale = torch.tensor(math.log(20.0))
    stochastic, support, plain, total = loss_terms(
        head, batch, scale, LossConfig(stochastic=False, support=False, plain=True)
    )
    assert (stochastic, support) == (0, 0)
    assert torch.equal(total, plain)
    scores = head.similarities(batch.texts, batch.frames, batch.mask, samples=None)
    assert batch.groups is not None
    slow = 0.0
    for matrix in (scores.double() * 20, scores.double().T * 20):
        for row in range(len(matrix)):
            slow -= float(matrix[row].log_softmax(0)[row]) / (2 * len(matrix))
    assert plain.item() == pytest.approx(slow, rel=1e-4)
    without = LossConfig(stochastic=True, support=False)
    assert loss_terms(head, batch, scale, without)[1] == 0


def test_a_fixed_logit_scale_stays_and_a_learned_one_moves(tmp_path: Path) -> None:
    def scale_after(config: LogitScaleConfig, name: str) -> float:
        train_head(replace(tiny(5), logit_scale=config), batches(), tmp_path / name, report=quiet)
        state = torch.load(tmp_path / name / FILE, weights_only=True)["parts"]["logit_scale"]
        return float(next(iter(state.values())).exp())

    assert scale_after(LogitScaleConfig(initial=30, learned=False), "fixed") == pytest.approx(30)
    moved = scale_after(LogitScaleConfig(initial=30, learning_rate=1e-2), "learned")
    assert moved != pytest.approx(30, rel=1e-3)


def test_epochs_count_where_no_steps_are_given(tmp_path: Path) -> None:
    recipe = replace(TINY, optimiser=replace(TINY.optimiser, steps=0, epochs=3))
    train_head(recipe, batches(), tmp_path, report=quiet)
    assert torch.load(tmp_path / FILE, weights_only=True)["step"] == 3 * (VIDEOS // 12)


def test_a_loss_that_is_no_number_ends_with_a_sentence(tmp_path: Path) -> None:
    features = make_features()
    features.texts[:] = np.nan
    with pytest.raises(UsageError, match="no longer a number at step 1"):
        train_head(tiny(3), batches(features), tmp_path, report=quiet)


def test_frames_that_do_not_fit_the_head_are_our_mistake(tmp_path: Path) -> None:
    recipe: TrainConfig = replace(tiny(2), head=replace(TINY.head, frames=FRAMES + 1))
    with pytest.raises(ValueError, match="batches of 4 frames, a head of 5"):
        train_head(recipe, batches(), tmp_path, report=quiet)


def test_no_cuda_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UsageError, match="no CUDA device"):
        train_head(replace(TINY, device="cuda"), batches(), tmp_path, report=quiet)
