"""Bundles that nobody should take in: each an edit of the good one of `tests.bundles`."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from tests.bundles import COLOURS, WIDTH, colour_embedding, write_manifest
from tests.model_store.conftest import edit_manifest, list_also

SIZE = 32
Spoil = Callable[[Path], None]
Nodes = Sequence[onnx.NodeProto]

_MEAN: Nodes = (
    helper.make_node("Cast", ["pixels"], ["float"], to=TensorProto.FLOAT),
    helper.make_node("ReduceMean", ["float", "spatial"], ["mean"], keepdims=0),
    helper.make_node("Div", ["mean", "full"], ["share"]),
    helper.make_node("Sub", ["share", "half"], ["colour"]),
)
_WORDS: Nodes = (
    helper.make_node("Gather", ["table", "tokens"], ["words"]),
    helper.make_node("ReduceSum", ["words", "second"], ["colour"], keepdims=0),
)


def node(kind: str, inputs: str, outputs: str = "embedding", **attributes: Any) -> onnx.NodeProto:
    return helper.make_node(kind, inputs.split(), outputs.split(), **attributes)


def _constants() -> dict[str, NDArray[np.generic]]:
    table = np.zeros((2 + len(COLOURS), WIDTH), np.float32)
    table[1] = (0.01, 0.02, 0.01)
    for row, rgb in enumerate(COLOURS.values(), start=2):
        table[row] = colour_embedding(rgb)
    return {
        "spatial": np.array([1, 2]),
        "second": np.array([1]),
        "first": np.array([0]),
        "full": np.float32(255),
        "half": np.float32(0.5),
        "zero": np.float32(0),
        "tiny": np.float32(1e-9),
        "huge": np.float32(1e9),
        "beyond": np.float32(3e5),
        "edge": np.float32(131008),
        "table": table,
        "giant": np.array([1 << 50]),
        "shapes": np.array([64, 1024, 1024, 64]),
        "row": np.array([1, WIDTH]),
        "wide": np.array([-1, 1]),
        "colour_shape": np.array([7, WIDTH]),
        "colour_one": np.array([[0.1, 0.2, 0.3]], np.float32),
        "rounds": np.array(1 << 62),
        "yes": np.array(True),
    }


def write_graph(
    path: Path,
    nodes: Nodes,
    *,
    tower: str = "image",
    batch: str | int = "n",
    side: int = SIZE,
    width: int | None = WIDTH,
    kind: int = TensorProto.FLOAT,
    into: int | None = None,
    outputs: int = 1,
    domain: str = "",
) -> None:
    """Write a graph of these nodes behind `colour`, the mean colour of pictures or of words, (n, 3)."""
    if tower == "image":
        given = helper.make_tensor_value_info("pixels", into or TensorProto.UINT8, [batch, side, side, 3])
        before = _MEAN
    else:
        given = helper.make_tensor_value_info("tokens", into or TensorProto.INT64, [batch, "length"])
        before = _WORDS
    shape = None if width is None else ["rows", width]
    results = [helper.make_tensor_value_info("embedding", kind, shape)]
    results += [helper.make_tensor_value_info("colour", TensorProto.FLOAT, None)] * (outputs - 1)
    used = {name for part in (*before, *nodes) for name in part.input}
    weights = [numpy_helper.from_array(np.asarray(v), k) for k, v in _constants().items() if k in used]
    opsets = [helper.make_opsetid("", 18)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    graph = helper.make_graph([*before, *nodes], "tower", [given], results, weights)
    path.write_bytes(helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString())


def growing_loop(*, grows: bool) -> list[onnx.NodeProto]:
    """A loop that does not end: one that doubles what it holds, or one that only turns."""
    body = helper.make_graph(
        [
            node("Identity", "going", "on"),
            node("Concat", "sum sum", "next", axis=0) if grows else node("Add", "sum sum", "next"),
        ],
        "body",
        [
            helper.make_tensor_value_info("turn", TensorProto.INT64, []),
            helper.make_tensor_value_info("going", TensorProto.BOOL, []),
            helper.make_tensor_value_info("sum", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("next", TensorProto.FLOAT, None),
        ],
    )
    return [node("Loop", "rounds yes colour", body=body)]


def tower(name: str, *nodes: onnx.NodeProto, **options: Any) -> Spoil:
    """Replace one tower."""

    def spoil(folder: Path) -> None:
        write_graph(folder / f"{name}.onnx", nodes, tower=name, **options)
        write_manifest(folder)

    return spoil


def image(*nodes: onnx.NodeProto, **options: Any) -> Spoil:
    return tower("image", *nodes, **options)


def text(*nodes: onnx.NodeProto, **options: Any) -> Spoil:
    return tower("text", *nodes, **options)


def content(name: str, data: bytes | Callable[[bytes], bytes], *, listed: bool = True) -> Spoil:
    """Replace a file's bytes; the manifest's hashes are those of the new ones where `listed`."""

    def spoil(folder: Path) -> None:
        path = folder / name
        path.write_bytes(data(path.read_bytes()) if callable(data) else data)
        if listed:
            write_manifest(folder)

    return spoil


def manifest(edit: Callable[[dict[str, Any]], object]) -> Spoil:
    return lambda folder: edit_manifest(folder, edit)


def _external(place: str) -> Spoil:
    def spoil(folder: Path) -> None:
        write_graph(folder / "image.onnx", [node("Add", "colour table0")])
        model = onnx.load(str(folder / "image.onnx"))
        weight = TensorProto(name="table0", data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
        weight.dims.append(WIDTH)
        entry = weight.external_data.add()
        entry.key, entry.value = "location", place
        model.graph.initializer.append(weight)
        (folder / "image.onnx").write_bytes(model.SerializeToString())
        write_manifest(folder)

    return spoil


def _variant(variant: str, *nodes: onnx.NodeProto) -> Spoil:
    def spoil(folder: Path) -> None:
        name = f"image.{variant}.onnx"
        write_graph(folder / name, nodes)
        list_also(folder, name)
        edit_manifest(folder, lambda said: said.update(variants={variant: {"image": name}}))

    return spoil


def _fifo(name: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return spoil


def _link(name: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).rename(folder.parent / "elsewhere")
        (folder / name).symlink_to(folder.parent / "elsewhere")

    return spoil


def _many_nodes(folder: Path) -> None:
    """A megabyte that becomes hundreds of them when they are read: each node is two bytes in the file."""
    (folder / "image.onnx").write_bytes(_graph_field(b"\x0a\x00" * 600_000))
    write_manifest(folder)


def _graph_field(graph: bytes) -> bytes:
    length, number = bytearray(), len(graph)
    while number > 0x7F:
        length.append(number & 0x7F | 0x80)
        number >>= 7
    return b"\x08\x09\x3a" + bytes([*length, number]) + graph


def _giant_calibration(folder: Path) -> None:
    (folder / "calibration.json").write_text(
        '{"unmatched": {"mean": 0, "std": 1, "x": "' + "x" * (8 << 20) + '"}}'
    )
    write_manifest(folder)


NAN = [node("Sub", "colour colour", "none"), node("Div", "none none")]
PLAIN = [node("Identity", "colour")]

VECTORS: dict[str, Spoil] = {
    "image-nan": image(*NAN),
    "image-infinite": image(node("Div", "colour zero")),
    "image-nan-for-black-only": image(
        node("Log", "share", "log"), node("Sub", "log log", "none"), node("Add", "colour none")
    ),
    "image-beyond-float16": image(node("Mul", "colour beyond")),
    "image-zeros": image(node("Mul", "colour zero")),
    "image-too-small-for-float16": image(node("Mul", "colour tiny")),
    "image-constant": image(node("Mul", "colour zero", "nothing"), node("Add", "nothing colour_one")),
    "image-nearly-constant": image(node("Mul", "colour tiny", "little"), node("Add", "little colour_one")),
    "image-mixes-the-batch": image(
        node("ReduceMean", "colour first", "all", keepdims=1),
        node("Sub", "colour all", "less"),
        node("Add", "less colour_one"),
    ),
    "image-adds-up-the-batch": image(
        node("ReduceSum", "colour first", "all", keepdims=1), node("Add", "colour all")
    ),
    "image-batch-of-one": image(*PLAIN, batch=1),
    "image-batch-of-two": image(*PLAIN, batch=2),
    "image-one-row-for-all": image(node("ReduceMean", "colour first", keepdims=1)),
    "image-scalar": image(node("ReduceMean", "colour", keepdims=0), width=None),
    "image-too-wide": image(node("Concat", "colour colour", axis=1), width=None),
    "image-lies-about-its-width": image(node("Concat", "colour colour", axis=1), width=6),
    "image-flat": image(node("Reshape", "colour wide"), width=None),
    "image-float64": image(node("Cast", "colour", to=TensorProto.DOUBLE), kind=TensorProto.DOUBLE),
    "image-integers": image(node("Cast", "colour", to=TensorProto.INT64), kind=TensorProto.INT64),
    "image-half": image(node("Cast", "colour", to=TensorProto.FLOAT16), kind=TensorProto.FLOAT16),
    "image-text-output": image(node("Cast", "colour", to=TensorProto.STRING), kind=TensorProto.STRING),
    "image-wants-floats": image(*PLAIN, into=TensorProto.FLOAT),
    "image-of-another-size": image(*PLAIN, side=SIZE * 2),
    "image-two-outputs": image(*PLAIN, outputs=2),
    "image-fails-for-batches": image(node("Reshape", "colour row")),
    "text-nan": text(*NAN),
    "text-infinite": text(node("Div", "colour zero")),
    "text-beyond-float16": text(node("Mul", "colour huge")),
    "text-zeros": text(node("Mul", "colour zero")),
    "text-too-small-for-float16": text(node("Mul", "colour tiny")),
    "text-constant": text(node("Mul", "colour zero", "nothing"), node("Add", "nothing colour_one")),
    "text-mixes-the-batch": text(
        node("ReduceSum", "colour first", "all", keepdims=1), node("Add", "colour all")
    ),
    "text-batch-of-one": text(*PLAIN, batch=1),
    "text-counts-its-padding": text(
        node("Shape", "tokens", "shape"),
        node("Cast", "shape", "sizes", to=TensorProto.FLOAT),
        node("ReduceMax", "sizes", "most", keepdims=0),
        node("Mul", "colour most", "more"),
        node("Add", "more most"),
    ),
    "text-wants-int32": text(*PLAIN, into=TensorProto.INT32),
    "text-float64": text(node("Cast", "colour", to=TensorProto.DOUBLE), kind=TensorProto.DOUBLE),
    "int8-constant": _variant(
        "int8", node("Mul", "colour zero", "nothing"), node("Add", "nothing colour_one")
    ),
    "int8-nan": _variant("int8", *NAN),
    "fp16-beyond-float16": _variant("fp16", node("Mul", "colour beyond")),
    "fp16-other-vectors": _variant("fp16", node("Neg", "colour")),
}
"""Wrong in what they compute."""

FILES: dict[str, Spoil] = {
    "no-graph": content("image.onnx", b"no graph"),
    "empty-graph": content("image.onnx", b""),
    "cut-graph": content("image.onnx", lambda whole: whole[: len(whole) // 2]),
    "cut-text-graph": content("text.onnx", lambda whole: whole[:-20]),
    "wrong-hash": content("text.onnx", lambda whole: whole + b"\0", listed=False),
    "missing-graph": lambda folder: (folder / "text.onnx").unlink(),
    "missing-tokenizer": lambda folder: (folder / "tokenizer.json").unlink(),
    "tokenizer-no-json": content("tokenizer.json", b"\xff\xfe"),
    "tokenizer-empty": content("tokenizer.json", b"{}"),
    "calibration-nan": content(
        "calibration.json", b'{"unmatched": {"mean": NaN, "std": 1}, "logistic": {"a": 1, "b": 1}}'
    ),
    "calibration-deep": content("calibration.json", b"[" * 100_000),
    "calibration-giant": _giant_calibration,
    "graph-is-a-pipe": _fifo("image.onnx"),
    "graph-is-a-link": _link("image.onnx"),
    "manifest-is-a-pipe": _fifo("manifest.json"),
    "manifest-is-a-link": _link("manifest.json"),
    "operator-of-another-domain": image(
        helper.make_node("Run", ["colour"], ["embedding"], domain="evil"), domain="evil"
    ),
    "operator-of-the-runtime": image(
        helper.make_node("Gelu", ["colour"], ["embedding"], domain="com.microsoft"), domain="com.microsoft"
    ),
    "unknown-operator": image(node("NoSuchOperator", "colour")),
    "weights-elsewhere": _external("../secret.bin"),
    "weights-absolute": _external("/etc/hostname"),
    "weights-unlisted": _external("other.bin"),
    "width-negative": manifest(lambda said: said.update(embedding_width=-3)),
    "width-huge": manifest(lambda said: said.update(embedding_width=10**300)),
    "width-nan": manifest(lambda said: said.update(embedding_width=float("nan"))),
    "width-text": manifest(lambda said: said.update(embedding_width="3")),
    "width-lies": manifest(lambda said: said.update(embedding_width=4)),
    "size-zero": manifest(lambda said: said["image"].update(size=0)),
    "size-lies": manifest(lambda said: said["image"].update(size=48)),
    "context-huge": manifest(lambda said: said["text"].update(context_length=1 << 40)),
    "resize-unknown": manifest(lambda said: said["image"].update(resize=["squash"])),
    "name-climbs": manifest(lambda said: said.update(name="../evil")),
    "name-a-number": manifest(lambda said: said.update(name=7)),
    "file-climbs": manifest(lambda said: said["files"].update({"../evil.onnx": {"sha256": "0" * 64}})),
    "file-of-another-kind": lambda folder: ((folder / "run.py").write_text(""), list_also(folder, "run.py"))[
        1
    ],
    "hash-no-text": manifest(lambda said: said["files"].update({"image.onnx": {"sha256": 5}})),
    "variant-missing": manifest(lambda said: said.update(variants={"int8": {"image": "image.int8.onnx"}})),
    "format-newer": manifest(lambda said: said.update(format=2)),
}
"""Wrong in their files."""

GREEDY: dict[str, Spoil] = {
    "petabyte-at-once": image(
        node("ConstantOfShape", "giant", "bomb"),
        node("ReduceSum", "bomb", "sum", keepdims=0),
        node("Add", "colour sum"),
    ),
    "gigabytes-between": image(
        node("Expand", "half shapes", "bomb"),
        node("ReduceSum", "bomb", "sum", keepdims=0),
        node("Add", "colour sum"),
    ),
    "grows-without-end": image(*growing_loop(grows=True), width=None),
    "text-grows-without-end": text(*growing_loop(grows=True), width=None),
    "many-nodes": _many_nodes,
}
"""They take more memory than they may."""

ENDLESS: dict[str, Spoil] = {
    "image-never-ends": image(*growing_loop(grows=False)),
    "text-never-ends": text(*growing_loop(grows=False)),
}
