"""What is known of a bundle without reading its weights: a list of models must not hash gigabytes."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bundle.description import JSON_BYTES, printable
from app.bundle.encoder_bundle import FORMAT, REQUIRED_FILES, EncoderBundle, describe
from app.bundle.score_calibration import Calibration
from app.errors import ModelError

MANIFEST = "manifest.json"
MANIFEST_BYTES = JSON_BYTES
EXTRA = re.compile(r"(README|LICEN[CS]E|NOTICE|MODEL_CARD)(\.(md|txt))?", re.IGNORECASE)
"""Files that are taken in beside those that a manifest lists."""

_WRITTEN = re.compile(
    r"manifest\.json|(image|text)(\.(int8|fp16))?\.onnx(\.data)?|tokenizer\.json|calibration\.json|tmass\.npz"
    r"|picture_bank\.npz"
)
"""What a model consists of, whatever its manifest says."""
_OF_THE_SYSTEM = {".DS_Store", "Thumbs.db", "desktop.ini"}
"""Files that a system puts into any folder that is looked at."""

_NOT_AS_EXPECTED = (KeyError, TypeError, ValueError, AttributeError, OverflowError)
"""What comes of taking for granted how an untrusted manifest is built."""


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model on this computer."""

    name: str
    """Name of its folder: what `models use` takes."""
    folder: Path
    title: str
    identity: str
    """Of the vector space, see `EncoderBundle.identity`; empty where it is damaged."""
    licence: str
    source: str
    bytes: int
    embedding_width: int
    has_head: bool
    """Whether it has a trained head to re-score clips with."""
    bundled: bool
    variants: tuple[str, ...]
    """`int8`, `fp16`: what there is beside float32."""
    problem: str
    """A sentence where it is damaged, else empty."""
    trained: bool = True
    """False for random weights, which are for trying things out."""


def look_at(folder: Path, *, bundled: bool = False) -> InstalledModel:
    """What the manifest in `folder` says, and whether its files are there; no hash is checked."""
    try:
        manifest = read_manifest(folder / MANIFEST)
        outline = _outline(folder, manifest)
        source = _plain(manifest.get("source", ""))
        missing = [name for name in outline.hashes if not (folder / name).is_file()]
        if missing:
            raise ModelError(f"Its file {missing[0]} is missing.", "Install the model again.")
        size = sum(path.stat().st_size for path in folder.iterdir() if path.is_file())
    except ModelError as error:
        return _damaged(folder, str(error), bundled=bundled)
    except OSError as error:
        return _damaged(folder, f"It cannot be read ({error.strerror or error}).", bundled=bundled)
    except _NOT_AS_EXPECTED:
        return _damaged(folder, "Its description is damaged. Install the model again.", bundled=bundled)
    return InstalledModel(
        name=printable(folder.name),
        folder=folder,
        title=outline.title,
        identity=outline.identity,
        licence=outline.licence,
        source=source,
        bytes=size,
        embedding_width=outline.embedding_width,
        has_head=outline.has_head,
        bundled=bundled,
        variants=tuple(outline.variants),
        problem="",
        trained=outline.trained,
    )


def foreign_entry(folder: Path) -> str:
    """Name of something in a model's folder that no import or export wrote there; empty where all is theirs.

    Raises:
        OSError: the folder cannot be read.
    """
    try:
        named = set(read_manifest(folder / MANIFEST)["files"])
    except ModelError:
        named = set()
    with os.scandir(folder) as entries:
        found = list(entries)
    described = any(entry.name == MANIFEST for entry in found)
    for entry in found:
        known = bool(_WRITTEN.fullmatch(entry.name)) or entry.name in named | _OF_THE_SYSTEM
        known = known or (described and bool(EXTRA.fullmatch(entry.name)))
        if not known or not entry.is_file(follow_symlinks=False):
            return entry.name
    return ""


def read_manifest(path: Path) -> dict[str, Any]:
    """A manifest as it is written; only its form is checked.

    Raises:
        ModelError: there is none, or it cannot be one.
    """
    name = printable(path.parent.name)
    if path.is_symlink() or not path.is_file():
        raise ModelError(
            f"There is no search model in “{name}”: it has no {MANIFEST}.",
            "Choose a folder or an archive that holds an exported model.",
        )
    try:
        with path.open("rb") as stream:
            content = stream.read(MANIFEST_BYTES + 1)
    except OSError as error:
        raise ModelError(f"{MANIFEST} in “{name}” cannot be read ({error.strerror}).") from error
    return parse_manifest(content)


def parse_manifest(content: bytes) -> dict[str, Any]:
    """The manifest that these bytes are.

    Raises:
        ModelError: they are none.
    """
    advice = "Export the model again, or get it from where it is whole."
    try:
        manifest = json.loads(content) if len(content) <= MANIFEST_BYTES else None
    except (ValueError, RecursionError):
        manifest = None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ModelError("The model's description is damaged.", advice)
    if manifest.get("format") != FORMAT:
        raise ModelError(
            f"The model has format {manifest.get('format')!r:.20}, not {FORMAT}.",
            "Update Reelfind, or export the model again.",
        )
    return manifest


def _outline(folder: Path, manifest: Mapping[str, Any]) -> EncoderBundle:
    """The bundle as its manifest describes it: nothing is verified, its files are not to be used."""
    hashes = {_plain(name): _plain(entry["sha256"]) for name, entry in manifest["files"].items()}
    if not set(REQUIRED_FILES) <= set(hashes):
        raise ValueError("a required file is not listed")
    return describe(folder, manifest, hashes, Calibration())


def _plain(text: Any) -> str:
    if not isinstance(text, str) or not text.isprintable():
        raise ValueError(f"no plain text: {text!r:.80}")
    return text


def _damaged(folder: Path, problem: str, *, bundled: bool) -> InstalledModel:
    return InstalledModel(
        name=printable(folder.name),
        folder=folder,
        title=printable(folder.name),
        identity="",
        licence="",
        source="",
        bytes=0,
        embedding_width=0,
        has_head=False,
        bundled=bundled,
        variants=(),
        problem=printable(problem),
    )
