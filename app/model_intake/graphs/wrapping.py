"""A published graph gets the bundle's input and output; what it computes stays as it is.

Images: uint8 (N, S, S, 3) RGB comes in, and is transposed and normalised inside. Texts: int64 (N, L) tokens
come in, filled up with an id that no token has; inside they get the published padding, length, integers and
mask. A graph that takes one row only gets as many as there are (`batching.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from app.errors import ModelError
from app.model_intake.graphs.batching import Form, Nodes, forms
from app.model_intake.graphs.published_graph import (
    CHOOSE,
    ImageInterface,
    TextInterface,
    image_interface,
    read_graph,
    text_interface,
)
from app.model_intake.graphs.saving import LARGEST_FILE, save_graph
from app.model_intake.layouts.published_model import PublishedImageTower, PublishedTextTower
from app.runtime.sessions.onnx_sessions import open_graph

OUTPUT = "embedding"
_OURS, _PUBLISHED = "reelfind.", "published."
"""Begin the names of what is put around a published graph, and of what is in it."""
_SAME = 1e-4
"""Largest relative difference of vectors that are the same but for rounding."""

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Wrapped:
    """What became of a published graph."""

    files: tuple[str, ...]
    """Names of the files written: the graph, and its weights where they lie beside it."""
    form: Form
    """How it takes many rows."""


@dataclass(frozen=True, slots=True)
class _Outside:
    """What is put in front of a published graph."""

    nodes: Sequence[NodeProto]
    constants: Mapping[str, NDArray[np.generic]]
    given: dict[str, str]
    """The published graph's inputs, and what is given for each."""
    name: str
    kind: int
    shape: Sequence[int | str]


def wrap_image(
    tower: PublishedImageTower,
    target: Path,
    expected: Callable[[ImageInterface], tuple[NDArray[np.uint8], Vectors]],
    *,
    largest: int = LARGEST_FILE,
) -> Wrapped:
    """Write the bundle's image graph.

    Args:
        tower: as published.
        target: `image.onnx` of the bundle.
        expected: uint8 (N, S, S, 3) squares, and float32 (N, D): what the published graph gives for them.
        largest: bytes of weights beyond which they lie beside the graph.

    Raises:
        ModelError: the graph cannot be read, or not be wrapped so that it gives the same.
    """
    model = read_graph(tower.graph)
    interface = image_interface(tower.graph, model, tower.spec.size)
    outside = _bytes_in(interface, tower) if interface.takes_bytes else _floats_in(interface, tower)
    rows, vectors = expected(interface)
    return _wrapped(tower.graph, model, interface.output, [outside], target, rows, vectors, largest)


def wrap_text(
    tower: PublishedTextTower,
    pad_id: int,
    target: Path,
    expected: Callable[[TextInterface], tuple[NDArray[np.int64], Vectors]],
    *,
    largest: int = LARGEST_FILE,
) -> Wrapped:
    """Write the bundle's text graph.

    Args:
        tower: as published.
        pad_id: what the bundle fills rows up with: an id that no token has.
        target: `text.onnx` of the bundle.
        expected: int64 (N, L) tokens as the program gives them, and float32 (N, D): what the published graph
            gives for those texts.
        largest: as of `wrap_image`.

    Raises:
        ModelError: as of `wrap_image`.
    """
    model = read_graph(tower.graph)
    interface = text_interface(tower.graph, model, tower.context_length)
    rows, vectors = expected(interface)
    # Without the padding a text costs a tenth; where a graph gives the same then, it is left out.
    short = [] if interface.length else [_tokens_in(interface, tower, pad_id, filled=False)]
    full = _tokens_in(interface, tower, pad_id, filled=True)
    return _wrapped(tower.graph, model, interface.output, [*short, full], target, rows, vectors, largest)


def _wrapped(
    path: Path,
    model: ModelProto,
    output: str,
    outsides: Sequence[_Outside],
    target: Path,
    rows: NDArray[np.uint8] | NDArray[np.int64],
    expected: Vectors,
    largest: int,
) -> Wrapped:
    """Try the forms in turn, the quickest first; the first one that gives the same is kept."""
    onnx.compose.add_prefix_graph(model.graph, _PUBLISHED, inplace=True)
    del model.graph.value_info[:]
    candidates = [(outside, list(_forms(model, outside, output))) for outside in outsides]
    stored, reason = len(model.graph.initializer), ""
    for outside, nodes in _quickest_first(candidates):
        _put_around(model, outside, nodes, stored)
        try:
            files = tuple(save_graph(model, target, largest=largest))
            difference = _difference(target, files, rows, expected)
            reason = f"vectors differ by {difference:.2g}"
        except (ModelError, ValueError, onnx.checker.ValidationError, RuntimeError) as error:
            difference, reason = float("inf"), " ".join(str(error).split())
        if difference <= _SAME:
            return Wrapped(files, nodes.form)
        onnx.load_external_data_for_model(model, str(target.parent))
    raise ModelError(
        f"The model file {path.name} cannot be wrapped so that it gives the same ({reason:.200}).", CHOOSE
    )


