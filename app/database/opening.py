"""How a library is opened: its folder made, its file recognised before anything is written, and where it
cannot be written, read as it is.

What is recognised is the file's `application_id`; libraries of earlier versions have none and are known by
their tables. Another program's file of this name, or a library of a newer version, is left as it is.
"""

import errno
import logging
import os
import shutil
import sqlite3
import stat
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from app.database import schema
from app.database.connections import (
    Connections,
    DamagedError,
    UnwritableError,
    damaged,
    explain,
    locked,
    unwritable,
)
from app.database.layout import FILE_NAME, sqlite_header
from app.disk.private_files import make_empty, make_private
from app.errors import LibraryError
from app.paths import default_library

logger = logging.getLogger(__name__)

_COMPANIONS = ("-wal", "-journal", "-shm")
_LOOKS, _BETWEEN_LOOKS = 10, 0.05
"""Looks, and seconds between two: what a process needs to make a library is far less."""
_OUR_TABLES = {"volumes", "folders", "videos", "facts"}
_number = count()


@dataclass(slots=True)
class OpenedLibrary:
    """The connections to a library's file, or to a private copy of one that cannot be written."""

    connections: Connections
    mended: list[str]
    """What was missing in the file's structure and was made anew, sentences."""
    private: "tempfile.TemporaryDirectory[str] | None" = None

    def close(self) -> None:
        """Close them and delete the copy."""
        self.connections.close()
        if self.private is not None:
            self.private.cleanup()


def open_library(folder: Path) -> OpenedLibrary:
    """Open the library in `folder`, or start one there.

    Raises:
        LibraryError: the folder cannot be made; the file is damaged, another program's or a newer version's;
            or there is none and none can be made.
    """
    make_folder(folder)
    path = folder / FILE_NAME
    is_new = recognise(path)
    try:
        reason = locked(path)
        if reason is not None:
            raise reason
        return _open_writable(path)
    except UnwritableError as error:
        if is_new:
            raise LibraryError(
                f"There is no library in {folder} yet, and none can be made. {error.sentence}",
                "Choose another folder with --library.",
            ) from error
        logger.info("%s is opened for reading only: %s", path, error)
        return _open_for_reading(path, error)


def make_folder(folder: Path) -> None:
    """Make a library's folder where it does not exist yet, for its owner alone.

    A folder that was there keeps its permissions (others may be meant to use it), unless it is the default
    one.

    Raises:
        LibraryError: it cannot be made, or is no folder.
    """
    try:
        if folder.is_dir():
            if folder == default_library():
                with suppress(OSError):
                    folder.chmod(0o700)
            return
        if folder.is_symlink():
            raise LibraryError(
                f"The library folder {folder} is a link to a folder that is not there.",
                "Connect its disk, or choose another folder with --library.",
            )
        _check_home(folder)
        folder.mkdir(mode=0o700, parents=True)
    except FileExistsError as error:
        raise _not_made(folder, f"{error.filename or folder} is a file") from error
    except NotADirectoryError as error:
        raise _not_made(folder, "a folder above it is a file") from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise _not_made(folder, "the disk is full") from error
        raise _not_made(folder, error.strerror or str(error)) from error
    except ValueError as error:  # a NUL in the name
        raise _not_made(folder, "that is no name for a folder") from error


def _check_home(folder: Path) -> None:
    """Refuse to make a home folder that is not there: its disk may not be connected."""
    try:
        home = Path.home()
    except RuntimeError:
        return
    if folder.is_relative_to(home) and not home.is_dir():
        raise LibraryError(
            f"Your home folder {home} is not there, so no library can be kept in it.",
            "Name a folder for the library with --library.",
        )


def _not_made(folder: Path, why: str) -> LibraryError:
    return LibraryError(
        f"The library folder {folder} cannot be made: {why}.", "Choose another folder with --library."
    )


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
                if _size(path):  # another process has made it meanwhile
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


_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


def _is_being_made(path: Path) -> bool:
    """Whether an empty file is a library in its first moment: another process makes it, or was killed at it.

    The journal beside it is then that of a file without pages (sqlite.org/fileformat, "The Rollback
    Journal"); SQLite undoes what it stands for, which is nothing.
    """
    if not path.exists() or any(_size(path.with_name(path.name + suffix)) for suffix in ("-wal", "-shm")):
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
    for suffix in _COMPANIONS:
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
        if not tables and _size(path.with_name(f"{path.name}-wal")):
            with tempfile.TemporaryDirectory(prefix="reelfind-") as folder:
                tables = _tables(_copied(path, Path(folder)), immutable=False)
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
    with closing(_peek(path, immutable=immutable)) as database:
        return {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}


