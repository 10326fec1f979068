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
_CODE = re.compile(r"^\[ONNXRuntimeError\] : \d+ : [A-Z_]+ : ")


def first_line(error: Exception) -> str:
    """What ONNX Runtime says of an error, without its code and place: at most 200 characters."""
    line = (str(error).strip().splitlines() or [type(error).__name__])[0]
    if isinstance(error, UnicodeError):  # of a name in the graph
        return "it is damaged"
    said = _SOURCE.sub("", _PLACE.sub("", _CODE.sub("", line)))
    return (said or "ONNX Runtime cannot read it")[:200]


__all__ = ["first_line", "ort"]
