"""The files of a gallery beside the library: their names, which are ours, and who may write them."""

import os
import re
import secrets
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from app.disk.private_files import PRIVATE, is_regular
from app.vectors.gallery_rows import HEADER_BYTES, GalleryHead, decode_head, is_ours
from app.vectors.graph.graph_file import graph_file

START = 4096
"""Where the vectors begin in their file."""

_MAGIC = b"Reelfind vectors"
_HEAD = struct.Struct("<16s8sI")
"""Magic, generation, D; zeros follow up to the first vector."""
_BINARY = getattr(os, "O_BINARY", 0)
_NAME = re.compile(r"(?P<stem>vectors-[0-9a-f]{16})(\.rows|-[0-9a-f]{8}\.gallery)")


@dataclass(frozen=True, slots=True)
class GalleryPaths:
    """The names of one model's gallery."""

    folder: Path
    """The library's."""
    stem: str
    """How all of them begin."""

    @classmethod
    def of(cls, folder: Path, model: str) -> "GalleryPaths":
        """Those beside a library for the encoder bundle of this identity."""
        return cls(folder, graph_file(folder, model).stem)

    @classmethod
    def all(cls, folder: Path) -> "list[GalleryPaths]":
        """Every gallery beside a library of which there is a file."""
        names = (_NAME.fullmatch(entry.name) for entry in folder.glob("vectors-*"))
        return [cls(folder, stem) for stem in sorted({match["stem"] for match in names if match})]

    @property
    def rows(self) -> Path:
        """Everything but the vectors; says which file has those."""
        return self.folder / f"{self.stem}.rows"

    @property
    def lock(self) -> Path:
        """An empty file that is locked by whoever writes the others."""
        return self.folder / f"{self.stem}.lock"

    def vectors(self, generation: str) -> Path:
        """The vectors of a generation."""
        return self.folder / f"{self.stem}-{generation}.gallery"

    def read(self) -> bytes:
        """The rows' file.

        Raises:
            OSError: it is not there, or cannot be read.
        """
        if not is_regular(self.rows):
            raise FileNotFoundError(self.rows)
        return self.rows.read_bytes()

    def head(self) -> GalleryHead:
        """What the rows say of themselves.

        Raises:
            OSError: they cannot be read.
            ValueError: they are not ours, or damaged.
        """
        if not is_regular(self.rows):
            raise FileNotFoundError(self.rows)
        with self.rows.open("rb") as file:
            return decode_head(file.read(HEADER_BYTES))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While inside, no other process writes.

        Raises:
            filelock.Timeout: one does.
            OSError: the folder cannot be written, or files of other programs have these names.
        """
        if not self.folder.is_dir():
            raise FileNotFoundError(self.folder)
        if os.path.lexists(self.lock) and not (is_regular(self.lock) and self.lock.lstat().st_size == 0):
            raise FileExistsError(f"another file has the name {self.lock.name}")
        if os.path.lexists(self.rows) and not _begins(self.rows, _is_rows):
            raise FileExistsError(f"another file has the name {self.rows.name}")
        with FileLock(self.lock, timeout=0, mode=PRIVATE):
            yield

    def start_vectors(self, width: int) -> str:
        """Make a file for a new generation of vectors (D = `width`), none in it yet; returns its name.

        Raises:
            OSError: it cannot be written.
        """
        generation = secrets.token_hex(4)
        head = _HEAD.pack(_MAGIC, generation.encode(), width)
        self._write(self.vectors(generation), head.ljust(START, b"\0"))
        return generation

    def publish(self, rows: bytes, generation: str) -> None:
        """Write the rows' file, in one step.

        Raises:
            OSError: it cannot be written; the old one is still there.
        """
        part = self.folder / f".{self.stem}-{generation}.part"
        with suppress(OSError):
            if _begins(part, _is_rows):
                part.unlink()
        self._write(part, rows)
        try:
            part.replace(self.rows)
        except OSError:
            part.unlink(missing_ok=True)
            raise

    @staticmethod
    def _write(path: Path, content: bytes) -> None:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, PRIVATE)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            with suppress(OSError):
                path.unlink(missing_ok=True)
            raise

    def left_over(self, generation: str) -> list[Path]:
        """What killed processes left of this gallery: all that is neither its rows nor this generation."""
        stem = re.escape(self.stem)
        vectors, part = (
            re.compile(rf"{stem}-[0-9a-f]{{8}}\.gallery"),
            re.compile(rf"\.{stem}-[0-9a-f]{{8}}\.part"),
        )
        kept = self.vectors(generation).name
        return [
            file
            for pattern, named, ours in (
                (f"{self.stem}-*", vectors, _is_vectors),
                (f".{self.stem}-*", part, _is_rows),
            )
            for file in self.folder.glob(pattern)
            if named.fullmatch(file.name) and file.name != kept and _begins(file, ours)
        ]

    def sweep(self, generation: str) -> None:
        """Delete what is left over, but for what the system keeps because it is mapped; see `writing`."""
        for file in self.left_over(generation):
            with suppress(OSError):
                file.unlink(missing_ok=True)

    def delete_rows(self) -> bool:
        """Delete the rows' file where it is ours; returns whether it was there.

        Raises:
            OSError: it cannot be deleted.
        """
        if not _begins(self.rows, _is_rows):
            return False
        self.rows.unlink(missing_ok=True)
        return True

    def check_vectors(self, head: GalleryHead) -> Path:
        """The file with the vectors that the rows name.

        Raises:
            OSError: it is not there, or cannot be read.
            ValueError: it is another's, or cut short.
        """
        path = self.vectors(head.generation)
        if not is_regular(path):
            raise FileNotFoundError(path)
        with path.open("rb") as file:
            start, size = file.read(_HEAD.size), os.fstat(file.fileno()).st_size
        if start != _HEAD.pack(_MAGIC, head.generation.encode(), head.width):
            raise ValueError("its vectors are another's")
        if size < START + 4 * head.width * head.stored:
            raise ValueError("its vectors are cut short")
        return path

    def checksum(self, head: GalleryHead) -> int:
        """CRC-32 of the vectors that the rows name; reads all of them.

        Raises:
            OSError, ValueError: as `check_vectors`.
        """
        checksum, left = 0, 4 * head.width * head.stored
        with self.check_vectors(head).open("rb") as file:
            file.seek(START)
            while left and (chunk := file.read(min(left, 1 << 20))):
                checksum = zlib.crc32(chunk, checksum)
                left -= len(chunk)
        return checksum


def _is_rows(start: bytes) -> bool:
    """Whether a file that begins like this holds rows, or was to: the first moment leaves an empty one."""
    return not start or is_ours(start)


def _is_vectors(start: bytes) -> bool:
    """As `_is_rows`, of vectors."""
    return not start or start.startswith(_MAGIC)


def _begins(path: Path, wanted: Callable[[bytes], bool]) -> bool:
    """Whether this is a file whose first bytes are as wanted."""
    try:
        if not is_regular(path):
            return False
        with path.open("rb") as file:
            return wanted(file.read(HEADER_BYTES))
    except OSError:
        return False
