"""Trained towers become an encoder bundle: two ONNX graphs, a tokenizer, a calibration and a manifest with
hashes."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from app.bundle.picture_bank import PICTURE_BANK_FILE
from app.model_intake.graphs.saving import seal
from app.model_intake.graphs.storing import store_half, store_matrices_int8, store_rows_int8
from models.onnx_graph import export_graph
from models.pocket.config import PocketConfig
from models.pocket.figures.calibration import Calibration
from models.pocket.networks.int8_layers import freeze
from models.pocket.networks.towers import Towers

FORMAT = 1
NAME = "pocket"
VERSION = "7"
LICENCE = (
    "Apache-2.0 for code, backbone and teacher; training pictures mostly research-only (see MODEL_CARD.md)"
)
SOURCE = "python -m models.pocket"
DESCRIPTION = (
    "Pocket: Reelfind's own small dual encoder; EfficientNet-Lite0 frames at 208 px, a four-layer text tower"
)
IMAGE_FILE, TEXT_FILE = "image.onnx", "text.onnx"
TOKENIZER_FILE, CALIBRATION_FILE = "tokenizer.json", "calibration.json"
HEAD_FILE = "tmass.npz"
MANIFEST_FILE = "manifest.json"
HASHED_FILES = (IMAGE_FILE, TEXT_FILE, TOKENIZER_FILE, CALIBRATION_FILE)
OPTIONAL_FILES = (HEAD_FILE, PICTURE_BANK_FILE)
BUNDLE_FILES = (*HASHED_FILES, *OPTIONAL_FILES, MANIFEST_FILE)
SAMPLE_LENGTH = 12
HEAD = "head."
"""What the names of the heads' weights begin with. Their inputs' deviations are folded into them."""


def write_graphs(towers: Towers, config: PocketConfig, tokenizer: Path, folder: Path) -> None:
    """Write both graphs and the tokenizer into `folder` (made when absent). The towers stand still
    after it."""
    folder.mkdir(parents=True, exist_ok=True)
    size = config.views.size
    towers.image.cpu().eval().trunk.fold()
    towers.text.cpu().eval()
    for tower in (towers.image, towers.text):
        freeze(tower)
        tower.head.fold()
    image = export_graph(
        towers.image,
        torch.zeros(2, size, size, 3, dtype=torch.uint8),
        input_name="pixels",
        output_names=("embedding",),
    )
    store_matrices_int8(image, HEAD)
    store_half(image)
    (folder / IMAGE_FILE).write_bytes(seal(image))
    text = export_graph(
        towers.text,
        torch.ones(2, SAMPLE_LENGTH, dtype=torch.int64),
        input_name="tokens",
        output_names=("embedding",),
        dynamic_axes={1: torch.export.Dim("length", min=2, max=config.text.context_length)},
    )
    store_rows_int8(text, config.text.vocabulary)
    store_matrices_int8(text, HEAD)
    store_half(text)
    (folder / TEXT_FILE).write_bytes(seal(text))
    bare = json.loads(tokenizer.read_text("utf-8"))
    # The program sets both; left in, they would cut and pad to the teacher's lengths.
    bare["truncation"] = bare["padding"] = None
    (folder / TOKENIZER_FILE).write_text(json.dumps(bare, ensure_ascii=False), "utf-8")


def write_calibration(calibration: Calibration, folder: Path) -> None:
    """Write what a score means."""
    (folder / CALIBRATION_FILE).write_text(json.dumps(asdict(calibration), indent=2) + "\n", "utf-8")


def write_manifest(config: PocketConfig, measured: dict[str, Any], folder: Path) -> None:
    """Write the manifest; the other files must be there. Raises `FileNotFoundError` when one is missing."""
    manifest = {
        "format": FORMAT,
        "name": NAME,
        "version": VERSION,
        "licence": LICENCE,
        "source": SOURCE,
        "description": DESCRIPTION,
        "embedding_width": config.embedding_width,
        "image": {"size": config.views.size, "resize": "squash", "interpolation": "area"},
        "text": {
            "context_length": config.text.context_length,
            "pad_id": config.text.pad_id,
            "lowercase": True,
        },
        "files": {name: _hashed(folder / name) for name in _present(folder)},
        "measured": measured,
    }
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def refresh_manifest(folder: Path) -> None:
    """Bring the manifest's list of files up to date with what lies in the bundle; the rest stays as it is."""
    path = folder / MANIFEST_FILE
    manifest = json.loads(path.read_text("utf-8"))
    manifest["files"] = {name: _hashed(folder / name) for name in _present(folder)}
    path.write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")


def _present(folder: Path) -> tuple[str, ...]:
    """The files a manifest lists: all that a bundle must have, and what there is of the others."""
    return (*HASHED_FILES, *(name for name in OPTIONAL_FILES if (folder / name).exists()))


def _hashed(path: Path) -> dict[str, Any]:
    content = path.read_bytes()
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
