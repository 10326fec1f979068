"""Large weights of a graph stored narrow: float16 or int8 in the file, float32 when it computes."""

from __future__ import annotations

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

# Smaller constants (biases, shapes, epsilons) stay float32: they cost nothing and some operators want them
# exact.
SMALLEST_NARROWED = 4_096
INT8_LIMIT = 127.0


def store_half(model: onnx.ModelProto) -> None:
    """Store every large float32 initializer as float16 behind a Cast: half the file, float32 arithmetic."""
    graph = model.graph
    casts = []
    for initializer in list(graph.initializer):
        values = numpy_helper.to_array(initializer)
        if values.dtype != np.float32 or values.size < SMALLEST_NARROWED:
            continue
        stored = f"{initializer.name}.half"
        casts.append(helper.make_node("Cast", [stored], [initializer.name], to=TensorProto.FLOAT))
        initializer.CopyFrom(numpy_helper.from_array(values.astype(np.float16), stored))
    put_first(graph, casts)


def store_matrices_int8(model: onnx.ModelProto, own_units: str) -> None:
    """Store every large float32 matrix that inputs are multiplied by as int8 with float scales behind a Cast
    and a Mul: a quarter of the file, float32 arithmetic.

    Each output has its scale. Matrices whose names begin with `own_units` take inputs of very different
    sizes: there each input has its own, or the small weights of the large inputs would be blurred.
    """
    graph = model.graph
    outputs_are_rows = {
        node.input[1]: any(attribute.name == "transB" and attribute.i for attribute in node.attribute)
        for node in graph.node
        if node.op_type in ("MatMul", "Gemm")
    }
    restored = []
    for weight in list(graph.initializer):
        values, name = numpy_helper.to_array(weight), weight.name
        small = values.size < SMALLEST_NARROWED
        if name not in outputs_are_rows or values.ndim != 2 or values.dtype != np.float32 or small:
            continue
        by_rows = outputs_are_rows[name] != name.startswith(own_units)
        quantised, scales = quantise_rows(values) if by_rows else quantise_columns(values)
        graph.initializer.remove(weight)
        graph.initializer.extend(
            [
                numpy_helper.from_array(quantised, f"{name}.int8"),
                numpy_helper.from_array(scales, f"{name}.scale"),
            ]
        )
        restored += [
            helper.make_node("Cast", [f"{name}.int8"], [f"{name}.float"], to=TensorProto.FLOAT),
            helper.make_node("Mul", [f"{name}.float", f"{name}.scale"], [name]),
        ]
    put_first(graph, restored)


def store_rows_int8(model: onnx.ModelProto, rows: int) -> None:
    """Store the lookup table that has `rows` rows as int8 with one float scale per row (symmetric).

    Raises `ValueError` unless exactly one float32 table of that height is read by one Gather.
    """
    graph = model.graph
    looked_up = {node.input[0]: node for node in graph.node if node.op_type == "Gather"}
    tables = [
        initializer
        for initializer in graph.initializer
        if initializer.name in looked_up
        and initializer.data_type == TensorProto.FLOAT
        and initializer.dims[0] == rows
        and len(initializer.dims) == 2
    ]
    if len(tables) != 1:
        raise ValueError(f"expected one lookup table with {rows} rows, found {len(tables)}")
    table, gather = tables[0], looked_up[tables[0].name]
    quantised, scales = quantise_rows(numpy_helper.to_array(table))
    name, indices, output = table.name, gather.input[1], gather.output[0]
    graph.initializer.remove(table)
    graph.initializer.extend(
        [
            numpy_helper.from_array(quantised, f"{name}.int8"),
            numpy_helper.from_array(scales, f"{name}.scale"),
        ]
    )
    replacement = [
        helper.make_node("Gather", [f"{name}.int8", indices], [f"{name}.picked"], axis=0),
        helper.make_node("Cast", [f"{name}.picked"], [f"{name}.float"], to=TensorProto.FLOAT),
        helper.make_node("Gather", [f"{name}.scale", indices], [f"{name}.picked_scale"], axis=0),
        helper.make_node("Mul", [f"{name}.float", f"{name}.picked_scale"], [f"{name}.rows"]),
    ]
    # The exporter may call the lookup's result like the graph's output: a fresh name keeps names unique.
    for node in graph.node:
        for slot, wanted in enumerate(node.input):
            if wanted == output:
                node.input[slot] = f"{name}.rows"
    position = list(graph.node).index(gather)
    graph.node.remove(gather)
    for offset, node in enumerate(replacement):
        graph.node.insert(position + offset, node)


def quantise_rows(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """`table (R, W)` as int8 `(R, W)` and float32 scales `(R, 1)`: table is about int8 * scale."""
    scales = np.maximum(np.abs(table).max(1, keepdims=True), 1e-8) / INT8_LIMIT
    return np.rint(table / scales).astype(np.int8), scales.astype(np.float32)


def quantise_columns(matrix: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """`matrix (R, W)` as int8 `(R, W)` and float32 scales `(1, W)`: matrix is about int8 * scale."""
    rows, scales = quantise_rows(matrix.T)
    return np.ascontiguousarray(rows.T), np.ascontiguousarray(scales.T)


def put_first(graph: onnx.GraphProto, nodes: list[onnx.NodeProto]) -> None:
    """Put `nodes` before all others."""
    kept = list(graph.node)
    del graph.node[:]
    graph.node.extend([*nodes, *kept])
