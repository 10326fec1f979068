"""What a bundle says about itself, and what it takes from the model's own description."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from torch import nn

from app.encoders.bundle import ImageSpec, Interpolation, Resize
from app.errors import ModelError
from models.open_clip_setup import import_open_clip

Weights = Literal["float32", "float16"]
"""How the graphs store their large weights; they compute in float32 either way."""

_RESIZE: dict[str, Resize] = {"shortest": "crop", "squash": "squash"}
_INTERPOLATION: dict[str, Interpolation] = {"bicubic": "cubic", "bilinear": "linear"}


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


def open_clip_spec(
    model: nn.Module,
    *,
    name: str,
    version: str,
    licence: str,
    source: str,
    description: str = "",
    weights: Weights = "float32",
) -> BundleSpec:
    """The specification of an open_clip model, its preprocessing as the model itself describes it (OpenAI's
    where it says nothing).

    Raises:
        ModelError: the preprocessing is one that the program cannot do.
    """
    import_open_clip()
    from open_clip.model import get_model_preprocess_cfg  # noqa: PLC0415 - loads after `import_open_clip`
    from open_clip.transform import PreprocessCfg  # noqa: PLC0415

    told: dict[str, Any] = get_model_preprocess_cfg(model)
    wanted = PreprocessCfg(**told)
    sides = {wanted.size} if isinstance(wanted.size, int) else set(wanted.size)
    if len(sides) != 1:
        raise _impossible(name, f"pictures of {wanted.size} pixels, not squares")
    if wanted.resize_mode not in _RESIZE:
        raise _impossible(name, f"the resizing “{wanted.resize_mode}”")
    if wanted.interpolation not in _INTERPOLATION:
        raise _impossible(name, f"the interpolation “{wanted.interpolation}”")
    return BundleSpec(
        name=name,
        version=version,
        licence=licence,
        source=source,
        image=ImageSpec(
            size=sides.pop(),
            resize=_RESIZE[wanted.resize_mode],
            interpolation=_INTERPOLATION[wanted.interpolation],
        ),
        mean=_three(wanted.mean),
        std=_three(wanted.std),
        description=description,
        weights=weights,
    )


def _three(values: Any) -> tuple[float, float, float]:
    red, green, blue = (float(value) for value in values)
    return red, green, blue


def _impossible(name: str, what: str) -> ModelError:
    return ModelError(
        f"The model “{name}” wants {what}, which Reelfind does not do.", "Choose another model."
    )
