"""What a bundle says about itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from app.bundle.encoder_bundle import ImageSpec

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
    trained: bool = True
    """False for random weights."""
    published: Mapping[str, Any] = field(default_factory=dict)
    """Of what others exported: `layout`, and `repository`, `commit` and `files` where it was fetched."""
