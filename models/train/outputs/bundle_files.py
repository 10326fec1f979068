"""Files put into an encoder bundle, with their lines in its manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.bundle.encoder_bundle import HEAD_FILE
from app.bundle.picture_bank import PICTURE_BANK_FILE, read_picture_bank
from app.errors import ModelError

CALIBRATION_FILE = "calibration.json"
MANIFEST_FILE = "manifest.json"

__all__ = ["CALIBRATION_FILE", "HEAD_FILE", "put_files", "read_bank", "read_calibrations"]


def put_files(bundle: Path, contents: Mapping[str, bytes]) -> None:
    """Write files into a bundle and bring their hashes in its manifest up to date; the rest stays as it is.

    Every file is written whole beside its place before any is moved there, the manifest last.

    Raises:
        ModelError: the folder holds no manifest that can be read.
    """
    manifest = _read_json(bundle / MANIFEST_FILE)
    files = manifest.setdefault("files", {})
    for name, content in contents.items():
        files[name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    described = (json.dumps(manifest, indent=2, ensure_ascii=False) + "\n").encode()
    moves = []
    for name, content in {**contents, MANIFEST_FILE: described}.items():
        partial = bundle / f"{name}.part"
        partial.write_bytes(content)
        moves.append((partial, bundle / name))
    for partial, path in moves:
        partial.replace(path)


def read_calibrations(bundle: Path) -> dict[str, Any]:
    """What the bundle's `calibration.json` holds; nothing where there is none.

    Raises:
        ModelError: it cannot be read.
    """
    path = bundle / CALIBRATION_FILE
    return _read_json(path) if path.exists() else {}


def read_bank(bundle: Path) -> NDArray[np.float32] | None:
    """The embeddings `(N, D)` of a bundle's picture bank, L2-normalised; None where it has none.

    Raises:
        ModelError: it cannot be read.
    """
    if not (bundle / PICTURE_BANK_FILE).exists():
        return None
    return read_picture_bank(bundle, _read_json(bundle / MANIFEST_FILE).get("embedding_width", 0))


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(
            f"“{path.name}” of the model in “{path.parent.name}” cannot be read.",
            "Export or install the model again.",
        ) from error
    if not isinstance(content, dict):
        raise ModelError(
            f"“{path.name}” of the model in “{path.parent.name}” is no JSON object.",
            "Export or install the model again.",
        )
    return content
