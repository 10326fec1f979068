"""The connections to one database file: a single writer, a pool of readers, errors in plain words."""

import errno
import logging
import os
import shutil
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from app.errors import LibraryError

logger = logging.getLogger(__name__)

BUSY_SECONDS = 30.0
"""How long a writer waits for the writer of another process."""

_BUSY_STEP = 0.01
"""Seconds between two tries of what SQLite does not wait for."""

_LEAST_FREE = 1 << 16
"""Bytes free below which a disk counts as full: SQLite needs as much to share a file."""


class UnwritableError(LibraryError):
    """The library's file cannot be written: the disk is full or read-only, or a permission is missing."""


class DamagedError(LibraryError):
    """The library's file is damaged."""


class Connections:
    """Hands out connections to one SQLite file; usable from any thread, and beside other processes.

    Writing goes through one connection under one lock, each time as one `BEGIN IMMEDIATE` transaction: the
    write lock is taken before the first read, so that a transaction never fails half way because another
    process wrote in between. A reader sees one committed state for the whole of its block, however many
    statements it asks, and never waits for a writer (WAL).

    `synchronous=FULL` on purpose: one commit follows seconds of decoding, so its fsync costs nothing that
    could be noticed, and a power cut loses no finished video. `NORMAL` would be safe against `kill -9` only.
    """

    def __init__(
        self,
        path: Path,
        *,
        options: str = "mode=rwc",
        read_only: UnwritableError | None = None,
        memory: str = "",
    ) -> None:
        """Open the file.

        Args:
            path: of the file; where it does not exist, one is made.
            options: of SQLite's URI (`mode`, `immutable`, `cache`).
            read_only: why nothing can be written; None where something can.
            memory: name of a database in memory to open in place of the file; empty for the file.

        Raises:
            LibraryError: it cannot be opened, or written where `read_only` is None.
        """
        self._path = path
        self._uri = f"file:{memory}?mode=memory&cache=shared" if memory else _uri(path, options)
        self.read_only = read_only
        """Why nothing can be written, None where something can."""
        self._write_lock = threading.RLock()
        self._idle_lock = threading.Lock()
        self._idle: list[Database] = []
        self._closed = False
        with self._plain_errors():
            self._writer = self._open()
            try:
                if read_only is None:
                    _let_readers_in(self._writer)
                    self._writer.execute("PRAGMA synchronous=FULL")
                    _try_to_write(self._writer)
                self._writer.execute("SELECT count(*) FROM sqlite_schema").fetchone()
            except BaseException:
                self._writer.close()
                raise

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One transaction: committed at the end of the block, rolled back where it raises.

        Raises:
            LibraryError: the disk is full, the file damaged, read-only or locked for `BUSY_SECONDS`.
        """
        if self.read_only is not None:
            raise UnwritableError(self.read_only.sentence, self.read_only.advice)
        with self._write_lock, self._plain_errors():
            database = self._writer
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.commit()
            except BaseException:
                if database.conn.in_transaction:  # a full disk or a damaged page rolls back by itself
                    database.rollback()
                raise

    @contextmanager
    def preparing(self) -> Iterator[Database]:
        """The writer's connection outside of a transaction, before anybody else uses these connections.

        Raises:
            LibraryError: as for `writing`.
        """
        with self._write_lock, self._plain_errors():
            yield self._writer

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """A connection of the pool, for this block and thread alone; it sees the file as it is at one moment.

        Raises:
            LibraryError: as for `writing`.
        """
        with self._plain_errors():
            with self._idle_lock:
                database = self._idle.pop() if self._idle else None
            if database is None:
                database = self._open()
            try:
                database.execute("BEGIN")
                yield database
            finally:
                if database.conn.in_transaction:  # a damaged page may have ended it
                    database.rollback()
                with self._idle_lock:
                    keep = not self._closed
                    if keep:
                        self._idle.append(database)
                if not keep:
                    database.close()

    def close(self) -> None:
        """Close the writer and every idle reader; a reader in use closes itself at the end of its block."""
        with self._write_lock, self._idle_lock:
            self._closed = True
            for database in self._idle:
                database.close()
            self._idle.clear()
            self._writer.close()

    def _open(self) -> Database:
        # isolation_level=None: the module opens no transaction behind our back. Connections change threads
        # between blocks, never within one, hence check_same_thread=False.
        connection = sqlite3.connect(
            self._uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            database = Database(connection, execute_plugins=False)
            database.execute("PRAGMA foreign_keys=ON")
        except BaseException:
            connection.close()
            raise
        return database

    @contextmanager
    def _plain_errors(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.DatabaseError as error:
            explained = explain(error, self._path)
            if explained is None:
                raise
            raise explained from error
        except UnicodeDecodeError as error:  # what SQLite says of a damaged schema quotes it
            raise damaged(self._path) from error


def _let_readers_in(database: Database) -> None:
    """Switch the file to WAL, where it is new. While another process writes the first tables SQLite refuses
    that at once, instead of waiting as it does everywhere else."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            database.execute("PRAGMA journal_mode=WAL").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(_BUSY_STEP)
        else:
            return


