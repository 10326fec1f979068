"""Stage 5: everything that may move moves together, on batches that are hard to tell apart.

The stages before it tune one tower at a time against a fixed partner. Here the backbone's last blocks, the
image head and the text tower learn from each other, half of the captioned pictures beside others of like
captions (hard negatives). A frozen copy of the text tower softens the targets (two dogs on two beaches are no
full strangers) and holds the words that no caption has where they were.
"""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from models.pocket.backbone import TRUNK_BLOCKS
from models.pocket.checkpoint import Checkpoint
from models.pocket.config import PocketConfig
from models.pocket.export import Towers
from models.pocket.features import ViewFeatures
from models.pocket.losses import contrastive, cosine_gap, teacher_likeness
from models.pocket.pairs import PairSampler, PictureWords, map_inputs
from models.pocket.text_tower import TextTower
from models.pocket.train import Sentences, Temperature, low_precision, run_steps


def refine(
    config: PocketConfig,
    towers: Towers,
    views: list[ViewFeatures],
    sentences: Sentences,
    sampler: PairSampler,
    folder: Path,
) -> Towers:
    """Train both towers together, from where they are; returns the moving average of the weights.

    `views` carry the trunk maps; only the blocks behind the trunk change. `towers` is used up.
    """
    stage = config.refine_stage
    torch.manual_seed(config.seed + 3)
    anchors = np.random.default_rng(config.seed + 3)
    image, text = towers.image, towers.text
    start = copy.deepcopy(text).requires_grad_(False)
    image.backbone.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    top = nn.ModuleList([*image.backbone.blocks[TRUNK_BLOCKS:], image.backbone.head])
    moving = nn.ModuleDict({"top": top, "head": image.head, "text": text})
    temperature = Temperature(stage.initial_temperature)
    decay = get_ema_multi_avg_fn(stage.averaging)  # type: ignore[no-untyped-call]
    average = AveragedModel(moving, multi_avg_fn=decay)
    groups: list[dict[str, Any]] = [
        {"params": list(top.parameters()), "lr": stage.backbone_learning_rate},
        {"params": list(image.head.parameters()), "lr": stage.image_learning_rate},
        {"params": list(text.parameters()), "lr": stage.text_learning_rate},
        {"params": list(temperature.parameters()), "lr": stage.image_learning_rate, "weight_decay": 0.0},
    ]
    optimizer = AdamW(groups, weight_decay=stage.weight_decay, fused=True)

    def step_loss(_: int) -> Tensor:
        pairs = sampler.batch(stage.batch, stage.captioned_share)
        maps, levels = map_inputs(views, pairs.pictures, pairs.views)
        with low_precision():
            images = image.from_maps(maps.contiguous(memory_format=torch.channels_last), levels)
            texts = text.from_pooled(sentences.pooled_by(text, pairs.texts))
        with torch.no_grad():
            before = functional.normalize(start.from_pooled(sentences.pooled_by(start, pairs.texts)), dim=-1)
        likeness = teacher_likeness(before, config.likeness_temperature)
        found = contrastive(
            images.float(), texts.float(), pairs.groups, temperature(), likeness, config.softness
        )
        count = min(stage.anchor_batch, len(sentences.tokens))
        anchor = anchors.choice(len(sentences.tokens), count, replace=False)
        return found + stage.anchor_weight * drift(text, start, sentences, anchor)

    parts: dict[str, nn.Module] = {"moving": moving, "temperature": temperature, "average": average}
    run_steps(
        "refine",
        stage.steps,
        stage.warm_up,
        optimizer,
        parts,
        Checkpoint(folder / "refine.pt"),
        step_loss,
        after_step=lambda: average.update_parameters(moving),
    )
    moving.load_state_dict(average.module.state_dict())
    return towers


def drift(tower: TextTower, start: TextTower, sentences: Sentences, numbers: NDArray[np.int64]) -> Tensor:
    """How far the tower has gone from where it started, over some sentences: the mean of 1 - cosine."""
    with torch.no_grad():
        before = start.from_pooled(sentences.pooled_by(start, numbers))
    return cosine_gap(tower.from_pooled(sentences.pooled_by(tower, numbers)), before)


def caption_vectors(tower: TextTower, sentences: Sentences, words: PictureWords) -> Tensor:
    """The mean unit embedding of every picture's texts, unit length: float32 `(P, D)`; zeros where it has
    none."""
    numbers = np.unique(np.concatenate(words.texts_of))
    place = np.full(int(numbers.max()) + 1, -1, np.int64)
    place[numbers] = np.arange(len(numbers))
    with torch.inference_mode():
        embedded = functional.normalize(tower.from_pooled(sentences.pooled_by(tower, numbers)), dim=-1)
        means = [
            embedded[place[texts]].mean(0) if len(texts) else torch.zeros(embedded.shape[1])
            for texts in words.texts_of
        ]
        return functional.normalize(torch.stack(means), dim=-1)
