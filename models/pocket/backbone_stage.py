"""Stage 2: the backbone's last blocks learn what captions talk about, from cached trunk maps.

The trunk (all earlier blocks) stays as ImageNet made it, so a step costs a fifth of a full pass and no
picture is decoded.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import AdamW

from models.pocket.backbone import TRUNK_BLOCKS, MobileNetV2
from models.pocket.checkpoint import Checkpoint
from models.pocket.config import PocketConfig
from models.pocket.features import ViewFeatures
from models.pocket.losses import contrastive, teacher_likeness
from models.pocket.pairs import PairSampler, map_inputs
from models.pocket.train import JointSpace, Sentences, low_precision, run_steps

REPOOL_BATCH = 128


def tune_backbone(
    config: PocketConfig,
    backbone: MobileNetV2,
    space: JointSpace,
    views: list[ViewFeatures],
    sentences: Sentences,
    sampler: PairSampler,
    folder: Path,
) -> None:
    """Changes the last blocks of `backbone` and all of `space` in place."""
    stage = config.backbone_stage
    torch.manual_seed(config.seed + 1)
    backbone.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    top = nn.ModuleList([*backbone.blocks[TRUNK_BLOCKS:], backbone.head])
    heads = [*space.image_head.parameters(), *space.sentence_head.parameters()]
    groups: list[dict[str, Any]] = [
        {"params": list(top.parameters()), "lr": stage.backbone_learning_rate},
        {"params": heads, "lr": stage.head_learning_rate},
        {"params": list(space.temperature.parameters()), "lr": stage.head_learning_rate, "weight_decay": 0.0},
    ]
    optimizer = AdamW(groups, weight_decay=stage.weight_decay, fused=True)

    def step_loss(_: int) -> Tensor:
        pairs = sampler.batch(stage.batch, stage.captioned_share)
        maps, levels = map_inputs(views, pairs.pictures, pairs.views)
        words = sentences.vectors_of(pairs.texts)
        with low_precision():
            pooled = backbone.top(maps.contiguous(memory_format=torch.channels_last)).float()
            images = space.image_head(torch.cat([pooled, levels], dim=1))
            texts = space.sentence_head(words)
        likeness = teacher_likeness(words, config.likeness_temperature)
        return contrastive(
            images.float(), texts.float(), pairs.groups, space.temperature(), likeness, config.softness
        )

    parts: dict[str, nn.Module] = {
        "top": top,
        "image_head": space.image_head,
        "sentence_head": space.sentence_head,
        "temperature": space.temperature,
    }
    checkpoint = Checkpoint(folder / "backbone.pt")
    run_steps("backbone", stage.steps, stage.warm_up, optimizer, parts, checkpoint, step_loss)


def repool(backbone: MobileNetV2, views: list[ViewFeatures], folder: Path) -> list[ViewFeatures]:
    """`views` with the pooled features of the tuned `backbone`, kept in `folder`."""
    fresh = []
    for number, view in enumerate(views):
        path = folder / f"pooled-{number}.npy"
        if not path.exists():
            partial = path.with_suffix(".part")
            with partial.open("wb") as handle:
                np.save(handle, pool(backbone, view.maps))
            partial.replace(path)
        fresh.append(replace(view, pooled=np.load(path)))
    return fresh


def pool(backbone: MobileNetV2, maps: NDArray[np.float16]) -> NDArray[np.float16]:
    """Pooled features `(N, 1280)` of trunk maps `(N, 160, h, w)`."""
    pooled = []
    with torch.inference_mode():
        for start in range(0, len(maps), REPOOL_BATCH):
            batch = torch.from_numpy(maps[start : start + REPOOL_BATCH].astype(np.float32))
            pooled.append(backbone.top(batch.contiguous(memory_format=torch.channels_last)).half().numpy())
    return np.concatenate(pooled)
