"""A graph is somebody else's file: it reads no other file, and what it gives is looked at."""

from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper

from app.bundle.encoder_bundle import load_bundle
from app.errors import ModelError
from app.runtime.encoders import FrameEncoder
from app.runtime.sessions.onnx_sessions import open_graph
from tests.bundles import WIDTH, make_bundle, write_manifest

SECRET = np.array([1.0, 2.0, 3.0], dtype=np.float32)


def graph(nodes: list[onnx.NodeProto], weights: list[TensorProto] | None = None, domain: str = "") -> bytes:
    pixels = helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", 32, 32, 3])
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, None)
    opsets = [helper.make_opsetid("", 18)] + ([helper.make_opsetid(domain, 1)] if domain else [])
    made = helper.make_graph(nodes, "tower", [pixels], [output], weights or [])
    return bytes(helper.make_model(made, opset_imports=opsets, ir_version=10).SerializeToString())


def mean_colour(then: list[onnx.NodeProto]) -> list[onnx.NodeProto]:
    axes = helper.make_tensor("axes", TensorProto.INT64, [2], [1, 2])
    return [
        helper.make_node("Constant", [], ["axes"], value=axes),
        helper.make_node("Cast", ["pixels"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["float", "axes"], ["mean"], keepdims=0),
        *then,
    ]


def graph_that_reads(location: str) -> bytes:
    weight = TensorProto(name="w", data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
    weight.dims.append(WIDTH)
    entry = weight.external_data.add()
    entry.key, entry.value = "location", location
    return graph(mean_colour([helper.make_node("Add", ["mean", "w"], ["embedding"])]), [weight])


@pytest.mark.parametrize("where", ["../secret.bin", "{absolute}", "secret.bin", "beside.bin", "link.bin"])
def test_a_graph_that_reads_another_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    folder = make_bundle(tmp_path / "bundle")
    secret = tmp_path / "secret.bin"
    secret.write_bytes(SECRET.tobytes())
    (folder / "beside.bin").write_bytes(SECRET.tobytes())
    (folder / "link.bin").symlink_to(secret)
    monkeypatch.chdir(tmp_path)  # a graph loaded from memory would look here for its data
    (folder / "image.onnx").write_bytes(graph_that_reads(where.format(absolute=secret)))
    write_manifest(folder)
    with pytest.raises(ModelError, match=r"image\.onnx cannot be used: its weights are in another file"):
        FrameEncoder(load_bundle(folder))


def test_a_long_way_to_write_a_length_hides_no_other_file(tmp_path: Path) -> None:
    """Protobuf reads 8 from one byte and from five; only the first is what writers write."""
    plain = b"\x0a\x08location\x12\x0asecret.bin"
    hidden = b"\x0a\x88\x80\x80\x80\x00location\x12\x0asecret.bin"
    read = onnx.StringStringEntryProto.FromString(hidden)
    assert read == onnx.StringStringEntryProto.FromString(plain)
    path = tmp_path / "image.onnx"
    for entry in (plain, hidden):
        path.write_bytes(entry)
        with pytest.raises(ModelError, match="in another file"):
            open_graph(path, width=WIDTH)


def test_an_operator_that_this_program_does_not_know_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "image.onnx"
    path.write_bytes(
        graph([helper.make_node("Run", ["pixels"], ["embedding"], domain="evil")], domain="evil")
    )
    with pytest.raises(ModelError, match="evil"):
        open_graph(path, width=WIDTH)


@pytest.mark.parametrize(
    ("then", "sentence"),
    [
        ([helper.make_node("Log", ["less"], ["embedding"])], "not finite"),
        ([helper.make_node("ReduceMean", ["mean", "first"], ["embedding"], keepdims=1)], r"gives \(1, 3\)"),
        ([helper.make_node("ReduceMean", ["mean"], ["embedding"], keepdims=0)], r"gives \(\)"),
        ([helper.make_node("Reshape", ["mean", "row"], ["embedding"])], "fails while running"),
    ],
)
def test_vectors_that_are_none_are_refused_with_a_sentence(
    tmp_path: Path, then: list[onnx.NodeProto], sentence: str
) -> None:
    """Else one row would stand for all frames, or the library would refuse it as an error of ours."""
    one = helper.make_tensor("one", TensorProto.FLOAT, [], [1.0])
    first = helper.make_tensor("first", TensorProto.INT64, [1], [0])
    row = helper.make_tensor("row", TensorProto.INT64, [2], [1, WIDTH])
    less = [
        *(helper.make_node("Constant", [], [value.name], value=value) for value in (one, first, row)),
        helper.make_node("Sub", ["mean", "one"], ["less"]),
    ]
    path = tmp_path / "image.onnx"
    path.write_bytes(graph(mean_colour(less + then)))
    tower = open_graph(path, width=WIDTH)
    with pytest.raises(ModelError, match=sentence):
        tower.run(np.zeros((5, 32, 32, 3), dtype=np.uint8))


def test_a_graph_that_wants_all_memory_is_refused_with_a_sentence(tmp_path: Path) -> None:
    shape = helper.make_tensor("shape", TensorProto.INT64, [1], [1 << 50])
    nodes = [
        helper.make_node("ConstantOfShape", ["shape"], ["bomb"]),
        helper.make_node("ReduceSum", ["bomb"], ["sum"], keepdims=0),
        helper.make_node("Add", ["mean", "sum"], ["embedding"]),
    ]
    path = tmp_path / "image.onnx"
    path.write_bytes(graph(mean_colour(nodes), [shape]))
    with pytest.raises(ModelError, match="cannot be used"):
        open_graph(path, width=WIDTH).run(np.zeros((1, 32, 32, 3), dtype=np.uint8))
