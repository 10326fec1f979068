"""Stages 2 and 3: pictures and sentences into one space.

First the heads alone learn, while both towers stand still; then every weight of both towers, from freshly
cropped pictures. Four things are learned beside the pictures' own captions and labels: which pictures a
short query fits, which a general name fits, what an ImageNet classifier believes a picture shows (in the
words of its class names, so that what it knows is not lost), and to stay near the teacher's sentence vectors.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import AdamW
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.checkpoint import checkpoint

from models.pocket.config import JointStage, PocketConfig
from models.pocket.devices import channels_last, low_precision
from models.pocket.learning.batches import Batch, Batches, drawn
from models.pocket.learning.checkpoint import Checkpoint
from models.pocket.learning.losses import (
    contrastive,
    cosine_gap,
    found_by_phrase,
    named_alike,
    teacher_likeness,
)
from models.pocket.learning.steps import Temperature, run_steps
from models.pocket.networks.efficientnet import POOLED, EfficientNetLite0, standardise
from models.pocket.networks.image_tower import ImageTower
from models.pocket.networks.teacher import PAD, Teacher
from models.pocket.networks.text_tower import TextTower
from models.pocket.networks.towers import Towers
from models.pocket.pictures.augment import random_views
from models.pocket.words.general_names import GeneralNames
from models.pocket.words.pairs import PairSampler, Pool
from models.pocket.words.phrases import Phrases
from models.pocket.words.sentences import Sentences, by_length

TOP_BLOCK = 9
"""Blocks from this one on learn at the top's rate."""
SAMPLE = 2_048
PIECE = 128
"""Pictures whose maps a processor has in memory at once."""
LEAST_MET = 0.5
"""A general name is asked for where at least half a picture of a batch fits it."""


@dataclass(frozen=True, slots=True)
class Classifier:
    """A frozen ImageNet classifier and its classes' names: each class one row of sentence numbers, one per
    phrasing, `names` int64 `(C, phrasings)`."""

    trunk: EfficientNetLite0
    classes: nn.Linear
    names: Tensor

    @classmethod
    def of(
        cls, trunk: EfficientNetLite0, classes: nn.Linear, names: Tensor, device: torch.device
    ) -> Classifier:
        """A frozen copy of `trunk` and `classes` on `device`."""
        frozen, named = copy.deepcopy(trunk).eval(), copy.deepcopy(classes).eval()
        frozen.fold()
        channels_last(frozen)
        # What would otherwise be made narrow at each step is kept so.
        precision = torch.bfloat16 if device.type == "cuda" else torch.float32
        frozen, named = frozen.to(device, precision), named.to(device, precision)
        return cls(frozen.requires_grad_(False), named.requires_grad_(False), names)

    @torch.inference_mode()
    def believes(self, views: Tensor) -> Tensor:
        """Probabilities `(B, C)` of views, values 0-255 `(B, 3, S, S)`."""
        pieces = [views] if views.is_cuda else torch.split(views, PIECE)
        features = torch.cat([self.trunk(standardise(piece))[:, :POOLED] for piece in pieces])
        probabilities: Tensor = self.classes(features).float().softmax(1)
        return probabilities


@dataclass(frozen=True, slots=True)
class Lessons:
    """Everything the joint stages learn from.

    `pixels` uint8 `(P, 3, S, S)` whole frames, squashed; `phrases` with its texts' sentence numbers
    `phrase_numbers` int64 `(F, 2)`, bare and as written; `vectors` float16 `(N, W)` what the teacher says of
    each sentence.
    """

    pixels: Tensor
    sentences: Sentences
    phrases: Phrases
    phrase_numbers: Tensor
    general: GeneralNames
    teacher: Teacher
    vectors: Tensor
    classifier: Classifier

    @property
    def device(self) -> torch.device:
        return self.sentences.tokens.device

    def pictures(self, numbers: np.ndarray[Any, np.dtype[np.int64]]) -> Tensor:
        """The pictures `numbers`, on the device that trains."""
        return self.pixels[torch.from_numpy(numbers).to(self.pixels.device)].to(self.device)


