"""The T-MASS head of a bundle, trained on pseudo-videos, and what the scorers' scores mean.

`python -m models.pocket.head --data ../shared/data --work build/pocket --bundle models/bundled/pocket`

Any bundle can be given a head this way: its towers stay as they are, only `tmass.npz`, `calibration.json` and
their lines in the manifest are written. The pictures' embeddings are computed once and kept in `--work`.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.datasets.backbones import Backbone, BundleBackbone
from models.datasets.films import CameraConfig
from models.datasets.pseudo_videos import Films, MixtureConfig, PseudoVideos, embed_films, weaken_matches
from models.evaluate.gallery import Gallery
from models.evaluate.heads import OpenedHead, open_head
from models.heads.baselines import (
    log_sum_exp_similarity,
    max_similarity,
    top_k_similarity,
)
from models.heads.cret import gees_similarity
from models.heads.head_file import write_head
from models.heads.tmass import TMassHead
from models.pocket.calibration import calibrate_scores
from models.pocket.data import Part, read_pictures
from models.pocket.export import CALIBRATION_FILE, HEAD_FILE, refresh_manifest
from models.train.config import (
    HeadConfig,
    LogitScaleConfig,
    OptimiserConfig,
    PriorConfig,
    ProgressConfig,
    TrainConfig,
)
from models.train.loop import train_head
from models.train.pseudo_batches import PseudoVideoBatches

SOURCE = "flickr8k"
HELD_SEED = 1
SOFT_GAIN = 20.0


@dataclass(frozen=True, slots=True)
class HeadRecipe:
    """Every number of the head's training.

    `memorised` is how much of a picture's direction its texts lose (`weaken_matches`): chosen so that the
    log-sum-exp of the frames finds as many of the dev part's pseudo-videos, which the towers were trained on,
    as of the held-out ones. `soft_maximum` is the share of the frames' log-sum-exp in the final score; it is
    mixed in when the head is trained.
    """

    memorised: float = 0.14
    soft_maximum: float = 0.5
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


def films_of(
    data: Path, work: Path, backbone: Backbone, parts: tuple[Part, ...], camera: CameraConfig
) -> Films:
    """The films of Flickr8k's pictures in `parts`, from the cache in `work` where they are there."""
    training = data / "training"
    pictures = [
        picture for picture in read_pictures(training) if picture.source == SOURCE and picture.part in parts
    ]
    return embed_films(pictures, training, backbone, work / "films", camera)


def train_bundle_head(
    recipe: HeadRecipe, backbone: Backbone, data: Path, work: Path, parts: tuple[Part, ...]
) -> TMassHead:
    """A head for the embeddings of `backbone`, trained on the pictures of `parts`; goes on from its
    checkpoint in `work`."""
    films = weaken_matches(films_of(data, work, backbone, parts, recipe.camera), recipe.memorised)
    batches = PseudoVideoBatches(
        PseudoVideos(films, recipe.mixture), recipe.train.optimiser.batch, recipe.train.seed
    )
    made_of = json.dumps(
        [backbone.identity, parts, recipe.memorised, asdict(recipe.camera), asdict(recipe.mixture)]
    )
    folder = work / f"head-{recipe.train.identity(made_of)}"
    return train_head(recipe.train, batches, folder, data=made_of, report=partial(print, flush=True))


def held_out(
    data: Path, work: Path, backbone: Backbone, mixture: MixtureConfig, camera: CameraConfig
) -> Gallery:
    """The held-out pictures as 1,000 pseudo-videos, their captions as queries; never trained on."""
    films = films_of(data, work, backbone, ("heldout",), camera)
    return Gallery.of(PseudoVideos(films, mixture).held(np.random.default_rng(HELD_SEED)))


def product_scores(gallery: Gallery, opened: OpenedHead) -> Mapping[str, Tensor]:
    """The similarities `(Q, V)` of every scorer the program has, by its name there."""
    t, f, mask = gallery.texts, gallery.frames, gallery.mask
    mean, best = mean_of_cosines(t, f, mask), max_similarity(t, f, mask)
    return MappingProxyType(
        {
            "t-mass": opened.head.similarities(t, f, mask, samples=opened.samples),
            "pooled": 0.5 * best + 0.5 * mean,
            "mean": mean,
            "max": best,
            "top-k": top_k_similarity(t, f, mask, 3),
            "soft-maximum": log_sum_exp_similarity(t, f, mask, SOFT_GAIN),
            "gees": gees_similarity(t, f, mask, SOFT_GAIN),
        }
    )


def mean_of_cosines(t: Tensor, f: Tensor, mask: Tensor) -> Tensor:
    """The mean of the frames' cosines `(Q, V)`; unlike `mean_pool_similarity` a clip of frames that differ is
    not lifted by the short mean vector they have."""
    return top_k_similarity(t, f, mask, f.shape[1])


def write_calibrations(bundle: Path, gallery: Gallery) -> None:
    """Add to the bundle's `calibration.json` what each scorer's scores mean on held-out clips."""
    opened = open_head(bundle / HEAD_FILE)
    answers: NDArray[np.int64] = gallery.video_of_text.numpy()
    with torch.inference_mode():
        scorers = {
            name: calibrate_scores(scores.numpy(), answers)
            for name, scores in product_scores(gallery, opened).items()
        }
    path = bundle / CALIBRATION_FILE
    content = json.loads(path.read_text("utf-8"))
    content["scorers"] = {name: asdict(calibration) for name, calibration in scorers.items()}
    path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def add_head(recipe: HeadRecipe, bundle: Path, data: Path, work: Path) -> None:
    """Train a head for the bundle, write it and the calibrations into it, bring its manifest up to date."""
    backbone = BundleBackbone(bundle)
    head = train_bundle_head(recipe, backbone, data, work, ("train", "dev"))
    head.config = replace(head.config, soft_maximum_weight=recipe.soft_maximum)
    write_head(head, bundle / HEAD_FILE, half=True)
    shots = replace(recipe.mixture, whole_share=0.7)
    write_calibrations(bundle, held_out(data, work, backbone, shots, recipe.camera))
    refresh_manifest(bundle)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.pocket.head", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with training/")
    parser.add_argument("--work", type=Path, required=True, help="folder for caches and checkpoints")
    parser.add_argument("--bundle", type=Path, required=True, help="the bundle that gets the head")
    arguments = parser.parse_args()
    add_head(HeadRecipe(), arguments.bundle, arguments.data, arguments.work)


if __name__ == "__main__":
    main()
