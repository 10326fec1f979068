"""A graph of somebody else computes, and reads nothing but its own weights."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.bundle.graph_rules import inspect_graph
from app.errors import ModelError
from app.paths import bundled_model

WEIGHT = np.array([1.0, 2.0], dtype=np.float32)


def external(location: str, **more: str) -> TensorProto:
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, data_location=TensorProto.EXTERNAL)
    tensor.dims.append(2)
    for key, value in {"location": location, **more}.items():
        entry = tensor.external_data.add()
        entry.key, entry.value = key, value
    return tensor


def graph_of(
    nodes: list[onnx.NodeProto], weights: list[TensorProto] | None = None, name: str = "g"
) -> onnx.GraphProto:
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, [2])
    y = helper.make_tensor_value_info("y", TensorProto.FLOAT, None)
    return helper.make_graph(nodes, name, [x], [y], weights or [])


def model_of(graph: onnx.GraphProto) -> onnx.ModelProto:
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)


def add(weight: str = "w") -> onnx.NodeProto:
    return helper.make_node("Add", ["x", weight], ["y"])


def as_initializer(tensor: TensorProto) -> onnx.ModelProto:
    return model_of(graph_of([add()], [tensor]))


def as_sparse_values(tensor: TensorProto) -> onnx.ModelProto:
    model = model_of(graph_of([add()]))
    sparse = model.graph.sparse_initializer.add()
    sparse.values.CopyFrom(tensor)
    return model


def as_attribute(tensor: TensorProto) -> onnx.ModelProto:
    return model_of(graph_of([helper.make_node("Constant", [], ["w"], value=tensor), add()]))


def as_list_attribute(tensor: TensorProto) -> onnx.ModelProto:
    node = add()
    node.attribute.append(helper.make_attribute("anything", [tensor]))
    return model_of(graph_of([node]))


def in_a_branch(tensor: TensorProto) -> onnx.ModelProto:
    branch = graph_of([helper.make_node("Constant", [], ["y"], value=tensor)], name="branch")
    inner = helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=graph_of([add("x")]))
    outer = helper.make_node("If", ["c"], ["y"], then_branch=graph_of([inner]), else_branch=branch)
    return model_of(graph_of([outer]))


def in_a_branch_as_initializer(tensor: TensorProto) -> onnx.ModelProto:
    branch = graph_of([add()], [tensor], name="branch")
    return model_of(graph_of([helper.make_node("If", ["c"], ["y"], then_branch=branch, else_branch=branch)]))


def in_a_function(tensor: TensorProto) -> onnx.ModelProto:
    model = model_of(graph_of([add("x")]))
    nodes = [helper.make_node("Constant", [], ["w"], value=tensor), add()]
    function = helper.make_function("", "F", ["x"], ["y"], nodes, [helper.make_opsetid("", 18)])
    model.functions.append(function)
    return model


def in_training(tensor: TensorProto) -> onnx.ModelProto:
    model = model_of(graph_of([add("x")]))
    model.training_info.add().algorithm.CopyFrom(graph_of([add()], [tensor]))
    return model


PLACES = [
    as_initializer,
    as_sparse_values,
    as_attribute,
    as_list_attribute,
    in_a_branch,
    in_a_branch_as_initializer,
    in_a_function,
    in_training,
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "bundle"
    folder.mkdir()
    (tmp_path / "secret.data").write_bytes(WEIGHT.tobytes())
    for name in ("image.onnx.data", "other.data"):
        (folder / name).write_bytes(WEIGHT.tobytes())
    (folder / "inner").mkdir()
    (folder / "inner" / "image.onnx.data").write_bytes(WEIGHT.tobytes())
    (folder / "link.data").symlink_to(tmp_path / "secret.data")
    return folder


def written(folder: Path, model: onnx.ModelProto) -> Path:
    path = folder / "image.onnx"
    path.write_bytes(model.SerializeToString())
    return path


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(
    "location",
    [
        "../secret.data",
        "{folder}/../secret.data",
        "other.data",
        "link.data",
        "missing.data",
        "inner/image.onnx.data",
        "./image.onnx.data",
        "*/_ORT_MEM_ADDR_/*",
        "",
    ],
)
def test_weights_elsewhere_are_refused(
    folder: Path, place: Callable[[TensorProto], onnx.ModelProto], location: str
) -> None:
    allowed = {"image.onnx.data", "link.data", "missing.data", "inner/image.onnx.data", "../secret.data"}
    path = written(folder, place(external(location.format(folder=folder))))
    with pytest.raises(ModelError, match="reads its weights from"):
        inspect_graph(path, allowed)


@pytest.mark.parametrize("place", PLACES)
def test_weights_of_its_own_are_fine(folder: Path, place: Callable[[TensorProto], onnx.ModelProto]) -> None:
    inspect_graph(written(folder, place(external("image.onnx.data"))), {"image.onnx.data"})
    inspect_graph(written(folder, place(numpy_helper.from_array(WEIGHT, "w"))), set())


def test_a_place_that_is_given_twice_or_not_at_all_is_refused(folder: Path) -> None:
    twice = external("image.onnx.data")
    entry = twice.external_data.add()
    entry.key, entry.value = "location", "../secret.data"
    nowhere = external("image.onnx.data")
    del nowhere.external_data[:]
    for tensor in (twice, nowhere):
        with pytest.raises(ModelError, match="does not say where the weights 'w' are"):
            inspect_graph(written(folder, as_initializer(tensor)), {"image.onnx.data"})


def test_a_place_counts_even_where_the_tensor_says_it_has_none(folder: Path) -> None:
    tensor = external("../secret.data")
    tensor.data_location = TensorProto.DEFAULT
    with pytest.raises(ModelError, match="reads its weights"):
        inspect_graph(written(folder, as_initializer(tensor)), set())


@pytest.mark.parametrize("domain", ["evil", "com.microsoft", "ai.onnx.ml", "AI.ONNX", " "])
def test_operators_of_other_domains_are_refused(folder: Path, domain: str) -> None:
    node = helper.make_node("Run", ["x"], ["y"], domain=domain)
    nested = helper.make_node("If", ["c"], ["y"], then_branch=graph_of([node]), else_branch=graph_of([add()]))
    for model in (model_of(graph_of([node])), model_of(graph_of([nested]))):
        with pytest.raises(ModelError, match="it uses the operator 'Run' of"):
            inspect_graph(written(folder, model), set())


def test_functions_of_other_domains_are_refused(folder: Path) -> None:
    model = model_of(graph_of([add("x")]))
    opset = helper.make_opsetid("", 18)
    model.functions.append(helper.make_function("mine", "F", ["x"], ["y"], [add("x")], [opset]))
    with pytest.raises(ModelError, match="it uses the function 'F' of 'mine'"):
        inspect_graph(written(folder, model), set())


def test_an_operator_inside_a_function_counts(folder: Path) -> None:
    model = model_of(graph_of([add("x")]))
    nodes = [helper.make_node("Run", ["x"], ["y"], domain="evil")]
    function = helper.make_function("", "F", ["x"], ["y"], nodes, [helper.make_opsetid("", 18)])
    model.functions.append(function)
    with pytest.raises(ModelError, match="'Run' of 'evil'"):
        inspect_graph(written(folder, model), set())


def test_both_names_of_the_standard_domain_are_fine(folder: Path) -> None:
    node = helper.make_node("Add", ["x", "x"], ["y"], domain="ai.onnx")
    inspect_graph(written(folder, model_of(graph_of([node]))), set())


@pytest.mark.parametrize("content", [b"", b"\x80\x04garbage", b"{}", b"\x08\x08"])
def test_what_is_no_graph_is_refused(folder: Path, content: bytes) -> None:
    (folder / "image.onnx").write_bytes(content)
    with pytest.raises(ModelError, match="is no ONNX graph"):
        inspect_graph(folder / "image.onnx", set())


def test_the_bundled_graphs_pass() -> None:
    for name in ("image.onnx", "text.onnx"):
        inspect_graph(bundled_model() / name, set())
