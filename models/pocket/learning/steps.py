"""What every training stage is made of: a schedule, and steps that can be cut off."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

from models.pocket.learning.checkpoint import Checkpoint

LOWEST_TEMPERATURE = 0.01
HIGHEST_TEMPERATURE = 1.0
REPORTED_FIRST, REPORT_EVERY = 10, 100
CHECKPOINT_EVERY = 120.0
"""Seconds."""
LONGEST_GRADIENT = 5.0


class Temperature(nn.Module):
    """A learned temperature, kept between sane bounds."""

    def __init__(self, initial: float) -> None:
        super().__init__()
        self.log = nn.Parameter(torch.tensor(math.log(initial)))

    def forward(self) -> Tensor:
        return self.log.clamp(math.log(LOWEST_TEMPERATURE), math.log(HIGHEST_TEMPERATURE)).exp()


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
    after_step: Callable[[], None] | None = None,
) -> None:
    """Minimise `step_loss(step)`; continue from the checkpoint, report the tenth and every hundredth step and
    save every two minutes. `after_step` is called when the weights have changed."""
    kept: dict[str, nn.Module | torch.optim.Optimizer] = {**parts, "optimizer": optimizer}
    done = checkpoint.restore(kept)
    schedule = cosine_schedule(optimizer, steps, warm_up, done)
    weights = [weight for group in optimizer.param_groups for weight in group["params"]]
    begun = saved = time.monotonic()
    for step in range(done, steps):
        loss = step_loss(step)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(weights, LONGEST_GRADIENT)
        optimizer.step()
        schedule.step()
        if after_step is not None:
            after_step()
        last, now = step + 1 == steps, time.monotonic()
        if last or step + 1 == REPORTED_FIRST or (step + 1) % REPORT_EVERY == 0:
            shown = f"{name}: step {step + 1} of {steps}, loss {loss.item():.4f}"
            print(f"{shown}, {time.monotonic() - begun:.1f} s", flush=True)
        if last or now - saved >= CHECKPOINT_EVERY:
            checkpoint.save(step + 1, kept)
            saved = time.monotonic()
