"""A small ONNX graph that is no part of an encoder bundle: one tensor in, one out, of any shape."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.errors import ModelError
from app.runtime.sessions.onnx_runtime import first_line, ort
from app.runtime.sessions.onnx_sessions import GraphMemoryError, GraphRunError, lacks_memory
from app.runtime.sessions.smoke_test import CPU


@dataclass(frozen=True, slots=True)
class PlainGraph:
    """An opened graph, on the processor."""

    name: str
    """File name, for people."""
    session: ort.InferenceSession
    metadata: dict[str, str]
    """What its file says of it."""

    def run(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the only output for the only input.

        Raises:
            GraphMemoryError: there is not enough memory for it.
            GraphRunError: it fails on this input.
        """
        try:
            (result,) = self.session.run(None, {self.session.get_inputs()[0].name: values})
        except Exception as error:  # ONNX Runtime raises its own untyped family
            if lacks_memory(error):
                raise GraphMemoryError(
                    f"The model file {self.name} cannot be used: there is not enough memory to run it.",
                    "Close other programs.",
                ) from error
            raise GraphRunError(
                f"The model file {self.name} cannot be used: it fails while running: {first_line(error)}.",
                "Install the package it belongs to again.",
            ) from error
        if not isinstance(result, np.ndarray) or result.dtype != np.float32:
            raise GraphRunError(f"The model file {self.name} does not give numbers.")
        return result


def open_plain_graph(path: Path, *, threads: int) -> PlainGraph:
    """Open a graph that came with a package.

    Args:
        path: of the `.onnx` file.
        threads: intra-op threads.

    Raises:
        ModelError: it cannot be opened, or has not one input and one output.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Inputs of many shapes: an arena keeps the most that any of them took.
    options.enable_cpu_mem_arena = False
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.load_model_format", "ONNX")
    try:
        session = ort.InferenceSession(str(path), sess_options=options, providers=[CPU], enable_fallback=0)
        metadata = dict(session.get_modelmeta().custom_metadata_map)
    except Exception as error:  # as in `run`
        raise ModelError(
            f"The model file {path.name} cannot be used: {first_line(error)}.",
            "Install the package it belongs to again.",
        ) from error
    if len(session.get_inputs()) != 1 or len(session.get_outputs()) != 1:
        raise ModelError(f"The model file {path.name} has not one input and one output.")
    return PlainGraph(path.name, session, metadata)
