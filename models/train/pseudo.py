"""A T-MASS head for the embeddings of any encoder, trained on pseudo-videos.

The captioned pictures of a training folder (`captions.jsonl.gz` and its shards) are filmed and embedded once;
clips are put together from the films at every step (`models.datasets.pseudo_videos`).
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from app.bundle.encoder_bundle import ImageSpec
from app.errors import UsageError
from models.datasets.backbones import Backbone, BundleBackbone
from models.datasets.features import FeatureSet
from models.datasets.films import CameraConfig
from models.datasets.pseudo_videos import (
    Films,
    MixtureConfig,
    PseudoVideos,
    embed_films,
    scaled_texts,
    weaken_matches,
)
from models.evaluate.gallery import Gallery
from models.heads.baselines import log_sum_exp_similarity, max_similarity
from models.heads.head_file import write_head
from models.heads.tmass import TMassHead
from models.pocket.pictures.data import RECORDS, Part, Picture, read_pictures
from models.train.config import (
    HeadConfig,
    LogitScaleConfig,
    OptimiserConfig,
    PriorConfig,
    ProgressConfig,
    TrainConfig,
)
from models.train.inputs.batches import Batches
from models.train.inputs.pseudo_batches import PseudoVideoBatches, WithRealClips
from models.train.loop import train_head
from models.train.outputs.bundle_files import HEAD_FILE
from models.train.outputs.calibrations import SOFT_GAIN, write_head_into

FILMS = "films"
"""Folder of embedded films in the working folder."""
HELD_SEED = 1
WHOLE_SHARE = 0.7
"""Share of clips that show one picture only where scores are calibrated: what an indexed shot is."""
GAIN_OF_SPREAD = 2.5
"""Gain of the soft maximum times the deviation of the cosines it is of: Pocket's 20 · 0.126."""
_MEASURED = 500
"""Clips, and texts, on which the two parts of the score are brought to one scale."""


@dataclass(frozen=True, slots=True)
class PseudoRecipe:
    """Every number of a head's training on pseudo-videos.

    `memorised` is how much of a picture's direction its texts lose (`weaken_matches`): for an encoder that
    was trained on these very pictures. `text_length` is the median length of texts while training, divided by
    √D, so that the prior and the radius mean the same for every encoder; None leaves them as they are.
    `soft_maximum` is the share of the frames' log-sum-exp in the final score, mixed in when the head is
    trained; where it is None both parts spread alike, and the gain follows the cosines' own spread.
    `clip_share` is how many real clips a batch has for each of its pseudo-videos, where there are any.
    """

    memorised: float = 0.0
    text_length: float | None = 0.75
    soft_maximum: float | None = None
    clip_share: float = 0.125
    camera: CameraConfig = field(default_factory=CameraConfig)
    mixture: MixtureConfig = field(default_factory=lambda: MixtureConfig(whole_share=0.3, short_share=0.3))
    train: TrainConfig = field(
        default_factory=lambda: TrainConfig(
            average_decay=0.98,
            head=HeadConfig(dropout=0.0, soft_maximum_gain=SOFT_GAIN),
            prior=PriorConfig("normal", 0.05),
            logit_scale=LogitScaleConfig(initial=20.0, learning_rate=1e-3, weight_decay=0.0),
            optimiser=OptimiserConfig(batch=256, steps=600, head_learning_rate=3e-4, weight_decay=0.05),
            progress=ProgressConfig(report_every=100, checkpoint_every=100),
        )
    )


@dataclass(frozen=True, slots=True)
class CaptionedPictures:
    """The captioned pictures of a training folder; of one source only, at most so many, where given."""

    folder: Path
    source: str = ""
    most: int = 0

    def of(self, parts: tuple[Part, ...]) -> list[Picture]:
        """Those of some parts; of too many, evenly spaced ones.

        Raises:
            UsageError: the folder is no training folder, or has fewer than two such pictures.
        """
        try:
            pictures = read_pictures(self.folder)
        except (OSError, ValueError, KeyError) as error:
            raise UsageError(
                f"“{self.folder}” holds no captioned pictures that can be read.",
                f"Name the folder that holds {RECORDS} and its shards.",
            ) from error
        chosen = [
            picture
            for picture in pictures
            if picture.part in parts
            and picture.captions
            and picture.source in (self.source or picture.source,)
        ]
        if len(chosen) < 2:
            raise UsageError(
                f"“{self.folder}” has {len(chosen)} captioned pictures marked {' or '.join(parts)}.",
                "Both training and held-out pictures are needed.",
            )
        if 0 < self.most < len(chosen):
            rows = np.linspace(0, len(chosen) - 1, self.most).astype(np.intp)
            chosen = [chosen[row] for row in rows]
        return chosen


def films_of(
    pictures: CaptionedPictures, work: Path, backbone: Backbone, parts: tuple[Part, ...], camera: CameraConfig
) -> Films:
    """The films of the pictures in `parts` at the backbone's size, from the cache in `work` where they are
    there."""
    spec: ImageSpec | None = backbone.spec if isinstance(backbone, BundleBackbone) else None
    return embed_films(
        pictures.of(parts), pictures.folder, backbone, work / FILMS, camera.at(backbone.image_size), spec
    )


