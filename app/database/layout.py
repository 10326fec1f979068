"""Names of the files beside the catalogue in a library's folder, and how to tell ours from other people's.

A library may lie in any folder, also one with files of other programs in it. A name alone proves nothing: a
file is only written over or deleted where its content shows that we made it.
"""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from app.disk.private_files import PRIVATE, is_regular

FILE_NAME = "library.db"
FRAMES = "frames.db"
INDEXING_LOCK = "indexing.lock"

_SQLITE = b"SQLite format 3\0"
_HEADER_BYTES = 100


@dataclass(frozen=True, slots=True)
class SqliteHeader:
    """What the first bytes of an SQLite file say without opening it as one."""

    application_id: int
    user_version: int


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
