"""A graph that was traced with one row does the same on many, where its shapes tell how."""

import time
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from app.model_intake.graphs.any_batch import with_any_batch
from app.runtime.sessions.onnx_runtime import ort

PLACES, WIDTH, HEADS = 4, 6, 2


def graph(nodes: list[NodeProto], constants: dict[str, NDArray[Any]]) -> ModelProto:
    """From `x` float32 (1, 4, 6) to `y`."""
    made = helper.make_graph(
        nodes,
        "traced",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, PLACES, WIDTH])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(value, name) for name, value in constants.items()],
    )
    return helper.make_model(made, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def attention() -> ModelProto:
    """A class token before the places, heads split and joined with rows in the middle: as torch traces it."""
    draw = np.random.default_rng(1)
    node = helper.make_node
    length = PLACES + 1
    nodes = [
        node(
            "ConstantOfShape",
            ["three"],
            ["ones"],
            value=helper.make_tensor("one", TensorProto.INT64, [1], [1]),
        ),
        node("Expand", ["token", "ones"], ["class"]),
        node("Concat", ["class", "x"], ["places"], axis=1),
        node("Transpose", ["places"], ["first"], perm=[1, 0, 2]),
        node("Reshape", ["first", "heads"], ["split"]),
        node("Transpose", ["split"], ["by.head"], perm=[1, 0, 2]),
        node("Transpose", ["by.head"], ["turned"], perm=[0, 2, 1]),
        node("MatMul", ["by.head", "turned"], ["scores"]),
        node("Softmax", ["scores"], ["shares"], axis=-1),
        node("MatMul", ["shares", "by.head"], ["seen"]),
        node("Reshape", ["seen", "four"], ["apart"]),
        node("Transpose", ["apart"], ["along"], perm=[2, 0, 1, 3]),
        node("Reshape", ["along", "joined"], ["flat"]),
        node("Gemm", ["flat", "weight"], ["mixed"]),
        node("Reshape", ["mixed", "back"], ["again"]),
        node("Transpose", ["again"], ["rows"], perm=[1, 0, 2]),
        node("Gather", ["rows", "zero"], ["y"], axis=1),
    ]
    constants = {
        "three": np.array([3]),
        "token": draw.standard_normal((1, 1, WIDTH)).astype(np.float32),
        "heads": np.array([length, HEADS, WIDTH // HEADS]),
        "four": np.array([1, HEADS, length, WIDTH // HEADS]),
        "joined": np.array([length, WIDTH]),
        "weight": draw.standard_normal((WIDTH, WIDTH)).astype(np.float32),
        "back": np.array([length, 1, WIDTH]),
        "zero": np.array(0),
    }
    return graph(nodes, constants)


def run(model: ModelProto, rows: NDArray[np.float32]) -> NDArray[np.float32]:
    session = ort.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return np.asarray(session.run(None, {"x": rows})[0])


def rewritten(model: ModelProto) -> ModelProto | None:
    found = with_any_batch(model.graph, ["x"], 17)
    if found is None:
        return None
    nodes, constants = found
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    del changed.graph.node[:]
    changed.graph.node.extend(nodes)
    changed.graph.initializer.extend(
        numpy_helper.from_array(value, name) for name, value in constants.items()
    )
    changed.graph.input[0].type.tensor_type.shape.dim[0].dim_param = "N"
    return changed


@pytest.mark.parametrize("count", [1, 2, 7])
def test_attention_with_a_class_token_takes_many_rows(count: int) -> None:
    model = attention()
    rows = np.random.default_rng(2).standard_normal((count, PLACES, WIDTH)).astype(np.float32)
    changed = rewritten(model)
    assert changed is not None
    expected = np.concatenate([run(model, row[None]) for row in rows])
    np.testing.assert_allclose(run(changed, rows), expected, rtol=1e-5, atol=1e-6)


def test_the_graph_itself_stays_as_it_was() -> None:
    model = attention()
    before = model.SerializeToString()
    assert rewritten(model) is not None
    assert model.SerializeToString() == before


def test_a_graph_that_takes_many_rows_already_is_left_alone() -> None:
    nodes = [helper.make_node("Reshape", ["x", "shape"], ["y"])]
    assert rewritten(graph(nodes, {"shape": np.array([-1, PLACES * WIDTH])})) is None


def test_shapes_that_do_not_fit_together_are_left_to_others() -> None:
    nodes = [helper.make_node("Reshape", ["x", "shape"], ["y"])]
    for shape in ([5, 5], [0, 0, 0, 0], [-1, -1], [1 << 40, -1], []):
        assert rewritten(graph(nodes, {"shape": np.array(shape, np.int64)})) is None


def test_absurd_constants_are_not_computed() -> None:
    started = time.process_time()
    nodes = [
        helper.make_node("ConstantOfShape", ["huge"], ["room"]),
        helper.make_node("Expand", ["one", "huge"], ["wide"]),
        helper.make_node("Add", ["x", "one"], ["y"]),
    ]
    huge = np.array([1 << 20, 1 << 20], np.int64)
    assert rewritten(graph(nodes, {"huge": huge, "one": np.ones(1, np.float32)})) is None
    assert time.process_time() - started < 5
