"""Importing open_clip where torchvision's compiled part does not load, and what its models want of a picture.

open_clip needs only torchvision's Python transforms, but `import torchvision` describes the operators `nms`
and `qnms` of its compiled part and fails where that part was built for another torch (a CPU torch beside the
torchvision of a GPU build). The two are then declared, without an implementation, before it is imported.
"""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import torch

from app.encoders.bundle import ImageSpec, Interpolation, Resize
from app.errors import ModelError, UsageError

_OPERATORS = ("nms", "qnms")
_SCHEMA = "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
_INSTALL = "Install the training extra: pip install 'reelfind[models]'."

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
        raise UsageError("The packages open_clip_torch and torchvision are not installed.", _INSTALL)
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
    resize = _RESIZE.get(wanted.resize_mode)
    interpolation = _INTERPOLATION.get(wanted.interpolation)
    if width != height or resize is None or interpolation is None:
        raise ModelError(
            f"The model wants pictures of {width} × {height} pixels, resized by “{wanted.resize_mode}” and "
            f"“{wanted.interpolation}”, which Reelfind does not do.",
            "Choose another model.",
        )
    spec = ImageSpec(int(width), resize, interpolation)
    return ImageInput(spec, _channels(wanted.mean), _channels(wanted.std))


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
            library.define(name + _SCHEMA)  # type: ignore[no-untyped-call]
        _declared.append(library)


def _has_operators() -> bool:
    return all(hasattr(torch.ops.torchvision, name) for name in _OPERATORS)
