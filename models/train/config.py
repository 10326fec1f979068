"""Every number of the training recipe, named once; the defaults are the released T-MASS recipe for MSR-VTT.

Wang et al., CVPR 2024, "Text Is MASS"; optimiser and schedule as in its released code, which took them from
X-Pool (Gorti et al., CVPR 2022). A configuration is immutable; `models.train.config_file` reads it from TOML.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Literal

from app.errors import UsageError
from models.heads.radius import Radius
from models.heads.stochastic import Prior
from models.heads.tmass import TMassConfig

Captions = Literal["one", "every"]
Device = Literal["auto", "cpu", "cuda"]
PriorKind = Literal["uniform", "normal"]


@dataclass(frozen=True, slots=True)
class DataConfig:
    """A data set of `models.datasets`: its name, where its annotations and videos are, and the split."""

    dataset: str = ""
    annotations: str = ""
    videos: str = ""
    split: str = "train"


@dataclass(frozen=True, slots=True)
class BackboneConfig:
    """What turns frames and words into vectors; exactly one of `bundle` and `open_clip` is named.

    `bundle` is the folder of an encoder bundle, `open_clip` a model as `NAME` or `NAME:PRETRAINED`, where
    PRETRAINED is one of open_clip's tags or a file of weights. With `fine_tuned` the towers of the open_clip
    model are trained with the head, `frames_per_pass` pictures at a time.
    """

    bundle: str = ""
    open_clip: str = ""
    fine_tuned: bool = False
    frames_per_pass: int = 384

    def __post_init__(self) -> None:
        _within("backbone.frames_per_pass", self.frames_per_pass, 1, 1 << 20)


@dataclass(frozen=True, slots=True)
class AugmentConfig:
    """How the frames of a clip are changed, all alike, where the backbone is trained.

    `least_area` is the smallest share of the picture a random crop keeps (1 = no crop), `most_stretch` its
    widest aspect ratio, `mirror` turns every other clip left to right. The defaults are the released code's.
    """

    least_area: float = 0.5
    most_stretch: float = 4 / 3
    mirror: bool = True

    def __post_init__(self) -> None:
        _within("augment.least_area", self.least_area, 0.01, 1)
        _within("augment.most_stretch", self.most_stretch, 1, 10)


@dataclass(frozen=True, slots=True)
class HeadConfig:
    """The shape of the head.

    `temperature` multiplies the attention logits (1 = the paper). `samples` texts are drawn at inference.
    `soft_maximum_weight` mixes the log-sum-exp of the frame similarities at `soft_maximum_gain` into the
    score (0 = the paper).
    """

    frames: int = 12
    heads: int = 1
    dropout: float = 0.3
    temperature: float = 1.0
    radius: Radius = "linear"
    samples: int = 20
    soft_maximum_weight: float = 0.0
    soft_maximum_gain: float = 20.0

    def __post_init__(self) -> None:
        _within("head.frames", self.frames, 1, 1024)
        _within("head.heads", self.heads, 1, 64)
        _within("head.dropout", self.dropout, 0, 0.99)
        _within("head.temperature", self.temperature, 1e-6, 1e6)
        _within("head.samples", self.samples, 0, 100_000)
        _within("head.soft_maximum_weight", self.soft_maximum_weight, 0, 1)
        _within("head.soft_maximum_gain", self.soft_maximum_gain, 1e-6, 1e6)


@dataclass(frozen=True, slots=True)
class PriorConfig:
    """The prior of the stochastic text: `scale * U[0, 1)` or `N(0, scale²)` per component."""

    kind: PriorKind = "uniform"
    scale: float = 1.0

    def __post_init__(self) -> None:
        _within("prior.scale", self.scale, 0, 1e6)


@dataclass(frozen=True, slots=True)
class LossConfig:
    """Which cross entropies are added: of the stochastic, the support and the plain text.

    `support_weight` is the paper's alpha.
    """

    stochastic: bool = True
    support: bool = True
    plain: bool = False
    support_weight: float = 0.8

    def __post_init__(self) -> None:
        _within("loss.support_weight", self.support_weight, 0, 1e6)
        if not (self.stochastic or self.support or self.plain):
            raise UsageError(
                "Every term of the loss is switched off.",
                "Set loss.stochastic, loss.support or loss.plain to true.",
            )


@dataclass(frozen=True, slots=True)
class LogitScaleConfig:
    """The factor on the cosines: CLIP's own to begin with; in the released recipe one of CLIP's weights."""

    initial: float = 100.0
    learned: bool = True
    learning_rate: float = 1e-6
    weight_decay: float = 0.2

    def __post_init__(self) -> None:
        _within("logit_scale.initial", self.initial, 1e-3, 100)
        _within("logit_scale.learning_rate", self.learning_rate, 0, 1)
        _within("logit_scale.weight_decay", self.weight_decay, 0, 10)


@dataclass(frozen=True, slots=True)
class OptimiserConfig:
    """AdamW under a cosine with linear warm-up.

    `steps` is used in place of `epochs` where it is not 0. `warm_up` is a share of the steps. `clip_norm`
    bounds the norm of all gradients together; 0 leaves them alone. `captions` says what an epoch is: `every`
    caption once, as the released code does, or `one` caption of every video, drawn anew each time.
    """

    batch: int = 32
    epochs: int = 5
    steps: int = 0
    captions: Captions = "every"
    head_learning_rate: float = 3e-5
    encoder_learning_rate: float = 1e-6
    weight_decay: float = 0.2
    beta1: float = 0.9
    beta2: float = 0.999
    epsilon: float = 1e-6
    warm_up: float = 0.1
    clip_norm: float = 1.0

    def __post_init__(self) -> None:
        _within("optimiser.batch", self.batch, 2, 1 << 20)
        _within("optimiser.epochs", self.epochs, 1, 1_000_000)
        _within("optimiser.steps", self.steps, 0, 1_000_000_000)
        _within("optimiser.head_learning_rate", self.head_learning_rate, 0, 1)
        _within("optimiser.encoder_learning_rate", self.encoder_learning_rate, 0, 1)
        _within("optimiser.weight_decay", self.weight_decay, 0, 10)
        _within("optimiser.beta1", self.beta1, 0, 0.999999)
        _within("optimiser.beta2", self.beta2, 0, 0.999999)
        _within("optimiser.epsilon", self.epsilon, 1e-12, 1)
        _within("optimiser.warm_up", self.warm_up, 0, 1)
        _within("optimiser.clip_norm", self.clip_norm, 0, 1e6)


@dataclass(frozen=True, slots=True)
class ProgressConfig:
    """How often a line is printed and a checkpoint kept, in steps; neither changes what is learned."""

    report_every: int = 50
    checkpoint_every: int = 200

    def __post_init__(self) -> None:
        _within("progress.report_every", self.report_every, 1, 1_000_000_000)
        _within("progress.checkpoint_every", self.checkpoint_every, 1, 1_000_000_000)


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """The recipe of one head.

    `average_decay` is the decay of an exponential moving average of the head's weights, which is then what is
    kept; 0 keeps the weights themselves.
    """

    seed: int = 24
    device: Device = "auto"
    average_decay: float = 0.0
    head: HeadConfig = field(default_factory=HeadConfig)
    prior: PriorConfig = field(default_factory=PriorConfig)
    loss: LossConfig = field(default_factory=LossConfig)
    logit_scale: LogitScaleConfig = field(default_factory=LogitScaleConfig)
    optimiser: OptimiserConfig = field(default_factory=OptimiserConfig)
    progress: ProgressConfig = field(default_factory=ProgressConfig)

    def __post_init__(self) -> None:
        _within("seed", self.seed, 0, (1 << 31) - 1)
        _within("average_decay", self.average_decay, 0, 0.999999)

    def identity(self, data: str = "") -> str:
        """Twelve hexadecimal digits for all that decides the result with the data so named; the device and
        how often is reported do not."""
        recipe = asdict(self)
        del recipe["device"], recipe["progress"]
        return hashlib.sha256(json.dumps([recipe, data]).encode()).hexdigest()[:12]

    def head_of(self, width: int) -> TMassConfig:
        """The head's own configuration, for embeddings of this width."""
        head = self.head
        return TMassConfig(
            width=width,
            frames=head.frames,
            heads=head.heads,
            dropout=head.dropout,
            temperature=head.temperature,
            radius=head.radius,
            prior=Prior(self.prior.kind, self.prior.scale),
            samples=head.samples,
            seed=self.seed,
            support_weight=self.loss.support_weight,
            soft_maximum_weight=head.soft_maximum_weight,
            soft_maximum_gain=head.soft_maximum_gain,
        )


def _within(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise UsageError(f"“{name}” is {value:g}; {low:g} to {high:g} is possible.", "Correct it.")
