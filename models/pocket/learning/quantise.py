"""Stage 4: both towers learn to say with int8 weights and inputs what they say in float32.

Rounding alone changes rankings; a hundred steps in which the rounded towers follow the exact ones take most
of that back. The wanted vectors are the exact towers' own, so pictures and sentences need no pairs.
"""

from __future__ import annotations

import copy
from itertools import chain
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW

from models.pocket.config import PocketConfig
from models.pocket.learning.checkpoint import Checkpoint
from models.pocket.learning.joint import Lessons
from models.pocket.learning.losses import cosine_gap
from models.pocket.learning.steps import run_steps
from models.pocket.networks.efficientnet import standardise
from models.pocket.networks.int8_layers import Int8Values, int8_values
from models.pocket.networks.towers import Towers
from models.pocket.pictures.augment import random_views
from models.pocket.words.pairs import PairBatch, PairSampler, Pool

PIECE = 128


def quantise(config: PocketConfig, towers: Towers, lessons: Lessons, pool: Pool, folder: Path) -> Towers:
    """The towers with int8 layers; `towers` is used up."""
    stage, sampler = config.int8_stage, PairSampler(pool, config.seed)
    torch.manual_seed(config.seed)
    exact = Towers(copy.deepcopy(towers.image).eval(), copy.deepcopy(towers.text).eval())
    exact.image.trunk.fold()
    towers.image.eval().to_int8()
    towers.text.eval().to_int8()
    moving = nn.ModuleDict({"image": towers.image, "text": towers.text}).to(lessons.device).eval()
    observe(towers, lessons, sampler.batch(stage.observed, config.joint_stage.captioned_share))
    steps = [values.log_step for values in int8_values(moving)]
    own = {id(weight) for weight in steps}
    own.add(id(towers.text.words.weight))
    weights = [weight for weight in moving.parameters() if id(weight) not in own]
    groups = [{"params": weights, "lr": stage.learning_rate}, {"params": steps, "lr": stage.step_rate}]
    for weight in chain(weights, steps):
        weight.requires_grad_(True)
    towers.text.words.weight.requires_grad_(False)  # no matrix product reads it

    def step_loss(_: int) -> Tensor:
        batch = sampler.batch(stage.batch, config.joint_stage.captioned_share)
        views = standardise(random_views(lessons.pictures(batch.pictures), config.views))
        tokens = lessons.sentences.of_numbers(torch.from_numpy(batch.texts))
        with torch.no_grad():
            seen, said = exact.image.head(exact.image.trunk(views)), exact.text(tokens)
        shown, spoken = towers.image.head(towers.image.trunk(views)), towers.text(tokens)
        gaps = cosine_gap(shown, seen) + cosine_gap(spoken, said)
        return gaps + stage.ranking_weight * ranked_alike(shown, spoken, seen, said, stage.temperature)

    run_steps(
        "int8", stage.steps, stage.warm_up, AdamW(groups, weight_decay=0.0), {"moving": moving},
        Checkpoint(folder / "int8.pt"), step_loss,
    )  # fmt: skip
    return Towers(towers.image.eval(), towers.text.eval())


@torch.inference_mode()
def observe(towers: Towers, lessons: Lessons, batch: PairBatch) -> None:
    """Let the int8 layers see the range of what they are given."""
    values = [*int8_values(towers.image), *int8_values(towers.text)]
    _set_observing(values, True)
    for piece in torch.split(lessons.pictures(batch.pictures), PIECE):
        towers.image(piece.permute(0, 2, 3, 1))
    for numbers in torch.split(torch.from_numpy(batch.texts), PIECE):
        towers.text(lessons.sentences.of_numbers(numbers))
    for value in values:
        value.settle()


def _set_observing(values: list[Int8Values], observing: bool) -> None:
    for value in values:
        value.observing = observing


def ranked_alike(images: Tensor, texts: Tensor, seen: Tensor, said: Tensor, temperature: float) -> Tensor:
    """How far the order of images for each text `(N, D)` is from that of `seen` for `said`: the mean
    Kullback-Leibler divergence of softmax(cosine / temperature) over the images."""
    ours = _cosines(texts, images) / temperature
    theirs = _cosines(said, seen) / temperature
    return functional.kl_div(
        ours.log_softmax(1), theirs.log_softmax(1), reduction="batchmean", log_target=True
    )


def _cosines(texts: Tensor, images: Tensor) -> Tensor:
    return functional.normalize(texts.float(), dim=-1) @ functional.normalize(images.float(), dim=-1).T
