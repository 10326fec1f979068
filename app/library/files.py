"""Names of the files beside the catalogue in a library's folder, and how to tell ours from other people's.

A library may lie in any folder, also one with files of other programs in it. A name alone proves nothing: a
file is only written over or deleted where its content shows that we made it.
"""

import hashlib
import os
import stat
import struct
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

FILE_NAME = "library.db"
FRAMES = "frames.db"
INDEXING_LOCK = "indexing.lock"
PRIVATE = 0o600
"""Mode of every file of a library: what is in a person's videos is nobody else's business."""

_SQLITE = b"SQLite format 3\0"
_HEADER_BYTES = 100


@dataclass(frozen=True, slots=True)
class SqliteHeader:
    """What the first bytes of an SQLite file say without opening it as one."""

    application_id: int
    user_version: int


def graph_file(folder: Path, model: str) -> Path:
    """Where the search graph over a model's vectors is kept; a cache.

    Args:
        folder: the library's.
        model: identity of the encoder bundle.
    """
    name = hashlib.sha256(model.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return folder / f"vectors-{name}.hnsw"


def indexing_lock(library: Path, *, timeout: float = 0) -> FileLock:
    """The lock that keeps a second process from indexing a library.

    A file of this name that holds something, or is a link, is not ours: the lock then has another name.

    Args:
        library: the library's folder.
        timeout: seconds to wait for it.
    """
    path = library / INDEXING_LOCK
    if os.path.lexists(path) and not _is_empty(path):
        path = library / f"reelfind-{INDEXING_LOCK}"
    return FileLock(path, timeout=timeout, thread_local=False, mode=PRIVATE)


def is_regular(path: Path) -> bool:
    """Whether this is a file itself: no link, no folder, no device. False where it cannot be asked."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def _is_empty(path: Path) -> bool:
    try:
        return is_regular(path) and path.stat().st_size == 0
    except OSError:
        return False


def sqlite_header(path: Path) -> SqliteHeader | None:
    """The header of an SQLite file, None where it is no such file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEADER_BYTES)
    if len(head) < _HEADER_BYTES or not head.startswith(_SQLITE):
        return None
    (user_version,) = struct.unpack_from(">i", head, 60)
    (application_id,) = struct.unpack_from(">I", head, 68)
    return SqliteHeader(application_id, user_version)


def make_empty(path: Path) -> None:
    """Make an empty file that nobody but its owner can read, unless there is one; SQLite fills it.

    What SQLite makes beside it (`-wal`, `-shm`, `-journal`) gets the same permissions.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))


def make_private(path: Path) -> None:
    """Take a file of ours away from everybody but its owner, where that can be done."""
    with suppress(OSError):
        if is_regular(path) and stat.S_IMODE(path.lstat().st_mode) & 0o077:
            path.chmod(PRIVATE)
