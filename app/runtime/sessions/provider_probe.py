"""Does an execution provider run here? Asked in a process of its own, since a driver may crash or hang.

The task `probe-provider NAME` tries the provider that ONNX Runtime calls NAME (`smoke_test.py`) and prints
one JSON object: `works`, `why` not (in ONNX Runtime's words), and where they can be known `device` (its name)
and `memory` (bytes).
"""

import ctypes
import json
import sys
from typing import Any

from app.processes.entry import claim_stdout
from app.runtime.sessions.onnx_runtime import first_line
from app.runtime.sessions.smoke_test import CUDA, run_tiny_graph


def _answer(provider: str) -> dict[str, Any]:
    try:
        run_tiny_graph(provider)
    except Exception as error:  # noqa: BLE001 (ONNX Runtime's untyped family; whatever it is, it is the answer)
        return {"works": False, "why": first_line(error), "device": "", "memory": 0}
    device, memory = _cuda_device() if provider == CUDA else ("", 0)
    return {"works": True, "why": "", "device": device, "memory": memory}


def _cuda_device() -> tuple[str, int]:
    """Name and bytes of the first CUDA device that is visible, by the driver's own interface."""
    try:
        driver = ctypes.CDLL("nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1")
        device, name, size = ctypes.c_int(), ctypes.create_string_buffer(256), ctypes.c_size_t()
        steps = (
            driver.cuInit(0),
            driver.cuDeviceGet(ctypes.byref(device), 0),
            driver.cuDeviceGetName(name, len(name), device),
            driver.cuDeviceTotalMem_v2(ctypes.byref(size), device),
        )
    except (OSError, AttributeError):  # no driver, or one without these functions
        return "", 0
    return (name.value.decode(errors="replace"), size.value) if not any(steps) else ("", 0)


def main() -> None:
    """Ask, and print the answer."""
    with claim_stdout() as answers:
        answers.write(json.dumps(_answer(sys.argv[1])).encode())
