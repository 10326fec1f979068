"""Stage 1: four layers learn to say what the teacher's six say, on every sentence there is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim import AdamW

from models.pocket.config import PocketConfig
from models.pocket.devices import low_precision
from models.pocket.learning.checkpoint import Checkpoint
from models.pocket.learning.losses import cosine_gap
from models.pocket.learning.steps import run_steps
from models.pocket.networks.text_tower import TextTower
from models.pocket.words.sentences import Sentences

LENGTH_POOL = 32  # batches of like-long sentences are cut from a pool of this many batches


def sentence_batches(
    lengths: NDArray[np.int64], batch: int, passes: int, seed: int
) -> list[NDArray[np.int64]]:
    """Batches of sentence numbers, `passes` times through all, like lengths together, in random order."""
    draw = np.random.default_rng(seed)
    batches: list[NDArray[np.int64]] = []
    for _ in range(passes):
        order = draw.permutation(len(lengths))
        cut: list[NDArray[np.int64]] = []
        for start in range(0, len(order), batch * LENGTH_POOL):
            pool = order[start : start + batch * LENGTH_POOL]
            pool = pool[np.argsort(lengths[pool], kind="stable")]
            cut.extend(pool[first : first + batch] for first in range(0, len(pool), batch))
        batches.extend(cut[position] for position in draw.permutation(len(cut)))
    return batches


def distil(
    config: PocketConfig, tower: TextTower, wanted: Tensor, sentences: Sentences, folder: Path
) -> None:
    """Changes `tower` in place, so that its pooled vectors are like `wanted (N, W)` of all N sentences; its
    head is not touched."""
    stage = config.distil_stage
    device = sentences.tokens.device
    batches = sentence_batches(sentences.lengths.numpy(), stage.batch, stage.passes, config.seed)
    weights = [weight for name, weight in tower.named_parameters() if not name.startswith("head.")]
    optimizer = AdamW(weights, lr=stage.learning_rate, weight_decay=stage.weight_decay, fused=True)
    tower.train()

    def step_loss(step: int) -> Tensor:
        numbers = torch.from_numpy(batches[step])
        with low_precision(device):
            said = tower.pooled(sentences.of_numbers(numbers))
        return cosine_gap(said.float(), wanted[numbers.to(device)].float())

    run_steps(
        "distil", len(batches), stage.warm_up, optimizer, {"text": tower},
        Checkpoint(folder / "distil.pt"), step_loss,
    )  # fmt: skip
    tower.eval()
