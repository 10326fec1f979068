"""The connections to one database file: a single writer, a pool of readers, errors in plain words."""

import logging
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from app.errors import LibraryError

logger = logging.getLogger(__name__)

BUSY_SECONDS = 30.0
"""How long a writer waits for the writer of another process."""


class Connections:
    """Hands out connections to one SQLite file; usable from any thread, and beside other processes.

    Writing goes through one connection under one lock, each time as one `BEGIN IMMEDIATE` transaction: the
    write lock is taken before the first read, so that a transaction never fails half way because another
    process wrote in between. Readers each see the last committed state and never wait for a writer (WAL).

    `synchronous=FULL` on purpose: one commit follows seconds of decoding, so its fsync costs nothing that
    could be noticed, and a power cut loses no finished video. `NORMAL` would be safe against `kill -9` only.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._write_lock = threading.RLock()
        self._idle_lock = threading.Lock()
        self._idle: list[Database] = []
        self._closed = False
        with self._plain_errors():
            self._writer = self._open()
            try:
                self._writer.execute("PRAGMA journal_mode=WAL").fetchone()
                self._writer.execute("PRAGMA synchronous=FULL")
            except BaseException:
                self._writer.close()
                raise

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One transaction: committed at the end of the block, rolled back where it raises.

        Raises:
            LibraryError: the disk is full, the file damaged, read-only or locked for `BUSY_SECONDS`.
        """
        with self._write_lock, self._plain_errors():
            database = self._writer
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.commit()
            except BaseException:
                database.rollback()
                raise

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """A connection of the pool, for this block and thread alone.

        Raises:
            LibraryError: as for `writing`.
        """
        with self._plain_errors():
            with self._idle_lock:
                database = self._idle.pop() if self._idle else None
            if database is None:
                database = self._open()
            try:
                yield database
            finally:
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
            self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
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
            explained = _explain(error, self._path)
            if explained is None:
                raise
            raise explained from error


def _explain(error: sqlite3.DatabaseError, path: Path) -> LibraryError | None:
    """Return the user's side of a database error, or None where it is ours."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return None
    folder = path.parent
    sentences = {
        sqlite3.SQLITE_BUSY: (
            f"The library in {folder} is being written by another program.",
            "Wait until it has finished, or close the other Reelfind.",
        ),
        sqlite3.SQLITE_FULL: (
            f"The disk that holds the library in {folder} is full.",
            "Free some space there and try again; nothing that was saved is lost.",
        ),
        sqlite3.SQLITE_READONLY: (
            f"The library in {folder} cannot be written.",
            "Check the permissions of that folder, or choose another one with --library.",
        ),
        sqlite3.SQLITE_CANTOPEN: (
            f"The library in {folder} cannot be opened.",
            "Check the permissions of that folder, or choose another one with --library.",
        ),
        sqlite3.SQLITE_IOERR: (
            f"The disk that holds the library in {folder} does not answer.",
            "Check that it is connected and healthy, then try again.",
        ),
        sqlite3.SQLITE_CORRUPT: _damaged(path),
        sqlite3.SQLITE_NOTADB: _damaged(path),
    }
    found = sentences.get(code & 0xFF)  # the low byte is the primary code, the rest tells the variety
    if found is None:
        return None
    logger.warning("%s: %s (%s)", path, error, getattr(error, "sqlite_errorname", code))
    return LibraryError(*found)


def _damaged(path: Path) -> tuple[str, str]:
    return (
        f"The library file {path} is damaged.",
        "Restore it from a backup, or move it away: Reelfind then starts a new library and indexes again.",
    )
