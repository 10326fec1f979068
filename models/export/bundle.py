"""The bundle's files: graphs, tokenizer, manifest."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn

from app.encoders.bundle import FORMAT, REQUIRED_FILES, Calibration, EncoderBundle, TextSpec
from app.errors import ModelError
from models.export.graph import tower_graph
from models.export.parity import LOWEST_COSINE, Parity, Pictures, expect, measure_parity, sample_pictures
from models.export.spec import BundleSpec
from models.export.tokenizer import BundleTokenizer
from models.export.towers import ImageTower, text_tower

MANIFEST_FILE = "manifest.json"
_SAMPLE_LENGTH = 12


def export_bundle(
    model: nn.Module,
    spec: BundleSpec,
    tokenizer: BundleTokenizer,
    folder: Path,
    *,
    extra_files: Sequence[str] = (),
    pictures: Pictures | None = None,
) -> Parity:
    """Write the bundle of an open_clip model and return how closely it gives what the model gives.

    The manifest is written last: a folder without one is no bundle, whatever interrupted the export.

    Args:
        model: has `encode_image` of float32 `(N, 3, S, S)` and `encode_text` of int64
            `(N, context_length)`. It is put on the CPU, in float32 and in evaluation mode.
        spec: what the manifest says.
        tokenizer: see `open_clip_tokenizer`.
        folder: made when absent; files of an older bundle in it are replaced.
        extra_files: names of files that are in `folder` already and belong to the bundle.
        pictures: uint8 RGB `(H, W, 3)` of any size to compare with; made-up ones if not given.

    Raises:
        ModelError: a tower is too large for one graph, its two widths differ, or the bundle does not
            reproduce the model (a cosine below `LOWEST_COSINE`).
    """
    model = model.to("cpu", torch.float32).eval()
    image = ImageTower(model, spec.mean, spec.std).eval()
    text = text_tower(model, tokenizer.spec.context_length, tokenizer.spec.pad_id).eval()
    expected = expect(model, spec, tokenizer, pictures or sample_pictures(spec.image.size))
    width = expected.image.shape[1]
    if expected.text.shape[1] != width:
        raise ModelError(
            f"The towers of “{spec.name}” give {width} and {expected.text.shape[1]} numbers.",
            "Choose a model whose towers share one space.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST_FILE).unlink(missing_ok=True)
    size = spec.image.size
    pixels = torch.zeros(2, size, size, 3, dtype=torch.uint8)
    (folder / "image.onnx").write_bytes(tower_graph(image, pixels, "pixels", spec))
    tokens = torch.ones(2, _SAMPLE_LENGTH, dtype=torch.int64)
    longest = tokenizer.spec.context_length
    (folder / "text.onnx").write_bytes(tower_graph(text, tokens, "tokens", spec, longest))
    tokenizer.tokenizer.save(str(folder / "tokenizer.json"), pretty=False)

    files = (*REQUIRED_FILES, *extra_files)
    parity = measure_parity(_unmeasured(spec, tokenizer.spec, folder, width), expected)
    if not parity.lowest >= LOWEST_COSINE:  # nor when it is not a number
        raise ModelError(
            f"The export of “{spec.name}” does not give what the model gives "
            f"(cosine {parity.image:.5f} for pictures, {parity.text:.5f} for texts).",
            "Report it with the model's name; nothing was installed.",
        )
    write_manifest(spec, tokenizer.spec, folder, files, width, {"parity": asdict(parity)})
    return parity


def write_manifest(
    spec: BundleSpec,
    text: TextSpec,
    folder: Path,
    files: Sequence[str],
    width: int,
    measured: dict[str, Any],
) -> None:
    """Write the manifest over `files` of `folder`; again whenever one was added.

    Raises:
        FileNotFoundError: one of them is not there.
    """
    manifest = {
        "format": FORMAT,
        "name": spec.name,
        "version": spec.version,
        "licence": spec.licence,
        "source": spec.source,
        "description": spec.description,
        "embedding_width": width,
        "image": asdict(spec.image),
        "text": asdict(text),
        "files": {
            name: {"sha256": _sha256(folder / name), "bytes": (folder / name).stat().st_size}
            for name in files
        },
        "measured": measured,
    }
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _unmeasured(spec: BundleSpec, text: TextSpec, folder: Path, width: int) -> EncoderBundle:
    """The bundle before it has a manifest, for the program's encoders."""
    return EncoderBundle(
        folder=folder,
        name=spec.name,
        version=spec.version,
        licence=spec.licence,
        embedding_width=width,
        image=spec.image,
        text=text,
        calibration=Calibration(),
        hashes={name: _sha256(folder / name) for name in REQUIRED_FILES},
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
