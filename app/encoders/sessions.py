"""ONNX Runtime sessions, opened one way: providers asserted, threads bounded, no spinning.

Listing CUDA is not running on CUDA: the GPU build falls back to the CPU without an error when a library is
missing, so the provider shown is always the one the session reports.
"""

import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.encoders.runtime import ort
from app.errors import ModelError

_EXTERNAL_DATA = re.compile(rb"[\x00\x08]location")
"""The key under which a tensor names the file of its data, with the end of the length before it (8, however
many bytes a protobuf writer spends on it). A graph without these bytes names no file."""

_PREFERRED = ("CUDAExecutionProvider", "CPUExecutionProvider")
_TITLES = {"CUDAExecutionProvider": "CUDA", "CPUExecutionProvider": "CPU"}


def background_threads() -> int:
    """Threads for background encoding: one core stays free for the window and the decoder."""
    return max(1, (os.cpu_count() or 2) - 1)


@dataclass(frozen=True, slots=True)
class Graph:
    """One tower: a session with one input and one output."""

    name: str
    """File name, for people."""
    session: ort.InferenceSession
    width: int
    input_name: str
    output_name: str

    @property
    def provider(self) -> str:
        """The provider in use, as the session reports it: `CUDA` or `CPU`."""
        active = str(self.session.get_providers()[0])
        return _TITLES.get(active, active)

    def run(self, batch: NDArray[np.uint8] | NDArray[np.int64]) -> NDArray[np.float32]:
        """Run the graph on one batch; returns `(N, D)` float32, finite.

        Raises:
            ModelError: the graph cannot be run on it, or gives something else.
        """
        try:
            (result,) = self.session.run([self.output_name], {self.input_name: batch})
        except Exception as error:  # as in `open_graph`
            raise _unusable(self.name, f"it fails while running: {_first_line(error)}") from error
        if not isinstance(result, np.ndarray) or result.shape != (len(batch), self.width):
            raise _unusable(self.name, f"it gives {np.shape(result)} for {len(batch)} inputs")
        if not np.isfinite(result).all():
            raise _unusable(self.name, "it gives numbers that are not finite")
        return np.asarray(result, dtype=np.float32)


def open_graph(path: Path, *, width: int, threads: int | None = None) -> Graph:
    """Open one tower of a bundle.

    Args:
        path: a verified `.onnx` file.
        width: the embedding width the manifest promises; checked against the graph where it is static.
        threads: intra-op threads; `background_threads()` if not given.

    Raises:
        ModelError: the file is no graph ONNX Runtime can run, its shape is not the bundle's, or its weights
            are in another file, whose hash nobody checked and which may be any file of this computer.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads or background_threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # By its name or its first bytes a file could be taken for ORT's own format, which is checked less.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unusable(path.name, f"it cannot be read ({error.strerror})") from error
    if _EXTERNAL_DATA.search(content):
        raise _unusable(path.name, "its weights are in another file")
    available = ort.get_available_providers()
    try:
        session = ort.InferenceSession(
            content, sess_options=options, providers=[name for name in _PREFERRED if name in available]
        )
    except Exception as error:  # ONNX Runtime raises its own untyped family: Fail, InvalidGraph, ...
        raise _unusable(path.name, _first_line(error)) from error
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(outputs) != 1:
        raise ModelError(
            f"The model file {path.name} has {len(inputs)} inputs and {len(outputs)} outputs, not one each.",
            "Export the model again.",
        )
    promised = outputs[0].shape[-1] if outputs[0].shape else None  # a scalar, or known when it runs only
    if isinstance(promised, int) and promised != width:
        raise ModelError(
            f"The model file {path.name} gives {promised} numbers, its manifest says {width}.",
            "Export the model again.",
        )
    return Graph(path.name, session, width, inputs[0].name, outputs[0].name)


def _unusable(name: str, why: str) -> ModelError:
    return ModelError(
        f"The model file {name} cannot be used: {why.rstrip('.')}.",
        "Install the model again, or choose another one.",
    )


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
