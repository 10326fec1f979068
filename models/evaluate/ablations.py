"""The rows of the paper's ablations: what is left out or changed at evaluation, and what takes training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import get_args

from torch import Tensor

from models.evaluate.gallery import Gallery
from models.evaluate.heads import OpenedHead
from models.evaluate.table import Scorer
from models.heads.baselines import max_similarity, mean_pool_similarity
from models.heads.radius import Radius
from models.train.config import LossConfig, TrainConfig
from models.train.inputs.batches import Batches
from models.train.loop import train_head

SAMPLES = (5, 10, 20)
FRAMES = (4, 8, 12)

LOSSES: Mapping[str, tuple[bool, bool, bool]] = MappingProxyType(
    {
        "CE(t)": (False, False, True),
        "CE(t) + CE(t_s)": (True, False, True),
        "CE(t_s)": (True, False, False),
        "CE(t_s) + α CE(t_sup)": (True, True, False),
    }
)
"""Loss terms that are switched on: stochastic, support, plain (Wang et al. 2024, table 6)."""


def evaluation_rows(opened: OpenedHead, gallery: Gallery) -> dict[str, Scorer]:
    """Scorers that need no training beyond the head's own: pooling without a head, the head without sampling
    and with S = 5, 10, 20 of its samples, and on 4, 8, 12 frames per video; numbers beyond the head's own are
    left out."""
    drawn, slots = len(opened.samples), gallery.frames.shape[1]
    rows: dict[str, Scorer] = {
        "mean of the frames, no head": partial(_pooled, mean_pool_similarity, gallery),
        "best frame, no head": partial(_pooled, max_similarity, gallery),
        "no sampling": partial(score, opened, gallery, samples=0),
    }
    for count in sorted({number for number in SAMPLES if number < drawn}):
        rows[f"S = {count}"] = partial(score, opened, gallery, samples=count)
    rows[f"S = {drawn}, {slots} frames"] = partial(score, opened, gallery)
    for count in (number for number in FRAMES if number < slots):
        rows[f"S = {drawn}, {count} frames"] = partial(_on_fewer_frames, opened, gallery, count)
    return rows


def trained_rows(
    config: TrainConfig,
    batches: Batches,
    folder: Path,
    gallery: Gallery,
    *,
    data: str = "",
    report: Callable[[str], None] = print,
) -> dict[str, Scorer]:
    """Scorers that train a head of their own when they are asked: every radius, and every sum of losses.

    Args:
        config: the recipe; the row changes one thing of it.
        batches: what is trained on.
        folder: keeps a checkpoint per row; the same call continues.
        gallery: what is scored.
        data: names what `batches` is made of.
        report: takes progress lines.
    """
    recipes = {f"radius: {radius}": _with_radius(config, radius) for radius in get_args(Radius)}
    for name, (stochastic, support, plain) in LOSSES.items():
        loss = LossConfig(stochastic, support, plain, config.loss.support_weight)
        recipes[f"loss: {name}"] = replace(config, loss=loss)

    def scored(name: str, recipe: TrainConfig) -> Tensor:
        report(name)
        head = train_head(recipe, batches, folder / recipe.identity(data), data=data, report=report)
        head = head.to(gallery.texts.device)
        return score(OpenedHead(head, head.draw_samples()), gallery)

    return {name: partial(scored, name, recipe) for name, recipe in recipes.items()}


def score(opened: OpenedHead, gallery: Gallery, *, samples: int | None = None) -> Tensor:
    """The head's similarities `(Q, V)` on the CPU, with the first `samples` of its samples, None = all."""
    drawn = opened.samples[:samples].to(gallery.texts.device)
    return opened.head.similarities(gallery.texts, gallery.frames, gallery.mask, samples=drawn).cpu()


def _on_fewer_frames(opened: OpenedHead, gallery: Gallery, count: int) -> Tensor:
    return score(opened, gallery.with_frames(count))


def _pooled(similarity: Callable[[Tensor, Tensor, Tensor], Tensor], gallery: Gallery) -> Tensor:
    return similarity(gallery.texts, gallery.frames, gallery.mask).cpu()


def _with_radius(config: TrainConfig, radius: Radius) -> TrainConfig:
    return replace(config, head=replace(config.head, radius=radius))
