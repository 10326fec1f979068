"""The image tower on each provider: its speed, the limit of matrix products, its answers.

The processor always; CUDA where it runs, and there from videos to vectors too. Work is counted from the
shapes of a real run (2 operations per multiply-add of matrix products and convolutions). The limit is a chain
of large matrix products on the same provider, in the same precision, in the same run.

    python -m benchmarks.providers [--model FOLDER] [--frames N] [--clips FOLDER]
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.bundle.variants import Variant
from app.paths import bundled_model
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.sessions.onnx_runtime import ort
from app.runtime.sessions.onnx_sessions import open_graph
from app.runtime.sessions.providers import BETTER, ProviderChoice, choose_provider
from app.runtime.sessions.thread_count import background_threads
from app.search.scorers.hubness import bank_texts
from benchmarks import indexing, machine
from benchmarks.retrieval import CLIPS

TIE = 2.0**-11
"""Cosines nearer than what half precision rounds to are the same."""

_CPU = ProviderChoice("CPU")
_BATCHES = (1, 4, 8, 16, 32)


@dataclass(frozen=True, slots=True)
class ProviderSpeed:
    """The image tower on one provider."""

    provider: str
    device: str
    variant: Variant
    batch: int
    rate: float
    """Frames per second, preprocessing of frames at the tower's own size included; median of the runs."""
    achieved: float
    """GFLOP/s of it."""
    limit: float
    """GFLOP/s of large matrix products there: float16 for fp16, else float32 (TF32 where CUDA has it)."""
    cosine: float
    """Lowest cosine to the float32 vectors of the processor."""
    same_top10: float
    """Share of queries with the same ten best, see `agreement`."""

    @property
    def share(self) -> float:
        """Of the limit."""
        return self.achieved / self.limit


def measure(
    bundle: EncoderBundle, frames: int = 96, runs: int = 3, *, seconds: float = 1.0
) -> list[ProviderSpeed]:
    """Time every variant on every provider that runs here.

    Args:
        bundle: whose image tower.
        frames: per run; on accelerators sixteen times as many.
        runs: of which the median counts.
        seconds: to find the limit in.
    """
    operations = count_operations(bundle.file("image.onnx"), bundle.image.size)
    queries = _unit(TextEncoder(bundle, variant="float32").encode(bank_texts()[:300]))
    sample = random_frames(bundle.image.size, min(frames, 96))
    exact = _unit(FrameEncoder(bundle, choice=_CPU, variant="float32").encode(sample))
    found: list[ProviderSpeed] = []
    for choice, variants in _what_runs(bundle):
        accelerated = choice.name != "CPU"
        many = random_frames(bundle.image.size, frames * 16 if accelerated else frames)
        for variant in variants:
            encoder = FrameEncoder(bundle, choice=choice, variant=variant)
            encoder.encode(many[: encoder.batch])
            rate = len(many) / _median(partial(encoder.encode, many), runs)
            limit = matrix_rate(choice.name, half=variant == "fp16", seconds=seconds)
            cosine, same = agreement(queries, exact, _unit(encoder.encode(sample)))
            found.append(
                ProviderSpeed(
                    encoder.provider,
                    choice.device,
                    encoder.variant,
                    encoder.batch,
                    rate,
                    rate * operations / 1e9,
                    limit,
                    cosine,
                    same,
                )
            )
    return found


def _what_runs(bundle: EncoderBundle) -> list[tuple[ProviderChoice, list[Variant]]]:
    here: list[tuple[ProviderChoice, list[Variant]]] = [(_CPU, ["float32"])]
    if "image" in bundle.variants.get("int8", {}):
        here[0][1].append("int8")
    best = choose_provider()
    if best.name != "CPU":
        half: list[Variant] = (
            ["fp16"] if best.name == "CUDA" and "image" in bundle.variants.get("fp16", {}) else []
        )
        here.append((best, ["float32", *half]))
    return here


