"""What a bundle says about itself, and what it takes from the model's own description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from torch import nn

from app.bundle.encoder_bundle import ImageSpec
from models.open_clip_setup import image_input

Weights = Literal["float32", "float16"]
"""How the graphs store their large weights; they compute in float32 either way."""


@dataclass(frozen=True, slots=True)
class WeightsFile:
    """The file that the weights were read from."""

    sha256: str
    source: str
    """A tag of open_clip's registry, or the file's name."""


@dataclass(frozen=True, slots=True)
class BundleSpec:
    """Everything in the manifest that is not measured or read from the model's weights."""

    name: str
    """Names the vector space, with `version`: at most 200 printable characters, as `licence`."""
    version: str
    licence: str
    source: str
    """Where the weights come from, for people."""
    image: ImageSpec
    mean: tuple[float, float, float]
    """What the model's training took from RGB in 0..1, before it divided by `std`."""
    std: tuple[float, float, float]
    description: str = ""
    weights: Weights = "float32"
    title: str = ""
    """What a person reads instead of name and version."""
    weights_file: WeightsFile | None = None


def open_clip_spec(
    model: nn.Module,
    *,
    name: str,
    version: str,
    licence: str,
    source: str,
    description: str = "",
    weights: Weights = "float32",
    title: str = "",
    weights_file: WeightsFile | None = None,
) -> BundleSpec:
    """The specification of an open_clip model, its preprocessing as the model itself describes it (OpenAI's
    where it says nothing).

    Raises:
        ModelError: the preprocessing is one that the program cannot do.
    """
    wanted = image_input(model)
    return BundleSpec(
        name=name,
        version=version,
        licence=licence,
        source=source,
        image=wanted.spec,
        mean=wanted.mean,
        std=wanted.std,
        description=description,
        weights=weights,
        title=title,
        weights_file=weights_file,
    )
