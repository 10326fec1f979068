"""A tiny graph that an execution provider can run or not: the whole way from ONNX Runtime to the device.

Run in a process of its own (`provider_probe.py`) to choose a provider, since a driver may crash or hang; then
once more in this one before a graph is opened there that no other provider may get.
"""

import logging
from functools import cache

import numpy as np
from numpy.typing import NDArray

from app.runtime.sessions.onnx_runtime import ort

logger = logging.getLogger(__name__)

CPU = "CPUExecutionProvider"
CUDA = "CUDAExecutionProvider"

_BATCH, _CHANNELS, _SIDE, _PATCH, _WIDTH = 2, 8, 16, 4, 16
_FALLS_BACK = "fallback to CPU EP has been explicitly disabled"
"""In what ONNX Runtime says where it would run a graph elsewhere than asked."""

_TOLERANCE = 0.02
"""Of the largest number: TF32 and half precision round to 1/1024."""


@cache
def preload() -> None:
    """Load CUDA's and cuDNN's libraries from their Python packages, where ONNX Runtime can do that.

    Once, before the first CUDA session. What it prints of libraries it cannot find goes to the log: the
    session says which one it lacks. Only that module's own `print` is replaced, since `sys.stdout` belongs to
    the other threads too.
    """
    if hasattr(ort, "preload_dlls"):
        names = ort.preload_dlls.__globals__
        names["print"] = logger.debug
        try:
            ort.preload_dlls()
        finally:
            names.pop("print", None)


def run_tiny_graph(provider: str) -> None:
    """Run a convolution and a matrix product on `provider` and nothing else, in this process.

    Raises:
        RuntimeError: it does not run there, or gives wrong numbers. ONNX Runtime's own errors too.
    """
    if provider == CUDA:
        preload()
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 4
    if provider != CPU:
        options.add_session_config_entry("session.disable_cpu_ep_fallback", "1")
    pixels, patches, weights = _numbers()
    try:
        session = ort.InferenceSession(
            tiny_graph(), sess_options=options, providers=[provider], enable_fallback=0
        )
    except Exception as error:
        if _FALLS_BACK in str(error):
            raise RuntimeError("ONNX Runtime falls back to the processor") from error
        raise
    active = session.get_providers()[0]
    if active != provider:
        raise RuntimeError(f"the session runs on {active}")
    (result,) = session.run(None, {"pixels": pixels})
    expected = _expected(pixels, patches, weights)
    if result.shape != expected.shape or not np.allclose(
        result, expected, rtol=0, atol=_TOLERANCE * np.abs(expected).max()
    ):
        raise RuntimeError("it gives wrong numbers")


def tiny_graph() -> bytes:
    """A serialised ModelProto: `pixels` float32 (2, 3, 16, 16) → Conv → Flatten → MatMul → (2, 16).

    Written by hand in protobuf's wire format (field numbers of onnx.proto): the program has no other use for
    the `onnx` package here.
    """
    _, patches, weights = _numbers()
    strides = _field(1, b"strides") + 2 * _field(8, _PATCH) + _field(20, 7)
    nodes = [
        _field(1, b"pixels")
        + _field(1, b"patches")
        + _field(2, b"seen")
        + _field(4, b"Conv")
        + _field(5, strides),
        _field(1, b"seen") + _field(2, b"flat") + _field(4, b"Flatten"),
        _field(1, b"flat") + _field(1, b"weights") + _field(2, b"result") + _field(4, b"MatMul"),
    ]
    graph = (
        b"".join(_field(1, node) for node in nodes)
        + _field(2, b"probe")
        + _field(5, _tensor(b"patches", patches))
        + _field(5, _tensor(b"weights", weights))
        + _field(11, _value(b"pixels", (_BATCH, 3, _SIDE, _SIDE)))
        + _field(12, _value(b"result", (_BATCH, _WIDTH)))
    )
    return _field(1, 8) + _field(7, graph) + _field(8, _field(2, 17))


def _numbers() -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    rng = np.random.default_rng(0)
    flat = _CHANNELS * (_SIDE // _PATCH) ** 2
    shapes = (_BATCH, 3, _SIDE, _SIDE), (_CHANNELS, 3, _PATCH, _PATCH), (flat, _WIDTH)
    pixels, patches, weights = (rng.standard_normal(shape, dtype=np.float32) for shape in shapes)
    return pixels, patches, weights


def _expected(
    pixels: NDArray[np.float32], patches: NDArray[np.float32], weights: NDArray[np.float32]
) -> NDArray[np.float32]:
    side = _SIDE // _PATCH
    cut = pixels.reshape(_BATCH, 3, side, _PATCH, side, _PATCH)
    seen = np.einsum("bciyjx,ocyx->boij", cut, patches)
    return np.asarray(seen.reshape(_BATCH, -1) @ weights, dtype=np.float32)


def _tensor(name: bytes, values: NDArray[np.float32]) -> bytes:
    sizes = b"".join(_field(1, size) for size in values.shape)
    return sizes + _field(2, 1) + _field(8, name) + _field(9, values.astype("<f4").tobytes())


def _value(name: bytes, shape: tuple[int, ...]) -> bytes:
    sizes = b"".join(_field(1, _field(1, size)) for size in shape)
    return _field(1, name) + _field(2, _field(1, _field(1, 1) + _field(2, sizes)))


def _field(number: int, content: int | bytes) -> bytes:
    if isinstance(content, int):
        return _varint(number << 3) + _varint(content)
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(number: int) -> bytes:
    encoded = bytearray()
    while number > 0x7F:
        encoded.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes([*encoded, number])
