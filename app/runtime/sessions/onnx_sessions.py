"""ONNX Runtime sessions, opened one way: provider asserted, threads bounded, no spinning.

The provider shown is always the one the session reports. A graph that only CUDA may get is opened only after
CUDA ran a tiny one in this very process.
"""

import mmap
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.bundle.external_data import external_files
from app.bundle.graph_walk import UnclearGraphError
from app.errors import EncodingError, ModelError
from app.runtime.sessions.onnx_runtime import first_line, ort, says_no_memory
from app.runtime.sessions.providers import BETTER, ProviderChoice
from app.runtime.sessions.smoke_test import CPU, run_tiny_graph
from app.runtime.sessions.thread_count import background_threads

_TITLES = {listed: name for name, listed in BETTER.items()} | {CPU: "CPU"}

_OPTIONS: dict[str, dict[str, Any]] = {
    # Growing by what is asked for lets `Graph.run` give it back. The last batch of a video is of any size: an
    # exhaustive search for the best convolution would begin anew for each.
    "CUDA": {"arena_extend_strategy": "kSameAsRequested", "cudnn_conv_algo_search": "HEURISTIC"},
}

LARGEST = float(np.finfo(np.float16).max)
"""65,504: the library stores vectors as float16."""


class GraphRunError(ModelError):
    """A graph fails on what it was given; it may run on something else."""


class GraphMemoryError(ModelError):
    """There is not enough memory to run a graph on as many rows, or at all."""


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
        """The provider in use, as the session reports it: `CUDA`, `CoreML`, `DirectML` or `CPU`."""
        active = str(self.session.get_providers()[0])
        return _TITLES.get(active, active)

    def run(
        self, batch: NDArray[np.uint8] | NDArray[np.int64], *, shrink: bool = False
    ) -> NDArray[np.float32]:
        """Run the graph on one batch; returns `(N, D)` float32, finite also as float16.

        Args:
            batch: the rows.
            shrink: give memory of the device that this run does not need back afterwards.

        Raises:
            GraphMemoryError: there is not enough memory for so many rows.
            EncodingError: a vector cannot be stored: it is not finite, or beyond float16.
            GraphRunError: it fails on this batch.
            ModelError: it gives something else.
        """
        options = ort.RunOptions()
        if shrink and self.provider == "CUDA":
            options.add_run_config_entry("memory.enable_memory_arena_shrinkage", "gpu:0")
        try:
            (result,) = self.session.run([self.output_name], {self.input_name: batch}, options)
        except Exception as error:  # as in `open_graph`
            if lacks_memory(error):
                raise GraphMemoryError(
                    f"The model file {self.name} cannot be used: there is not enough memory to run it.",
                    "Close other programs, or choose a smaller model.",
                ) from error
            failed = _unusable(self.name, f"it fails while running: {first_line(error)}")
            raise GraphRunError(failed.sentence, failed.advice) from error
        if not isinstance(result, np.ndarray) or result.shape != (len(batch), self.width):
            raise _unusable(self.name, f"it gives {np.shape(result)} for {len(batch)} inputs")
        if result.dtype != np.float32:
            raise _unusable(self.name, f"it gives {result.dtype}, not float32")
        if not np.abs(result).max(initial=0.0) <= LARGEST:  # nor is anything of NaN
            reason = (
                f"numbers beyond {LARGEST:,.0f}"
                if np.isfinite(result).all()
                else "numbers that are not finite"
            )
            unusable = _unusable(self.name, f"it gives {reason}")
            raise EncodingError(unusable.sentence, unusable.advice, reason=reason)
        return result


def open_graph(
    path: Path,
    *,
    width: int,
    threads: int | None = None,
    choice: ProviderChoice | None = None,
    data: Collection[str] = (),
    optimise: bool = True,
) -> Graph:
    """Open one tower of a bundle.

    Args:
        path: a verified `.onnx` file.
        width: the embedding width the manifest promises; checked against the graph where it is static.
        threads: intra-op threads; `background_threads()` if not given.
        choice: where to run it; on the processor where None.
        data: names of verified files beside it that it may read weights from.
        optimise: let ONNX Runtime rearrange the graph, which crashes the processor's provider on half
            precision.

    Raises:
        ModelError: the file is no graph ONNX Runtime can run, its shape is not the bundle's, the provider
            does not run it, or its weights are in a file that is not one of `data`, whose hash nobody
            checked and which may be any file of this computer.
    """
    provider = "CPU" if choice is None else choice.name
    check_files(path, data)
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads or background_threads()
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    if not optimise:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    # By its name or its first bytes a file could be taken for ORT's own format, which is checked less.
    options.add_session_config_entry("session.load_model_format", "ONNX")
    if provider == "DirectML":
        options.enable_mem_pattern = False  # it has none
    providers: list[Any] = [] if provider == "CPU" else [(BETTER[provider], _OPTIONS.get(provider, {}))]
    if provider != "CPU":
        _check_provider(provider)
    try:
        session = ort.InferenceSession(
            str(path), sess_options=options, providers=[*providers, CPU], enable_fallback=0
        )
    except Exception as error:  # ONNX Runtime raises its own untyped family: Fail, InvalidGraph, ...
        raise _unusable(path.name, first_line(error)) from error
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if len(inputs) != 1 or len(outputs) != 1:
        raise ModelError(
            f"The model file {path.name} has {len(inputs)} inputs and {len(outputs)} outputs, not one each.",
            "Export the model again.",
        )
    if outputs[0].type != "tensor(float)":
        raise _unusable(path.name, f"it gives {outputs[0].type}, not float32")
    promised = outputs[0].shape[-1] if outputs[0].shape else None  # a scalar, or known when it runs only
    if isinstance(promised, int) and promised != width:
        raise ModelError(
            f"The model file {path.name} gives {promised} numbers, its manifest says {width}.",
            "Export the model again.",
        )
    graph = Graph(path.name, session, width, inputs[0].name, outputs[0].name)
    if graph.provider != provider:
        raise _unusable(path.name, f"it runs on {graph.provider}, not on {provider}")
    return graph


def lacks_memory(error: Exception) -> bool:
    """Whether an error of ONNX Runtime says that there is not enough memory."""
    return isinstance(error, MemoryError) or says_no_memory(str(error))


def _check_provider(provider: str) -> None:
    """It ran in a child process; see that it does in this one, before it gets what would crash another."""
    ort.set_default_logger_severity(4)
    try:
        run_tiny_graph(BETTER[provider])
    except Exception as error:  # as in `open_graph`
        raise ModelError(
            f"The {provider} provider does not start: {first_line(error).rstrip('.')}.",
            "Update the driver of the graphics card.",
        ) from error


def check_files(path: Path, data: Collection[str]) -> None:
    """Raise ModelError unless a graph reads its weights from itself and files beside it of these names."""
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            names = external_files(content)
    except OSError as error:
        raise _unusable(path.name, f"it cannot be read ({error.strerror})") from error
    except UnclearGraphError as error:
        raise _unusable(path.name, f"its weights are in another file ({error})") from error
    except ValueError as error:  # nothing can be mapped of an empty file
        raise _unusable(path.name, "it is empty") from error
    if others := sorted(names - set(data)):
        raise _unusable(path.name, f"its weights are in another file ({others[0]!r:.80})")


def _unusable(name: str, why: str) -> ModelError:
    return ModelError(
        f"The model file {name} cannot be used: {why.rstrip('.')}.",
        "Install the model again, or choose another one.",
    )
