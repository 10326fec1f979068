"""The towers in fewer bits: int8 for processors, fp16 for CUDA.

int8 is ONNX Runtime's dynamic quantisation: weights of matrix products as signed bytes, one scale per tensor
(or per output channel), activations quantised as they come. `reduce_range` keeps weights within 7 bits:
processors without VNNI add pairs of products in 16 bits, which overflow otherwise. Convolutions stay as they
are, for which ONNX Runtime's CPU provider has no signed kernel; the words' table gets a scale per row.
"""

from __future__ import annotations

import importlib
import tempfile
from pathlib import Path
from typing import Any

import onnx
from onnx import TensorProto

from app.model_intake.graphs.quiet import quietly
from app.model_intake.graphs.saving import LARGEST_FILE, save_graph
from app.model_intake.graphs.storing import SMALLEST_NARROWED, store_rows_int8
from app.runtime.sessions.onnx_runtime import ort

_SUMS = ["GlobalAveragePool", "ReduceL2", "ReduceMean", "ReduceSum", "ReduceSumSquare", "LpNormalization"]
"""What adds up thousands of numbers leaves half precision (65,504 at most) on its way, and stays float32:
the mean of a map of 104 × 104 did so on a real card."""


def quantise(source: Path, target: Path, *, per_channel: bool, largest: int = LARGEST_FILE) -> list[str]:
    """Write the int8 variant of the graph `source` and return the names of the files written."""
    quantization = _of_runtime("quantization")
    model = onnx.load(str(source))
    rows = _words(model)
    if rows:
        store_rows_int8(model, rows)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, quietly():
        quantised = Path(folder) / target.name
        quantization.quantize_dynamic(
            model,
            quantised,
            op_types_to_quantize=["MatMul"],  # Gemm becomes one first
            per_channel=per_channel,
            reduce_range=True,
            weight_type=quantization.QuantType.QInt8,
            use_external_data_format=True,
        )
        model = onnx.load(str(quantised))
    return save_graph(model, target, largest=largest)


def halve(source: Path, target: Path, *, largest: int = LARGEST_FILE) -> list[str]:
    """Write the fp16 variant of the graph `source`: weights and arithmetic in half precision (but for
    sums over many numbers), inputs as they are and a float32 output. Returns the names of the files written.

    The graph is checked, not opened: ONNX Runtime's CPU provider crashes on such graphs.
    """
    float16 = _of_runtime("transformers.float16")
    with tempfile.NamedTemporaryFile(dir=source.parent, suffix=".onnx") as inferred:
        # By path: a graph beyond 2 GB fits into no single message.
        onnx.shape_inference.infer_shapes_path(str(source), inferred.name)
        model = onnx.load(inferred.name)
    with quietly():  # of weights too small or too large for half precision, one by one
        halved = float16.convert_float_to_float16(
            model,
            keep_io_types=True,
            disable_shape_infer=True,
            op_block_list=[*float16.DEFAULT_OP_BLOCK_LIST, *([] if _has_bodies(model) else _SUMS)],
        )
        _of_runtime("transformers.onnx_model").OnnxModel(halved).topological_sort()
    return save_graph(halved, target, largest=largest)


def _has_bodies(model: onnx.ModelProto) -> bool:
    """Whether a graph runs others, as a loop does: casts of what is kept inside one end up outside of it."""
    kinds = {given.type for node in model.graph.node for given in node.attribute}
    return onnx.AttributeProto.GRAPH in kinds


def _words(model: onnx.ModelProto) -> int:
    """Rows of the largest float32 table that something is looked up in, the words'; 0 where there is none."""
    looked_up = {node.input[0] for node in model.graph.node if node.op_type == "Gather"}
    tables = [
        tuple(stored.dims)
        for stored in model.graph.initializer
        if stored.name in looked_up and stored.data_type == TensorProto.FLOAT and len(stored.dims) == 2
    ]
    rows, width = max(tables, key=lambda dims: dims[0] * dims[1], default=(0, 0))
    return int(rows) if rows * width >= SMALLEST_NARROWED else 0


def _of_runtime(name: str) -> Any:
    """A tool that comes with ONNX Runtime; by its name, since `ort` is where the runtime is imported."""
    return importlib.import_module(f"{ort.__name__}.{name}")
