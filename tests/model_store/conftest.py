"""A store of its own for each test, and bundles to put there."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.model_intake.gate.bundle_checks import try_model
from app.model_store import importing
from app.model_store.store import ModelStore
from tests.bundles import make_bundle


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "models")


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A good one, called `colours`."""
    return make_bundle(tmp_path / "bundle")


@pytest.fixture
def tried_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sound models are tried in this process: for what is not about the child that tries them."""
    monkeypatch.setattr(importing, "run_in_sandbox", try_model)


def edit_manifest(folder: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest of a bundle."""
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    edit(manifest)
    path.write_text(json.dumps(manifest))


def list_also(folder: Path, *names: str) -> None:
    """List these files of a bundle in its manifest too, with their hashes."""
    hashes = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    entries = {name: {"sha256": digest} for name, digest in hashes.items()}
    edit_manifest(folder, lambda manifest: manifest["files"].update(entries))
