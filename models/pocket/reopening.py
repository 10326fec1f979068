"""Towers of a bundle that was written before: what an earlier version knows joins the runs of the next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from models.pocket.config import PocketConfig
from models.pocket.export import HEAD, IMAGE_FILE, TEXT_FILE
from models.pocket.networks.efficientnet import EfficientNetLite0
from models.pocket.networks.image_tower import ImageTower
from models.pocket.networks.joint_head import JointHead
from models.pocket.networks.towers import Towers, new_towers

Arrays = Mapping[str, NDArray[Any]]
HALF, INT8, SCALE = ".half", ".int8", ".scale"
"""How `storing` calls what it has made narrow."""
LAYER_MATRICES = ("mix", "attended", "up", "down")
"""A layer's linear maps in the order they compute."""


def read_bundle(config: PocketConfig, folder: Path) -> Towers:
    """The towers of a bundle that `python -m models.pocket` wrote, in evaluation mode: as exact as it stores
    them, with the norms in the convolutions taken out again.

    Raises:
        KeyError, RuntimeError: they have another shape than the recipe says.
    """
    image, text = (onnx.load(folder / name) for name in (IMAGE_FILE, TEXT_FILE))
    seen, said = weights_of(image), weights_of(text)
    towers = new_towers(config, len(seen["head.up.bias"]), len(said["head.up.bias"]))
    tower = ImageTower(_trunk(seen), _head(towers.image.head, seen))
    state = towers.text.state_dict()
    given = {name: torch.from_numpy(np.array(said[name])) for name in state if name in said}
    towers.text.load_state_dict(state | given | _matrices(text, said, config.text.layers))
    towers.text.head = _head(towers.text.head, said)
    return Towers(tower.eval(), towers.text.eval())


def weights_of(model: onnx.ModelProto) -> dict[str, NDArray[Any]]:
    """Every weight by the name the graph computes with, float32, however narrow it is stored."""
    stored = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    weights = {
        name.removesuffix(HALF): values.astype(np.float32) if name.endswith(HALF) else values
        for name, values in stored.items()
    }
    for name in [name for name in weights if name.endswith(INT8)]:
        whole = name.removesuffix(INT8)
        weights[whole] = weights.pop(name).astype(np.float32) * weights.pop(whole + SCALE)
    return weights


def _trunk(weights: Arrays) -> EfficientNetLite0:
    folded = EfficientNetLite0().eval()
    folded.fold()
    folded.load_state_dict(
        {name: torch.from_numpy(np.array(weights[f"trunk.{name}"])) for name in folded.state_dict()}
    )
    return folded.unfolded()


@torch.no_grad()
def _head(head: JointHead, weights: Arrays) -> JointHead:
    for name, parameter in head.named_parameters():
        values = torch.from_numpy(np.array(weights[f"head.{name}"]))
        parameter.copy_(values if values.shape == parameter.shape else values.T)
    head.folded = True
    return head


def _matrices(model: onnx.ModelProto, weights: Arrays, layers: int) -> dict[str, Tensor]:
    """The layers' matrices, which the exporter has turned and given names of its own."""
    turned = list(_turned(model, weights))
    names = [f"layers.{layer}.{part}.weight" for layer in range(layers) for part in LAYER_MATRICES]
    if len(turned) != len(names):
        raise KeyError(f"{len(names)} matrices were looked for, {len(turned)} found")
    return {
        name: torch.from_numpy(np.ascontiguousarray(weights[place].T))
        for name, place in zip(names, turned, strict=True)
    }


def _turned(model: onnx.ModelProto, weights: Arrays) -> Iterator[str]:
    for node in model.graph.node:
        if node.op_type == "MatMul" and node.input[1] in weights and not node.input[1].startswith(HEAD):
            yield node.input[1]
