"""ONNX Runtime, with its telemetry off. Everything that needs it imports `ort` from here.

Since 1.29 the official builds send events and a device identifier to their maker unless this variable is set
before the library is loaded (its `Privacy.md`). Nothing leaves the machine unasked.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime as ort

ort.disable_telemetry_events()

__all__ = ["ort"]
