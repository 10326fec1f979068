"""The towers of a written bundle, as torch modules again: training goes on from what is shipped.

The graphs keep the parameters' names; only the transformer's matrices lose theirs in the export and are found
by the named bias that is added to their product. What the file stores narrow (float16, int8 rows) comes back
as the values the program computes with.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from models.pocket.backbone import MobileNetV2
from models.pocket.config import PocketConfig
from models.pocket.export import IMAGE_FILE, TEXT_FILE, Towers
from models.pocket.image_tower import ImageTower, JointHead
from models.pocket.teacher import WIDTH as TEACHER_WIDTH
from models.pocket.text_tower import TextTower


def restore_towers(bundle: Path, config: PocketConfig, *, teacher_width: int = TEACHER_WIDTH) -> Towers:
    """Both towers of the bundle folder, in evaluation mode.

    Only for distilling does the text tower have a second output (`to_teacher`); it is not in a bundle and
    comes back untrained.

    Raises:
        KeyError: a weight is not in the graphs.
    """
    head = JointHead(
        config.image.features,
        config.image.head_width,
        config.embedding_width,
        config.head_stage.image_dropout,
    )
    image = ImageTower(MobileNetV2(), head)
    stored = _stored(onnx.load(bundle / IMAGE_FILE))
    image.load_state_dict({name: stored[name] for name in image.state_dict()})

    text = TextTower(config.text, config.embedding_width, teacher_width)
    graph = onnx.load(bundle / TEXT_FILE)
    stored = {**_stored(graph), **_unnamed_matrices(graph)}
    known = {name: value for name, value in text.state_dict().items() if name.startswith("to_teacher.")}
    text.load_state_dict(
        {**{name: stored[name] for name in text.state_dict().keys() - known.keys()}, **known}
    )
    return Towers(image.eval(), text.eval())


def _stored(model: onnx.ModelProto) -> dict[str, Tensor]:
    """The named weights of a graph as float32, with rows of int8 multiplied by their scale."""
    arrays = {
        item.name.removesuffix(".half"): numpy_helper.to_array(item) for item in model.graph.initializer
    }
    for name in [name for name in arrays if name.endswith(".int8")]:
        table = name.removesuffix(".int8")
        arrays[table] = arrays[name].astype(np.float32) * arrays[f"{table}.scale"].astype(np.float32)
    return {name: _tensor(values) for name, values in arrays.items() if values.dtype.kind == "f"}


def _unnamed_matrices(model: onnx.ModelProto) -> dict[str, Tensor]:
    """The matrices that are multiplied first and then get a bias `X.bias` added: `X.weight`, as torch has
    it."""
    stored = _stored(model)
    product_of = {node.output[0]: node.input[1] for node in model.graph.node if node.op_type == "MatMul"}
    found = {}
    for node in model.graph.node:
        if node.op_type != "Add":
            continue
        for product, bias in (tuple(node.input), tuple(reversed(node.input))):
            if product in product_of and bias.endswith(".bias"):
                found[bias.removesuffix("bias") + "weight"] = stored[product_of[product]].T.contiguous()
    return found


def _tensor(values: NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(np.array(values, np.float32))
