"""Archives of models are not believed: names, links, sizes, packings, wrong bytes."""

import random
import stat
import struct
import zipfile
from pathlib import Path

import pytest

from app.bundle.encoder_bundle import load_bundle
from app.errors import ModelError, UsageError
from app.model_intake import archives
from app.model_store import importing
from app.model_store.importing import import_bundle
from app.model_store.store import ModelStore
from tests.model_store.packed_models import FILES, nothing_arrived, with_entry, zipped

pytestmark = pytest.mark.usefixtures("tried_here")


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
