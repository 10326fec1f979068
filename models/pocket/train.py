"""The training stages of Pocket; every stage keeps a checkpoint and continues from it.

1. `learn_space`: both heads over frozen image features and the teacher's sentence vectors give the joint
   space.
2. `backbone_stage.tune_backbone`: the backbone's last blocks join in.
3. `distil_text`: the text tower learns the joint-space vector and the teacher's vector of every sentence.
4. `tune_towers`: text tower and image head together, contrastively, while the distilling goes on beside it.
5. `refine_stage.refine`: the backbone's last blocks, image head and text tower together, on hard batches.
6. `end_to_end_stage.tune_end_to_end`: all weights from pixels, with a T-MASS head beside them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from models.pocket.checkpoint import Checkpoint
from models.pocket.config import PocketConfig
from models.pocket.features import ViewFeatures
from models.pocket.image_tower import JointHead
from models.pocket.losses import contrastive, cosine_gap, teacher_likeness
from models.pocket.pairs import PairSampler, head_inputs
from models.pocket.teacher import pad
from models.pocket.text_tower import TextTower

LOWEST_TEMPERATURE = 0.01
HIGHEST_TEMPERATURE = 1.0
CHECKPOINT_EVERY = 100
LENGTH_CHUNK = 128
LENGTH_POOL = 32  # batches of like-long sentences are cut from a pool of this many batches


@dataclass(frozen=True, slots=True)
class Sentences:
    """N sentences: token lists and the teacher's unit vectors, float16 `(N, 384)`."""

    tokens: list[list[int]]
    vectors: NDArray[np.float16]

    def tokens_of(self, numbers: NDArray[np.int64]) -> Tensor:
        """Padded token ids int64 `(B, longest)`."""
        return pad([self.tokens[number] for number in numbers])

    def pooled_by(self, tower: TextTower, numbers: NDArray[np.int64]) -> Tensor:
        """The tower's pooled states `(B, width)`, in chunks of like length: little padding, same result."""
        lengths = [len(self.tokens[number]) for number in numbers]
        order = np.argsort(lengths, kind="stable")
        chunks = [
            tower.pooled(self.tokens_of(numbers[order[start : start + LENGTH_CHUNK]]))
            for start in range(0, len(order), LENGTH_CHUNK)
        ]
        return torch.cat(chunks)[torch.from_numpy(np.argsort(order, kind="stable"))]

    def vectors_of(self, numbers: NDArray[np.int64]) -> Tensor:
        """The teacher's vectors, float32 `(B, 384)`."""
        return torch.from_numpy(self.vectors[numbers].astype(np.float32))


class Temperature(nn.Module):
    """A learned temperature, kept between sane bounds."""

    def __init__(self, initial: float) -> None:
        super().__init__()
        self.log = nn.Parameter(torch.tensor(math.log(initial)))

    def forward(self) -> Tensor:
        return self.log.clamp(math.log(LOWEST_TEMPERATURE), math.log(HIGHEST_TEMPERATURE)).exp()


@dataclass(frozen=True, slots=True)
class JointSpace:
    """Stage 1's result: the image head, the head over the teacher's vectors, and the temperature."""

    image_head: JointHead
    sentence_head: JointHead
    temperature: Temperature


def low_precision() -> torch.autocast:
    """bfloat16 arithmetic where it is safe and the CPU has it: twice as fast there, fifteen times slower
    elsewhere."""
    return torch.autocast("cpu", torch.bfloat16, enabled=has_bfloat16())


def has_bfloat16() -> bool:
    """Whether this CPU computes in bfloat16 itself (AVX-512 at least); others only imitate it."""
    return torch.backends.cpu.get_cpu_capability().startswith("AVX512")


def cosine_schedule(optimizer: AdamW, steps: int, warm_up: int, done: int) -> LambdaLR:
    """Linear warm-up, then half a cosine down to nothing."""

    def factor(step: int) -> float:
        return min((step + 1) / warm_up, 0.5 * (1 + math.cos(math.pi * min(step, steps) / steps)))

    for group in optimizer.param_groups:
        group.setdefault("initial_lr", group["lr"])
    return LambdaLR(optimizer, factor, last_epoch=done - 1)


def run_steps(
    name: str,
    steps: int,
    warm_up: int,
    optimizer: AdamW,
    parts: dict[str, nn.Module],
    checkpoint: Checkpoint,
    step_loss: Callable[[int], Tensor],
    after_backward: Callable[[], None] | None = None,
    after_step: Callable[[], None] | None = None,
    checkpoint_every: int = CHECKPOINT_EVERY,
) -> None:
    """Minimise `step_loss(step)`; continue from the checkpoint, report and save every `checkpoint_every`
    steps. `after_backward` may add to the gradients, `after_step` is called when the weights have changed."""
    kept: dict[str, nn.Module | torch.optim.Optimizer] = {**parts, "optimizer": optimizer}
    done = checkpoint.restore(kept)
    schedule = cosine_schedule(optimizer, steps, warm_up, done)
    for part in parts.values():
        part.train()
    for step in range(done, steps):
        loss = step_loss(step)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        if after_backward is not None:
            after_backward()
        optimizer.step()
        schedule.step()
        if after_step is not None:
            after_step()
        if (step + 1) % checkpoint_every == 0 or step + 1 == steps:
            print(f"{name}: step {step + 1} of {steps}, loss {loss.item():.4f}", flush=True)
            checkpoint.save(step + 1, kept)
    for part in parts.values():
        part.eval()


