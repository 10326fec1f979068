"""Zip archives that somebody gives you are taken for hostile: where anything is odd, all is refused."""

from __future__ import annotations

import errno
import io
import shutil
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from app.bundle.description import printable
from app.errors import ModelError, UsageError

ADVICE = "Get the model from a source that you trust."
MOST_BYTES = 32 << 30
MOST_RATIO = 100
"""Times that an archive may grow when it is unpacked; weights hardly do."""
_SMALL = 16 << 20
"""Bytes up to which the ratio does not matter."""
_BLOCK = 1 << 20
_SPARE = 64 << 20
_LIST_BYTES = 4 << 20
"""Of an archive's list of entries, and more than is ever read of it at once."""
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


@contextmanager
def opened_archive(source: Path, most_entries: int) -> Iterator[zipfile.ZipFile]:
    """Open a zip archive, with every entry looked at.

    Raises:
        UsageError: it is no archive.
        ModelError: anything in it is odd, or it cannot be read.
    """
    name = printable(source.name)
    with reading(name):
        if not source.is_file() or not _starts_like_an_archive(source):
            raise UsageError(f"“{name}” is neither a folder nor a zip archive.", "Choose an exported model.")
        file = _CautiousFile(io.FileIO(source))
    with file, _opened(file, name) as archive:
        with reading(name):
            _check(archive, source.stat().st_size, most_entries)
        yield archive


def unpack(archive: zipfile.ZipFile, paths: Mapping[str, Path]) -> None:
    """Write entries of an opened archive to files.

    Args:
        archive: as `opened_archive` gives it.
        paths: the file to make of each entry, by the entry's name.

    Raises:
        ModelError: the archive is damaged, the disk full, or an entry longer than it says.
    """
    entries = {name: archive.getinfo(name) for name in paths}
    for name, target in paths.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        make_sure_of_room(sum(entry.file_size for entry in entries.values()), target.parent)
        entry = entries.pop(name)
        with reading(name):
            copy_exactly(lambda entry=entry: archive.open(entry), entry.file_size, target)  # type: ignore[misc]


def make_sure_of_room(needed: int, folder: Path) -> None:
    """Raise ModelError unless so many bytes fit onto the disk of a folder."""
    free = shutil.disk_usage(folder).free
    if needed + _SPARE > free:
        raise ModelError(
            f"Not enough disk space for the model: it needs {needed / 1e6:,.0f} MB, "
            f"{free / 1e6:,.0f} MB are free.",
            f"Free some space on the disk of “{folder}”.",
        )


@contextmanager
def reading(name: str) -> Iterator[None]:
    """What goes wrong with an archive or a disk becomes a sentence."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError) as error:
        raise refused("the archive is damaged") from error
    except OSError as error:
        if error.errno == errno.EINVAL:  # it names a place before its beginning
            raise refused("the archive is damaged") from error
        raise ModelError(
            f"{name} cannot be copied ({error.strerror or error}).", "Check the disks on both sides."
        ) from error


def copy_exactly(open_source: Callable[[], IO[bytes]], length: int, target: Path) -> None:
    """Copy one file of `length` bytes, and never more of it than was announced.

    Raises:
        ModelError: it is of another length.
    """
    with open_source() as stream, target.open("xb") as copy:
        left = length
        while left and (block := stream.read(min(_BLOCK, left))):
            copy.write(block)
            left -= len(block)
        if left or stream.read(1):
            raise refused(f"{printable(target.name)} is not as long as it should be")


class _CautiousFile(io.BufferedReader):
    """An archive's file. Its list of entries is read in one piece; a huge one becomes a lot of objects."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LIST_BYTES:
            raise refused(f"the archive's list of entries has {size / 1e6:,.0f} MB")
        return super().read(size)


def _opened(file: _CautiousFile, name: str) -> zipfile.ZipFile:
    with reading(name):
        return zipfile.ZipFile(file)


def _check(archive: zipfile.ZipFile, packed: int, most_entries: int) -> None:
    entries = archive.infolist()
    if len(entries) > most_entries:
        raise refused(f"the archive has {len(entries):,} entries")
    for entry in entries:
        _check_entry(entry)
    names = [entry.filename.rstrip("/").casefold() for entry in entries]
    if len(set(names)) != len(names):
        raise refused("the archive has two entries of one name")
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES or total > max(_SMALL, MOST_RATIO * packed):
        raise refused(f"the archive would grow to {total / 1e9:,.1f} GB")


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
        raise refused(f"the archive has an entry called {name!r:.80}")
    if kind not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise refused(f"the archive's entry {name!r:.80} is no plain file")
    if entry.flag_bits & 1:
        raise refused("the archive is encrypted")
    if entry.compress_type not in _PACKINGS:
        raise refused(f"the archive's entry {name!r:.80} is packed in an unusual way")


def _starts_like_an_archive(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(2) == b"PK"


def refused(why: str) -> ModelError:
    """What to say of a model that is not taken; `why` is the rest of the sentence."""
    return ModelError(f"The model is refused: {why}.", ADVICE)
