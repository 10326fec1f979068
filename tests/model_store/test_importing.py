"""Hostile ground: what is imported is copied whole and right, or not at all."""

import io
import json
import os
import pickle
import shutil
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import onnx
import pytest
from onnx import helper

from app.bundle.encoder_bundle import load_bundle
from app.errors import ModelError, UsageError
from app.model_intake import archives
from app.model_store import importing
from app.model_store.importing import import_bundle
from app.model_store.store import ModelStore
from app.runtime.encoders import FrameEncoder
from tests.bundles import write_manifest
from tests.model_store.conftest import edit_manifest, list_also
from tests.model_store.packed_models import FILES, nothing_arrived, zipped

pytestmark = pytest.mark.usefixtures("tried_here")


def test_a_folder_is_copied_with_what_belongs_to_it_only(store: ModelStore, bundle: Path) -> None:
    (bundle / "README.md").write_text("read me")
    (bundle / "LICENSE").write_text("free")
    (bundle / "weights.pkl").write_bytes(pickle.dumps([1]))
    (bundle / "more").mkdir()
    added = import_bundle(bundle, store)
    assert {path.name for path in added.folder.iterdir()} == {*FILES, "README.md", "LICENSE"}
    loaded = load_bundle(added.folder)
    assert loaded.identity == load_bundle(bundle).identity == added.identity
    assert added.folder == store.folder / "colours"
    FrameEncoder(loaded)


def test_what_is_no_model_is_named(store: ModelStore, tmp_path: Path) -> None:
    (tmp_path / "film.mp4").write_bytes(b"no zip")
    for source in (tmp_path / "film.mp4", tmp_path / "absent"):
        with pytest.raises(UsageError, match="neither a folder nor a zip archive"):
            import_bundle(source, store)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelError, match="There is no search model in “empty”"):
        import_bundle(tmp_path / "empty", store)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as archive:
        archive.writestr("deep/in/it/manifest.json", "{}")
    with pytest.raises(ModelError, match="There is no search model in the archive"):
        import_bundle(tmp_path / "other.zip", store)


def forget_text(manifest: dict[str, dict[str, object]]) -> None:
    del manifest["files"]["text.onnx"]


def wrong_hash(manifest: dict[str, dict[str, object]]) -> None:
    manifest["files"]["text.onnx"] = {"sha256": "0" * 64}