def train_pseudo_head(
    recipe: PseudoRecipe,
    backbone: Backbone,
    pictures: CaptionedPictures,
    work: Path,
    parts: tuple[Part, ...] = ("train", "dev"),
    clips: FeatureSet | None = None,
) -> TMassHead:
    """A head for the embeddings of `backbone`, trained on the pictures of `parts` and the real `clips`; goes
    on from its checkpoint in `work`. The soft maximum is not mixed in yet, see `mixed`."""
    films = weaken_matches(films_of(pictures, work, backbone, parts, recipe.camera), recipe.memorised)
    factor = 1.0 if recipe.text_length is None else _to_length(films, recipe.text_length)
    seed = recipe.train.seed
    videos = PseudoVideos(scaled_texts(films, factor), recipe.mixture)
    pseudo = PseudoVideoBatches(videos, recipe.train.optimiser.batch, seed)
    batches: Batches = pseudo
    if clips is not None:
        scaled = replace(clips, texts=(clips.texts * np.float16(factor)).astype(np.float16))
        batches = WithRealClips(pseudo, scaled, recipe.clip_share, seed)
    camera = recipe.camera.at(backbone.image_size)
    made_of = json.dumps([backbone.identity, parts, recipe.memorised, asdict(camera), asdict(recipe.mixture)])
    if factor != 1.0 or pictures.most:
        made_of += json.dumps([factor, pictures.most])
    if clips is not None:
        made_of += json.dumps([recipe.clip_share, clips.frames.shape, _digest(clips)])
    folder = work / f"head-{recipe.train.identity(made_of)}"
    head = train_head(recipe.train, batches, folder, data=made_of, report=partial(print, flush=True))
    # A text c times as long with ε and a text as it is with ε / c point the same way.
    prior = head.config.prior
    head.config = replace(head.config, prior=replace(prior, scale=prior.scale / factor))
    return head


def mixed(head: TMassHead, recipe: PseudoRecipe, videos: PseudoVideos) -> TMassHead:
    """The head with the soft maximum mixed into its score as the recipe says."""
    if recipe.soft_maximum is not None:
        head.config = replace(head.config, soft_maximum_weight=recipe.soft_maximum)
        return head
    gallery = Gallery.of(videos.held(np.random.default_rng(HELD_SEED)))
    few = slice(0, _MEASURED)
    t = gallery.texts[np.unique(np.linspace(0, len(gallery.texts) - 1, _MEASURED).astype(np.intp))]
    f, mask = gallery.frames[few], gallery.mask[few]
    with torch.inference_mode():
        gain = GAIN_OF_SPREAD / _spread(max_similarity(t, f, mask))
        soft = _spread(log_sum_exp_similarity(t, f, mask, gain))
        own = _spread(head.similarities(t, f, mask, samples=head.draw_samples()))
    head.config = replace(
        head.config, soft_maximum_weight=own / (own + soft), soft_maximum_gain=min(gain, 1e6)
    )
    return head


def held_out(
    pictures: CaptionedPictures, work: Path, backbone: Backbone, mixture: MixtureConfig, camera: CameraConfig
) -> Gallery:
    """The held-out pictures as pseudo-videos, their captions as queries; never trained on."""
    films = films_of(pictures, work, backbone, ("heldout",), camera)
    return Gallery.of(PseudoVideos(films, mixture).held(np.random.default_rng(HELD_SEED)))


def add_pseudo_head(
    recipe: PseudoRecipe,
    bundle: Path,
    pictures: CaptionedPictures,
    work: Path,
    clips: FeatureSet | None = None,
) -> Path:
    """Train a head for the bundle, write it and the calibrations into it, bring its manifest up to date.

    `clips` are real clips to train on too.

    Returns:
        The head's file in `work`.

    Raises:
        UsageError: the pictures cannot be read, or the recipe does not fit.
        ModelError: the bundle cannot be used.
    """
    backbone = BundleBackbone(bundle)
    head = train_pseudo_head(recipe, backbone, pictures, work, clips=clips)
    films = films_of(pictures, work, backbone, ("train", "dev"), recipe.camera)
    head = mixed(head, recipe, PseudoVideos(films, recipe.mixture))
    path = work / f"{backbone.identity}-{HEAD_FILE}"
    write_head(head, path, half=True)

    def held(whole_share: float) -> Gallery:
        mixture = replace(recipe.mixture, whole_share=whole_share)
        return held_out(pictures, work, backbone, mixture, recipe.camera)

    write_head_into(bundle, path, held(WHOLE_SHARE), held(1.0))
    return path


def _to_length(films: Films, length: float) -> float:
    """By what texts are multiplied so that their median length is `length`·√D."""
    median = float(np.median(np.linalg.norm(films.texts, axis=1)))
    return length * math.sqrt(films.texts.shape[1]) / max(median, 1e-12)


def _digest(clips: FeatureSet) -> str:
    return hashlib.sha256(clips.frames.tobytes() + clips.texts.tobytes()).hexdigest()[:12]


def _spread(scores: Tensor) -> float:
    """Mean over the texts of the deviation of their scores `(Q, V)`."""
    return max(float(scores.std(1).mean()), 1e-6)
