"""A bundle whose text graph gives back the ids it gets: what the program's own encoder makes of a text."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from app.bundle.encoder_bundle import EncoderBundle, ImageSpec, TextSpec
from app.bundle.score_calibration import Calibration
from app.model_intake.layouts.published_model import PublishedTextTower
from app.model_intake.layouts.tokenizer import program_tokenizer, unused_id
from app.runtime.encoders import TextEncoder


def echo_of(text: PublishedTextTower, folder: Path) -> TextEncoder:
    """The program's text encoder with the tokenizer of a published tower, as its bundle will have it."""
    program_tokenizer(text).save(str(folder / "tokenizer.json"), pretty=False)
    spec = TextSpec(text.context_length, unused_id(text), text.lowercase, text.language_tokens)
    return echo_bundle(folder, spec)


def echo_bundle(folder: Path, spec: TextSpec) -> TextEncoder:
    """The program's text encoder over a graph that fills the ids up to the context length and gives them."""
    fill = helper.make_tensor("fill", TensorProto.INT64, [1], [spec.pad_id])
    nodes = [
        helper.make_node("Shape", ["tokens"], ["rows"], end=1),
        helper.make_node("Concat", ["rows", "context"], ["shape"], axis=0),
        helper.make_node("ConstantOfShape", ["shape"], ["padding"], value=fill),
        helper.make_node("Concat", ["tokens", "padding"], ["padded"], axis=1),
        helper.make_node("Slice", ["padded", "first", "context", "axis"], ["cut"]),
        helper.make_node("Cast", ["cut"], ["embedding"], to=TensorProto.FLOAT),
    ]
    constants = {"context": spec.context_length, "first": 0, "axis": 1}
    graph = helper.make_graph(
        nodes,
        "ids",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, ["n", "length"])],
        [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", spec.context_length])],
        [numpy_helper.from_array(np.array([value]), name) for name, value in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.save(model, str(folder / "text.onnx"))
    names = ("text.onnx", "tokenizer.json")
    bundle = EncoderBundle(
        folder=folder,
        name="ids",
        version="1",
        licence="Apache-2.0",
        embedding_width=spec.context_length,
        image=ImageSpec(32, "crop", "cubic"),
        text=spec,
        calibration=Calibration(),
        hashes={name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names},
    )
    return TextEncoder(bundle, threads=1)


def ids_of(program: TextEncoder, texts: Sequence[str], pad_id: int) -> NDArray[np.int64]:
    """Ids int64 `(N, context_length)`, filled up with `pad_id` as the wrapped graph does it."""
    ids = program.encode(texts).astype(np.int64)
    return np.where(ids == program.bundle.text.pad_id, pad_id, ids)
