"""Importing open_clip where torchvision's compiled part does not load, and what its models want of a picture.

open_clip needs only torchvision's Python transforms, but `import torchvision` describes the operators `nms`
and `qnms` of its compiled part and fails where that part was built for another torch (a CPU torch beside the
torchvision of a GPU build). The two are then declared, without an implementation, before it is imported.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import numpy as np
import torch
from numpy.typing import NDArray

from app.bundle.encoder_bundle import ImageSpec, Interpolation, Resize
from app.errors import ModelError, UsageError

_OPERATORS = ("nms", "qnms")
_SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
INSTALL = "Install the training extra: pip install 'reelfind[models]'."

_RESIZE: dict[str, Resize] = {"shortest": "crop", "squash": "squash"}
_INTERPOLATION: dict[str, Interpolation] = {"bicubic": "cubic", "bilinear": "linear"}

_declared: list[torch.library.Library] = []
"""Keeps the declarations alive: torch takes them back when the library object is freed."""


@dataclass(frozen=True, slots=True)
class ImageInput:
    """How a frame becomes an open_clip model's input: `fit` to its square, then `(x / 255 - mean) / std`."""

    spec: ImageSpec
    mean: tuple[float, float, float]
    """Per channel R, G, B; of values between 0 and 1."""
    std: tuple[float, float, float]


def import_open_clip() -> ModuleType:
    """Return the module `open_clip`. Calls after the first cost nothing.

    Raises:
        UsageError: open_clip or torchvision is not installed.
    """
    spec = importlib.util.find_spec("torchvision")
    if spec is None or importlib.util.find_spec("open_clip") is None:
        raise UsageError("The packages open_clip_torch and torchvision are not installed.", INSTALL)
    _complete_operators([Path(folder) for folder in spec.submodule_search_locations or ()])
    return importlib.import_module("open_clip")


def image_input(model: torch.nn.Module) -> ImageInput:
    """Return how an open_clip model wants its pictures (as OpenAI's where it says nothing).

    It is what the manifest of an exported bundle says, so that features and bundle see the same pixels.

    Raises:
        ModelError: the model wants something that the program cannot do.
    """
    open_clip = import_open_clip()
    wanted = open_clip.transform.PreprocessCfg(**open_clip.model.get_model_preprocess_cfg(model))
    width, height = (wanted.size, wanted.size) if isinstance(wanted.size, int) else wanted.size
    if width != height:
        raise _impossible(f"pictures of {width} × {height} pixels, not squares")
    if wanted.resize_mode not in _RESIZE:
        raise _impossible(f"the resizing “{wanted.resize_mode}”")
    if wanted.interpolation not in _INTERPOLATION:
        raise _impossible(f"the interpolation “{wanted.interpolation}”")
    spec = ImageSpec(int(width), _RESIZE[wanted.resize_mode], _INTERPOLATION[wanted.interpolation])
    return ImageInput(spec, _channels(wanted.mean), _channels(wanted.std))


def own_transform(wanted: ImageInput) -> Callable[[NDArray[np.uint8]], torch.Tensor]:
    """open_clip's own preprocessing, on Pillow: a picture uint8 RGB `(H, W, 3)` of any size becomes float32
    `(3, S, S)`, normalised.

    Raises:
        ValueError: open_clip has no such interpolation (`area`).
    """
    open_clip = import_open_clip()
    image = importlib.import_module("PIL.Image")
    transform = open_clip.image_transform(
        wanted.spec.size,
        is_train=False,
        mean=wanted.mean,
        std=wanted.std,
        resize_mode=_key(_RESIZE, wanted.spec.resize),
        interpolation=_key(_INTERPOLATION, wanted.spec.interpolation),
    )

    def transformed(picture: NDArray[np.uint8]) -> torch.Tensor:
        pixels: torch.Tensor = transform(image.fromarray(picture))
        return pixels

    return transformed


def import_transformers() -> ModuleType:
    """Return the module `transformers`, which some text towers and tokenizers of open_clip come from.

    Raises:
        UsageError: it is not installed.
    """
    if importlib.util.find_spec("transformers") is None:
        raise UsageError("The package transformers, which this model needs, is not installed.", INSTALL)
    return importlib.import_module("transformers")


def stay_offline() -> None:
    """Keep open_clip and the libraries below it from the network. To be called before `import_open_clip`:
    they read these variables once."""
    for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY"):
        os.environ[name] = "1"


def _key(table: Mapping[str, str], value: str) -> str:
    for key, known in table.items():
        if known == value:
            return key
    raise ValueError(f"open_clip has no {value!r}")


def _impossible(what: str) -> ModelError:
    return ModelError(f"The model wants {what}, which Reelfind does not do.", "Choose another model.")


def _channels(values: Sequence[float]) -> tuple[float, float, float]:
    red, green, blue = values
    return float(red), float(green), float(blue)


def _complete_operators(torchvision: list[Path]) -> None:
    """Load torchvision's own operators from its folders, or declare the two that its import asks for."""
    if _has_operators():
        return
    for folder in torchvision:
        for compiled in (*folder.glob("_C*.so"), *folder.glob("_C*.pyd")):
            try:
                torch.ops.load_library(str(compiled))  # type: ignore[no-untyped-call]
            except OSError:
                continue  # built for another torch
    if not _has_operators():
        library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
        for name in _OPERATORS:
            if hasattr(torch.ops.torchvision, name):
                continue  # a torchvision without the other is a fine one too
            library.define(name + _SCHEMA)  # type: ignore[no-untyped-call]
        _declared.append(library)


def _has_operators() -> bool:
    return all(hasattr(torch.ops.torchvision, name) for name in _OPERATORS)