def batch_rates(bundle: EncoderBundle, frames: int = 64) -> dict[int, float]:
    """Frames per second of the float32 image tower on the processor by batch."""
    name = "image.onnx"
    graph = open_graph(bundle.file(name), width=bundle.embedding_width, data=bundle.data_of(name))
    rates = {}
    for batch in _BATCHES:
        given = random_frames(bundle.image.size, batch)
        graph.run(given)
        rates[batch] = batch / _median(partial(graph.run, given), max(1, frames // batch))
    return rates


def agreement(
    queries: NDArray[np.float32], exact: NDArray[np.float32], other: NDArray[np.float32]
) -> tuple[float, float]:
    """How far other vectors of the same pictures are from the exact ones.

    Args:
        queries: (Q, D) float32 unit vectors.
        exact: (N, D) float32 unit vectors.
        other: the same, rounded.

    Returns:
        The lowest cosine; and the share of queries whose ten best by `other` are the ten best by `exact`,
        where pictures whose exact cosines differ by less than `TIE` may stand for each other.
    """
    count = min(10, len(exact))
    scores = queries @ exact.T
    chosen = np.argsort(-(queries @ other.T), axis=1, kind="stable")[:, :count]
    worst_chosen = np.take_along_axis(scores, chosen, axis=1).min(1)
    last = -np.sort(-scores, axis=1)[:, count - 1]
    return float((exact * other).sum(1).min()), float(np.mean(worst_chosen >= last - TIE))


def random_frames(size: int, count: int) -> NDArray[np.uint8]:
    """(count, size, size, 3) uint8 RGB: patches of colour with grain; always the same."""
    rng = np.random.default_rng(0)
    patches = rng.integers(0, 256, (count, 4, 4, 3))
    step = -(-size // 4)
    large = np.repeat(np.repeat(patches, step, axis=1), step, axis=2)[:, :size, :size]
    grained = np.clip(large + rng.integers(-20, 21, large.shape), 0, 255)
    return np.asarray(grained, dtype=np.uint8)


def count_operations(path: Path, size: int) -> float:
    """Floating point operations of the graph for one frame of `size` × `size`."""
    with tempfile.TemporaryDirectory() as folder:
        options = ort.SessionOptions()
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
        options.enable_profiling = True
        options.profile_file_prefix = str(Path(folder) / "profile")
        session = ort.InferenceSession(str(path), sess_options=options, providers=["CPUExecutionProvider"])
        session.run(None, {session.get_inputs()[0].name: random_frames(size, 1)})
        events: list[dict[str, Any]] = json.loads(Path(session.end_profiling()).read_text())
    return float(sum(_operations(event["args"]) for event in events if _is_kernel(event)))


def _is_kernel(event: dict[str, Any]) -> bool:
    return event.get("cat") == "Node" and event["name"].endswith("_kernel_time")


def _operations(kernel: dict[str, Any]) -> int:
    """2 × multiply-adds of one node, from the shapes it ran with."""
    name = kernel["op_name"]
    if name not in {"MatMul", "Gemm", "Conv"}:
        return 0
    shapes = [next(iter(entry.values())) for entry in kernel["input_type_shape"]]
    outputs = int(np.prod(next(iter(kernel["output_type_shape"][0].values()))))
    if name == "MatMul":
        return 2 * outputs * int(shapes[0][-1])
    if name == "Gemm":
        rows = next(iter(kernel["output_type_shape"][0].values()))[0]
        return 2 * outputs * int(np.prod(shapes[0])) // int(rows)
    return 2 * outputs * int(np.prod(shapes[1][1:]))  # weights (out, in / groups, height, width)


def matrix_rate(provider: str, *, half: bool, seconds: float = 1.0) -> float:
    """GFLOP/s of a chain of large matrix products on a provider, the best in so many seconds."""
    side, links = (1024, 4) if provider == "CPU" else (4096, 64)
    options = ort.SessionOptions()
    options.intra_op_num_threads = background_threads()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    names = ["CPUExecutionProvider"] if provider == "CPU" else [BETTER[provider], "CPUExecutionProvider"]
    session = ort.InferenceSession(_chain(side, links, half=half), sess_options=options, providers=names)
    assert session.get_providers()[0] == names[0]
    one = {"one": np.ones((), dtype=np.float16 if half else np.float32)}
    session.run(None, one)
    took: list[float] = []
    while sum(took) < seconds:
        took.append(_took(lambda: session.run(None, one)))
    return 2 * side**3 * links / min(took) / 1e9


def _chain(side: int, links: int, *, half: bool) -> bytes:
    kind = TensorProto.FLOAT16 if half else TensorProto.FLOAT
    matrix = np.random.default_rng(0).standard_normal((side, side)) / np.sqrt(side)
    weights = numpy_helper.from_array(matrix.astype(np.float16 if half else np.float32), "weights")
    nodes = [helper.make_node("Mul", ["weights", "one"], ["x0"])]
    nodes += [helper.make_node("MatMul", [f"x{link}", "weights"], [f"x{link + 1}"]) for link in range(links)]
    nodes.append(helper.make_node("ReduceMax", [f"x{links}"], ["largest"], keepdims=0))
    one, largest = (helper.make_tensor_value_info(name, kind, []) for name in ("one", "largest"))
    graph = helper.make_graph(nodes, "chain", [one], [largest], [weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    return bytes(model.SerializeToString())


def _took(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _median(work: Callable[[], object], runs: int) -> float:
    return statistics.median(_took(work) for _ in range(runs))


def _unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def rows(bundle: EncoderBundle, speeds: Sequence[ProviderSpeed]) -> list[tuple[str, str, str]]:
    """Of the table in `docs/benchmarks.md`."""
    return [
        (
            f"Image tower of {bundle.title}, {speed.variant} on {speed.device or speed.provider}",
            f"{speed.rate:.0f} frames/s",
            f"batch {speed.batch}; {speed.achieved:.0f} GFLOP/s, {speed.share:.0%} of what matrix products "
            f"reach there in this run ({speed.limit:.0f}); lowest cosine to float32 on the processor "
            f"{speed.cosine:.5f}, same ten best for {speed.same_top10:.1%} of the queries",
        )
        for speed in speeds
    ]


@click.command()
@click.option("--model", type=click.Path(path_type=Path), help="Encoder bundle (default: the bundled one).")
@click.option("--frames", default=96, show_default=True, help="Frames per run on the processor.")
@click.option("--clips", type=click.Path(path_type=Path), default=CLIPS, help="Videos for the whole way.")
def main(model: Path | None, frames: int, clips: Path) -> None:
    """Measure the image tower on the providers of this machine."""
    bundle = load_bundle(model or bundled_model())
    print(machine.describe())
    choice = choose_provider()
    print(f"{choice.name} {choice.device} {choice.reason}".strip())
    for batch, rate in batch_rates(bundle).items():
        print(f"  processor, float32, batch {batch:3d}: {rate:.1f} frames/s")
    for what, figure, note in rows(bundle, measure(bundle, frames)):
        print(f"{what}: {figure}\n  {note}")
    if choice.name != "CPU":
        speed = indexing.measure(clips, 1, bundle.folder)
        print(f"Decoded and embedded: {speed.frames / speed.took:.0f} frames/s, {speed.share:.0%} encoding")


if __name__ == "__main__":
    main()
