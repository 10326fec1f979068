"""Graphs that were exported for one row take many: by their shapes where that is the same, else in turns."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, TensorProto, helper, numpy_helper

Form = Literal["as published", "shapes rewritten", "row by row"]
_PART = "reelfind.form."
"""Begins the names of what is made here."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """The published graph's nodes between what is given to it and its output."""

    form: Form
    nodes: Sequence[NodeProto]
    constants: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)


def forms(graph: GraphProto, given: Mapping[str, str], output: str, target: str) -> Iterator[Nodes]:
    """Ways to run the graph on many rows, the quickest first; which of them gives the same has to be tried.

    Args:
        graph: as published; not changed.
        given: its inputs, and the names of what they are given.
        output: the one that is wanted.
        target: name for it.
    """
    own = [copy.deepcopy(node) for node in graph.node]
    around = [helper.make_node("Identity", [value], [name]) for name, value in given.items()]
    ending = [helper.make_node("Identity", [output], [target])]
    yield Nodes("as published", [*around, *own, *ending])
    rewritten, constants = _with_any_batch(graph, own)
    if constants:
        yield Nodes("shapes rewritten", [*around, *rewritten, *ending], constants)
    yield _row_by_row(own, given, output, target)


def _with_any_batch(
    graph: GraphProto, nodes: Sequence[NodeProto]
) -> tuple[list[NodeProto], dict[str, NDArray[np.generic]]]:
    """The nodes with every constant shape of a Reshape that begins with a row of one taking what comes."""
    known = {tensor.name: tensor for tensor in graph.initializer if tensor.data_type == TensorProto.INT64}
    for node in nodes:
        if node.op_type == "Constant" and node.attribute and node.attribute[0].name == "value":
            known[node.output[0]] = node.attribute[0].t
    constants: dict[str, NDArray[np.generic]] = {}
    changed = []
    for node in nodes:
        stored = known.get(node.input[1]) if node.op_type == "Reshape" and len(node.input) == 2 else None
        shape = None if stored is None else numpy_helper.to_array(stored)
        if (
            shape is not None
            and shape.ndim == 1
            and len(shape) > 1
            and shape[0] == 1
            and not _keeps_zero(node)
        ):
            name = f"{_PART}shape.{len(constants)}"
            constants[name] = np.concatenate([[0], shape[1:]]).astype(np.int64)
            changed.append(copy.deepcopy(node))
            changed[-1].input[1] = name
        else:
            changed.append(node)
    return changed, constants


def _keeps_zero(node: NodeProto) -> bool:
    """Whether 0 in its shape means a length of 0 and not “as it comes”."""
    return any(attribute.name == "allowzero" and attribute.i for attribute in node.attribute)


def _row_by_row(nodes: Sequence[NodeProto], given: Mapping[str, str], output: str, target: str) -> Nodes:
    """A `Scan` over the rows with the published graph as its body; its weights are those outside."""
    axes = f"{_PART}axes"
    row_names = {name: f"{_PART}row.{number}" for number, name in enumerate(given)}
    body = helper.make_graph(
        [
            *(helper.make_node("Unsqueeze", [row, axes], [name]) for name, row in row_names.items()),
            *nodes,
            helper.make_node("Squeeze", [output, axes], [f"{_PART}vector"]),
        ],
        "row",
        [helper.make_empty_tensor_value_info(row) for row in row_names.values()],
        [helper.make_empty_tensor_value_info(f"{_PART}vector")],
    )
    scan = helper.make_node("Scan", list(given.values()), [target], body=body, num_scan_inputs=len(given))
    return Nodes("row by row", [scan], {axes: np.array([0], np.int64)})
