"""One tower as one ONNX file with the bundle's names."""

from __future__ import annotations

import onnx
import torch
from torch import Tensor, nn

from app.errors import ModelError
from models.export.spec import BundleSpec
from models.onnx_graph import export_graph, seal, store_half

LARGEST_TOWER = 2**31 - 2**24
"""Bytes of weights: a graph that holds its own weights is one protobuf message, below 2 GiB."""

OUTPUT = "embedding"


def tower_graph(
    tower: nn.Module, sample: Tensor, name: str, spec: BundleSpec, longest: int | None = None
) -> bytes:
    """The checked graph of `tower`, called with one tensor like `sample` that is named `name`.

    The batch axis may always change, the second one up to `longest` where that is given.

    Raises:
        ModelError: the weights are too many for one file.
    """
    axes = None if longest is None else {1: torch.export.Dim("length", min=2, max=longest)}
    graph = export_graph(tower, sample, input_name=name, output_names=("last",), dynamic_axes=axes)
    _name_output(graph.graph)
    if spec.weights == "float16":
        store_half(graph)
    weights = sum(len(stored.raw_data) for stored in graph.graph.initializer)
    if weights > LARGEST_TOWER:
        raise ModelError(
            f"A tower of “{spec.name}” has {weights / 1e9:.1f} GB of weights; 2 GB fit into one file.",
            "Store the weights as float16, or choose a smaller model.",
        )
    return seal(graph)


def _name_output(graph: onnx.GraphProto) -> None:
    """Call the output `OUTPUT`; asked for that name, the exporter would give it to the token lookup too."""
    renamed = {OUTPUT: f"{OUTPUT}.inner", graph.output[0].name: OUTPUT}
    graph.output[0].name = OUTPUT
    for node in graph.node:
        for names in (node.input, node.output):
            for slot, name in enumerate(names):
                names[slot] = renamed.get(name, name)