def tune(config: PocketConfig, towers: Towers, lessons: Lessons, pool: Pool, folder: Path) -> Towers:
    """Both stages; returns the moving average of the weights. `towers` is used up."""
    torch.manual_seed(config.seed)
    stage = config.joint_stage
    _standardise_heads(config, towers, lessons, PairSampler(pool, config.seed))
    temperatures = nn.ModuleDict(
        {name: Temperature(stage.initial_temperature) for name in ("pairs", "phrases", "names")}
    ).to(lessons.device)
    moving = nn.ModuleDict({"image": towers.image, "text": towers.text, "temperatures": temperatures})
    learner = Learner(config, towers, temperatures, lessons, pool)
    heads = [*towers.image.head.parameters(), *towers.text.head.parameters(), *temperatures.parameters()]
    for weight in moving.parameters():
        weight.requires_grad_(False)
    for weight in heads:
        weight.requires_grad_(True)
    moving.eval()
    towers.image.head.train()
    towers.text.head.train()
    first = AdamW(heads, lr=stage.head_learning_rate, weight_decay=stage.weight_decay, fused=True)
    run_steps(
        "heads", stage.head_steps, stage.warm_up, first, {"moving": moving},
        Checkpoint(folder / "heads.pt"), learner.loss,
    )  # fmt: skip
    for weight in moving.parameters():
        weight.requires_grad_(True)
    moving.train()
    if lessons.device.type == "cuda":
        learner.trunk = torch.compile(towers.image.trunk)
    average = AveragedModel(
        moving,
        multi_avg_fn=get_ema_multi_avg_fn(stage.averaging),  # type: ignore[no-untyped-call]
        use_buffers=True,
    )
    optimizer = AdamW(_groups(stage, towers, temperatures), weight_decay=stage.weight_decay, fused=True)
    run_steps(
        "joint", stage.steps, stage.warm_up, optimizer, {"moving": moving, "average": average},
        Checkpoint(folder / "joint.pt"), learner.loss,
        after_step=lambda: average.update_parameters(moving),
    )  # fmt: skip
    kept = cast(nn.ModuleDict, copy.deepcopy(average.module).eval())
    return Towers(cast(ImageTower, kept["image"]), cast(TextTower, kept["text"]))


class Learner:
    """The loss of one step."""

    def __init__(
        self,
        config: PocketConfig,
        towers: Towers,
        temperatures: nn.ModuleDict,
        lessons: Lessons,
        pool: Pool,
    ) -> None:
        self._config = config
        self._towers = towers
        self._temperatures = temperatures
        self._lessons = lessons
        self._pool = pool
        self._batches: Iterator[Batch] | None = None
        self._draw = np.random.default_rng(config.seed + 1)
        self.trunk: Callable[[Tensor], Tensor] = towers.image.trunk
        if lessons.device.type != "cuda":
            self.trunk = partial(piece_by_piece, towers.image.trunk)

    def loss(self, step: int) -> Tensor:
        """The weighted sum of the losses on a new batch."""
        stage, lessons, towers = self._config.joint_stage, self._lessons, self._towers
        device = lessons.device
        if self._batches is None:
            self._batches = self._batches_from(step)
        batch = next(self._batches).to(device)
        pairs = batch.pairs
        views = random_views(lessons.pictures(pairs.pictures), self._config.views)
        views = views.contiguous(memory_format=torch.channels_last)
        texts = torch.from_numpy(pairs.texts)
        spoken = torch.cat([texts, batch.anchors])
        tokens, lengths = lessons.sentences.of_numbers(spoken), lessons.sentences.lengths[spoken]
        general = self._phrased(lessons.general.numbers)
        names = self._phrased(lessons.classifier.names)
        short = lessons.sentences.of_numbers(torch.cat([batch.phrases, general, names]))
        with low_precision(device):
            images = towers.image.head(self.trunk(standardise(views))).float()
            believed = lessons.classifier.believes(views).clone()
            heard = without_words(tokens, len(texts), stage.words_dropped)
            pooled = by_length(towers.text.pooled, heard, lengths)
            words = towers.text.head(nn.functional.normalize(pooled[: len(texts)], dim=-1)).float()
            brief = towers.text(short).float()
        wanted = lessons.vectors[spoken.to(device)].float()
        phrases, categories, classes = brief.split([len(batch.phrases), len(general), len(names)])
        likeness = teacher_likeness(wanted[: len(texts)], self._config.likeness_temperature)
        loss = contrastive(
            images, words, pairs.groups, self._temperatures["pairs"](), likeness,
            self._config.softness, pairs.also,
        )  # fmt: skip
        loss = loss + stage.phrase_weight * found_by_phrase(
            images[: pairs.captioned],
            phrases,
            batch.fits,
            self._temperatures["phrases"](),
        )
        shares, known = lessons.general.fit(pairs.pictures, believed)
        loss = loss + stage.general_weight * found_by_phrase(
            images, categories, shares, self._temperatures["phrases"](), known, shares.sum(1) > LEAST_MET
        )
        loss = loss + stage.name_weight * named_alike(
            images, classes, believed, self._temperatures["names"]()
        )
        return loss + stage.anchor_weight * cosine_gap(pooled.float(), wanted)

    def _batches_from(self, step: int) -> Iterator[Batch]:
        """The batches of a run that begins, or goes on, at `step`."""
        config, lessons = self._config, self._lessons
        batches = Batches(
            config.joint_stage, self._pool, lessons.phrases, lessons.phrase_numbers, len(lessons.sentences),
            config.seed, step,
        )  # fmt: skip
        return drawn(batches, lessons.device)

    def _phrased(self, numbers: Tensor) -> Tensor:
        """One of the columns of `numbers (N, phrasings)`."""
        return numbers[:, int(self._draw.integers(numbers.shape[1]))]


