"""ONNX Runtime, with its telemetry off. Everything that needs it imports `ort` from here.

Since 1.29 the official builds send events and a device identifier to their maker unless this variable is set
before the library is loaded (its `Privacy.md`). Nothing leaves the machine unasked.
"""

import os
import re

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort

ort.disable_telemetry_events()

_SOURCE = re.compile(r"\s*(Name:'\S*' )?(Status Message: )?/onnxruntime_src/.*$")
"""Where in its own sources it noticed."""
_PLACE = re.compile(r"^Load model from .+? failed: ?")
_OF_DEVICE = re.compile(r"\b(?:CUDA|CUDNN|CUBLAS|CUFFT) failure \d+: [^;\n]+")
"""What the device's own library says; before and after it come places in ONNX Runtime's sources."""
_CODE = re.compile(r"^\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : ")


_NO_MEMORY = (
    "failed to allocate memory",  # ONNX Runtime's arenas, on any device
    "available memory of",  # "... is smaller than requested bytes of ...": an arena with a limit
    "bad allocation",
    "bad_alloc",
    "out of memory",  # CUDA failure 2; CUBLAS and DirectML in words
    "out_of_memory",  # cudaErrorMemoryAllocation's name in driver calls
    "alloc_failed",  # CUBLAS_STATUS_, CUDNN_STATUS_
    "allocation_failed",  # CUDNN_STATUS_INTERNAL_ERROR_DEVICE_
    "outofmemory",  # DirectML: E_OUTOFMEMORY
    "8007000e",
)
"""How ONNX Runtime and the libraries below it say that there is not enough memory, in lower case."""


def says_no_memory(said: str) -> bool:
    """Whether words of ONNX Runtime, or of what lies below it, say that there is not enough memory."""
    lower = said.lower()
    return any(words in lower for words in _NO_MEMORY)


def first_line(error: Exception) -> str:
    """What ONNX Runtime says of an error, without its code and place: at most 200 characters."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if isinstance(error, UnicodeError):  # of a name in the graph
        return "it is damaged"
    if device := _OF_DEVICE.search(str(error)):
        return device[0].strip()[:200]
    said = _SOURCE.sub("", _PLACE.sub("", _CODE.sub("", line)))
    return (said or "ONNX Runtime cannot read it")[:200]


__all__ = ["first_line", "ort", "says_no_memory"]