def _try_to_write(database: Database) -> None:
    """Take the write lock and give it back, so that a file that cannot be written is known as such.

    Where another process has it the file can be written; one that only reads need not wait for that.
    """
    database.execute("PRAGMA busy_timeout=0")
    try:
        database.execute("BEGIN IMMEDIATE")
        database.execute("ROLLBACK")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
            raise
    finally:
        database.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")


def _uri(path: Path, options: str) -> str:
    return f"{path.absolute().as_uri()}?{options}"


def explain(error: sqlite3.DatabaseError, path: Path) -> LibraryError | None:
    """The user's side of a database error, or None where it is ours."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return damaged(path) if is_undecodable(error) else None
    folder = path.parent
    primary = code & 0xFF  # the low byte is the primary code, the rest tells the variety
    explained: LibraryError | None
    match primary:
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | sqlite3.SQLITE_PROTOCOL:
            explained = LibraryError(
                f"The library in {folder} is being written by another program.",
                "Wait until it has finished, or close the other Reelfind.",
            )
        case sqlite3.SQLITE_NOMEM:
            explained = LibraryError(
                f"There is not enough memory to read the library in {folder}.",
                "Close other programs and try again.",
            )
        case sqlite3.SQLITE_FULL:
            explained = _full(folder)
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_CANTOPEN | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_PERM:
            explained = unwritable(path) or _others(folder)[primary]
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            explained = damaged(path)
        case _:
            explained = None
    if explained is not None:
        logger.warning("%s: %s (%s)", path, error, getattr(error, "sqlite_errorname", code))
    return explained


def is_undecodable(error: sqlite3.DatabaseError) -> bool:
    """Whether a text of the file is no UTF-8, which the module says without a code."""
    return "Could not decode" in str(error)


def unwritable(path: Path) -> UnwritableError | None:
    """Why a library's file cannot be written as far as the disk says; None where it says nothing.

    Args:
        path: of the file, which need not exist.
    """
    folder = path.parent
    if (found := locked(path)) is not None:
        return found
    try:
        if shutil.disk_usage(folder).free < _LEAST_FREE:
            return _full(folder)
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        if error.errno in {errno.EMFILE, errno.ENFILE}:
            return UnwritableError(
                "Too many files are open for the library to be opened.",
                "Close other programs and try again.",
            )
        logger.info("%s: %s", folder, error)
    return None


def locked(path: Path) -> UnwritableError | None:
    """Which permission is missing to write a library's file, None where none is; a full disk is not told."""
    folder = path.parent
    try:
        folder.stat()
    except OSError as error:
        if error.errno in {errno.EACCES, errno.EPERM}:
            return _forbidden(folder)
        return UnwritableError(
            f"The folder of the library, {folder}, cannot be reached.",
            "See that its disk is connected, then try again.",
        )
    if _is_read_only(folder):
        return UnwritableError(
            f"The library in {folder} is on a read-only disk.",
            "Make the disk writable to change it.",
        )
    exists = os.path.lexists(path)
    if not os.access(folder, os.W_OK | os.X_OK) or (exists and not os.access(path, os.W_OK)):
        return _forbidden(folder)
    return None


def _is_read_only(folder: Path) -> bool:
    if not hasattr(os, "statvfs"):
        return False
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def damaged(path: Path) -> DamagedError:
    """The sentence for a file that is not what it should be."""
    return DamagedError(
        f"The library file {path} is damaged.",
        "Save what can be saved with: reelfind doctor --repair (the damaged file is kept).",
    )


def _others(folder: Path) -> dict[int, UnwritableError]:
    """Sentences where the disk gives no reason."""
    return {
        sqlite3.SQLITE_READONLY: UnwritableError(
            f"The library in {folder} cannot be written.",
            "Check the permissions of that folder, or choose another one with --library.",
        ),
        sqlite3.SQLITE_PERM: _forbidden(folder),
        sqlite3.SQLITE_CANTOPEN: UnwritableError(
            f"The library in {folder} cannot be opened.",
            "Check the permissions of that folder, or choose another one with --library.",
        ),
        sqlite3.SQLITE_IOERR: UnwritableError(
            f"The disk that holds the library in {folder} does not answer.",
            "Check that it is connected and healthy, then try again.",
        ),
    }


def _full(folder: Path) -> UnwritableError:
    return UnwritableError(
        f"The disk that holds the library in {folder} is full.",
        "Free some space there and try again; nothing that was saved is lost.",
    )


def _forbidden(folder: Path) -> UnwritableError:
    return UnwritableError(
        f"You have no permission to write the library in {folder}.",
        "Check the permissions of that folder and the files in it, or choose another one with --library.",
    )
