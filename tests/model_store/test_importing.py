"""Hostile ground: what is imported is copied whole and right, or not at all."""

import io
import json
import os
import pickle
import random
import shutil
import stat
import struct
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

pytestmark = pytest.mark.usefixtures("tried_here")

FILES = ("manifest.json", "image.onnx", "text.onnx", "tokenizer.json", "calibration.json")


def zipped(bundle: Path, prefix: str = "") -> Path:
    path = bundle.with_name("model.zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in FILES:
            archive.write(bundle / name, prefix + name)
    return path


def with_entry(path: Path, name: str | zipfile.ZipInfo, content: bytes = b"x", **more: int) -> Path:
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(name, content, **more)
    return path


def nothing_arrived(store: ModelStore, tmp_path: Path) -> None:
    assert [model.name for model in store.installed()] == ["pocket"]
    staging = store.folder / ".staging"
    assert not staging.exists() or {path.name for path in staging.iterdir()} <= {".lock"}
    assert not (tmp_path / "evil").exists()


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


@pytest.mark.parametrize("prefix", ["", "colours-1/"])
def test_an_archive_gives_the_same_model(store: ModelStore, bundle: Path, prefix: str) -> None:
    path = with_entry(zipped(bundle, prefix), "__MACOSX/._manifest.json")
    with_entry(path, f"{prefix}LICENSE.txt", b"free")
    added = import_bundle(path, store)
    assert added.identity == load_bundle(bundle).identity
    assert {path.name for path in added.folder.iterdir()} == {*FILES, "LICENSE.txt"}


@pytest.mark.parametrize(
    "name",
    [
        "../evil",
        "a/../../evil",
        "/evil",
        "\\evil",
        "..\\evil",
        "C:evil",
        "a//b",
        "./image2.onnx",
        "evil\x00.txt",
        "evil\x1b[2J",
        "IMAGE.ONNX",
        "image.onnx/",
    ],
)
def test_an_archive_with_an_odd_name_is_refused(
    store: ModelStore, bundle: Path, tmp_path: Path, name: str
) -> None:
    path = zipped(bundle)
    if "\x00" in name:  # the library cuts names at a zero byte when it writes, too
        with_entry(path, name.replace("\x00", "%"))
        path.write_bytes(path.read_bytes().replace(b"evil%.txt", b"evil\x00.txt"))
    else:
        with_entry(path, name)
    with pytest.raises(ModelError, match=r"an entry called|two entries of one name"):
        import_bundle(path, store)
    nothing_arrived(store, tmp_path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_an_archive_with_a_file_twice_is_refused(store: ModelStore, bundle: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="two entries of one name"):
        import_bundle(with_entry(zipped(bundle), "image.onnx"), store)
    nothing_arrived(store, tmp_path)


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_an_archive_with_a_link_or_a_device_is_refused(
    store: ModelStore, bundle: Path, tmp_path: Path, kind: int
) -> None:
    info = zipfile.ZipInfo("README")
    info.external_attr = (kind | 0o777) << 16
    with pytest.raises(ModelError, match="no plain file"):
        import_bundle(with_entry(zipped(bundle), info, b"/etc/hostname"), store)
    nothing_arrived(store, tmp_path)


def test_a_bomb_is_refused_before_it_is_unpacked(
    store: ModelStore, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "_SMALL", 1 << 20)
    path = with_entry(zipped(bundle), "bomb.bin", bytes(8 << 20), compress_type=zipfile.ZIP_DEFLATED)
    with pytest.raises(ModelError, match="would grow to"):
        import_bundle(path, store)
    nothing_arrived(store, tmp_path)


def test_an_archive_that_lies_about_its_sizes_unpacks_no_more_than_it_says(
    store: ModelStore, bundle: Path, tmp_path: Path
) -> None:
    """Ten bytes announced, eight megabytes packed."""
    (bundle / "text.onnx").write_bytes(bytes(8 << 20))
    path = zipped(bundle)
    honest = (8 << 20).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(honest, (10).to_bytes(4, "little")))
    with pytest.raises(ModelError, match=r"damaged|not as long"):
        import_bundle(path, store)
    nothing_arrived(store, tmp_path)


def test_too_many_entries_are_refused(store: ModelStore, bundle: Path, tmp_path: Path) -> None:
    path = zipped(bundle)
    for number in range(300):
        with_entry(path, f"more/{number}")
    with pytest.raises(ModelError, match="305 entries"):
        import_bundle(path, store)
    nothing_arrived(store, tmp_path)


def test_an_encrypted_archive_is_refused(store: ModelStore, bundle: Path, tmp_path: Path) -> None:
    path = zipped(bundle)
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := content.find(signature, start + 1)) >= 0:
            content[start + flags] |= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match="the archive is encrypted"):
        import_bundle(path, store)
    nothing_arrived(store, tmp_path)


def test_an_unusual_packing_is_refused(store: ModelStore, bundle: Path, tmp_path: Path) -> None:
    path = with_entry(zipped(bundle), "README", b"x" * 99, compress_type=zipfile.ZIP_LZMA)
    with pytest.raises(ModelError, match="packed in an unusual way"):
        import_bundle(path, store)
    nothing_arrived(store, tmp_path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_archive_is_refused(
    store: ModelStore, bundle: Path, tmp_path: Path, share: float
) -> None:
    path = zipped(bundle)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    with pytest.raises(ModelError, match="the archive is damaged"):
        import_bundle(path, store)
    nothing_arrived(store, tmp_path)


def test_an_archive_with_a_flipped_byte_is_refused(store: ModelStore, bundle: Path, tmp_path: Path) -> None:
    path = zipped(bundle)
    content = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("text.onnx").header_offset + 60
    content[start] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(ModelError):
        import_bundle(path, store)
    nothing_arrived(store, tmp_path)


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


def test_a_huge_list_of_entries_is_refused_before_it_is_read(store: ModelStore, tmp_path: Path) -> None:
    """Of 200 MB, in a file that takes no room on the disk; as objects it would be gigabytes."""
    path, length = tmp_path / "model.zip", 200 << 20
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, length - 100, 100, 0)
    with path.open("wb") as stream:
        stream.write(b"PK\3\4")
        stream.truncate(length)
        stream.seek(length)
        stream.write(end)
    with pytest.raises(ModelError, match="list of entries has 210 MB"):
        import_bundle(path, store)
    nothing_arrived(store, tmp_path)


def test_archives_with_wrong_bytes_end_in_a_sentence_or_are_the_same_model(
    store: ModelStore, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """300 of them, mostly in the list of entries; whatever is taken has the right hashes."""
    monkeypatch.setattr(importing, "run_in_sandbox", lambda _folder: None)
    path = zipped(bundle)
    whole, identity = path.read_bytes(), load_bundle(bundle).identity
    entries = whole.index(b"PK\1\2")
    refused = taken = 0
    for seed in range(300):
        dice, content = random.Random(seed), bytearray(whole)  # noqa: S311
        for _ in range(dice.choice([1, 2, 10])):
            content[dice.randrange(entries if dice.random() < 0.7 else 0, len(whole))] = dice.choice([0, 255])
        path.write_bytes(content)
        try:
            assert import_bundle(path, store).identity == identity
        except (ModelError, UsageError) as error:
            refused += str(error).isprintable()
        else:
            taken += 1
    assert refused + taken == 300
    assert refused > 100


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind root")
def test_a_folder_that_may_not_be_read_is_a_sentence(store: ModelStore, bundle: Path) -> None:
    bundle.chmod(0)
    try:
        with pytest.raises(ModelError):
            import_bundle(bundle, store)
    finally:
        bundle.chmod(0o755)
