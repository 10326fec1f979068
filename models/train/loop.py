"""The training loop: batches in, a trained head out; a run that was cut off continues bit for bit."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import AdamW
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from app.errors import UsageError
from models.heads.losses import LogitScale, symmetric_cross_entropy
from models.heads.tmass import TMassHead
from models.train.config import LossConfig, TrainConfig
from models.train.inputs.batches import Batch, Batches
from models.train.outputs.checkpoint import AVERAGE, HEAD, Checkpoint, Part
from models.train.outputs.curves import COLUMNS, write_curves
from models.train.schedule import PEAK, factor, set_rates

CURVES = "loss.png"


def train_head(
    config: TrainConfig,
    batches: Batches,
    folder: Path,
    *,
    encoder: nn.Module | None = None,
    data: str = "",
    report: Callable[[str], None] = print,
) -> TMassHead:
    """Train a head on `batches` and return it, on the CPU and in evaluation mode.

    Keeps a checkpoint and the loss curves (`loss.png`) in `folder` and continues from the checkpoint. Every
    step seeds its own random numbers from `config.seed`, so an interrupted run ends with the weights of an
    uninterrupted one: bit for bit on a CPU with the same number of threads, up to the order of sums on CUDA.
    The default generators of the caller are left as they were.

    Args:
        config: the recipe.
        batches: where the embeddings come from.
        folder: where the checkpoint is kept.
        encoder: modules that `batches` computes its embeddings with and that are trained at the encoder's
            learning rate; changed in place and kept in the checkpoint.
        data: names what `batches` was made of; a checkpoint of other data is not continued.
        report: takes progress lines.

    Raises:
        UsageError: there is no such device, the checkpoint is another run's, or the loss stops being finite.
        ValueError: a batch has more or fewer frames than `config.head.frames`.
    """
    device = choose_device(config.device)
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        return _Run(config, batches, folder, encoder, data, report, device).train()


def choose_device(name: str) -> torch.device:
    """The device a configuration asks for; "auto" is CUDA where there is one.

    Raises:
        UsageError: CUDA is asked for and absent.
    """
    if name == "cuda" and not torch.cuda.is_available():
        raise UsageError("This torch has no CUDA device.", "Set device to “cpu” or “auto”.")
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


def loss_terms(
    head: TMassHead, batch: Batch, logit_scale: Tensor, config: LossConfig
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The cross entropies of the stochastic, the support and the plain text, and the sum of those that are
    switched on; a term that is off is 0. `logit_scale` is the logarithm of the factor on the cosines."""
    zero = logit_scale.new_zeros(())
    stochastic, support, plain = zero, zero, zero
    if config.stochastic or config.support:
        losses = head.losses(batch.texts, batch.frames, batch.mask, logit_scale, groups=batch.groups)
        stochastic = losses.stochastic if config.stochastic else zero
        support = losses.support if config.support else zero
    if config.plain:
        cosines = head.xpool.pooled(batch.texts, batch.frames, batch.mask).cosines(batch.texts[None])[0]
        plain = symmetric_cross_entropy(logit_scale.exp() * cosines, batch.groups)
    return stochastic, support, plain, stochastic + config.support_weight * support + plain


