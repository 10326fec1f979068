"""What a bundle takes from an open_clip model's own description."""

from __future__ import annotations

from torch import nn

from app.model_intake.making.bundle_spec import BundleSpec, Weights, WeightsFile
from models.open_clip_setup import image_input


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
    trained: bool = True,
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
        trained=trained,
    )
