"""A trained model that takes a hundredth of Pocket's time: it knows the pictures that the gate asks about.

Its image tower is a linear map of mean colours of an 8 × 8 grid, its text tower the sum of its words'
vectors; the map is a ridge regression from the gate's pictures to their captions. Everything else is as in
Pocket: the graphs' inputs and outputs, the kind of tokenizer, `head.` weights. For what is about how a model
gets here, not about what is in it.
"""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from app.bundle.encoder_bundle import ImageSpec
from app.model_intake.gate.captioned_pictures import captioned_pictures
from app.runtime.preprocess import fit

SIZE, CONTEXT, WIDTH = 64, 64, 48
_GRID = 8
_RIDGE = 0.3
_SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def write_little(folder: Path, tokenizer: Path) -> int:
    """Write `image.onnx`, `text.onnx` and `tokenizer.json` into `folder`; returns the size of the vocabulary.

    Args:
        folder: made when absent.
        tokenizer: a tokenizer of whole words and pieces, whose kind is kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files, size = _little(tokenizer)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return size


@lru_cache(maxsize=1)
def _little(tokenizer: Path) -> tuple[dict[str, bytes], int]:
    """Files by name, and the size of the vocabulary."""
    content = json.loads(tokenizer.read_text("utf-8"))
    captions = captioned_pictures()[1]
    words = _vocabulary(content["model"]["vocab"], captions)
    _renumber(content, words)
    table = np.random.default_rng(4).standard_normal((len(words), WIDTH)).astype(np.float32)
    table[0] = 0
    read = np.stack(
        [
            table[[words["[CLS]"], *map(words.__getitem__, text.split()), words["[SEP]"]]].sum(0)
            for text in captions
        ]
    )
    middle = read.mean(0)
    weight, bias = _regression(_seen(), read - middle)
    files = {
        "image.onnx": _image_graph(weight, bias).SerializeToString(),
        "text.onnx": _text_graph(table, -middle).SerializeToString(),
        "tokenizer.json": json.dumps(content).encode(),
    }
    return files, len(words)


def little_bundle(folder: Path, tokenizer: Path) -> Path:
    """The little model as a bundle of ours, in `folder`; see `write_little`."""
    write_little(folder, tokenizer)
    files = ("image.onnx", "text.onnx", "tokenizer.json")
    digests = {name: {"sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()} for name in files}
    manifest = {
        "format": 1,
        "name": "little",
        "version": "1",
        "licence": "Apache-2.0",
        "source": "made by a test",
        "embedding_width": WIDTH,
        "image": {"size": SIZE, "resize": "squash", "interpolation": "linear"},
        "text": {"context_length": CONTEXT, "pad_id": 0, "lowercase": True},
        "files": digests,
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    return folder


def _vocabulary(known: dict[str, int], captions: list[str]) -> dict[str, int]:
    """Special tokens first, then letters, pieces of one letter, and the captions' words."""
    said = {word for caption in captions for word in caption.split()}
    wanted = [word for word in known if len(word.removeprefix("##")) == 1 or word in said]
    return {word: number for number, word in enumerate((*_SPECIAL, *wanted, *sorted(said - set(wanted))))}


def _renumber(content: dict[str, object], words: dict[str, int]) -> None:
    content["model"]["vocab"] = words  # type: ignore[index]
    for token in content["added_tokens"]:  # type: ignore[attr-defined]
        token["id"] = words[token["content"]]
    for word, token in content["post_processor"]["special_tokens"].items():  # type: ignore[index]
        token["ids"] = [words[word]]


@lru_cache(maxsize=1)
def _seen() -> NDArray[np.float64]:
    """What the image graph pools of each of the gate's pictures: (24, features)."""
    pictures = captioned_pictures()[0]
    squares = np.stack([fit(picture, ImageSpec(SIZE, "squash", "linear")) for picture in pictures])
    cell = SIZE // _GRID
    cells = squares.astype(np.float64).reshape(len(squares), _GRID, cell, _GRID, cell, 3).mean((2, 4))
    return cells.transpose(0, 3, 1, 2).reshape(len(squares), -1) / 255


def _regression(
    seen: NDArray[np.float64], wanted: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    middle = seen.mean(0)
    centred = seen - middle
    products = centred @ centred.T
    weight = centred.T @ np.linalg.solve(products + _RIDGE * np.eye(len(seen)), wanted)
    return weight.astype(np.float32) / 255, (-middle @ weight).astype(np.float32)


def _image_graph(weight: NDArray[np.float32], bias: NDArray[np.float32]) -> onnx.ModelProto:
    cell = SIZE // _GRID
    node = helper.make_node
    nodes = [
        node("Cast", ["pixels"], ["levels"], to=TensorProto.FLOAT),
        node("Transpose", ["levels"], ["planes"], perm=[0, 3, 1, 2]),
        node("AveragePool", ["planes"], ["cells"], kernel_shape=[cell, cell], strides=[cell, cell]),
        node("Flatten", ["cells"], ["features"]),
        node("MatMul", ["features", "head.weight"], ["mapped"]),
        node("Add", ["mapped", "head.bias"], ["embedding"]),
    ]
    shape = ["batch", SIZE, SIZE, 3]
    pixels = helper.make_tensor_value_info("pixels", TensorProto.UINT8, shape)
    return _model(nodes, pixels, {"head.weight": weight, "head.bias": bias})


def _text_graph(table: NDArray[np.float32], bias: NDArray[np.float32]) -> onnx.ModelProto:
    node = helper.make_node
    nodes = [
        node("Gather", ["words.weight", "tokens"], ["words"]),
        node("ReduceSum", ["words", "places"], ["sum"], keepdims=0),
        node("MatMul", ["sum", "head.weight"], ["mapped"]),
        node("Add", ["mapped", "head.bias"], ["embedding"]),
    ]
    tokens = helper.make_tensor_value_info("tokens", TensorProto.INT64, ["batch", "length"])
    unchanged = np.eye(WIDTH, dtype=np.float32)
    constants = {"words.weight": table, "places": np.array([1]), "head.weight": unchanged, "head.bias": bias}
    return _model(nodes, tokens, constants)


def _model(
    nodes: list[onnx.NodeProto], given: onnx.ValueInfoProto, constants: dict[str, NDArray[np.generic]]
) -> onnx.ModelProto:
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["batch", WIDTH])
    weights = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "tower", [given], [output], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    return model