class _Run:
    """The state of one run."""

    def __init__(
        self,
        config: TrainConfig,
        batches: Batches,
        folder: Path,
        encoder: nn.Module | None,
        data: str,
        report: Callable[[str], None],
        device: torch.device,
    ) -> None:
        self._config, self._batches, self._folder = config, batches, folder
        self._report, self._device = report, device
        optimiser = config.optimiser
        self._steps = optimiser.steps or optimiser.epochs * batches.steps_per_epoch
        self._warm_up = round(optimiser.warm_up * self._steps)
        torch.manual_seed(config.seed)
        self._head = TMassHead(config.head_of(batches.width)).to(device)
        self._scale = LogitScale(math.log(config.logit_scale.initial)).to(device)
        self._scale.requires_grad_(config.logit_scale.learned)
        self._encoder = encoder.to(device) if encoder is not None else None
        self._average = (
            AveragedModel(
                self._head,
                multi_avg_fn=get_ema_multi_avg_fn(config.average_decay),  # type: ignore[no-untyped-call]
            )
            if config.average_decay
            else None
        )
        self._optimizer = self._make_optimizer()
        shape = [batches.width, batches.steps_per_epoch, encoder is not None]
        identity = config.identity(json.dumps([data, shape]))
        self._checkpoint = Checkpoint(folder, identity, self._head.config)
        self._history = torch.zeros(self._steps, len(COLUMNS), dtype=torch.float64)

    def train(self) -> TMassHead:
        done, history = self._checkpoint.restore(self._parts(), self._device)
        if history is not None:
            self._history[:done] = history
        progress = self._config.progress
        for module in (self._head, self._encoder):
            if module is not None:
                module.train()
        since, started = done, time.perf_counter()
        for step in range(done, self._steps):
            self._history[step] = self._step(step)
            last = step + 1 == self._steps
            if (step + 1) % progress.report_every == 0 or last:
                self._say(since, step + 1, time.perf_counter() - started)
                since, started = step + 1, time.perf_counter()
            if (step + 1) % progress.checkpoint_every == 0 or last:
                self._checkpoint.save(step + 1, self._parts(), self._history[: step + 1])
        write_curves(self._history, self._folder / CURVES)
        if self._average is not None:
            self._head.load_state_dict(self._average.module.state_dict())
        return self._head.cpu().eval()

    def _step(self, step: int) -> Tensor:
        """One step; its row of the history, float64 `(4,)`."""
        config = self._config
        torch.manual_seed(_step_seed(config.seed, step))
        batch = self._batches.batch(step).to(self._device)
        if batch.frames.shape[1] != config.head.frames:
            raise ValueError(f"batches of {batch.frames.shape[1]} frames, a head of {config.head.frames}")
        *terms, total = loss_terms(self._head, batch, self._scale(), config.loss)
        if not torch.isfinite(total):
            raise UsageError(
                f"The loss is no longer a number at step {step + 1}.",
                "Lower the learning rates, or check the features.",
            )
        self._optimizer.zero_grad()
        total.backward()  # type: ignore[no-untyped-call]
        if config.optimiser.clip_norm:
            parameters = [p for group in self._optimizer.param_groups for p in group["params"]]
            nn.utils.clip_grad_norm_(parameters, config.optimiser.clip_norm)
        set_rates(self._optimizer, factor(step, self._steps, self._warm_up))
        self._optimizer.step()
        if self._average is not None:
            self._average.update_parameters(self._head)
        return torch.stack([total, *terms]).detach().double().cpu()

    def _make_optimizer(self) -> AdamW:
        optimiser, scale = self._config.optimiser, self._config.logit_scale
        groups: list[dict[str, Any]] = [
            {"params": list(self._head.parameters()), PEAK: optimiser.head_learning_rate}
        ]
        if self._encoder is not None:
            trained = [parameter for parameter in self._encoder.parameters() if parameter.requires_grad]
            groups.append({"params": trained, PEAK: optimiser.encoder_learning_rate})
        if scale.learned:
            groups.append(
                {
                    "params": list(self._scale.parameters()),
                    PEAK: scale.learning_rate,
                    "weight_decay": scale.weight_decay,
                }
            )
        return AdamW(
            groups,
            betas=(optimiser.beta1, optimiser.beta2),
            eps=optimiser.epsilon,
            weight_decay=optimiser.weight_decay,
        )

    def _parts(self) -> dict[str, Part]:
        parts: dict[str, Part] = {
            HEAD: self._head, "logit_scale": self._scale, "optimizer": self._optimizer
        }  # fmt: skip
        if self._encoder is not None:
            parts["encoder"] = self._encoder
        if self._average is not None:
            parts[AVERAGE] = self._average
        return parts

    def _say(self, since: int, done: int, seconds: float) -> None:
        means = zip(COLUMNS, self._history[since:done].mean(0).tolist(), strict=True)
        named = ", ".join(f"{name} {value:.4f}" for name, value in means if value)
        rate = (done - since) / max(seconds, 1e-9)
        scale = float(self._scale().detach().exp())
        self._report(
            f"step {done} of {self._steps}: {named}; logit scale {scale:.2f}; {rate:.1f} steps a second"
        )


def _step_seed(seed: int, step: int) -> int:
    state = np.random.SeedSequence((seed, step)).generate_state(1, np.uint64)[0]
    return int(state >> np.uint64(1))
