"""Which files a graph names is read as ONNX Runtime reads it; what can be read in two ways is refused."""

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.bundle.encoder_bundle import load_bundle
from app.bundle.external_data import external_files
from app.bundle.graph_walk import UnclearGraphError
from app.errors import ModelError
from app.runtime.encoders import FrameEncoder
from app.runtime.sessions.onnx_sessions import open_graph
from app.runtime.sessions.providers import ProviderChoice
from tests.bundle.manifests import add_files
from tests.bundles import WIDTH, make_bundle

NUMBERS = np.array([1.0, 2.0, 3.0], dtype=np.float32)


def outside(location: str, name: str = "w") -> TensorProto:
    """Three numbers that are in another file."""
    tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
    tensor.dims.append(WIDTH)
    entry = tensor.external_data.add()
    entry.key, entry.value = "location", location
    return tensor


def model(weights: list[TensorProto], nodes: list[onnx.NodeProto] | None = None) -> onnx.ModelProto:
    """Mean colour plus `w`."""
    pixels = helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", 32, 32, 3])
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", WIDTH])
    axes = numpy_helper.from_array(np.array([1, 2]), "axes")
    steps = [
        helper.make_node("Cast", ["pixels"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["float", "axes"], ["mean"], keepdims=0),
        *(nodes or []),
        helper.make_node("Add", ["mean", "w"], ["embedding"]),
    ]
    graph = helper.make_graph(steps, "tower", [pixels], [output], [axes, *weights])
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def in_initializer(tensor: TensorProto) -> onnx.ModelProto:
    return model([tensor])


def in_constant(tensor: TensorProto) -> onnx.ModelProto:
    return model([], [helper.make_node("Constant", [], ["w"], value=tensor)])


def in_list(tensor: TensorProto) -> onnx.ModelProto:
    return model([], [helper.make_node("Odd", [], ["w"], values=[tensor])])


def in_subgraph(tensor: TensorProto) -> onnx.ModelProto:
    out = helper.make_tensor_value_info("w", TensorProto.FLOAT, [WIDTH])
    branch = helper.make_graph(
        [helper.make_node("Identity", ["inner"], ["w"])], "branch", [], [out], [tensor]
    )
    return model([], [helper.make_node("If", ["yes"], ["w"], then_branch=branch, else_branch=branch)])


def in_sparse(tensor: TensorProto) -> onnx.ModelProto:
    made = model([])
    sparse = made.graph.sparse_initializer.add()
    sparse.values.CopyFrom(tensor)
    return made


def in_function(tensor: TensorProto) -> onnx.ModelProto:
    made = model([])
    made.functions.add(name="f").node.append(helper.make_node("Constant", [], ["w"], value=tensor))
    return made


def in_training(tensor: TensorProto) -> onnx.ModelProto:
    made = model([])
    made.training_info.add().initialization.initializer.append(tensor)
    return made


@pytest.mark.parametrize(
    "place", [in_initializer, in_constant, in_list, in_subgraph, in_sparse, in_function, in_training]
)
def test_a_file_is_found_wherever_a_tensor_can_be(place: Callable[[TensorProto], onnx.ModelProto]) -> None:
    assert external_files(place(outside("a.data")).SerializeToString()) == {"a.data"}


def test_a_graph_that_holds_its_weights_names_none() -> None:
    weights = numpy_helper.from_array(NUMBERS, "w")
    assert external_files(model([weights]).SerializeToString()) == set()


def test_all_names_are_found() -> None:
    names = [f"{number}.data" for number in range(3)]
    tensors = [outside(name, f"w{number}") for number, name in enumerate(names)]
    assert external_files(model(tensors).SerializeToString()) == set(names)


@pytest.mark.parametrize("first", ["a.data", "secret"])
def test_two_names_for_one_tensor_are_both_found(first: str) -> None:
    tensor = outside(first)
    tensor.external_data.add(key="location", value="b.data")
    assert external_files(model([tensor]).SerializeToString()) == {first, "b.data"}


def embedded(entry: bytes) -> bytes:
    """A model whose tensor has this `external_data` entry, byte by byte."""

    def field(number: int, content: bytes) -> bytes:
        return bytes([number << 3 | 2, len(content)]) + content

    tensor = b"\x08\x03\x10\x01" + field(8, b"w") + field(13, entry) + b"\x70\x01"
    made = field(7, field(5, tensor))
    assert onnx.ModelProto.FromString(made).graph.initializer[0].name == "w"
    return made


def test_the_bytes_of_an_entry_are_read_as_protobuf_reads_them() -> None:
    assert external_files(embedded(b"\x0a\x08location\x12\x06a.data")) == {"a.data"}
    assert external_files(embedded(b"\x12\x06a.data\x0a\x08location")) == {"a.data"}
    assert external_files(embedded(b"\x0a\x88\x80\x00location\x12\x06a.data")) == {"a.data"}


@pytest.mark.parametrize(
    "entry",
    [
        b"\x0a\x08location\x12\x06a.data\x12\x06secret",  # the last one counts
        b"\x0a\x08location",
        b"\x0a\x01x\x0a\x08location\x12\x06secret",
        b"\x1a\x02\x6a\x18\x0a\x08location\x12\x06a.data\x12\x06secret",  # a scan alone would read a.data
        b"\x0a\x08location\x12\x06\xff\xff.dat",
        b"\x0a\x01k\x12\x0a\x0a\x08location",
    ],
)
def test_an_entry_that_can_be_read_in_two_ways_is_refused(entry: bytes) -> None:
    with pytest.raises(UnclearGraphError):
        external_files(embedded(entry))


@pytest.mark.parametrize(
    "content", [b"\x08location", b"\x3a\x7f\x08location", b"\x3b\x08location", b"\xff" * 11]
)
def test_garbage_around_a_name_is_refused(content: bytes) -> None:
    with pytest.raises(UnclearGraphError):
        external_files(content + b"\x08location")


def test_a_deep_nest_is_refused_before_it_is_too_deep_for_us() -> None:
    inner = b"\x08location"
    for depth in range(3000):
        number = 6 if depth % 3 == 0 else (5 if depth % 3 == 1 else 1)  # graph in attribute in node in graph
        length = len(inner)
        size = bytearray()
        while length > 0x7F:
            size.append(length & 0x7F | 0x80)
            length >>= 7
        inner = bytes([number << 3 | 2, *size, length]) + inner
    with pytest.raises(UnclearGraphError):
        external_files(inner)


def save(made: onnx.ModelProto, folder: Path) -> None:
    (folder / "image.onnx").write_bytes(made.SerializeToString())


def test_weights_in_a_listed_file_are_used(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "bundle")
    save(in_initializer(outside("image.onnx.data")), folder)
    (folder / "image.onnx.data").write_bytes(NUMBERS.tobytes())
    add_files(folder, "image.onnx.data")
    bundle = load_bundle(folder)
    assert bundle.data_of("image.onnx") == {"image.onnx.data"}
    assert bundle.data_of("text.onnx") == set()
    black = np.zeros((1, 32, 32, 3), dtype=np.uint8)
    np.testing.assert_array_equal(FrameEncoder(bundle).encode(black)[0], NUMBERS)

    other = shutil.copytree(folder, tmp_path / "other")
    (other / "image.onnx.data").write_bytes((2 * NUMBERS).tobytes())
    with pytest.raises(ModelError, match=r"image\.onnx\.data"):
        load_bundle(other)
    add_files(other, "image.onnx.data")
    assert load_bundle(other).identity != bundle.identity


@pytest.mark.parametrize(
    "location",
    [
        "tokenizer.json",
        "unlisted.data",
        "../secret.data",
        "{folder}/image.onnx.data",
        "./image.onnx.data",
        "sub/../image.onnx.data",
        "link.data",
        "*/_ORT_MEM_ADDR_/*",
        "IMAGE.ONNX.DATA",
        "image.onnx.data\x00",
        "",
        "file:image.onnx.data",
        "\\\\server\\share\\secret.data",
    ],
)
def test_no_other_name_gets_as_far_as_onnx_runtime(tmp_path: Path, location: str) -> None:
    folder = make_bundle(tmp_path / "bundle")
    for path in (folder / "unlisted.data", tmp_path / "secret.data", folder / "image.onnx.data"):
        path.write_bytes(NUMBERS.tobytes())
    (folder / "link.data").symlink_to(tmp_path / "secret.data")
    save(in_initializer(outside(location.format(folder=folder))), folder)
    add_files(folder, "image.onnx.data")
    with pytest.raises(ModelError, match=r"image\.onnx cannot be used: its weights are in another file"):
        FrameEncoder(load_bundle(folder))


@pytest.mark.parametrize("name", ["image.onnx", "image.onnx.data"])
def test_a_file_that_was_replaced_is_not_opened_again(tmp_path: Path, name: str) -> None:
    folder = make_bundle(tmp_path / "bundle")
    save(in_initializer(outside("image.onnx.data")), folder)
    (folder / "image.onnx.data").write_bytes(NUMBERS.tobytes())
    encoder = FrameEncoder(load_bundle(add_files(folder, "image.onnx.data")), choice=ProviderChoice("CPU"))
    black = np.zeros((1, 32, 32, 3), dtype=np.uint8)
    encoder.release()
    encoder.encode(black)
    encoder.release()
    if name == "image.onnx":
        save(model([numpy_helper.from_array(2 * NUMBERS, "w")]), folder)
    else:
        (folder / name).write_bytes((2 * NUMBERS).tobytes())
    with pytest.raises(ModelError, match=f"is damaged: {name} is not the file"):
        encoder.encode(black)


def test_weights_that_the_identity_does_not_know_are_refused(tmp_path: Path) -> None:
    folder = make_bundle(tmp_path / "bundle")
    save(in_initializer(outside("other.data")), folder)
    (folder / "other.data").write_bytes(NUMBERS.tobytes())
    add_files(folder, "other.data")
    with pytest.raises(ModelError, match=r"weights are in another file \('other\.data'\)"):
        FrameEncoder(load_bundle(folder))


@pytest.mark.parametrize("place", [in_constant, in_subgraph, in_function])
def test_no_other_place_hides_a_name(tmp_path: Path, place: Callable[[TensorProto], onnx.ModelProto]) -> None:
    folder = make_bundle(tmp_path / "bundle")
    save(place(outside("../secret.data")), folder)
    with pytest.raises(ModelError, match="in another file"):
        open_graph(folder / "image.onnx", width=WIDTH, data={"image.onnx.data"})


def test_an_empty_file_is_no_graph(tmp_path: Path) -> None:
    (tmp_path / "image.onnx").touch()
    with pytest.raises(ModelError, match="it is empty"):
        open_graph(tmp_path / "image.onnx", width=WIDTH)
