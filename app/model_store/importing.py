"""A model that somebody gives you, as a folder or a zip archive, is taken in; none of it is trusted.

Only the files that the manifest lists are copied, beside README and LICENSE. Hashes and graphs are checked on
the copy, which is then run once (`sandbox.py`): what changes at the source meanwhile, changes nothing here.
An archive with anything odd in it is refused as a whole: nobody packs a model that way by accident.
"""

import errno
import io
import re
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from app.bundle.encoder_bundle import printable
from app.errors import ModelError, UsageError
from app.model_store.installed import (
    EXTRA,
    MANIFEST,
    MANIFEST_BYTES,
    InstalledModel,
    parse_manifest,
    read_manifest,
)
from app.model_store.sandbox import run_in_sandbox
from app.model_store.store import ModelStore

MOST_FILES = 64
"""Of a model; an archive may have four times as many entries."""
MOST_BYTES = 32 << 30
MOST_RATIO = 100
"""Times that an archive may grow when it is unpacked; weights hardly do."""
_SMALL = 16 << 20
"""Bytes up to which the ratio does not matter."""
_EXTRA_BYTES = 1 << 20
_FILE_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,98}")
_BLOCK = 1 << 20
_SPARE = 64 << 20
_LIST_BYTES = 4 << 20
"""Of an archive's list of entries, and more than is ever read of it at once."""
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ADVICE = "Get the model from a source that you trust."


@dataclass(frozen=True, slots=True)
class _Entry:
    """One file of the source."""

    name: str
    length: int
    """In bytes, as announced."""
    opened: Callable[[], IO[bytes]]


def import_bundle(source: Path, store: ModelStore) -> InstalledModel:
    """Check the model in `source` and make it one of the store's.

    Args:
        source: a folder, or a zip archive with the model's files at its top or in one folder.
        store: where it goes.

    Raises:
        UsageError: `source` is neither, or the store has another model of this name.
        ModelError: it is refused, damaged, or cannot be read.
    """
    name = printable(source.name)
    with _reading(name):
        is_folder = source.is_dir()
        entries = _entries_of_folder(source, read_manifest(source / MANIFEST)) if is_folder else []
    if is_folder:
        return _take(entries, store)
    with _reading(name):
        if not source.is_file() or not _starts_like_an_archive(source):
            raise UsageError(f"“{name}” is neither a folder nor a zip archive.", "Choose an exported model.")
        file = _CautiousFile(io.FileIO(source))
    with file, _opened(file, name) as archive:
        with _reading(name):
            inside = _checked(archive, source.stat().st_size)
            with archive.open(inside[MANIFEST]) as stream:
                manifest = parse_manifest(stream.read(MANIFEST_BYTES + 1))
        return _take(_entries_of_archive(archive, inside, manifest), store)


class _CautiousFile(io.BufferedReader):
    """An archive's file. Its list of entries is read in one piece; a huge one becomes a lot of objects."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LIST_BYTES:
            raise _refused(f"the archive's list of entries has {size / 1e6:,.0f} MB")
        return super().read(size)


def _opened(file: _CautiousFile, name: str) -> zipfile.ZipFile:
    with _reading(name):
        return zipfile.ZipFile(file)


@contextmanager
def _reading(name: str) -> Iterator[None]:
    """What goes wrong with an archive or a disk becomes a sentence."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError) as error:
        raise _refused("the archive is damaged") from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # it names a place before its beginning
            raise _refused("the archive is damaged") from error
        raise ModelError(
            f"{name} cannot be copied ({error.strerror or error}).", "Check the disks on both sides."
        ) from error


def _take(entries: list[_Entry], store: ModelStore) -> InstalledModel:
    """Copy the files into the store's staging folder and let it look at them."""
    with store.staging() as staging:
        bundle = staging / "bundle"
        bundle.mkdir()
        total, free = sum(entry.length for entry in entries), shutil.disk_usage(staging).free
        if total + _SPARE > free:
            raise ModelError(
                f"Not enough disk space for the model: it needs {total / 1e6:,.0f} MB, "
                f"{free / 1e6:,.0f} MB are free.",
                f"Free some space on the disk of “{store.folder}”.",
            )
        for entry in entries:
            with _reading(entry.name):
                _copy(entry, bundle / entry.name)
        return store.adopt(bundle, trial=run_in_sandbox)