def piece_by_piece(trunk: EfficientNetLite0, pictures: Tensor) -> Tensor:
    """The features of `pictures`, whose maps are computed anew, a piece at a time, when their gradients are
    asked for: a whole batch's would take 34 GB. The norms see a piece, too."""
    pieces = torch.split(pictures, PIECE)
    return torch.cat([cast(Tensor, checkpoint(trunk, piece, use_reentrant=False)) for piece in pieces])


def without_words(tokens: Tensor, captions: int, share: float) -> Tensor:
    """Token ids `(N, L)` in which the first `captions` rows have lost a random share of their tokens, never
    the first and the last; what is left closes up."""
    length = tokens.shape[1]
    place = torch.arange(length, device=tokens.device)
    last = (tokens != PAD).sum(1, keepdim=True) - 1
    lost = torch.rand(tokens.shape, device=tokens.device) < share
    rows = torch.arange(len(tokens), device=tokens.device)[:, None]
    lost &= (place > 0) & (place < last) & (rows < captions)
    lost |= place > last
    order = torch.argsort(lost.to(torch.uint8), dim=1, stable=True)
    return tokens.masked_fill(lost, PAD).gather(1, order)


@torch.inference_mode()
def _standardise_heads(config: PocketConfig, towers: Towers, lessons: Lessons, sampler: PairSampler) -> None:
    """Give both heads the mean and deviation of what they will see."""
    batch = sampler.batch(SAMPLE, config.joint_stage.captioned_share)
    pieces = torch.split(lessons.pictures(batch.pictures).float(), 256)
    features = torch.cat([towers.image.trunk.eval()(standardise(piece)) for piece in pieces])
    towers.image.head.standardise_to(features.float())
    pooled = towers.text.eval().pooled(lessons.sentences.of_numbers(torch.from_numpy(batch.texts)))
    towers.text.head.standardise_to(nn.functional.normalize(pooled, dim=-1).float())


def _groups(stage: JointStage, towers: Towers, temperatures: nn.ModuleDict) -> list[dict[str, Any]]:
    """The weights by how fast they learn; biases, norms, word tables and temperatures do not decay."""
    groups: dict[tuple[float, bool], list[nn.Parameter]] = {}
    named = [
        *((f"image.{name}", weight) for name, weight in towers.image.named_parameters()),
        *((f"text.{name}", weight) for name, weight in towers.text.named_parameters()),
        *((f"temperatures.{name}", weight) for name, weight in temperatures.named_parameters()),
    ]
    for name, weight in named:
        decays = weight.ndim > 1 and "words" not in name and "positions" not in name
        groups.setdefault((_rate(stage, name), decays), []).append(weight)
    return [
        {"params": weights, "lr": rate, **({} if decays else {"weight_decay": 0.0})}
        for (rate, decays), weights in groups.items()
    ]


def _rate(stage: JointStage, name: str) -> float:
    of_head = "head." in name and not name.startswith("image.trunk")
    if of_head or name.startswith("temperatures"):
        return stage.head_learning_rate
    if name.startswith("text."):
        return stage.text_learning_rate
    if name.startswith("image.trunk.blocks."):
        block = int(name.split(".")[3])
        return stage.top_learning_rate if block >= TOP_BLOCK else stage.trunk_learning_rate
    return stage.top_learning_rate if name.startswith("image.trunk.head") else stage.trunk_learning_rate
