"""A bundle is trusted only after its manifest and hashes fit."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.bundle.encoder_bundle import load_bundle
from app.errors import ModelError
from app.paths import bundled_model
from tests.bundles import WIDTH, make_bundle, write_manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_bundle(tmp_path / "bundle")


def edit_manifest(folder: Path, edit: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    edit(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_a_bundle_says_what_it_is(folder: Path) -> None:
    bundle = load_bundle(folder)
    assert (bundle.name, bundle.version, bundle.embedding_width) == ("colours", "1", WIDTH)
    assert bundle.image.size == 32
    assert bundle.calibration.slope == 3.0
    assert bundle.title == "Colours 1"


def test_the_identity_follows_the_weights_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    identity = load_bundle(folder).identity
    edit_manifest(folder, lambda manifest: manifest.update(licence="MIT"))
    assert load_bundle(folder).identity == identity

    other = make_bundle(tmp_path / "other", size=48)
    assert load_bundle(other).identity != identity


@pytest.mark.parametrize("name", ["image.onnx", "text.onnx", "tokenizer.json", "calibration.json"])
def test_an_altered_file_is_refused(folder: Path, name: str) -> None:
    with (folder / name).open("ab") as stream:
        stream.write(b" ")
    with pytest.raises(ModelError, match=name):
        load_bundle(folder)


@pytest.mark.parametrize("name", ["image.onnx", "tokenizer.json"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelError, match=f"{name} is missing"):
        load_bundle(folder)


def test_a_file_that_points_elsewhere_is_refused(folder: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.json"
    (folder / "tokenizer.json").rename(outside)
    (folder / "tokenizer.json").symlink_to(outside)
    with pytest.raises(ModelError, match=r"tokenizer\.json is missing"):
        load_bundle(folder)


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "..", "a/b", ""])
def test_a_manifest_cannot_name_files_outside_its_folder(folder: Path, name: str) -> None:
    edit_manifest(folder, lambda manifest: manifest["files"].update({name: {"sha256": "0" * 64}}))
    with pytest.raises(ModelError, match="outside the bundle"):
        load_bundle(folder)


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (lambda manifest: manifest.update(format=2), "format 2"),
        (lambda manifest: manifest.update(embedding_width=0), "embedding_width"),
        (lambda manifest: manifest.update(embedding_width=True), "embedding_width"),
        (lambda manifest: manifest["image"].update(size=100_000), "size"),
        (lambda manifest: manifest["image"].update(resize="stretch"), "resize"),
        (lambda manifest: manifest.update(text=None), "text"),
        (lambda manifest: manifest.update(name=7), "name"),
        (lambda manifest: manifest.update(name="\x1b[2Jwiped"), "name"),
        (lambda manifest: manifest.update(licence="x" * 10_000), "licence"),
        (lambda manifest: manifest["files"].pop("text.onnx"), "text.onnx"),
    ],
)
def test_a_wrong_manifest_is_refused_with_a_sentence(
    folder: Path, edit: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    edit_manifest(folder, edit)
    with pytest.raises(ModelError, match=sentence) as caught:
        load_bundle(folder)
    assert caught.value.advice


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00\xff", "[" * 100_000, "1" * 10_000])
def test_a_manifest_that_is_no_manifest(folder: Path, content: str) -> None:
    (folder / "manifest.json").write_text(content, encoding="latin-1")
    with pytest.raises(ModelError):
        load_bundle(folder)


def test_an_empty_folder_is_no_bundle(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no search model"):
        load_bundle(tmp_path)


def test_a_calibration_without_numbers_is_refused(folder: Path) -> None:
    (folder / "calibration.json").write_text('{"unmatched": {"mean": "high"}, "logistic": {}}')
    write_manifest(folder)
    with pytest.raises(ModelError, match=r"calibration\.json"):
        load_bundle(folder)


@pytest.mark.parametrize(("std", "a"), [(0.0, 1.0), (-0.1, 1.0), (float("nan"), 1.0), (0.1, float("inf"))])
def test_a_calibration_that_cannot_be_is_refused(folder: Path, std: float, a: float) -> None:
    content = {"unmatched": {"mean": 0.0, "std": std}, "logistic": {"a": a, "b": 0.0}}
    (folder / "calibration.json").write_text(json.dumps(content))
    write_manifest(folder)
    with pytest.raises(ModelError, match=r"calibration\.json"):
        load_bundle(folder)


def test_the_bundled_model_is_whole() -> None:
    bundle = load_bundle(bundled_model())
    size = sum(bundle.file(name).stat().st_size for name in ("image.onnx", "text.onnx"))
    assert bundle.name == "pocket"
    assert size <= 45_000_000