def _peek(path: Path, *, immutable: bool = True) -> sqlite3.Connection:
    option = "immutable=1" if immutable else "mode=rw"
    return sqlite3.connect(f"{path.absolute().as_uri()}?{option}", uri=True)


def _lists_our_steps(path: Path) -> bool:
    try:
        return bool(_steps(path))
    except sqlite3.DatabaseError:
        return False


def _steps(path: Path) -> set[str]:
    with closing(_peek(path)) as database:
        rows = database.execute("SELECT name FROM _sqlite_migrations WHERE migration_set = 'library'")
        return {name for (name,) in rows}


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


def _open_writable(path: Path) -> OpenedLibrary:
    try:
        make_empty(path)
    except OSError as error:
        raise unwritable(path) or UnwritableError(
            f"The library in {path.parent} cannot be made: {error.strerror or error}.",
            "Choose another folder with --library.",
        ) from error
    if path.stat().st_uid == getattr(os, "geteuid", lambda: path.stat().st_uid)():
        for name in ("", *_COMPANIONS):
            make_private(path.with_name(path.name + name))
    connections = Connections(path, options="mode=rw")
    try:
        return OpenedLibrary(connections, _bring_up_to_date(connections))
    except BaseException:
        connections.close()
        raise


def _bring_up_to_date(connections: Connections) -> list[str]:
    with connections.reading() as database:
        if schema.is_current(database):
            return []
    with connections.writing() as database:
        schema.migrate(database)
        return schema.mend(database)


def _open_for_reading(path: Path, reason: UnwritableError) -> OpenedLibrary:
    """Open a library that cannot be written: as it lies, else as a private copy that can be.

    Raises:
        LibraryError: it cannot be read either.
    """
    wal = path.with_name(path.name + "-wal")
    has_wal = _size(wal) > 0
    options = ["mode=ro"] if path.with_name(path.name + "-shm").exists() else []
    if not has_wal:
        options.append("immutable=1")
    for option in options:
        try:
            connections = Connections(path, options=option, read_only=reason)
        except UnwritableError as error:
            logger.info("%s cannot be read with %s: %s", path, option, error)
            continue
        try:
            with connections.reading() as database:
                if schema.is_current(database):
                    return OpenedLibrary(connections, [])
        except BaseException:
            connections.close()
            raise
        connections.close()
        break
    return _open_copy(path, reason)


def _open_copy(path: Path, reason: UnwritableError) -> OpenedLibrary:
    """A copy with what the write-ahead log holds, brought up to date; in memory where no disk takes it."""
    try:
        private = tempfile.TemporaryDirectory(prefix="reelfind-")
    except OSError as error:
        logger.info("no folder for temporary files: %s", error)
        return _open_in_memory(path, reason)
    try:
        copy = _copied(path, Path(private.name))
        opened = _open_writable(copy)
    except (OSError, UnwritableError) as error:
        logger.info("%s cannot be copied: %s", path, error)
        private.cleanup()
        return _open_in_memory(path, reason)
    except BaseException:
        private.cleanup()
        raise
    opened.connections.read_only = reason
    opened.private = private
    return opened


def _open_in_memory(path: Path, reason: UnwritableError) -> OpenedLibrary:
    connections = Connections(
        path, options="", read_only=reason, memory=f"reelfind-{os.getpid()}-{next(_number)}"
    )
    try:
        with connections.preparing() as database:
            try:
                with closing(_peek(path)) as source:
                    source.backup(database.conn)
            except sqlite3.DatabaseError as error:
                raise explain(error, path) or damaged(path) from error
            database.execute("BEGIN")
            schema.migrate(database)
            mended = schema.mend(database)
            database.commit()
    except BaseException:
        connections.close()
        raise
    return OpenedLibrary(connections, mended)


def _copied(path: Path, folder: Path) -> Path:
    for suffix in ("", "-wal"):
        source = path.with_name(path.name + suffix)
        if suffix == "" or source.exists():
            shutil.copyfile(source, folder / source.name)
    return folder / path.name


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
