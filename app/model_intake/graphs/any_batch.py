"""A graph that was traced with one row takes many: where a row of one is written into its shapes, the number
of rows comes instead.

Shapes are inferred with a number of rows that is a large prime: whatever length it divides counts rows. A
constant shape that loses it gets it back where it lay; a constant that stands beside rows is repeated. That
is a guess where several lengths could hold it, so whoever uses the result compares it with the original.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Collection, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import GraphProto, ModelProto, NodeProto, ValueInfoProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

ROWS = 1009
"""A prime that no length of a graph is a multiple of."""
_PART = "reelfind.rows."
"""Begins the names of what is made here."""
_SMALL = 8_192
"""Elements of a tensor that is computed beforehand where it depends on no input: shapes, class tokens."""
_COMPUTED = {
    *("Constant", "ConstantOfShape", "Add", "Sub", "Mul", "Div", "Mod", "Equal", "Where", "Expand", "Cast"),
    *("Reshape", "Concat", "Gather", "Unsqueeze", "Squeeze", "Slice", "Shape", "Identity"),
}
_MOST_CHANGES = 1_000

Shape = Sequence[int]
Constants = dict[str, NDArray[np.generic]]


def with_any_batch(
    graph: GraphProto, inputs: Collection[str], opset: int
) -> tuple[list[NodeProto], Constants] | None:
    """Nodes that do on many rows what the graph's nodes do on one, and their constants; None where its
    shapes do not tell how.

    Args:
        graph: not changed.
        inputs: names of those of its inputs that are no weights; they have their rows in front.
        opset: version of its operators.
    """
    attempt = _Attempt(graph, inputs, opset)
    for _ in range(_MOST_CHANGES):
        shapes = attempt.infer()
        if shapes is None:
            return None
        changed = any(attempt.mend(place, shapes) for place in range(len(attempt.nodes)))
        if not changed:
            return (attempt.nodes, attempt.constants) if attempt.constants else None
    return None


class _Attempt:
    """The graph without its weights, and what was changed in it so far."""

    def __init__(self, graph: GraphProto, inputs: Collection[str], opset: int) -> None:
        self.nodes = [copy.deepcopy(node) for node in graph.node]
        self.constants: Constants = {}
        self._opset = opset
        self._inputs: list[ValueInfoProto] = [
            _with_rows(value) for value in graph.input if value.name in inputs
        ]
        self._known: dict[str, NDArray[np.generic]] = {}
        for tensor in graph.initializer:
            if math.prod(tensor.dims) <= _SMALL:
                self._known[tensor.name] = numpy_helper.to_array(tensor)
            else:
                value = helper.make_tensor_value_info(tensor.name, tensor.data_type, tensor.dims)
                self._inputs.append(value)
        self._compute()
        self._rows_of = self._inputs[0].name
        self._counts_rows = False

    def infer(self) -> dict[str, tuple[int, ...]] | None:
        """Lengths of every tensor whose lengths are all known, with `ROWS` rows; None where that fails."""
        known = {**self._known, **self.constants}
        stored = [numpy_helper.from_array(value, name) for name, value in known.items()]
        nodes = [node for node in self.nodes if not known.keys() >= set(node.output)]
        skeleton = helper.make_graph(nodes, "skeleton", self._inputs, [], stored)
        model: ModelProto = helper.make_model(skeleton, opset_imports=[helper.make_opsetid("", self._opset)])
        try:
            inferred = onnx.shape_inference.infer_shapes(model, data_prop=True)
        except (RuntimeError, ValueError):
            return None
        found = {value.name: _lengths(value) for value in (*self._inputs, *inferred.graph.value_info)}
        found |= {name: value.shape for name, value in known.items()}
        return {name: lengths for name, lengths in found.items() if lengths is not None}

    def mend(self, place: int, shapes: dict[str, tuple[int, ...]]) -> bool:
        """Change the node at a place where it loses the rows; whether it was changed."""
        node = self.nodes[place]
        if node.op_type == "Reshape":
            return self._mend_reshape(node, shapes)
        if node.op_type == "Concat":
            return self._mend_concat(place, shapes)
        return False

    def _mend_reshape(self, node: NodeProto, shapes: dict[str, tuple[int, ...]]) -> bool:
        before, written = shapes.get(node.input[0]), self._constant(node.input[1])
        if before is None or written is None or node.input[1].startswith(_PART):
            return False
        axis = _rows_axis(before)
        if axis is None:
            return False
        target = _resolved(
            written, [length // ROWS if at == axis else length for at, length in enumerate(before)]
        )
        if target is None:
            return False
        place = _place_for_rows(before, axis, target)
        if place is None or (list(written).count(-1) == 1 and list(written)[place] == -1):
            return False
        name = f"{_PART}shape.{len(self.constants)}"
        target[place] = -1
        self.constants[name] = np.array(target, np.int64)
        node.input[1] = name
        return True

    def _mend_concat(self, place: int, shapes: dict[str, tuple[int, ...]]) -> bool:
        node = self.nodes[place]
        given = [shapes.get(name) for name in node.input]
        axes = {_rows_axis(lengths) for lengths in given if lengths is not None} - {None}
        if len(axes) != 1 or any(lengths is None for lengths in given):
            return False
        (axis,) = axes
        for slot, lengths in enumerate(given):
            if lengths is not None and axis is not None and len(lengths) > axis and lengths[axis] == 1:
                self._repeat(place, slot, axis, len(lengths))
                return True
        return False

    def _repeat(self, place: int, slot: int, axis: int, rank: int) -> None:
        """Give a Concat its input with as many rows as there are."""
        number = len(self.constants)
        name, before, behind = (f"{_PART}{part}.{number}" for part in ("repeated", "before", "behind"))
        self.constants[before] = np.ones(axis, np.int64)
        self.constants[behind] = np.ones(rank - axis - 1, np.int64)
        node = self.nodes[place]
        made = [
            helper.make_node("Concat", [before, f"{_PART}count", behind], [f"{name}.shape"], axis=0),
            helper.make_node("Expand", [node.input[slot], f"{name}.shape"], [name]),
        ]
        node.input[slot] = name
        self.nodes[place:place] = made
        if not self._counts_rows:
            self._counts_rows = True
            self.constants[f"{_PART}first"] = np.array([0], np.int64)
            self.nodes[0:0] = [
                helper.make_node("Shape", [self._rows_of], [f"{_PART}lengths"]),
                helper.make_node("Gather", [f"{_PART}lengths", f"{_PART}first"], [f"{_PART}count"], axis=0),
            ]

    def _constant(self, name: str) -> list[int] | None:
        """The numbers of a shape that depends on no input."""
        value = self._known.get(name)
        if value is None or value.dtype != np.int64 or value.ndim != 1:
            return None
        return [int(number) for number in value]

    def _compute(self) -> None:
        """Work out what depends on no input, as far as it is small."""
        for node in self.nodes:
            given = [self._known.get(name) for name in node.input if name]
            if node.op_type not in _COMPUTED or any(value is None for value in given) or node.domain:
                continue
            if node.op_type in ("ConstantOfShape", "Expand") and _too_large(given[-1]):
                continue
            try:
                feed = {name: self._known[name] for name in node.input if name}
                (value,) = ReferenceEvaluator(node, opsets={"": self._opset}).run(None, feed)
            except Exception:  # noqa: BLE001, S112 - of that library any: then it is not known
                continue
            if isinstance(value, np.ndarray) and value.size <= _SMALL:
                self._known[node.output[0]] = value


def _too_large(shape: NDArray[np.generic] | None) -> bool:
    """Whether a tensor of this shape need not be computed."""
    return shape is None or shape.size > 8 or math.prod(abs(int(length)) for length in shape.ravel()) > _SMALL


def _place_for_rows(before: Shape, axis: int, target: Shape) -> int | None:
    """Which length of a shape for one row takes the rows that lie in `before` at `axis`."""
    ahead = math.prod(before[:axis])
    within = before[axis] // ROWS
    starts = [math.prod(target[:place]) for place in range(len(target))]
    for place, start in enumerate(starts):  # a length of one is there for them
        if target[place] == 1 and ahead <= start <= ahead * within:
            return place
    for place, start in enumerate(starts):
        if start == ahead:
            behind = before[axis + 1 :]
            dropped = within == 1 and target[place] in (math.prod(behind), *behind[:1])
            return place - 1 if dropped and place > 0 else place
    # Rows and what lies behind them are counted together with what lies ahead.
    reach = (place for place, start in enumerate(starts) if start <= ahead < start * target[place])
    return next(reach, None)


def _resolved(written: Shape, before: Shape) -> list[int] | None:
    """A written shape in plain numbers for a tensor of one row."""
    lengths = [
        before[at] if length == 0 and at < len(before) else length for at, length in enumerate(written)
    ]
    known = math.prod(length for length in lengths if length != -1)
    if -1 in lengths:
        if known <= 0 or math.prod(before) % known:
            return None
        lengths[lengths.index(-1)] = math.prod(before) // known
    return lengths if math.prod(lengths) == math.prod(before) and min(lengths, default=0) > 0 else None


def _rows_axis(lengths: Shape) -> int | None:
    """The axis that rows are counted along; None where there is none, or more than one."""
    found = [axis for axis, length in enumerate(lengths) if length and length % ROWS == 0]
    return found[0] if len(found) == 1 else None


def _lengths(value: ValueInfoProto) -> tuple[int, ...] | None:
    dims = value.type.tensor_type.shape.dim
    known = value.type.tensor_type.HasField("shape") and all(dim.HasField("dim_value") for dim in dims)
    return tuple(dim.dim_value for dim in dims) if known else None


def _with_rows(value: ValueInfoProto) -> ValueInfoProto:
    changed = copy.deepcopy(value)
    dims = changed.type.tensor_type.shape.dim
    if dims:
        dims[0].dim_value = ROWS
    return changed
