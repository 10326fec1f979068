"""Stage 6: every weight of both towers, from pixels, with a T-MASS head beside them.

The stages before it learn from cached features of a few fixed views. Here every picture is seen through a
new crop each time and the gradient goes through the whole backbone, in small pieces: the features of a batch
are computed piece by piece without a graph, the loss gives their gradient, and each piece is computed once
more to carry it down (Gao et al. 2021, "Scaling Deep Contrastive Learning Batch Size under Memory Limited
Setup").

Beside the pictures' loss stands that of clips put together from the pictures of the batch, scored by a head
that learns with the towers. The head itself is not kept: `models.pocket.head` trains the shipped one on
better clips when the towers stand still.
"""

from __future__ import annotations

import copy
import math
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from models.heads.losses import LogitScale
from models.heads.stochastic import Prior
from models.heads.tmass import TMassConfig, TMassHead
from models.pocket.backbone import TRUNK_BLOCKS, MobileNetV2
from models.pocket.checkpoint import Checkpoint
from models.pocket.config import EndToEndStage, PocketConfig, ViewConfig
from models.pocket.data import EncodedPictures
from models.pocket.export import Towers
from models.pocket.features import random_view
from models.pocket.losses import contrastive, teacher_likeness
from models.pocket.pairs import Indices, PairSampler
from models.pocket.preprocess import Pixels, squash
from models.pocket.refine_stage import drift
from models.pocket.train import Sentences, Temperature, run_steps

CHECKPOINT_EVERY = 10
PIECE = 8
"""Pictures whose activations fit the processor's cache: larger pieces are slower."""
WHOLE_EVERY = 4


def tune_end_to_end(
    config: PocketConfig,
    towers: Towers,
    pictures: EncodedPictures,
    sentences: Sentences,
    sampler: PairSampler,
    folder: Path,
) -> Towers:
    """Train both towers from pixels, from where they are; returns the moving average of the weights.

    `towers` is used up.
    """
    stage = config.end_to_end_stage
    torch.manual_seed(config.seed + 4)
    draw = np.random.default_rng(config.seed + 4)
    image, text = towers.image, towers.text
    start = copy.deepcopy(text).requires_grad_(False)
    image.backbone.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    head = TMassHead(
        TMassConfig(
            config.embedding_width, frames=stage.clip_frames, dropout=0.0, prior=Prior("normal", 0.05)
        )
    )
    moving = nn.ModuleDict({"image": image, "text": text})
    pieces = GradientInPieces(image.backbone)
    temperature = Temperature(stage.initial_temperature)
    scale = LogitScale(math.log(1 / stage.initial_temperature))
    average = AveragedModel(moving, multi_avg_fn=get_ema_multi_avg_fn(stage.averaging))  # type: ignore[no-untyped-call]
    optimizer = _optimizer(stage, towers, head, [*temperature.parameters(), *scale.parameters()])

    def step_loss(_: int) -> Tensor:
        pairs = sampler.batch(stage.batch, stage.captioned_share)
        pixels = seen_anew(pictures, pairs.pictures, config.views, stage.brightness, draw)
        images = image.head(pieces.features(pixels))
        texts = text.from_pooled(sentences.pooled_by(text, pairs.texts))
        with torch.no_grad():
            before = functional.normalize(start.from_pooled(sentences.pooled_by(start, pairs.texts)), dim=-1)
        likeness = teacher_likeness(before, config.likeness_temperature)
        loss = contrastive(images, texts, pairs.groups, temperature(), likeness, config.softness)
        members, mask = clips_of_batch(len(images), stage.clip_frames, pairs.groups.numpy(), draw)
        clips = head.losses(texts, images[members], mask, scale(), groups=pairs.groups)
        count = min(stage.anchor_batch, len(sentences.tokens))
        anchor = draw.choice(len(sentences.tokens), count, replace=False)
        held = drift(text, start, sentences, anchor)
        return loss + stage.clip_weight * clips.total + stage.anchor_weight * held

    parts: dict[str, nn.Module] = {
        "moving": moving, "temperature": temperature, "scale": scale, "head": head, "average": average
    }  # fmt: skip
    run_steps(
        "end to end",
        stage.steps,
        stage.warm_up,
        optimizer,
        parts,
        Checkpoint(folder / "end_to_end.pt"),
        step_loss,
        after_backward=pieces.carry_down,
        after_step=lambda: average.update_parameters(moving),
        checkpoint_every=CHECKPOINT_EVERY,
    )
    moving.load_state_dict(average.module.state_dict())
    return towers


