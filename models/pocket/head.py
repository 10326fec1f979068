"""Pocket's T-MASS head: what `python -m models.train --bundle … --pseudo …` does for any bundle, with the
numbers that were chosen for this one.

`python -m models.pocket.head --data ../shared/data --work build/pocket --bundle models/bundled/pocket`
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field
from pathlib import Path

from models.datasets.backbones import Backbone, BundleBackbone
from models.datasets.features import FeatureSet
from models.datasets.films import CameraConfig
from models.datasets.pseudo_videos import MixtureConfig
from models.evaluate.gallery import Gallery
from models.heads.tmass import TMassHead
from models.pocket.pictures.data import Part
from models.pocket.pictures.real_clips import real_clips, without_own
from models.train import pseudo
from models.train.outputs.calibrations import SOFT_GAIN, mean_of_cosines, product_scores

__all__ = [
    "SOFT_GAIN",
    "HeadRecipe",
    "add_head",
    "held_out",
    "mean_of_cosines",
    "product_scores",
    "train_bundle_head",
]

SOURCE = "flickr8k"
REAL_CLIPS = Path("training-more") / "video"
"""In the data folder."""


@dataclass(frozen=True, slots=True)
class HeadRecipe(pseudo.PseudoRecipe):
    """Pocket's numbers.

    `memorised` is chosen so that the log-sum-exp of the frames finds as many of the dev part's pseudo-videos,
    which the towers were trained on, as of the held-out ones.
    """

    memorised: float = 0.19
    text_length: float | None = None
    soft_maximum: float | None = 0.5
    camera: CameraConfig = field(default_factory=lambda: CameraConfig(frames=4))


def pictures_of(data: Path) -> pseudo.CaptionedPictures:
    """Flickr8k's pictures in the data folder."""
    return pseudo.CaptionedPictures(data / "training", SOURCE)


def train_bundle_head(
    recipe: HeadRecipe, backbone: Backbone, data: Path, work: Path, parts: tuple[Part, ...]
) -> TMassHead:
    """See `pseudo.train_pseudo_head`."""
    clips = training_clips(recipe, data, work, backbone)
    return pseudo.train_pseudo_head(recipe, backbone, pictures_of(data), work, parts, clips)


def training_clips(recipe: HeadRecipe, data: Path, work: Path, backbone: Backbone) -> FeatureSet | None:
    """The real clips to train on, their texts weakened as the pictures' are; None where there are none."""
    clips = real_clips(data / REAL_CLIPS, work, backbone, "train")
    return None if clips is None else without_own(clips, recipe.memorised)


def held_out(
    data: Path, work: Path, backbone: Backbone, mixture: MixtureConfig, camera: CameraConfig
) -> Gallery:
    """The held-out pictures as 1,000 pseudo-videos, their captions as queries; never trained on."""
    return pseudo.held_out(pictures_of(data), work, backbone, mixture, camera)


def add_head(recipe: HeadRecipe, bundle: Path, data: Path, work: Path) -> None:
    """Train a head for the bundle, write it and the calibrations into it, bring its manifest up to date."""
    clips = training_clips(recipe, data, work, BundleBackbone(bundle))
    pseudo.add_pseudo_head(recipe, bundle, pictures_of(data), work, clips)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.pocket.head", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with training/")
    parser.add_argument("--work", type=Path, required=True, help="folder for caches and checkpoints")
    parser.add_argument("--bundle", type=Path, required=True, help="the bundle that gets the head")
    arguments = parser.parse_args()
    add_head(HeadRecipe(), arguments.bundle, arguments.data, arguments.work)


if __name__ == "__main__":
    main()
