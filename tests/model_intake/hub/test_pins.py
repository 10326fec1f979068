"""A maintainer pins what is recommended; what was pinned is what is added, or nothing."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.pins import pin
from tests.model_intake.hub_server import COMMIT, LocalHub, local_hub
from tests.model_intake.layout_maker import pocket_as

NAME = "someone/Pocket"


@pytest.fixture
def hub() -> Iterator[LocalHub]:
    with local_hub() as served:
        yield served


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pocket_as("immich", tmp_path_factory.mktemp("export") / "pocket")


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    file = tmp_path / "models.json"
    models: list[dict[str, Any]] = [
        {"name": "pocket", "repository": NAME, "layout": "immich", "revision": "", "files": {}},
        {"name": "other", "repository": "someone/Nothing", "layout": "immich", "revision": "", "files": {}},
        {"name": "made by torch"},
    ]
    file.write_text(json.dumps({"format": 1, "models": models}))
    return file


def models_in(file: Path) -> list[dict[str, Any]]:
    models: list[dict[str, Any]] = json.loads(file.read_text())["models"]
    return models


def test_commit_and_hashes_of_what_is_fetched_are_written(hub: LocalHub, export: Path, listed: Path) -> None:
    hub.publish(NAME, export)
    hub.small[f"{NAME}/README.md"] = b"not fetched"
    assert pin(listed, ["pocket"], hub=hub.address) == []
    pocket, other, torch = models_in(listed)
    assert pocket["revision"] == COMMIT
    assert pocket["files"] == {
        path: hashlib.sha256((export / path).read_bytes()).hexdigest() for path in sorted(pocket["files"])
    }
    assert {"visual/model.onnx", "textual/model.onnx", "config.json"} <= set(pocket["files"])
    assert "README.md" not in pocket["files"]
    assert (other["revision"], other["files"], torch) == ("", {}, {"name": "made by torch"})
    fetched = [line for line in hub.requests if "model.onnx" in line]
    assert fetched == [], "of large files the hub tells the hash"


def test_what_cannot_be_pinned_is_told_and_the_others_are_pinned(
    hub: LocalHub, export: Path, listed: Path
) -> None:
    hub.publish(NAME, export)
    [failure] = pin(listed, hub=hub.address)
    assert failure.startswith("someone/Nothing: ")
    pocket, other, _ = models_in(listed)
    assert (pocket["revision"], other["revision"]) == (COMMIT, "")


def test_another_layout_than_the_recommended_one_is_no_pin(
    hub: LocalHub, tmp_path: Path, listed: Path
) -> None:
    hub.publish(NAME, pocket_as("transformers.js", tmp_path / "export"))
    [failure] = pin(listed, ["pocket"], hub=hub.address)
    assert "transformers.js" in failure
    assert models_in(listed)[0]["revision"] == ""
