"""Memory that runs out costs speed, not the answer; memory that is not used is given back."""

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.errors import ModelError
from app.runtime import towers
from app.runtime.batch_size import CANDIDATES, DeviceBatch
from app.runtime.encoders import FrameEncoder, TextEncoder
from app.runtime.sessions.onnx_sessions import (
    Graph,
    GraphMemoryError,
    lacks_memory,
    open_graph,
)
from app.runtime.sessions.providers import ProviderChoice
from tests.bundle.manifests import add_files
from tests.bundles import COLOURS, WIDTH, colour_embedding, make_bundle
from tests.conftest import ROOT

CPU = ProviderChoice("CPU")
CUDA = ProviderChoice("CUDA", device="a device of this test")

ARENA = (
    "[ONNXRuntimeError] : 6 : RUNTIME_EXCEPTION : Non-zero status code returned while running Conv node. "
    "Name:'conv' Status Message: bfc_arena.cc:376 AllocateRawInternal Failed to allocate memory for "
    "requested buffer of size 2830172160"
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def bundle(tmp_path: Path) -> EncoderBundle:
    return load_bundle(make_bundle(tmp_path / "bundle"))


def frames(count: int) -> np.ndarray:
    colours = [tuple(COLOURS.values())[number % len(COLOURS)] for number in range(count)]
    return np.stack([np.full((32, 32, 3), rgb, dtype=np.uint8) for rgb in colours])


def expected(count: int) -> list[np.ndarray]:
    colours = [tuple(COLOURS.values())[number % len(COLOURS)] for number in range(count)]
    return [colour_embedding(rgb) for rgb in colours]


def hungry_bundle(folder: Path, fits: int) -> EncoderBundle:
    """Its image tower wants more memory than any machine has for more than `fits` frames at once."""
    folder = make_bundle(folder)
    model = onnx.load(str(folder / "image.onnx"))
    model.graph.node[-1].output[0] = "mean colour"
    sizes = np.where(np.arange(257) <= fits, 1, 1 << 50)
    model.graph.initializer.append(numpy_helper.from_array(sizes, "sizes"))
    model.graph.node.extend(
        [
            helper.make_node("Shape", ["pixels"], ["count"], start=0, end=1),
            helper.make_node("Gather", ["sizes", "count"], ["size"]),
            helper.make_node("ConstantOfShape", ["size"], ["zeros"]),
            helper.make_node("ReduceSum", ["zeros"], ["zero"], keepdims=0),
            helper.make_node("Add", ["mean colour", "zero"], ["embedding"]),
        ]
    )
    onnx.save(model, str(folder / "image.onnx"))
    return load_bundle(add_files(folder))


Makes = Callable[[np.ndarray], np.ndarray]


class AccelSession:
    """Stands for a session on a device that this machine lacks: runs `fits` rows, then has no memory."""

    def __init__(self, session: Any, fits: int, says: str, makes: Makes) -> None:
        self.session, self.fits, self.says, self.makes = session, fits, says, makes
        self.batches: list[int] = []

    def get_providers(self) -> list[str]:
        return ["CUDAExecutionProvider", "CPUExecutionProvider"]

    def run(self, names: list[str], feeds: dict[str, np.ndarray], options: Any) -> list[np.ndarray]:
        count = len(next(iter(feeds.values())))
        self.batches.append(count)
        if count > self.fits:
            raise RuntimeError(self.says)
        (result,) = self.session.run(names, feeds)
        return [self.makes(result)]


def as_it_is(vectors: np.ndarray) -> np.ndarray:
    return vectors


Opener = Callable[..., list[AccelSession]]


@pytest.fixture
def accelerator(monkeypatch: pytest.MonkeyPatch) -> Opener:
    """Opens what is to run on CUDA as `AccelSession`s; what is to run on the processor as it is."""

    def install(fits: int, says: str = ARENA, makes: Makes = as_it_is) -> list[AccelSession]:
        sessions: list[AccelSession] = []

        def opening(path: Path, *, width: int, choice: ProviderChoice, **rest: Any) -> Graph:
            real = open_graph(path, width=width, **rest)
            if choice.name == "CPU":
                return real
            sessions.append(AccelSession(real.session, fits, says, makes))
            return Graph(real.name, sessions[-1], width, real.input_name, real.output_name)

        monkeypatch.setattr(towers, "open_graph", opening)
        return sessions

    return install


@pytest.mark.parametrize("fits", [16, 5, 1])
def test_too_little_memory_on_the_processor_halves_the_batch(tmp_path: Path, fits: int) -> None:
    encoder = FrameEncoder(hungry_bundle(tmp_path / "bundle", fits), choice=CPU)
    np.testing.assert_allclose(encoder.encode(frames(37)), expected(37), atol=1e-6)
    assert encoder.batch == {16: 16, 5: 4, 1: 1}[fits]
    assert encoder.fallback == ""


def test_too_little_memory_for_one_frame_is_said(tmp_path: Path) -> None:
    encoder = FrameEncoder(hungry_bundle(tmp_path / "bundle", 0), choice=CPU)
    with pytest.raises(GraphMemoryError, match="not enough memory") as caught:
        encoder.encode(frames(3))
    assert isinstance(caught.value, ModelError)
    assert caught.value.advice


def test_a_device_with_less_memory_gets_smaller_batches(bundle: EncoderBundle, accelerator: Opener) -> None:
    sessions = accelerator(fits=10_000)
    encoder = FrameEncoder(bundle, choice=CUDA)
    assert encoder.provider == "CUDA"
    (session,) = sessions
    session.fits = 6
    np.testing.assert_allclose(encoder.encode(frames(20)), expected(20), atol=1e-6)
    assert (encoder.provider, encoder.fallback) == ("CUDA", "")
    assert 3 <= encoder.batch <= 6
    session.batches.clear()
    encoder.encode(frames(20))
    assert max(session.batches) == encoder.batch  # what worked is kept


def test_a_device_without_memory_is_left_for_the_processor(
    bundle: EncoderBundle, accelerator: Opener
) -> None:
    sessions = accelerator(fits=10_000)
    encoder = FrameEncoder(bundle, choice=CUDA)
    sessions[0].fits = 0
    np.testing.assert_allclose(encoder.encode(frames(20)), expected(20), atol=1e-6)
    assert (encoder.provider, encoder.fallback) == ("CPU", "CUDA ran out of memory.")
    assert encoder.batch == 16
    assert len(sessions) == 1  # the processor's session is a real one

    sessions[0].fits = 10_000
    encoder.release()
    encoder.encode(frames(1))
    assert (encoder.provider, encoder.fallback) == ("CUDA", "")  # after a rest it is tried again


def test_a_device_that_cannot_open_the_graph_is_left_at_once(
    bundle: EncoderBundle, accelerator: Opener
) -> None:
    accelerator(fits=0)
    encoder = FrameEncoder(bundle, choice=CUDA)
    assert encoder.provider == "CPU"
    assert encoder.fallback.startswith("CUDA does not run this model: ")
    assert "memory" in encoder.fallback
    np.testing.assert_allclose(encoder.encode(frames(3)), expected(3), atol=1e-6)


@pytest.mark.parametrize(
    ("makes", "provider"),
    [
        (lambda vectors: vectors[::-1], "CPU"),  # another frame's
        (np.zeros_like, "CPU"),
        (lambda vectors: vectors + np.float32(0.05), "CPU"),
        (lambda vectors: vectors.astype(np.float16).astype(np.float32), "CUDA"),
    ],
)
def test_a_device_that_gives_other_vectors_is_left(
    bundle: EncoderBundle, accelerator: Opener, makes: Makes, provider: str
) -> None:
    accelerator(fits=10_000, makes=makes)
    encoder = FrameEncoder(bundle, choice=CUDA)
    assert encoder.provider == provider
    assert ("other vectors" in encoder.fallback) == (provider == "CPU")
    np.testing.assert_allclose(encoder.encode(frames(3)), expected(3), atol=1e-3)


@pytest.fixture
def halved(tmp_path: Path) -> EncoderBundle:
    """A bundle with what calls itself half precision; what the tests' device makes of it they say."""
    folder = make_bundle(tmp_path / "with fp16")
    shutil.copyfile(folder / "image.onnx", folder / "image.fp16.onnx")
    return load_bundle(add_files(folder, "image.fp16.onnx", variants={"fp16": {"image": "image.fp16.onnx"}}))


def overflowing(vectors: np.ndarray) -> np.ndarray:
    return np.full_like(vectors, np.inf)


def test_half_precision_that_overflows_is_left_for_full_on_the_same_device(
    halved: EncoderBundle, accelerator: Opener
) -> None:
    """As a bundle did on a real card: adding up a large map left the range of half precision."""
    sessions: list[AccelSession] = []
    sessions = accelerator(
        fits=10_000, makes=lambda vectors: overflowing(vectors) if len(sessions) == 1 else vectors
    )
    encoder = FrameEncoder(halved, choice=CUDA)
    assert (encoder.provider, encoder.variant) == ("CUDA", "float32")
    assert encoder.fallback.startswith("CUDA does not run this model in half precision: ")
    np.testing.assert_allclose(encoder.encode(frames(20)), expected(20), atol=1e-6)


def test_a_frame_that_overflows_half_precision_later_leaves_it_too(
    halved: EncoderBundle, accelerator: Opener
) -> None:
    sessions = accelerator(fits=10_000)
    encoder = FrameEncoder(halved, choice=CUDA)
    assert (encoder.provider, encoder.variant) == ("CUDA", "fp16")
    sessions[0].makes = overflowing
    np.testing.assert_allclose(encoder.encode(frames(20)), expected(20), atol=1e-6)
    assert (encoder.provider, encoder.variant) == ("CUDA", "float32")


@pytest.mark.parametrize(("fixed", "sizes"), [(True, [16, 16, 16]), (False, [16, 16, 5])])
def test_a_device_that_is_slow_to_change_meets_one_size(
    bundle: EncoderBundle,
    accelerator: Opener,
    monkeypatch: pytest.MonkeyPatch,
    fixed: bool,
    sizes: list[int],
) -> None:
    monkeypatch.setattr(towers, "measure_batch", lambda run: DeviceBatch(16, fixed))
    sessions = accelerator(fits=10_000)
    encoder = FrameEncoder(bundle, choice=CUDA)
    sessions[0].batches.clear()
    np.testing.assert_allclose(encoder.encode(frames(37)), expected(37), atol=1e-6)
    assert sessions[0].batches == sizes


def test_a_provider_that_this_onnx_runtime_lacks_ends_on_the_processor(bundle: EncoderBundle) -> None:
    """For real: a session that CUDA does not run is not taken for one."""
    if open_graph(bundle.file("image.onnx"), width=WIDTH).provider != "CPU":
        pytest.skip("there is no provider that cannot run here")
    encoder = FrameEncoder(bundle, choice=ProviderChoice("DirectML"))
    assert encoder.provider == "CPU"
    assert encoder.fallback.startswith("DirectML does not run this model: ")
    np.testing.assert_allclose(encoder.encode(frames(3)), expected(3), atol=1e-6)


def test_another_failure_of_a_device_leaves_it_for_the_processor(
    bundle: EncoderBundle, accelerator: Opener
) -> None:
    sessions = accelerator(fits=10_000, says="an illegal memory access was encountered")
    encoder = FrameEncoder(bundle, choice=CUDA)
    sessions[0].fits = 0
    np.testing.assert_allclose(encoder.encode(frames(20)), expected(20), atol=1e-6)
    assert encoder.provider == "CPU"
    assert encoder.fallback.startswith("CUDA failed: ")
    assert "illegal memory access" in encoder.fallback
    tried = len(sessions[0].batches)
    encoder.encode(frames(3))
    assert len(sessions[0].batches) == tried  # it stays there


def test_numbers_that_overflow_on_a_device_are_made_on_the_processor(
    bundle: EncoderBundle, accelerator: Opener
) -> None:
    sessions = accelerator(fits=10_000)
    encoder = FrameEncoder(bundle, choice=CUDA)
    sessions[0].makes = lambda vectors: np.full_like(vectors, np.inf)
    np.testing.assert_allclose(encoder.encode(frames(3)), expected(3), atol=1e-6)
    assert "not finite" in encoder.fallback


def test_what_fails_on_the_processor_too_is_said(bundle: EncoderBundle, accelerator: Opener) -> None:
    sessions = accelerator(fits=10_000)
    tower = towers.OpenTower(bundle, "image", choose=lambda: CUDA)
    with pytest.raises(ModelError, match="fails while running"):
        tower.run(1, lambda first, last: np.zeros((last - first, 5), np.uint8))
    assert (sessions[0].batches, tower.provider) == ([1], "CPU")


@pytest.mark.parametrize(
    "said",
    [
        ARENA,
        "bfc_arena.cc:342 Available memory of 1048576 is smaller than requested bytes of 4194304",
        "CUDA failure 2: out of memory ; GPU=0 ; hostname=here ; file=cuda_allocator.cc ; expr=cudaMalloc",
        "CUBLAS failure 3: CUBLAS_STATUS_ALLOC_FAILED ; GPU=0",
        "CUDNN failure 4000: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
        "Exception during initialization: std::bad_alloc",
        "bad allocation",
        "DmlCommittedResourceAllocator.cpp 8007000E Not enough memory resources are available.",
    ],
)
def test_lacking_memory_is_recognised_by_what_is_said(said: str) -> None:
    assert lacks_memory(RuntimeError(said))


def test_the_batch_of_a_device_is_measured_once(
    bundle: EncoderBundle, accelerator: Opener, home: Path
) -> None:
    sessions = accelerator(fits=10_000)
    first, second = FrameEncoder(bundle, choice=CUDA), FrameEncoder(bundle, choice=CUDA)
    assert first.batch == second.batch in CANDIDATES
    assert sessions[0].batches[-1] == 1  # and what the trial took is given back
    assert sessions[1].batches == []
    assert (home / "cache" / "device-batches.json").is_file()
    FrameEncoder(bundle, choice=ProviderChoice("CUDA", device="another one"))
    assert sessions[2].batches != []


def test_released_memory_comes_back(tmp_path: Path) -> None:
    """36 MiB of weights, more than malloc keeps for itself, are gone after `release`; the next use opens them
    again. In a process of its own: what other tests left free here would be used, and nothing be seen."""
    made = make_bundle(tmp_path / "bundle")
    heavy(made / "image.onnx", rows=3072)
    add_files(made)
    subprocess.run([sys.executable, "-c", RELEASE, made], cwd=ROOT, check=True)


RELEASE = """
import gc, sys
from pathlib import Path
import numpy as np, psutil
from app.bundle.encoder_bundle import load_bundle
from app.runtime.encoders import FrameEncoder
from app.runtime.sessions.providers import ProviderChoice

me, frames = psutil.Process(), np.full((16, 32, 32, 3), 90, np.uint8)
encoder = FrameEncoder(load_bundle(Path(sys.argv[1])), choice=ProviderChoice("CPU"), threads=1)
before = encoder.encode(frames)
gc.collect()
full = me.memory_info().rss
encoder.release()
gc.collect()
assert full - me.memory_info().rss > 24 * 2**20
assert (encoder.provider, encoder.variant) == ("CPU", "float32")  # what was; asking opens nothing
np.testing.assert_array_equal(encoder.encode(frames), before)
assert me.memory_info().rss > full - 12 * 2**20
"""


def heavy(path: Path, rows: int) -> None:
    """A tower with a matrix of rows × 3072 float32."""
    pixels = helper.make_tensor_value_info("pixels", TensorProto.UINT8, ["n", 32, 32, 3])
    output = helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", WIDTH])
    matrix = np.full((3072, rows), 1e-3, dtype=np.float32)
    weights = {"matrix": matrix, "first": np.arange(WIDTH)}
    nodes = [
        helper.make_node("Cast", ["pixels"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Flatten", ["float"], ["flat"]),
        helper.make_node("MatMul", ["flat", "matrix"], ["product"]),
        helper.make_node("Gather", ["product", "first"], ["embedding"], axis=1),
    ]
    tensors = [numpy_helper.from_array(value, name) for name, value in weights.items()]
    graph = helper.make_graph(nodes, "tower", [pixels], [output], tensors)
    opsets = [helper.make_opsetid("", 18)]
    path.write_bytes(helper.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString())


def test_a_text_encoder_can_rest_too(bundle: EncoderBundle) -> None:
    encoder = TextEncoder(bundle)
    encoder.release()
    np.testing.assert_allclose(encoder.encode(["red"])[0], colour_embedding(COLOURS["red"]))
    assert (encoder.provider, encoder.fallback) == ("CPU", "")
