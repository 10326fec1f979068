"""Graphs that were exported for one row take many: by their shapes where that is the same, else in turns."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from onnx import GraphProto, NodeProto, helper

from app.model_intake.graphs.any_batch import with_any_batch

Form = Literal["as published", "shapes rewritten", "row by row"]
_PART = "reelfind.form."
"""Begins the names of what is made here."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """The published graph's nodes between what is given to it and its output."""

    form: Form
    nodes: Sequence[NodeProto]
    constants: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)


def forms(
    graph: GraphProto, given: Mapping[str, str], output: str, target: str, opset: int
) -> Iterator[Nodes]:
    """Ways to run the graph on many rows, the quickest first; which of them gives the same has to be tried.

    Args:
        graph: as published; not changed.
        given: its inputs, and the names of what they are given.
        output: the one that is wanted.
        target: name for it.
        opset: version of the graph's operators.
    """
    own = [copy.deepcopy(node) for node in graph.node]
    around = [helper.make_node("Identity", [value], [name]) for name, value in given.items()]
    ending = [helper.make_node("Identity", [output], [target])]
    yield Nodes("as published", [*around, *own, *ending])
    rewritten = with_any_batch(graph, given.keys(), opset)
    if rewritten is not None:
        nodes, constants = rewritten
        yield Nodes("shapes rewritten", [*around, *nodes, *ending], constants)
    yield _row_by_row(own, given, output, target)


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
