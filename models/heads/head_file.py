"""Writing a trained T-MASS head as `tmass.npz`, the form in which an encoder bundle carries it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from app.errors import ModelError
from models.heads.tmass import TMassHead

FORMAT = 1


def write_head(head: TMassHead, path: Path, *, half: bool = False) -> None:
    """Write `head` to `path`, a numpy archive without pickles, float32; whole or not at all.

    `ln{1,2,3}_{weight,bias}`, `{q,k,v,o,linear}_{weight,bias}` in torch's layout (`y = x·Wᵀ + b`) with the
    temperature multiplied into `q`; `samples` (S, D), the `E` of inference; `radius_theta` (1,) or
    `radius_weight` (F, D) and `radius_bias` (D,) where the radius has them; `config`, UTF-8 JSON as uint8.
    With `half` the five square matrices are stored as float16. The same head gives the same bytes.

    Raises:
        ModelError: the head has more than one attention head, which the format does not hold.
    """
    if head.config.heads != 1:
        raise ModelError(
            f"This T-MASS head has {head.config.heads} attention heads, a model file holds one.",
            "Train it with one attention head.",
        )
    pool = head.xpool
    arrays: dict[str, NDArray[np.generic]] = {}
    for name in ("ln1", "q", "k", "v", "o", "ln2", "linear", "ln3"):
        part = pool.get_submodule(name)
        factor = head.config.temperature if name == "q" else 1.0
        for tensor in ("weight", "bias"):
            values = _array(part.get_parameter(tensor) * factor)
            arrays[f"{name}_{tensor}"] = values.astype(np.float16) if half and values.ndim == 2 else values
    for name, parameter in head.radius.named_parameters():
        arrays[f"radius_{name}"] = _array(parameter)
    arrays["samples"] = _array(head.draw_samples())
    arrays["config"] = np.frombuffer(json.dumps(_description(head)).encode(), np.uint8)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    with partial.open("wb") as file:
        np.savez(file, allow_pickle=False, **arrays)
    partial.replace(path)


def _description(head: TMassHead) -> dict[str, object]:
    config = head.config
    return {
        "format": FORMAT,
        "kind": "tmass",
        "width": config.width,
        "frames": config.frames,
        "radius": config.radius,
        "prior": {"kind": config.prior.kind, "scale": config.prior.scale},
        "seed": config.seed,
        "soft_maximum": {"weight": config.soft_maximum_weight, "gain": config.soft_maximum_gain},
    }


def _array(tensor: Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.detach().cpu().float().numpy()
    return array
