"""Pocket's T-MASS head: what `python -m models.train --bundle … --pseudo …` does for any bundle, with the
numbers that were chosen for this one.

`python -m models.pocket.head --data ../shared/data --work build/pocket --bundle models/bundled/pocket`
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from models.datasets.backbones import Backbone
from models.datasets.films import CameraConfig
from models.datasets.pseudo_videos import MixtureConfig
from models.evaluate.gallery import Gallery
from models.heads.tmass import TMassHead
from models.pocket.data import Part
from models.train import pseudo
from models.train.calibrations import SOFT_GAIN, mean_of_cosines, product_scores

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


@dataclass(frozen=True, slots=True)
class HeadRecipe(pseudo.PseudoRecipe):
    """Pocket's numbers.

    `memorised` is chosen so that the log-sum-exp of the frames finds as many of the dev part's pseudo-videos,
    which the towers were trained on, as of the held-out ones.
    """

    memorised: float = 0.14
    text_length: float | None = None
    soft_maximum: float | None = 0.5


def pictures_of(data: Path) -> pseudo.CaptionedPictures:
    """Flickr8k's pictures in the data folder."""
    return pseudo.CaptionedPictures(data / "training", SOURCE)


def train_bundle_head(
    recipe: HeadRecipe, backbone: Backbone, data: Path, work: Path, parts: tuple[Part, ...]
) -> TMassHead:
    """See `pseudo.train_pseudo_head`."""
    return pseudo.train_pseudo_head(recipe, backbone, pictures_of(data), work, parts)


def held_out(
    data: Path, work: Path, backbone: Backbone, mixture: MixtureConfig, camera: CameraConfig
) -> Gallery:
    """The held-out pictures as 1,000 pseudo-videos, their captions as queries; never trained on."""
    return pseudo.held_out(pictures_of(data), work, backbone, mixture, camera)


def add_head(recipe: HeadRecipe, bundle: Path, data: Path, work: Path) -> None:
    """Train a head for the bundle, write it and the calibrations into it, bring its manifest up to date."""
    pseudo.add_pseudo_head(recipe, bundle, pictures_of(data), work)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.pocket.head", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with training/")
    parser.add_argument("--work", type=Path, required=True, help="folder for caches and checkpoints")
    parser.add_argument("--bundle", type=Path, required=True, help="the bundle that gets the head")
    arguments = parser.parse_args()
    add_head(HeadRecipe(), arguments.bundle, arguments.data, arguments.work)


if __name__ == "__main__":
    main()