def _copy(entry: _Entry, target: Path) -> None:
    """Copy one file, and never more of it than was announced."""
    with entry.opened() as stream, target.open("xb") as copy:
        left = entry.length
        while left and (block := stream.read(min(_BLOCK, left))):
            copy.write(block)
            left -= len(block)
        if left or stream.read(1):
            raise _refused(f"{entry.name} is not as long as it should be")


def _wanted(manifest: dict[str, Any]) -> list[str]:
    """Names of the files that a manifest lists, each a plain one."""
    names = list(manifest["files"])
    if len(names) > MOST_FILES:
        raise _refused(f"it lists {len(names)} files")
    for name in names:
        if not _FILE_NAME.fullmatch(name):
            raise _refused(f"its description names {name!r:.80}, which is no file of it")
    if len({name.casefold() for name in [*names, MANIFEST]}) <= len(names):
        raise _refused("its description names two files that are the same to some computers")
    return names


def _entries_of_folder(folder: Path, manifest: dict[str, Any]) -> list[_Entry]:
    extra = [path.name for path in folder.iterdir() if EXTRA.fullmatch(path.name)]
    found = []
    for name in dict.fromkeys([MANIFEST, *_wanted(manifest), *extra]):
        path = folder / name
        facts = path.lstat() if path.is_symlink() or path.exists() else None
        regular = facts is not None and stat.S_ISREG(facts.st_mode)
        if facts is not None and regular and (name not in extra or facts.st_size <= _EXTRA_BYTES):
            found.append(_Entry(name, facts.st_size, _opener(path)))
        elif name not in extra:
            raise _refused(f"its file {name} is {'no plain file' if facts else 'missing'}")
    if sum(entry.length for entry in found) > MOST_BYTES:
        raise _refused("it is too large")
    return found


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _checked(archive: zipfile.ZipFile, packed: int) -> dict[str, zipfile.ZipInfo]:
    """The entries beside the manifest, by name; raises ModelError where anything in the archive is odd."""
    entries = archive.infolist()
    if len(entries) > 4 * MOST_FILES:
        raise _refused(f"the archive has {len(entries):,} entries")
    for entry in entries:
        _check_entry(entry)
    names = [entry.filename.rstrip("/").casefold() for entry in entries]
    if len(set(names)) != len(names):
        raise _refused("the archive has two entries of one name")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES or total > max(_SMALL, MOST_RATIO * packed):
        raise _refused(f"the archive would grow to {total / 1e9:,.1f} GB")
    manifests = [entry.filename for entry in entries if entry.filename.split("/")[-1] == MANIFEST]
    top = min(manifests, key=lambda name: name.count("/"), default="")
    if not top or top.count("/") > 1:
        raise ModelError(
            f"There is no search model in the archive: it has no {MANIFEST}.",
            "Choose a folder or an archive that holds an exported model.",
        )
    folder = top.removesuffix(MANIFEST)
    beside = (entry for entry in entries if entry.filename.startswith(folder))
    return {entry.filename.removeprefix(folder): entry for entry in beside}


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename  # before zipfile cut it at a zero byte
    parts = name.rstrip("/").split("/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if (
        not name.isprintable()
        or "\\" in name
        or ":" in name
        or any(part in {"", ".", ".."} for part in parts)
    ):
        raise _refused(f"the archive has an entry called {name!r:.80}")
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise _refused(f"the archive's entry {name!r:.80} is no plain file")
    if entry.flag_bits & 1:
        raise _refused("the archive is encrypted")
    if entry.compress_type not in _PACKINGS:
        raise _refused(f"the archive's entry {name!r:.80} is packed in an unusual way")


def _entries_of_archive(
    archive: zipfile.ZipFile, inside: dict[str, zipfile.ZipInfo], manifest: dict[str, Any]
) -> list[_Entry]:
    extra = [
        name for name, info in inside.items() if EXTRA.fullmatch(name) and info.file_size <= _EXTRA_BYTES
    ]
    found = []
    for name in dict.fromkeys([MANIFEST, *_wanted(manifest), *extra]):
        if name not in inside:
            raise _refused(f"its file {name} is missing")
        info = inside[name]
        found.append(_Entry(name, info.file_size, _unpacker(archive, info)))
    return found


def _unpacker(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _starts_like_an_archive(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"PK"


def _refused(why: str) -> ModelError:
    return ModelError(f"The model is refused: {why}.", _ADVICE)