def learn_space(
    config: PocketConfig, views: list[ViewFeatures], sentences: Sentences, sampler: PairSampler, folder: Path
) -> JointSpace:
    """Stage 1. Deterministic for one `config`, cache and number of threads."""
    stage = config.head_stage
    torch.manual_seed(config.seed)
    image_head = JointHead(
        config.image.features, config.image.head_width, config.embedding_width, stage.image_dropout
    )
    sentence_head = JointHead(
        sentences.vectors.shape[1], config.image.head_width, config.embedding_width, stage.sentence_dropout
    )
    seen = sampler.pictures
    image_head.standardise_to(head_inputs(views, seen, np.zeros_like(seen)))
    sentence_head.standardise_to(torch.from_numpy(sentences.vectors.astype(np.float32)))
    temperature = Temperature(stage.initial_temperature)
    space = JointSpace(image_head, sentence_head, temperature)
    groups: list[dict[str, Any]] = [
        {"params": [*image_head.parameters(), *sentence_head.parameters()]},
        {"params": temperature.parameters(), "weight_decay": 0.0},
    ]
    optimizer = AdamW(groups, lr=stage.learning_rate, weight_decay=stage.weight_decay, fused=True)

    def step_loss(_: int) -> Tensor:
        pairs = sampler.batch(stage.batch, stage.captioned_share)
        words = sentences.vectors_of(pairs.texts)
        with low_precision():
            images = image_head(head_inputs(views, pairs.pictures, pairs.views))
            texts = sentence_head(words)
        likeness = teacher_likeness(words, config.likeness_temperature)
        return contrastive(
            images.float(), texts.float(), pairs.groups, temperature(), likeness, config.softness
        )

    parts: dict[str, nn.Module] = {
        "image_head": image_head, "sentence_head": sentence_head, "temperature": temperature
    }  # fmt: skip
    run_steps(
        "space", stage.steps, stage.warm_up, optimizer, parts, Checkpoint(folder / "space.pt"), step_loss
    )
    return space


def sentence_batches(sentences: Sentences, batch: int, passes: int, seed: int) -> list[NDArray[np.int64]]:
    """Batches of sentence numbers, `passes` times through all, like lengths together, in random order."""
    draw = np.random.default_rng(seed)
    lengths = np.array([len(row) for row in sentences.tokens])
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


def distil_loss(
    config: PocketConfig,
    tower: TextTower,
    space: JointSpace,
    sentences: Sentences,
    numbers: NDArray[np.int64],
) -> Tensor:
    """How far the tower's two outputs are from the teacher's vector and from its place in the joint space."""
    words = sentences.vectors_of(numbers)
    with torch.no_grad():
        joint = space.sentence_head(words)
    with low_precision():
        pooled = sentences.pooled_by(tower, numbers)
        embedded, retold = tower.from_pooled(pooled), tower.to_teacher(pooled)
    stage = config.distil_stage
    return stage.joint_weight * cosine_gap(embedded.float(), joint) + stage.teacher_weight * cosine_gap(
        retold.float(), words
    )


def distil_text(
    config: PocketConfig, tower: TextTower, space: JointSpace, sentences: Sentences, folder: Path
) -> None:
    """Stage 3: changes `tower` in place."""
    stage = config.distil_stage
    torch.manual_seed(config.seed + 1)
    batches = sentence_batches(sentences, stage.batch, stage.passes, config.seed)
    optimizer = AdamW(tower.parameters(), lr=stage.learning_rate, weight_decay=stage.weight_decay, fused=True)
    space.sentence_head.eval()

    def step_loss(step: int) -> Tensor:
        return distil_loss(config, tower, space, sentences, batches[step])

    run_steps(
        "distil",
        len(batches),
        stage.warm_up,
        optimizer,
        {"text": tower},
        Checkpoint(folder / "distil.pt"),
        step_loss,
    )


def tune_towers(
    config: PocketConfig,
    tower: TextTower,
    space: JointSpace,
    views: list[ViewFeatures],
    sentences: Sentences,
    sampler: PairSampler,
    folder: Path,
) -> None:
    """Stage 4: changes `tower`, the image head and the temperature of `space` in place."""
    stage = config.joint_stage
    torch.manual_seed(config.seed + 2)
    anchors = np.random.default_rng(config.seed + 2)
    optimizer = AdamW(
        [
            {"params": tower.parameters(), "lr": stage.text_learning_rate},
            {"params": space.image_head.parameters(), "lr": stage.image_learning_rate},
            {"params": space.temperature.parameters(), "lr": stage.image_learning_rate, "weight_decay": 0.0},
        ],
        weight_decay=stage.weight_decay,
        fused=True,
    )
    space.sentence_head.eval()

    def step_loss(_: int) -> Tensor:
        pairs = sampler.batch(stage.batch, stage.captioned_share)
        with low_precision():
            images = space.image_head(head_inputs(views, pairs.pictures, pairs.views))
            texts = tower.from_pooled(sentences.pooled_by(tower, pairs.texts))
        words = sentences.vectors_of(pairs.texts)
        likeness = teacher_likeness(words, config.likeness_temperature)
        found = contrastive(
            images.float(), texts.float(), pairs.groups, space.temperature(), likeness, config.softness
        )
        anchor = anchors.choice(
            len(sentences.tokens), min(stage.anchor_batch, len(sentences.tokens)), replace=False
        )
        return found + stage.anchor_weight * distil_loss(config, tower, space, sentences, anchor)

    parts: dict[str, nn.Module] = {
        "text": tower, "image_head": space.image_head, "temperature": space.temperature
    }  # fmt: skip
    run_steps(
        "towers", stage.steps, stage.warm_up, optimizer, parts, Checkpoint(folder / "towers.pt"), step_loss
    )
