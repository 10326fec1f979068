"""What the format's own library reads in a graph, our walk reads too, or refuses the graph."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import onnx
from google.protobuf.message import DecodeError
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from app.bundle.external_data import tensor_files
from app.bundle.graph_walk import DOMAIN, UnclearGraphError, parts
from app.paths import bundled_model


def example() -> bytes:
    """A small graph with something in every place that is walked through."""
    inside = numpy_helper.from_array(numpy_helper.to_array(helper.make_tensor("i", 1, [2], [1.0, 2.0])), "i")
    outside = TensorProto(name="w", data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL, dims=[2])
    outside.external_data.add(key="location", value="w.data")
    outside.external_data.add(key="offset", value="0")
    branch = helper.make_graph(
        [helper.make_node("Constant", [], ["y"], value=outside)], "b", [], [], [inside]
    )
    nodes = [
        helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=branch),
        helper.make_node("Add", ["y", "i"], ["z"], domain="ai.onnx"),
    ]
    made = helper.make_model(helper.make_graph(nodes, "g", [], [], [outside, inside]))
    opset = helper.make_opsetid("", 18)
    made.functions.append(helper.make_function("mine", "F", ["x"], ["y"], nodes[1:], [opset]))
    made.training_info.add().initialization.node.append(nodes[1])
    sparse = made.graph.sparse_initializer.add()
    sparse.values.CopyFrom(outside)
    return bytes(made.SerializeToString())


EXAMPLE = example()


def messages(message: Any) -> Iterator[Any]:
    """A protobuf message and all in it."""
    yield message
    for field, value in message.ListFields():
        if field.message_type is not None:
            for inner in [value] if hasattr(value, "ListFields") else value:
                yield from messages(inner)


def by_library(content: bytes) -> tuple[set[str], set[str]]:
    """Names of files and domains, as `onnx` reads them."""
    found = list(messages(onnx.ModelProto.FromString(content)))
    tensors = [part for part in found if isinstance(part, TensorProto)]
    entries = [entry for part in tensors for entry in part.external_data if entry.key == "location"]
    domains = [part.domain for part in found if isinstance(part, onnx.NodeProto | onnx.FunctionProto)]
    return {as_text(entry.value) for entry in entries}, {as_text(domain) for domain in domains}


def as_text(read: str | bytes) -> str:
    """What is no UTF-8 comes as bytes."""
    return read if isinstance(read, str) else read.decode("utf-8", "backslashreplace")


def by_walk(content: bytes) -> tuple[set[str], set[str]]:
    """The same by our walk; "" is the domain where none is given."""
    files: set[str] = set()
    domains = {""}
    for part in parts(content):
        if part.message == "tensor":
            files.update(tensor_files(content, part) or [])
        else:
            domains.update(part.texts(DOMAIN))
    return files, domains


def test_all_is_found() -> None:
    assert by_walk(EXAMPLE) == ({"w.data"}, {"", "ai.onnx", "mine"})
    assert by_library(EXAMPLE) == by_walk(EXAMPLE)


def test_the_bundled_graphs_are_read_alike() -> None:
    for name in ("image.onnx", "text.onnx"):
        content = Path(bundled_model() / name).read_bytes()
        assert by_library(content)[0] == by_walk(content)[0] == set()
        assert by_library(content)[1] <= by_walk(content)[1]


CHANGE = st.tuples(
    st.integers(0, len(EXAMPLE) - 1), st.integers(0, 255), st.sampled_from(["put", "set", "cut"])
)


@given(st.lists(CHANGE, min_size=1, max_size=3))
def test_nothing_that_the_library_reads_is_missed(changes: list[tuple[int, int, str]]) -> None:
    content = bytearray(EXAMPLE)
    for place, byte, how in changes:
        place = min(place, len(content) - 1)  # noqa: PLW2901 - a cut made it shorter
        content[place : place + (how != "put")] = b"" if how == "cut" else bytes([byte])
    try:
        files, domains = by_library(bytes(content))
    except (DecodeError, UnicodeDecodeError):
        return
    try:
        walked_files, walked_domains = by_walk(bytes(content))
    except UnclearGraphError:
        return
    assert files <= walked_files
    assert domains <= walked_domains
