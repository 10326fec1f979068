"""A published graph as it is, on the processor: what it gives is what a bundle made of it has to give."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import ModelError
from app.runtime.sessions.onnx_runtime import first_line, ort
from app.runtime.sessions.onnx_sessions import check_files
from app.runtime.sessions.smoke_test import CPU
from app.runtime.sessions.thread_count import background_threads


class OriginalGraph:
    """An opened graph with any inputs.

    Args:
        path: its file, looked into already.
        data: names of the files beside it that it may read weights from.

    Raises:
        ModelError: ONNX Runtime does not open it, or it names another file.
    """

    def __init__(self, path: Path, data: Collection[str]) -> None:
        self._name = path.name
        check_files(path, data)
        options = ort.SessionOptions()
        options.intra_op_num_threads = background_threads()
        options.inter_op_num_threads = 1
        options.log_severity_level = 4
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.add_session_config_entry("session.load_model_format", "ONNX")
        try:
            self._session = ort.InferenceSession(
                str(path), sess_options=options, providers=[CPU], enable_fallback=0
            )
        except Exception as error:  # ONNX Runtime raises its own untyped family
            raise self._failed("cannot be opened", error) from error

    def run(self, given: Mapping[str, NDArray[Any]], output: str) -> NDArray[np.float32]:
        """What one output is for these inputs.

        Raises:
            ModelError: it fails on them, or gives no float32.
        """
        try:
            (result,) = self._session.run([output], dict(given))
        except Exception as error:  # as above
            raise self._failed("fails while running", error) from error
        if not isinstance(result, np.ndarray) or result.dtype != np.float32:
            raise ModelError(f"The model file {self._name} is refused: it does not give float32.")
        return result

    def _failed(self, what: str, error: Exception) -> ModelError:
        return ModelError(
            f"The model file {self._name} is refused: it {what} ({first_line(error).rstrip('.')}).",
            "Choose another export of this model, or another model.",
        )
