"""How a library is opened: for writing, and where it cannot be written, read as it is."""

import logging
import os
import sqlite3
import tempfile
from contextlib import closing
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from app.database import schema
from app.database.connections import (
    Connections,
    UnwritableError,
    damaged,
    explain,
    locked,
    unwritable,
)
from app.database.layout import FILE_NAME
from app.database.library_folder import make_folder
from app.database.recognition import COMPANIONS, copy_file, peek, recognise, size_of
from app.disk.private_files import make_empty, make_private
from app.errors import LibraryError

logger = logging.getLogger(__name__)


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


def open_for_reading(folder: Path) -> OpenedLibrary:
    """Open the library in `folder` so that nothing can be written to it; what others write is seen.

    One that an earlier version wrote is brought up to date first, as by whatever opens it.

    Raises:
        LibraryError: there is none; the file is damaged, another program's or a newer version's.
    """
    path = folder / FILE_NAME
    if not folder.is_dir() or recognise(path):
        raise LibraryError(
            f"There is no library in {folder} yet.",
            "Make one with: reelfind add FOLDER, then reelfind index.",
        )
    reason = UnwritableError("The library was opened for reading.", "Change it with Reelfind itself.")
    try:
        opened = _open_if_current(path, "mode=ro", reason)
    except UnwritableError as error:  # nothing can be written beside it either
        return _open_for_reading(path, error)
    if opened is not None:
        return opened
    open_library(folder).close()
    return OpenedLibrary(Connections(path, options="mode=ro", read_only=reason), [])


def _open_writable(path: Path) -> OpenedLibrary:
    try:
        make_empty(path)
    except OSError as error:
        raise unwritable(path) or UnwritableError(
            f"The library in {path.parent} cannot be made: {error.strerror or error}.",
            "Choose another folder with --library.",
        ) from error
    if path.stat().st_uid == getattr(os, "geteuid", lambda: path.stat().st_uid)():
        for name in ("", *COMPANIONS):
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
    has_wal = size_of(wal) > 0
    options = ["mode=ro"] if path.with_name(path.name + "-shm").exists() else []
    if not has_wal:
        options.append("immutable=1")
    for option in options:
        try:
            opened = _open_if_current(path, option, reason)
        except UnwritableError as error:
            logger.info("%s cannot be read with %s: %s", path, option, error)
            continue
        if opened is not None:
            return opened
        break
    return _open_copy(path, reason)


def _open_if_current(path: Path, options: str, reason: UnwritableError) -> OpenedLibrary | None:
    """Open it for reading; None where it is of an earlier version.

    Raises:
        UnwritableError: it cannot be opened with these options.
        LibraryError: it cannot be read.
    """
    connections = Connections(path, options=options, read_only=reason)
    try:
        with connections.reading() as database:
            if schema.is_current(database):
                return OpenedLibrary(connections, [])
    except BaseException:
        connections.close()
        raise
    connections.close()
    return None


def _open_copy(path: Path, reason: UnwritableError) -> OpenedLibrary:
    """A copy with what the write-ahead log holds, brought up to date; in memory where no disk takes it."""
    try:
        private = tempfile.TemporaryDirectory(prefix="reelfind-")
    except OSError as error:
        logger.info("no folder for temporary files: %s", error)
        return _open_in_memory(path, reason)
    try:
        copy = copy_file(path, Path(private.name))
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
                with closing(peek(path)) as source:
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