def listing(name: str) -> Callable[[dict[str, dict[str, object]]], None]:
    def edit(manifest: dict[str, dict[str, object]]) -> None:
        manifest["files"][name] = {"sha256": "0" * 64}

    return edit


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        (forget_text, "does not list text.onnx"),
        (wrong_hash, "text.onnx is not the file that was exported"),
        (listing("../secret.txt"), "which is no file of it"),
        (listing("/etc/hostname"), "which is no file of it"),
        (listing("C:\\x"), "which is no file of it"),
        (listing(""), "which is no file of it"),
        (listing("TEXT.onnx"), "the same to some computers"),
        (listing("Manifest.json"), "the same to some computers"),
        (listing("absent.json"), "its file absent.json is missing"),
        (lambda manifest: manifest.update(format=2), "format 2"),
        (lambda manifest: manifest.update(files=[]), "description is damaged"),
        (lambda manifest: manifest.update(files={f"{n}.md": {} for n in range(99)}), "it lists 99 files"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_a_manifest_that_lies_is_refused(
    store: ModelStore,
    bundle: Path,
    tmp_path: Path,
    edit: Callable[[dict[str, dict[str, object]]], None],
    sentence: str,
    packed: bool,
) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    edit_manifest(bundle, edit)
    with pytest.raises(ModelError, match=sentence.replace(".", r"\.")):
        import_bundle(zipped(bundle) if packed else bundle, store)
    nothing_arrived(store, tmp_path)


def test_a_pickle_is_refused_even_where_the_manifest_lists_it(
    store: ModelStore, bundle: Path, tmp_path: Path
) -> None:
    (bundle / "weights.pkl").write_bytes(pickle.dumps([1]))
    list_also(bundle, "weights.pkl")
    with pytest.raises(ModelError, match=r"holds “weights\.pkl”, which no model needs"):
        import_bundle(bundle, store)
    nothing_arrived(store, tmp_path)


def test_a_pickle_as_the_head_is_refused(store: ModelStore, bundle: Path, tmp_path: Path) -> None:
    (bundle / "tmass.npz").write_bytes(pickle.dumps([1]))
    write_manifest(bundle)
    with pytest.raises(ModelError):
        import_bundle(bundle, store)
    nothing_arrived(store, tmp_path)


@pytest.mark.parametrize("name", ["text.onnx", "manifest.json", "calibration.json"])
def test_a_link_in_a_folder_is_refused(store: ModelStore, bundle: Path, tmp_path: Path, name: str) -> None:
    (bundle / name).rename(tmp_path / "real")
    (bundle / name).symlink_to(tmp_path / "real")
    with pytest.raises(ModelError, match=r"no plain file|no manifest\.json"):
        import_bundle(bundle, store)
    nothing_arrived(store, tmp_path)


def test_a_pipe_in_a_folder_stalls_nothing(store: ModelStore, bundle: Path, tmp_path: Path) -> None:
    (bundle / "text.onnx").unlink()
    os.mkfifo(bundle / "text.onnx")
    with pytest.raises(ModelError, match="no plain file"):
        import_bundle(bundle, store)
    nothing_arrived(store, tmp_path)


@pytest.mark.parametrize("change", ["text.onnx", "manifest.json"])
def test_a_folder_that_changes_meanwhile_changes_nothing(
    store: ModelStore, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    """Looked at and not yet copied, the file becomes another of the same length: only a hash tells."""
    real = importing.copy_exactly

    def copy(opened: Callable[[], IO[bytes]], length: int, target: Path) -> None:
        if target.name == change:
            content = (bundle / change).read_bytes()
            (bundle / change).write_bytes(
                content.replace(b'"sha256": "', b'"sha256": "0')[: len(content) - 1] + b" "
            )
        real(opened, length, target)

    monkeypatch.setattr(importing, "copy_exactly", copy)
    with pytest.raises(ModelError, match="damaged"):
        import_bundle(bundle, store)
    nothing_arrived(store, tmp_path)


def test_a_graph_that_is_refused_keeps_the_model_out(store: ModelStore, bundle: Path, tmp_path: Path) -> None:
    model = onnx.load(bundle / "text.onnx")
    model.graph.node.append(helper.make_node("Run", ["tokens"], ["z"], domain="evil"))
    onnx.save(model, bundle / "text.onnx")
    write_manifest(bundle)
    with pytest.raises(ModelError, match="'Run' of 'evil'"):
        import_bundle(bundle, store)
    nothing_arrived(store, tmp_path)


def test_weights_in_a_file_of_their_own_are_taken_in(store: ModelStore, bundle: Path) -> None:
    model = onnx.load(bundle / "text.onnx")
    onnx.save(  # the table of words only: shapes are read before the weights are there
        model, bundle / "text.onnx", save_as_external_data=True, location="text.onnx.data", size_threshold=64
    )
    write_manifest(bundle)
    with pytest.raises(ModelError, match=r"reads its weights from 'text\.onnx\.data'"):
        import_bundle(bundle, store)
    list_also(bundle, "text.onnx.data")
    added = import_bundle(bundle, store)
    assert (added.folder / "text.onnx.data").exists()


def test_weights_under_another_name_are_refused(store: ModelStore, bundle: Path, tmp_path: Path) -> None:
    """The identity would not know them."""
    model = onnx.load(bundle / "text.onnx")
    onnx.save(model, bundle / "text.onnx", save_as_external_data=True, location="b.data", size_threshold=64)
    write_manifest(bundle)
    list_also(bundle, "b.data")
    with pytest.raises(ModelError, match=r"text\.onnx is refused: it reads its weights from 'b\.data'"):
        import_bundle(bundle, store)
    nothing_arrived(store, tmp_path)


def test_a_full_disk_is_noticed_before(
    store: ModelStore, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(archives.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(ModelError, match="Not enough disk space for the model"):
        import_bundle(bundle, store)
    nothing_arrived(store, tmp_path)


def test_a_source_that_cannot_be_read_is_named(
    store: ModelStore, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(5, "Input/output error")

    def opener(path: Path) -> Callable[[], IO[bytes]]:
        return Broken if path.name == "text.onnx" else lambda: path.open("rb")

    monkeypatch.setattr(importing, "_opener", opener)
    with pytest.raises(ModelError, match=r"text\.onnx cannot be copied \(Input/output error\)"):
        import_bundle(bundle, store)
    nothing_arrived(store, tmp_path)


def test_the_model_card_says_what_the_archive_said(store: ModelStore, bundle: Path) -> None:
    manifest = json.loads((import_bundle(zipped(bundle), store).folder / "manifest.json").read_text())
    assert manifest == json.loads((bundle / "manifest.json").read_text())


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind root")
def test_a_folder_that_may_not_be_read_is_a_sentence(store: ModelStore, bundle: Path) -> None:
    bundle.chmod(0)
    try:
        with pytest.raises(ModelError):
            import_bundle(bundle, store)
    finally:
        bundle.chmod(0o755)
