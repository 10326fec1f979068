"""What a library's file is, found out before anything is written to it.

What is recognised is the file's `application_id`; libraries of earlier versions have none and are known by
their tables. Another program's file of this name, or a library of a newer version, is left as it is.
"""

import logging
import shutil
import sqlite3
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from app.database import schema
from app.database.connections import (
    DamagedError,
    damaged,
    unwritable,
)
from app.database.layout import sqlite_header
from app.errors import LibraryError

logger = logging.getLogger(__name__)

COMPANIONS = ("-wal", "-journal", "-shm")
_LOOKS, _BETWEEN_LOOKS = 10, 0.05
"""Looks, and seconds between two: what a process needs to make a library is far less."""
_OUR_TABLES = {"volumes", "folders", "videos", "facts"}


_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


def recognise(path: Path, *, looks: int = _LOOKS) -> bool:
    """See what a library's file is, without writing to it; returns whether there is none yet.

    Args:
        path: the file.
        looks: how often it is looked at before it is called damaged: read without SQLite's locks, a file that
            another process makes just then can look so.

    Raises:
        LibraryError: it is no library of this program, damaged, or from a newer version.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        if path.is_symlink():
            raise LibraryError(
                f"The library file {path} is a link to a file that is not there.",
                "Connect its disk, or choose another folder with --library.",
            ) from None
        status = None
    except OSError as error:
        raise unwritable(path) or _unreadable(path, error) from error
    if status is not None and not stat.S_ISREG(status.st_mode):
        kind = "a folder" if stat.S_ISDIR(status.st_mode) else "no file"
        raise LibraryError(
            f"The library in {path.parent} cannot be opened: {path.name} is {kind}.",
            "Choose another folder with --library.",
        )
    if status is None or status.st_size == 0:
        if not _is_being_made(path):
            try:
                _check_companions(path)
            except LibraryError:
                if size_of(path):  # another process has made it meanwhile
                    return recognise(path)
                raise
        return True
    try:
        header = sqlite_header(path)
    except OSError as error:
        raise _unreadable(path, error) from error
    if header is None:
        raise LibraryError(
            f"The file {path} is no Reelfind library, or it is damaged.",
            "Choose another folder with --library. If it was one, save what can be saved with: "
            "reelfind doctor --repair (the damaged file is kept).",
        )
    if header.application_id == schema.APPLICATION:
        _refuse_newer(path)
        return False
    if header.application_id:
        raise _foreign(path)
    return _recognise_unmarked(path, looks)


def is_foreign(path: Path) -> bool:
    """Whether another program's tables can be read in this file."""
    try:
        header = sqlite_header(path)
        if header is None:
            return False
        if header.application_id:
            return header.application_id != schema.APPLICATION
        tables = _tables(path)
    except (sqlite3.DatabaseError, OSError):
        return False
    return bool(tables) and not (tables & {"videos", "frames", "embeddings"} and _lists_our_steps(path))


def is_newer(path: Path) -> bool:
    """Whether a newer program has written this library."""
    try:
        return bool(_steps(path) - schema.step_names())
    except sqlite3.DatabaseError:
        return False


def _is_being_made(path: Path) -> bool:
    """Whether an empty file is a library in its first moment: another process makes it, or was killed at it.

    The journal beside it is then that of a file without pages (sqlite.org/fileformat, "The Rollback
    Journal"); SQLite undoes what it stands for, which is nothing.
    """
    if not path.exists() or any(size_of(path.with_name(path.name + suffix)) for suffix in ("-wal", "-shm")):
        return False
    try:
        with path.with_name(f"{path.name}-journal").open("rb") as journal:
            start = journal.read(28)
    except OSError:
        return False
    is_unused = not any(start[:8])
    return is_unused or (start[:8] == _JOURNAL_MAGIC and not any(start[16:20]))


def _check_companions(path: Path) -> None:
    """Refuse to start a library where SQLite would delete what is left of another file."""
    for suffix in COMPANIONS:
        companion = path.with_name(path.name + suffix)
        with suppress(OSError):
            if companion.lstat().st_size:
                raise LibraryError(
                    f"There is no library in {path.parent}, but a part of one: {companion.name}.",
                    f"Put its {path.name} back, move {companion.name} away, or choose another folder.",
                )


def _recognise_unmarked(path: Path, looks: int) -> bool:
    """`recognise` for a file without an `application_id`; see there for `looks`."""
    try:
        return _recognise_tables(path)
    except DamagedError:
        if looks <= 1:
            raise
    time.sleep(_BETWEEN_LOOKS)
    return recognise(path, looks=looks - 1)


def _recognise_tables(path: Path) -> bool:
    """`recognise` for a file without an `application_id`."""
    try:
        tables = _tables(path)
        if not tables and size_of(path.with_name(f"{path.name}-wal")):
            with tempfile.TemporaryDirectory(prefix="reelfind-") as folder:
                tables = _tables(copy_file(path, Path(folder)), immutable=False)
    except sqlite3.DatabaseError as error:
        logger.warning("%s: %s", path, error)
        raise damaged(path) from error
    except OSError as error:
        logger.warning("%s: %s", path, error)
        tables = set()
    if tables and not (tables >= _OUR_TABLES or _lists_our_steps(path)):
        raise _foreign(path)
    if tables:
        _refuse_newer(path)
    return not tables


def _tables(path: Path, *, immutable: bool = True) -> set[str]:
    """Names of the tables; what only a write-ahead log holds is not seen in an immutable file."""
    with closing(peek(path, immutable=immutable)) as database, _readable():
        return {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def peek(path: Path, *, immutable: bool = True) -> sqlite3.Connection:
    option = "immutable=1" if immutable else "mode=rw"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{option}", uri=True)


def _lists_our_steps(path: Path) -> bool:
    try:
        return bool(_steps(path))
    except sqlite3.DatabaseError:
        return False


def _steps(path: Path) -> set[str]:
    with closing(peek(path)) as database, _readable():
        rows = database.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'library'")
        return {name for (name,) in rows}


@contextmanager
def _readable() -> Iterator[None]:
    """What SQLite says of a damaged schema may quote it, and be no text itself."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise sqlite3.DatabaseError("malformed database schema") from error


def _refuse_newer(path: Path) -> None:
    if is_newer(path):  # one that is damaged, or half of it in the write-ahead log: seen when it is opened
        raise schema.newer()


def _foreign(path: Path) -> LibraryError:
    return LibraryError(
        f"The file {path} belongs to another program; nothing was written to it.",
        "Choose another folder with --library.",
    )


def _unreadable(path: Path, error: OSError) -> LibraryError:
    return LibraryError(
        f"The library file {path} cannot be opened: {error.strerror or error}.",
        "Check its permissions and its disk, or choose another folder with --library.",
    )


def copy_file(path: Path, folder: Path) -> Path:
    for suffix in ("", "-wal"):
        source = path.with_name(path.name + suffix)
        if suffix == "" or source.exists():
            shutil.copyfile(source, folder / source.name)
    return folder / path.name


def size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