class GradientInPieces:
    """The backbone's features of a batch, with a graph for one piece of the batch at a time."""

    def __init__(self, backbone: MobileNetV2) -> None:
        self._backbone = backbone
        self._pieces: tuple[Tensor, ...] = ()
        self._leaf = torch.empty(0)

    def features(self, pixels: Tensor) -> Tensor:
        """Features float32 `(N, features)` of `uint8 (N, H, W, 3)`: a leaf for a gradient to arrive at."""
        self._pieces = torch.split(pixels, PIECE)
        with torch.no_grad():
            self._leaf = torch.cat([self._of(piece) for piece in self._pieces])
        return self._leaf.requires_grad_()

    def carry_down(self) -> None:
        """Compute every piece once more and pass the gradient that arrived on to the backbone's weights."""
        if self._leaf.grad is None:
            raise RuntimeError("no gradient has arrived at the features")
        for piece, gradient in zip(self._pieces, torch.split(self._leaf.grad, PIECE), strict=True):
            self._of(piece).backward(gradient)  # type: ignore[no-untyped-call]

    def _of(self, piece: Tensor) -> Tensor:
        maps, levels = self._backbone.trunk(piece)
        return torch.cat([self._backbone.top(maps), levels], dim=1)


def clips_of_batch(
    count: int, frames: int, groups: Indices, draw: np.random.Generator
) -> tuple[Tensor, Tensor]:
    """A clip about each of `count` pictures: itself and one or more others of the batch.

    Returns the numbers of the clips' pictures, int64 `(count, frames)`, and the mask bool of that shape. No
    picture beside the first is of its group, which would make it a second right answer.
    """
    others = draw.integers(count, size=(count, frames - 1))
    strange = groups[others] != groups[:, None]
    shown = np.arange(frames - 1) < draw.integers(1, frames, size=count)[:, None]
    members = np.concatenate([np.arange(count)[:, None], others], axis=1)
    mask = np.concatenate([np.ones((count, 1), np.bool_), shown & strange], axis=1)
    return torch.from_numpy(members), torch.from_numpy(mask)


def seen_anew(
    pictures: EncodedPictures,
    chosen: Indices,
    views: ViewConfig,
    brightness: float,
    draw: np.random.Generator,
) -> Tensor:
    """The chosen pictures as `uint8 (N, size, size, 3)`, each cropped, mirrored and lit at random; every
    `WHOLE_EVERY`-th, drawn anew each time, whole, as the program sees it."""
    rendered = [_seen(pictures[int(number)], views, brightness, draw) for number in chosen]
    return torch.from_numpy(np.stack(rendered))


def _seen(picture: Pixels, views: ViewConfig, brightness: float, draw: np.random.Generator) -> Pixels:
    if draw.random() < 1 / WHOLE_EVERY:
        return squash(picture, views.size)
    gain = 1 + brightness * draw.uniform(-1, 1)
    lit: Pixels = np.clip(random_view(picture, draw, views) * np.float32(gain), 0, 255).astype(np.uint8)
    return lit


def _optimizer(stage: EndToEndStage, towers: Towers, head: TMassHead, scales: list[nn.Parameter]) -> AdamW:
    backbone = towers.image.backbone
    top = nn.ModuleList([*backbone.blocks[TRUNK_BLOCKS:], backbone.head])
    trunk = nn.ModuleList([backbone.stem, *backbone.blocks[:TRUNK_BLOCKS]])
    groups: list[dict[str, Any]] = [
        {"params": list(trunk.parameters()), "lr": stage.trunk_learning_rate},
        {"params": list(top.parameters()), "lr": stage.top_learning_rate},
        {"params": list(towers.image.head.parameters()), "lr": stage.image_learning_rate},
        {"params": list(towers.text.parameters()), "lr": stage.text_learning_rate},
        {"params": list(head.parameters()), "lr": stage.clip_learning_rate},
        {"params": scales, "lr": stage.image_learning_rate, "weight_decay": 0.0},
    ]
    return AdamW(groups, weight_decay=stage.weight_decay, fused=True)
