"""A published graph, read with care: what it takes and gives, with its weights in memory."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import onnx
from onnx import GraphProto, ModelProto, TensorProto, ValueInfoProto

from app.bundle.graph_rules import inspect_graph
from app.errors import ModelError
from app.model_intake.graphs.storing import SMALLEST_NARROWED

CHOOSE = "Choose another export of this model, or another model."
OLDEST_OPSET = 11
_MOST_NODES = 200_000
_MOST_FILES = 5_000
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
_FEWER_BITS = re.compile(r"(De|Dynamic)?Quantize|MatMulInteger|ConvInteger|QLinear|NBits")
"""Operators of graphs in fewer bits."""
_NARROW = {TensorProto.FLOAT16, TensorProto.BFLOAT16, TensorProto.DOUBLE}
_READS_NARROW = {"Cast", "Gather"}
"""Operators that may read narrow weights: the numbers are float32 when they are computed with."""
_PICTURE_OUTPUTS = ("image_embeds", "image_embedding", "image_features", "embedding", "pooler_output")
_TEXT_OUTPUTS = ("text_embeds", "text_embedding", "text_features", "embedding", "pooler_output")
_MASK, _TYPES = "attention_mask", "token_type_ids"


@dataclass(frozen=True, slots=True)
class GraphInput:
    """A tensor that a graph takes."""

    name: str
    kind: int
    """`TensorProto.DataType`."""
    shape: tuple[int | None, ...]
    """None where a length may change."""


@dataclass(frozen=True, slots=True)
class ImageInterface:
    """What an image graph takes and gives."""

    pixels: GraphInput
    output: str

    @property
    def takes_bytes(self) -> bool:
        """Whether it takes uint8 (N, S, S, 3), where others take normalised float32 (N, 3, S, S)."""
        return self.pixels.kind == TensorProto.UINT8


@dataclass(frozen=True, slots=True)
class TextInterface:
    """What a text graph takes and gives."""

    tokens: GraphInput
    mask: GraphInput | None
    types: GraphInput | None
    """Token types (BERT), all zero for one text."""
    output: str

    @property
    def length(self) -> int | None:
        """Tokens of a row where only so many are taken."""
        return self.tokens.shape[1]


def read_graph(path: Path) -> ModelProto:
    """Read a published graph with the weights that lie in files beside it.

    Args:
        path: in a folder that holds nothing but the export; nothing outside it is read.

    Raises:
        ModelError: it is damaged, names other files or operators than it may, is in fewer bits, or too old.
    """
    beside = files_beside(path)
    if len(beside) > _MOST_FILES:
        raise _refused(path, f"it lies among {len(beside):,} files")
    inspect_graph(path, beside)
    try:
        model = onnx.load(str(path), load_external_data=True)
    except Exception as error:  # the library's own, protobuf's, and those of files that are too short
        said = str(error).splitlines() or ["it is damaged"]
        raise _refused(path, f"it cannot be read ({said[0]:.120})") from error
    nodes = sum(len(graph.node) for graph in _graphs(model.graph))
    if nodes > _MOST_NODES:
        raise _refused(path, f"it has {nodes:,} nodes")
    opset = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=0)
    if opset < OLDEST_OPSET:
        raise _refused(
            path, f"it is written in ONNX's operators of version {opset}; {OLDEST_OPSET} are needed"
        )
    _check_bits(path, model)
    return model


def files_beside(path: Path) -> frozenset[str]:
    """Names of the files that a graph may read weights from: those beside it with plain names."""
    names = (entry.name for entry in path.parent.iterdir())
    return frozenset(name for name in names if _PLAIN_NAME.fullmatch(name)) - {path.name}


def image_interface(path: Path, model: ModelProto, size: int) -> ImageInterface:
    """What an image graph takes and gives.

    Args:
        path: for sentences.
        model: as read.
        size: side of the square that its configuration says.

    Raises:
        ModelError: it takes or gives something else than one picture's pixels and one vector.
    """
    inputs = _inputs(model)
    if len(inputs) != 1 or len(inputs[0].shape) != 4:
        raise _refused(path, f"it takes {_told(inputs)}, not pictures alone")
    (pixels,) = inputs
    if pixels.kind not in (TensorProto.FLOAT, TensorProto.UINT8):
        raise _refused(path, f"it takes pictures as {TensorProto.DataType.Name(pixels.kind).lower()}")
    wanted = (size, size, 3) if pixels.kind == TensorProto.UINT8 else (3, size, size)
    if any(there not in (None, length) for there, length in zip(pixels.shape[1:], wanted, strict=True)):
        raise _refused(path, f"it takes pictures of {pixels.shape[1:]}, its configuration says {wanted}")
    return ImageInterface(pixels, _output(path, model, _PICTURE_OUTPUTS))


def text_interface(path: Path, model: ModelProto, context_length: int) -> TextInterface:
    """What a text graph takes and gives.

    Args:
        path: for sentences.
        model: as read.
        context_length: most tokens of a row, as its configuration says.

    Raises:
        ModelError: it takes or gives something else than tokens, perhaps a mask, and one vector.
    """
    inputs = _inputs(model)
    named = {given.name: given for given in inputs}
    mask, types = named.pop(_MASK, None), named.pop(_TYPES, None)
    whole = (TensorProto.INT64, TensorProto.INT32)
    if len(named) != 1 or any(given.kind not in whole or len(given.shape) != 2 for given in inputs):
        raise _refused(path, f"it takes {_told(inputs)}, not tokens")
    (tokens,) = named.values()
    if tokens.shape[1] not in (None, context_length):
        raise _refused(path, f"it takes {tokens.shape[1]} tokens, its configuration says {context_length}")
    return TextInterface(tokens, mask, types, _output(path, model, _TEXT_OUTPUTS))


def _inputs(model: ModelProto) -> list[GraphInput]:
    """The inputs that have to be given: weights may be listed as inputs too."""
    stored = {tensor.name for tensor in model.graph.initializer}
    return [
        GraphInput(given.name, given.type.tensor_type.elem_type, _shape(given))
        for given in model.graph.input
        if given.name not in stored
    ]


def _shape(value: ValueInfoProto) -> tuple[int | None, ...]:
    dims = value.type.tensor_type.shape.dim
    return tuple(dim.dim_value if dim.HasField("dim_value") and dim.dim_value > 0 else None for dim in dims)


def _output(path: Path, model: ModelProto, names: Sequence[str]) -> str:
    """Name of the output with one vector per row: by its name, else the only one of two dimensions."""
    flat = {given.name for given in model.graph.output if len(_shape(given)) in (0, 2)}
    for name in names:
        if name in flat:
            return name
    if len(flat) == 1:
        return str(flat.pop())
    told = ", ".join(given.name for given in model.graph.output)
    raise _refused(path, f"which of its outputs ({told:.100}) is the embedding cannot be told")


def _check_bits(path: Path, model: ModelProto) -> None:
    """Raise ModelError unless the graph computes in float32."""
    graphs = list(_graphs(model.graph))
    narrow = {
        tensor.name
        for graph in graphs
        for tensor in graph.initializer
        if tensor.data_type in _NARROW and math.prod(tensor.dims) >= SMALLEST_NARROWED
    }
    for node in (node for graph in graphs for node in graph.node):
        if _FEWER_BITS.search(node.op_type):
            raise _in_fewer_bits(path)
        if node.op_type not in _READS_NARROW and narrow.intersection(node.input):
            raise _in_fewer_bits(path)


def _graphs(graph: GraphProto) -> Iterator[GraphProto]:
    """The graph and those inside its nodes (their depth was looked at before)."""
    waiting = [graph]
    while waiting:
        found = waiting.pop()
        yield found
        for node in found.node:
            for attribute in node.attribute:
                waiting += [*attribute.graphs, *([attribute.g] if attribute.HasField("g") else [])]


def _in_fewer_bits(path: Path) -> ModelError:
    return _refused(path, "it is in fewer bits; only float32 is taken, of which Reelfind makes its own")


def _told(inputs: Sequence[GraphInput]) -> str:
    return ", ".join(given.name for given in inputs)[:120] or "nothing"


def _refused(path: Path, why: str) -> ModelError:
    return ModelError(f"The model file {path.name} is refused: {why}.", CHOOSE)
