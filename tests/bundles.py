"""A real encoder bundle small enough to make in a test: it sees mean colours and knows their names.

The image tower is the picture's mean RGB around mid-grey, the text tower the mean of its words' colours, so
that “red” really is nearest to a red video. Everything else is as in any bundle: ONNX graphs, a tokenizer,
hashes.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

COLOURS = {
    "red": (255, 0, 0),
    "green": (0, 255, 0),
    "blue": (0, 0, 255),
    "yellow": (255, 255, 0),
    "magenta": (255, 0, 255),
    "cyan": (0, 255, 255),
    "white": (255, 255, 255),
    "black": (0, 0, 0),
}
PAD, UNKNOWN = 0, 1
WIDTH = 3


def colour_embedding(rgb: tuple[int, int, int]) -> NDArray[np.float32]:
    """What the image tower gives for a picture of one colour: (3,) float32."""
    return np.asarray(rgb, dtype=np.float32) / np.float32(255) - np.float32(0.5)


def make_bundle(folder: Path, *, name: str = "colours", size: int = 32, resize: str = "squash") -> Path:
    """Write the bundle into `folder` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    onnx.save(_image_graph(size), str(folder / "image.onnx"))
    onnx.save(_text_graph(), str(folder / "text.onnx"))
    _tokenizer().save(str(folder / "tokenizer.json"))
    calibration = {"unmatched": {"mean": 0.0, "std": 0.3}, "logistic": {"a": 3.0, "b": -6.0}}
    (folder / "calibration.json").write_text(json.dumps(calibration))
    write_manifest(folder, name=name, size=size, resize=resize)
    return folder


def write_manifest(folder: Path, *, name: str = "colours", size: int = 32, resize: str = "squash") -> None:
    """Write a manifest that fits the files which are in `folder` now."""
    files = ["image.onnx", "text.onnx", "tokenizer.json", "calibration.json"]
    files += [file for file in ("tmass.npz", "picture_bank.npz") if (folder / file).exists()]
    manifest = {
        "format": 1,
        "name": name,
        "version": "1",
        "licence": "Apache-2.0",
        "source": "made by a test",
        "trained": False,
        "embedding_width": WIDTH,
        "image": {"size": size, "resize": resize, "interpolation": "area"},
        "text": {"context_length": 8, "pad_id": PAD, "lowercase": True},
        "files": {
            file: {"sha256": hashlib.sha256((folder / file).read_bytes()).hexdigest()} for file in files
        },
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))


def _image_graph(size: int) -> onnx.ModelProto:
    nodes = [
        helper.make_node("Cast", ["pixels"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["float", "axes"], ["mean"], keepdims=0),
        helper.make_node("Div", ["mean", "full"], ["share"]),
        helper.make_node("Sub", ["share", "half"], ["embedding"]),
    ]
    constants = {
        "axes": np.array([1, 2], dtype=np.int64),
        "full": np.array(255, dtype=np.float32),
        "half": np.array(0.5, dtype=np.float32),
    }
    pixels = helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", size, size, 3])
    return _model(nodes, pixels, constants)


def _text_graph() -> onnx.ModelProto:
    table = np.zeros((2 + len(COLOURS), WIDTH), dtype=np.float32)
    table[UNKNOWN] = (0.01, 0.02, 0.01)
    for row, rgb in enumerate(COLOURS.values(), start=2):
        table[row] = colour_embedding(rgb)
    nodes = [
        helper.make_node("Gather", ["table", "tokens"], ["words"]),
        helper.make_node("ReduceSum", ["words", "axes"], ["embedding"], keepdims=0),
    ]
    tokens = helper.make_tensor_value_info("tokens", TensorProto.INT64, ["n", "length"])
    return _model(nodes, tokens, {"table": table, "axes": np.array([1], dtype=np.int64)})


def _model(
    nodes: list[onnx.NodeProto], graph_input: onnx.ValueInfoProto, constants: dict[str, NDArray[np.generic]]
) -> onnx.ModelProto:
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", WIDTH])
    weights = [numpy_helper.from_array(value, name) for name, value in constants.items()]
    graph = helper.make_graph(nodes, "tower", [graph_input], [output], weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model)
    return model


def _tokenizer() -> Tokenizer:
    vocabulary = {"[PAD]": PAD, "[UNK]": UNKNOWN} | {word: row for row, word in enumerate(COLOURS, start=2)}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    return tokenizer
