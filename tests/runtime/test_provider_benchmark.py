"""What the benchmark says of a tower is counted right, and its measure of agreement can say no."""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from app.bundle.encoder_bundle import load_bundle
from benchmarks.providers import TIE, agreement, count_operations, matrix_rate, measure, random_frames, rows
from tests.bundles import make_bundle


def test_operations_are_two_per_multiply_add(tmp_path: Path) -> None:
    """A strided convolution to (1, 6, 2, 2), a matrix product 24 → 5, a transposed Gemm 5 → 7."""
    rng = np.random.default_rng(0)
    shapes = {"patches": (6, 3, 4, 4), "weights": (24, 5), "more": (7, 5), "bias": (7,)}
    tensors = [
        numpy_helper.from_array(rng.standard_normal(shape, dtype=np.float32), name)
        for name, shape in shapes.items()
    ]
    nodes = [
        helper.make_node("Cast", ["pixels"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Transpose", ["float"], ["planes"], perm=[0, 3, 1, 2]),
        helper.make_node("Conv", ["planes", "patches"], ["seen"], strides=[4, 4]),
        helper.make_node("Flatten", ["seen"], ["flat"]),
        helper.make_node("MatMul", ["flat", "weights"], ["product"]),
        helper.make_node("Gemm", ["product", "more", "bias"], ["embedding"], transB=1),
    ]
    pixels = helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", 8, 8, 3])
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", 7])
    graph = helper.make_graph(nodes, "tower", [pixels], [output], tensors)
    onnx.save(
        helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10),
        str(tmp_path / "tower.onnx"),
    )
    expected = 2 * (6 * 2 * 2 * 3 * 4 * 4 + 24 * 5 + 5 * 7)
    assert count_operations(tmp_path / "tower.onnx", 8) == expected


def brute_force(queries: np.ndarray, exact: np.ndarray, other: np.ndarray) -> float:
    same = 0
    for query in queries:
        scores = exact @ query
        order = sorted(range(len(exact)), key=lambda row: -scores[row])
        wanted = scores[order[9]] - TIE
        chosen = sorted(range(len(exact)), key=lambda row: -(other[row] @ query))[:10]
        same += all(scores[row] >= wanted for row in chosen)
    return same / len(queries)


def test_agreement_counts_what_a_loop_counts_and_notices_a_worse_tower() -> None:
    rng = np.random.default_rng(0)

    def unit(rows: np.ndarray) -> np.ndarray:
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    exact, queries = unit(rng.standard_normal((200, 64))), unit(rng.standard_normal((100, 64)))
    assert agreement(queries, exact, exact) == (np.float32((exact * exact).sum(1).min()), 1.0)
    for noise, highest in ((1e-4, 1.0), (3e-2, 0.9)):
        other = unit(exact + noise / 8 * rng.standard_normal(exact.shape))
        cosine, same = agreement(queries, exact, other)
        assert same == brute_force(queries, exact, other)
        assert same <= highest
        assert cosine == np.min(np.sum(exact * other, axis=1))
    assert same < 0.9  # the ranking is the stricter of the two
    assert cosine > 0.999


def test_a_small_bundle_is_measured_whole(tmp_path: Path) -> None:
    bundle = load_bundle(make_bundle(tmp_path / "bundle"))
    speeds = measure(bundle, frames=2, runs=1, seconds=0.01)
    plain = speeds[0]
    assert (plain.provider, plain.variant, plain.batch) == ("CPU", "float32", 16)
    assert plain.rate > 0
    assert plain.same_top10 == 1.0
    assert rows(bundle, speeds)[0][0] == "Image tower of Colours 1, float32 on CPU"


def test_the_limit_is_a_rate() -> None:
    assert matrix_rate("CPU", half=False, seconds=0.01) > 0.1


def test_frames_are_always_the_same() -> None:
    np.testing.assert_array_equal(random_frames(30, 3), random_frames(30, 3))
    assert random_frames(30, 3).shape == (3, 30, 30, 3)