def _forms(model: ModelProto, outside: _Outside, output: str) -> Iterator[Nodes]:
    given = {_PUBLISHED + name: value for name, value in outside.given.items()}
    opset = max((entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx")), default=0)
    return forms(model.graph, given, _PUBLISHED + output, OUTPUT, opset)


def _quickest_first(
    candidates: Sequence[tuple[_Outside, Sequence[Nodes]]],
) -> Iterator[tuple[_Outside, Nodes]]:
    """Every form, with less in front of it before more."""
    for place in range(max(len(found) for _, found in candidates)):
        for outside, found in candidates:
            if place < len(found):
                yield outside, found[place]


def _put_around(model: ModelProto, outside: _Outside, nodes: Nodes, stored: int) -> None:
    """Make the graph anew around its first `stored` weights, which stay where they are in memory."""
    graph = model.graph
    del graph.node[:]
    graph.node.extend([*outside.nodes, *nodes.nodes])
    del graph.initializer[stored:]
    constants = {**outside.constants, **nodes.constants}
    graph.initializer.extend(numpy_helper.from_array(value, name) for name, value in constants.items())
    del graph.input[:]
    graph.input.append(helper.make_tensor_value_info(outside.name, outside.kind, outside.shape))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["N", None]))
    del model.metadata_props[:]
    model.ir_version = max(model.ir_version, 8)


def _difference(
    target: Path, files: Sequence[str], rows: NDArray[np.uint8] | NDArray[np.int64], expected: Vectors
) -> float:
    """Largest relative difference of the written graph's vectors, of all rows at once and of single ones."""
    width = expected.shape[1]
    graph = open_graph(target, width=width, data=files)
    together = graph.run(rows)
    alone = np.concatenate([graph.run(rows[row : row + 1]) for row in (0, len(rows) - 1)])
    given, wanted = np.concatenate([together, alone]), expected[[*range(len(rows)), 0, len(rows) - 1]]
    lengths = np.maximum(np.linalg.norm(wanted.astype(np.float64), axis=1), 1e-12)
    return float((np.linalg.norm(given.astype(np.float64) - wanted, axis=1) / lengths).max())


def _bytes_in(interface: ImageInterface, tower: PublishedImageTower) -> _Outside:
    size = tower.spec.size
    return _Outside(
        [], {}, {interface.pixels.name: "pixels"}, "pixels", TensorProto.UINT8, ["N", size, size, 3]
    )


def _floats_in(interface: ImageInterface, tower: PublishedImageTower) -> _Outside:
    scale = np.array([1 / (255 * std) for std in tower.std], np.float32).reshape(1, 3, 1, 1)
    shift = np.array([mean / std for mean, std in zip(tower.mean, tower.std, strict=True)], np.float32)
    nodes = [
        helper.make_node("Transpose", ["pixels"], [f"{_OURS}planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Cast", [f"{_OURS}planes"], [f"{_OURS}levels"], to=TensorProto.FLOAT),
        helper.make_node("Mul", [f"{_OURS}levels", f"{_OURS}scale"], [f"{_OURS}scaled"]),
        helper.make_node("Sub", [f"{_OURS}scaled", f"{_OURS}shift"], [f"{_OURS}normalised"]),
    ]
    constants = {f"{_OURS}scale": scale, f"{_OURS}shift": shift.reshape(1, 3, 1, 1)}
    size = tower.spec.size
    given = {interface.pixels.name: f"{_OURS}normalised"}
    return _Outside(nodes, constants, given, "pixels", TensorProto.UINT8, ["N", size, size, 3])


def _tokens_in(interface: TextInterface, tower: PublishedTextTower, pad_id: int, *, filled: bool) -> _Outside:
    """`filled`: rows are filled up to the context length, else only to the longest of the batch."""
    constants: dict[str, NDArray[np.generic]] = {
        f"{_OURS}none": np.array(pad_id, np.int64),
        f"{_OURS}pad": np.array(tower.pad_id, np.int64),
    }
    source = "tokens"
    nodes = []
    if filled:
        constants |= {
            f"{_OURS}context": np.array([tower.context_length], np.int64),
            f"{_OURS}zeros": np.zeros(3, np.int64),
            f"{_OURS}columns": np.array([1], np.int64),
        }
        nodes = [
            helper.make_node("Shape", ["tokens"], [f"{_OURS}shape"]),
            helper.make_node("Gather", [f"{_OURS}shape", f"{_OURS}columns"], [f"{_OURS}length"]),
            helper.make_node("Sub", [f"{_OURS}context", f"{_OURS}length"], [f"{_OURS}missing"]),
            helper.make_node("Concat", [f"{_OURS}zeros", f"{_OURS}missing"], [f"{_OURS}amounts"], axis=0),
            helper.make_node(
                "Pad", ["tokens", f"{_OURS}amounts", f"{_OURS}none"], [f"{_OURS}row"], mode="constant"
            ),
        ]
        source = f"{_OURS}row"
    nodes += [
        helper.make_node("Equal", [source, f"{_OURS}none"], [f"{_OURS}empty"]),
        helper.make_node("Where", [f"{_OURS}empty", f"{_OURS}pad", source], [f"{_OURS}ids"]),
        helper.make_node("Cast", [f"{_OURS}ids"], [f"{_OURS}tokens"], to=interface.tokens.kind),
    ]
    given = {interface.tokens.name: f"{_OURS}tokens"}
    if interface.mask is not None:
        nodes.append(helper.make_node("Not", [f"{_OURS}empty"], [f"{_OURS}word"]))
        nodes.append(helper.make_node("Cast", [f"{_OURS}word"], [f"{_OURS}mask"], to=interface.mask.kind))
        given[interface.mask.name] = f"{_OURS}mask"
    if interface.types is not None:
        constants[f"{_OURS}zero"] = np.array(0, np.int64)
        nodes.append(helper.make_node("Mul", [f"{_OURS}ids", f"{_OURS}zero"], [f"{_OURS}zeroes"]))
        nodes.append(helper.make_node("Cast", [f"{_OURS}zeroes"], [f"{_OURS}types"], to=interface.types.kind))
        given[interface.types.name] = f"{_OURS}types"
    return _Outside(nodes, constants, given, "tokens", TensorProto.INT64, ["N", "L"])
