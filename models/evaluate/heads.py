"""A trained head from its file, whichever it is: a bundle's `tmass.npz` or a checkpoint of the training."""

from __future__ import annotations

import json
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from app.errors import UsageError
from models.heads.stochastic import Prior
from models.heads.tmass import TMassConfig, TMassHead
from models.train.outputs.checkpoint import load_head

ARCHIVE = ".npz"


@dataclass(frozen=True, slots=True)
class OpenedHead:
    """A head in evaluation mode and its samples `E` float32 `(S, D)`."""

    head: TMassHead
    samples: Tensor


def open_head(path: Path) -> OpenedHead:
    """Read a head: `tmass.npz`, or any other file as a checkpoint.

    Raises:
        UsageError: the file holds no head.
    """
    if path.suffix == ARCHIVE:
        return _from_archive(path)
    head = load_head(path)
    return OpenedHead(head, head.draw_samples())


def _from_archive(path: Path) -> OpenedHead:
    """The inverse of `models.heads.head_file.write_head`; the temperature stays inside `q`."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        described = json.loads(arrays.pop("config").tobytes())
        tensors = {name: torch.from_numpy(array.astype(np.float32)) for name, array in arrays.items()}
        samples = tensors.pop("samples")
        soft = described["soft_maximum"]
        config = TMassConfig(
            width=described["width"],
            frames=described["frames"],
            radius=described["radius"],
            prior=Prior(**described["prior"]),
            samples=len(samples),
            seed=described["seed"],
            soft_maximum_weight=soft["weight"],
            soft_maximum_gain=soft["gain"],
        )
        head = TMassHead(config)
        head.load_state_dict({_parameter(name): tensor for name, tensor in tensors.items()})
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, zipfile.BadZipFile) as error:
        raise UsageError(
            f"“{path}” holds no T-MASS head.", "Name a tmass.npz or a checkpoint of the training."
        ) from error
    return OpenedHead(head.eval(), samples)


def _parameter(name: str) -> str:
    """The module's name of an array: `q_weight` is `xpool.q.weight`, `radius_bias` is `radius.bias`."""
    part, _, tensor = name.partition("_")
    return f"radius.{tensor}" if part == "radius" else f"xpool.{part}.{tensor}"
