"""One tower as an ONNX graph with the bundle's names."""

from __future__ import annotations

import onnx
import torch
from torch import Tensor, nn

from app.model_intake.graphs.storing import store_half
from app.model_intake.making.bundle_spec import Weights
from models.onnx_graph import export_graph

OUTPUT = "embedding"


def tower_graph(
    tower: nn.Module, sample: Tensor, name: str, weights: Weights = "float32", longest: int | None = None
) -> onnx.ModelProto:
    """The graph of `tower`, called with one tensor like `sample` that is named `name`.

    The batch axis may always change, the second one up to `longest` where that is given.
    """
    axes = None if longest is None else {1: torch.export.Dim("length", min=2, max=longest)}
    graph = export_graph(tower, sample, input_name=name, output_names=("last",), dynamic_axes=axes)
    _name_output(graph.graph)
    if weights == "float16":
        store_half(graph)
    return graph


def _name_output(graph: onnx.GraphProto) -> None:
    """Call the output `OUTPUT`; asked for that name, the exporter would give it to the token lookup too."""
    renamed = {OUTPUT: f"{OUTPUT}.inner", graph.output[0].name: OUTPUT}
    graph.output[0].name = OUTPUT
    for node in graph.node:
        for names in (node.input, node.output):
            for slot, name in enumerate(names):
                names[slot] = renamed.get(name, name)
