"""Edits of a test bundle's manifest."""

import hashlib
import json
from pathlib import Path
from typing import Any


def add_files(folder: Path, *names: str, **keys: Any) -> Path:
    """List these files of the folder too, with their hashes as they are now, and set further keys."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    for name in {*manifest["files"], *names}:
        manifest["files"][name] = {"sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}
    path.write_text(json.dumps(manifest | keys))
    return folder
