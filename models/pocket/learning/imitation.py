"""Stage 4: merged towers learn to say what their runs say together, each on its own body.

The mean of several bodies is not as good as each: of five runs the ensemble found 34.3 % of Flickr8k's
sentences first, the merged towers 33.1. What is lost comes back by imitation (distillation of an ensemble,
Hinton et al. 2015), which needs no captions: views and sentences alone. Norms and dropout stand still, so the
towers begin as they were merged.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim import AdamW

from models.pocket.config import PocketConfig
from models.pocket.devices import channels_last, low_precision
from models.pocket.learning.checkpoint import Checkpoint
from models.pocket.learning.distil import sentence_batches
from models.pocket.learning.ensemble import Ensemble, features_of, standing_trunk
from models.pocket.learning.joint import Lessons
from models.pocket.learning.losses import cosine_gap
from models.pocket.learning.steps import run_steps
from models.pocket.networks.efficientnet import standardise
from models.pocket.networks.towers import Towers
from models.pocket.pictures.augment import random_views
from models.pocket.words.pairs import Indices, Pool


def folder_of(config: PocketConfig, trained: Sequence[Path], work: Path) -> Path:
    """Where these towers, joined with these numbers, keep their checkpoints."""
    identity = hashlib.sha256(json.dumps(asdict(config), default=str).encode())
    for path in sorted(
        file for given in trained for file in ([given] if given.is_file() else given.glob("*.onnx"))
    ):
        identity.update(hashlib.sha256(path.read_bytes()).digest())
    return work / f"joined-{identity.hexdigest()[:12]}"


def imitate(
    config: PocketConfig, towers: Towers, ensemble: Ensemble, lessons: Lessons, pool: Pool, folder: Path
) -> Towers:
    """Change `towers`, which `merge` made of the runs of `ensemble`, in place, and return them; checkpoints
    are kept in `folder`."""
    for tower in (towers.text, towers.image):
        tower.to(lessons.device).eval().requires_grad_(False)
    _imitate_texts(config, towers, ensemble, lessons, folder)
    known = np.concatenate([pool.captioned, pool.labelled])
    _imitate_images(config, towers, ensemble, lessons, known, folder)
    _fit_image_head(config, towers, ensemble, lessons, known, folder)
    return towers


def _imitate_images(
    config: PocketConfig, towers: Towers, ensemble: Ensemble, lessons: Lessons, known: Indices, folder: Path
) -> None:
    stage, tower, device = config.imitation_stage, towers.image, lessons.device
    # A filter has its length in its norm's weight, which stands still.
    learned = [weight for name, weight in tower.named_parameters() if not name.endswith("norm.weight")]
    optimizer = AdamW(_learning(learned), lr=stage.image_learning_rate, weight_decay=0.0, fused=True)
    channels_last(tower)
    torch.manual_seed(config.seed)

    def step_loss(step: int) -> Tensor:
        draw = np.random.default_rng([config.seed, step])
        views = random_views(lessons.pictures(draw.choice(known, stage.pictures)), config.views)
        wanted = ensemble.images(views)
        with low_precision(device):
            features = tower.trunk(standardise(views).contiguous(memory_format=torch.channels_last))
        return cosine_gap(tower.head(features.float()), wanted)

    run_steps(
        "images", stage.image_steps, stage.warm_up, optimizer, {"image": tower},
        Checkpoint(folder / "imitated-images.pt"), step_loss,
    )  # fmt: skip
    tower.requires_grad_(False)


def _fit_image_head(
    config: PocketConfig, towers: Towers, ensemble: Ensemble, lessons: Lessons, known: Indices, folder: Path
) -> None:
    """What a head learns slowly beside a body it learns in a minute alone, from whole pictures too."""
    stage, head = config.imitation_stage, towers.image.head

    @cache
    def lesson() -> tuple[Tensor, Tensor]:
        trunk = standing_trunk(towers.image.trunk, lessons.device)
        torch.manual_seed(config.seed)
        seen, wanted = [], []
        for whole in (True, False):
            for numbers in np.array_split(known, max(1, len(known) // stage.head_pictures)):
                pictures = lessons.pictures(numbers).float()
                views = pictures if whole else random_views(pictures, config.views)
                seen.append(features_of(trunk, views).half())
                wanted.append(ensemble.images(views).half())
        return torch.cat(seen), torch.cat(wanted)

    optimizer = AdamW(
        _learning(list(head.parameters())), lr=stage.image_head_learning_rate, weight_decay=0.0, fused=True
    )

    def step_loss(step: int) -> Tensor:
        features, vectors = lesson()
        draw = np.random.default_rng([config.seed, step])
        rows = torch.from_numpy(draw.integers(len(features), size=stage.head_pictures)).to(features.device)
        with low_precision(lessons.device):
            said = head(features[rows].float())
        return cosine_gap(said.float(), vectors[rows].float())

    run_steps(
        "image head", stage.head_steps, stage.warm_up, optimizer, {"head": head},
        Checkpoint(folder / "imitated-image-head.pt"), step_loss,
    )  # fmt: skip
    towers.image.requires_grad_(False)


def _imitate_texts(
    config: PocketConfig, towers: Towers, ensemble: Ensemble, lessons: Lessons, folder: Path
) -> None:
    stage, tower, sentences = config.imitation_stage, towers.text, lessons.sentences
    batches = sentence_batches(sentences.lengths.numpy(), stage.sentences, 1, config.seed)
    layers = [weight for name, weight in tower.named_parameters() if not name.startswith(("head.", "words."))]
    optimizer = AdamW(
        [
            {"params": _learning(layers), "lr": stage.text_learning_rate},
            {"params": _learning(list(tower.head.parameters())), "lr": stage.text_head_learning_rate},
        ],
        weight_decay=0.0,
        fused=True,
    )

    def step_loss(step: int) -> Tensor:
        tokens = sentences.of_numbers(torch.from_numpy(batches[step % len(batches)]))
        wanted = ensemble.sentences(tokens)
        with low_precision(lessons.device):
            pooled = tower.pooled(tokens)
        said = tower.head(functional.normalize(pooled.float(), dim=-1))
        longer = (said.norm(dim=-1) / wanted.norm(dim=-1)).log()
        loss: Tensor = cosine_gap(said, wanted) + stage.length_weight * longer.square().mean()
        return loss

    run_steps(
        "sentences", stage.text_steps, stage.warm_up, optimizer, {"text": tower},
        Checkpoint(folder / "imitated-sentences.pt"), step_loss,
    )  # fmt: skip
    tower.requires_grad_(False)


def _learning(weights: list[nn.Parameter]) -> list[nn.Parameter]:
    for weight in weights:
        weight.requires_grad_(True)
    return weights
