"""Without the training extra there is nothing to export."""

import importlib.util

if any(importlib.util.find_spec(name) is None for name in ("torch", "open_clip", "onnxscript")):
    collect_ignore_glob = ["test_*.py"]
