"""Makes a damaged library whole: what is derived is made anew, and what can be read goes into a fresh file.

The damaged file stays, under another name. At every moment `library.db` is either the old file or the whole
new one: the new one is written and flushed under a name of its own, the old one gets a second name (a hard
link, or a copy where the disk knows none), and one rename puts the new one in its place.
"""

import json
import logging
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import Timeout
from sqlite_utils import Database

from app.catalogue import integrity
from app.catalogue.index_rows import is_damage
from app.database import folder_counts, opening, schema
from app.database.connections import explain, locked
from app.database.layout import FILE_NAME, indexing_lock, sqlite_header
from app.disk.private_files import is_regular, make_empty, make_private
from app.errors import LibraryError
from app.vectors.gallery_file import GalleryFile
from app.vectors.hnsw import HnswGraph

logger = logging.getLogger(__name__)

_MOST_FAILURES = 100_000
"""Reads that may fail in one table, before what is left of it is given up."""
_LAST_ROW = (1 << 63) - 1


@dataclass(slots=True)
class Repaired:
    """What a repair did."""

    done: list[str]
    """Sentences; empty where nothing was wrong."""
    damaged_file: Path | None = None
    """Where the old file is now, None where it stayed in use."""
    videos: int = 0
    """Videos in the library afterwards."""
    to_index: int = 0
    """Those of them that are to be indexed again."""


def repair(folder: Path) -> Repaired:
    """Make the library in `folder` whole, as far as that can be done.

    Raises:
        LibraryError: another Reelfind has it open, it cannot be written, there is none, or it is another
            program's or a newer version's.
    """
    path = folder / FILE_NAME
    if not is_regular(path):
        raise LibraryError(f"There is no library in {folder}.", "Name its folder with --library.")
    if (reason := locked(path)) is not None:
        raise reason
    _refuse_foreign(path)
    try:
        return _repair_alone(folder, path)
    except sqlite3.DatabaseError as error:
        raise explain(error, path) or error from error


def _repair_alone(folder: Path, path: Path) -> Repaired:
    """`repair`, while nobody else can open the library."""
    with ExitStack() as held:
        try:
            held.enter_context(indexing_lock(folder))
        except Timeout:
            raise _in_use(folder) from None
        except OSError as error:
            raise LibraryError(f"The library in {folder} cannot be locked: {error.strerror}.") from error
        old = held.enter_context(closing(_alone(path)))
        done = _graphs(folder)
        problems = _problems(old)
        if any(problem.kind == "pages" for problem in problems):
            repaired = _salvage(path, old)
        else:
            repaired = _in_place(old, problems)
    repaired.done = done + repaired.done
    return repaired


def _refuse_foreign(path: Path) -> None:
    """A file that is no database at all, or one that cannot be read, may be ours all the same: it is kept."""
    try:
        header = sqlite_header(path)
        opening.recognise(path)
    except LibraryError:
        if header is not None and header.application_id != schema.APPLICATION and opening.is_foreign(path):
            raise
        if opening.is_newer(path):
            raise
    except OSError as error:
        raise LibraryError(f"The library file {path} cannot be read: {error.strerror}.") from error


def _in_use(folder: Path) -> LibraryError:
    return LibraryError(
        f"The library in {folder} is open in another Reelfind.", "Close it, then repair the library again."
    )


def _alone(path: Path) -> sqlite3.Connection:
    """A connection that keeps everybody else out while it is open.

    A file whose first page is damaged cannot be locked, but neither can anybody else open it.
    """
    database = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None
    )
    database.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        database.execute("PRAGMA locking_mode=EXCLUSIVE")
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            database.close()
            if (getattr(error, "sqlite_errorcode", 0) & 0xFF) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise _in_use(path.parent) from error
            raise explain(error, path) or error from error
    return database


def _problems(old: sqlite3.Connection) -> list[integrity.Problem]:
    pages = integrity.Problem("pages", "The library file is damaged.")
    try:
        database = Database(old, execute_plugins=False)
        old.execute("BEGIN IMMEDIATE")
        try:
            schema.migrate(database)
            mended = schema.mend(database)
            old.execute("COMMIT")
        except BaseException:
            if old.in_transaction:
                old.execute("ROLLBACK")
            raise
        found = integrity.check(database, full=True)
    except (sqlite3.DatabaseError, LibraryError) as error:
        logger.warning("the library has to be salvaged: %s", error)
        return [pages]
    return [integrity.Problem("structure", sentence) for sentence in mended] + found


def _in_place(old: sqlite3.Connection, problems: list[integrity.Problem]) -> Repaired:
    """Repair rows of a file whose pages are sound."""
    if problems:
        old.execute("PRAGMA foreign_keys=ON")
        old.execute("BEGIN IMMEDIATE")
        _tidy(old)
        old.execute("COMMIT")
    return Repaired([problem.sentence for problem in problems], None, *_counts(old))


def _tidy(database: sqlite3.Connection) -> None:
    """Inside a transaction: remove what belongs to nothing, have indexed again what is damaged."""
    while _remove_orphans(database):  # what is removed may leave others behind
        pass
    wrapped = Database(database, execute_plugins=False)
    for problem in integrity.check(wrapped, full=True):
        for video in problem.videos:
            if problem.kind == "videos":
                database.execute("DELETE FROM videos WHERE id = ?", [video])
                continue
            for table in ("embeddings", "frames", "clips"):
                database.execute(f"DELETE FROM {table} WHERE video_id = ?", [video])  # noqa: S608 - our names
            database.execute(
                "UPDATE videos SET state = 'pending' WHERE id = ? AND state = 'indexed'", [video]
            )
    for name, value in database.execute("SELECT name, value FROM settings").fetchall():
        try:
            json.loads(value)
        except (ValueError, TypeError, RecursionError):
            database.execute("DELETE FROM settings WHERE name = ?", [name])
    while _remove_orphans(database):
        pass
    database.execute("DELETE FROM hubness")  # made again from the embeddings when it is asked for
    database.execute("DELETE FROM clips")
    database.execute(
        """INSERT INTO clips (video_id, number, start, "end")
        SELECT video_id, clip, min(time), max(time) FROM frames GROUP BY video_id, clip"""
    )
    database.execute("INSERT OR IGNORE INTO revision (id, number) VALUES (1, 0)")
    database.execute(
        """UPDATE revision SET number = 1 + max(
            number, (SELECT coalesce(max(revision), 0) FROM embeddings))"""
    )
    folder_counts.recount(wrapped)


def _remove_orphans(database: sqlite3.Connection) -> int:
    """Rows that refer to what is not there; of an optional reference only that. Returns how many."""
    found = database.execute("PRAGMA foreign_key_check").fetchall()
    changed = 0
    for table, rowid, parent, _ in found:
        optional = {("videos", "videos"): "copy_of"}.get((table, parent))
        if optional is not None:
            statement = f"UPDATE {table} SET {optional} = NULL, state = 'pending' WHERE rowid = ?"  # noqa: S608
        elif rowid is None:  # a table without row ids
            statement = f"DELETE FROM {table} WHERE video_id NOT IN (SELECT id FROM videos)"  # noqa: S608
            if table == "unreachable":
                statement = "DELETE FROM unreachable WHERE folder_id NOT IN (SELECT id FROM folders)"
        elif (table, parent) == ("videos", "volumes"):
            statement = "UPDATE videos SET volume_id = NULL WHERE rowid = ?"
        elif (table, parent) == ("folders", "volumes"):
            database.execute("INSERT OR IGNORE INTO volumes (identity, mount) VALUES ('lost', x'2f')")
            statement = """UPDATE folders SET
                volume_id = (SELECT id FROM volumes WHERE identity = 'lost') WHERE rowid = ?"""
        else:
            statement = f"DELETE FROM {table} WHERE rowid = ?"  # noqa: S608 - our names
        changed += database.execute(statement, [] if rowid is None else [rowid]).rowcount
    return changed


def _salvage(path: Path, old: sqlite3.Connection) -> Repaired:
    """Bring what can be read into a fresh file and put that in the old one's place."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    fresh = path.with_name(f".library.repaired-{stamp}-{os.getpid()}.db")
    kept = _free(path.with_name(f"library.damaged-{stamp}.db"))
    for left in path.parent.glob(".library.repaired-*"):  # of a repair that was killed
        if is_regular(left) and left.name[18:33].replace("-", "").isdigit():
            left.unlink(missing_ok=True)
    try:
        make_empty(fresh)
        lost, counts = _copy(old, fresh)
        _flush(fresh)
        _keep(path, kept)
        _settle_log(path, old, kept)
        fresh.replace(path)
        _flush(path.parent)
    except sqlite3.DatabaseError as error:
        raise explain(error, fresh) or error from error
    except OSError as error:
        raise LibraryError(
            f"The library cannot be repaired: {error.strerror or error}.",
            "Make as much room on its disk as the library takes, then try again.",
        ) from error
    finally:
        for suffix in ("", "-journal"):
            fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    sentences = [f"The library file was damaged. What could be read is in a new one; the old one is {kept}."]
    if lost:
        sentences.append(f"Not all could be read of: {', '.join(lost)}.")
    return Repaired(sentences, kept, *counts)


def _copy(old: sqlite3.Connection, fresh: Path) -> tuple[list[str], tuple[int, int]]:
    """Fill a fresh file from a damaged one.

    Returns:
        The tables of which rows were lost, and the counts of videos as `_counts` gives them.
    """
    with closing(sqlite3.connect(fresh, isolation_level=None)) as new:
        new.execute("PRAGMA journal_mode=DELETE").fetchone()
        new.execute("PRAGMA synchronous=FULL")
        new.execute("PRAGMA foreign_keys=OFF")
        new.execute("BEGIN IMMEDIATE")
        database = Database(new, execute_plugins=False)
        _start_as(database, old)
        new.execute("DELETE FROM revision")
        lost = [table for table in _tables_of(new) if not _copy_table(old, new, table)]
        schema.migrate(database)
        schema.mend(database)
        _tidy(new)
        new.execute("COMMIT")
        return lost, _counts(new)


def _start_as(database: Database, old: sqlite3.Connection) -> None:
    """Make the tables as the old file has them, so that the missing steps treat its rows as they should."""
    columns: set[str] = set()
    with suppress(sqlite3.DatabaseError):
        columns = {name for (name,) in old.execute("SELECT name FROM pragma_table_info('videos')")}
    if columns and "presence" not in columns:
        schema.migrations.apply(database, stop_before="causes_and_presence")
    else:
        schema.migrate(database)


def _tables_of(new: sqlite3.Connection) -> list[str]:
    derived = {schema.migrations.migrations_table, "hubness", folder_counts.TABLE}
    rows = new.execute(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    ).fetchall()
    return [name for (name,) in rows if name not in derived]


def _copy_table(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> bool:
    """Copy the rows that can be read; returns whether those are all."""
    there: set[str] = set()
    with suppress(sqlite3.DatabaseError):
        there = {name for (name,) in old.execute(f"SELECT name FROM pragma_table_info('{table}')")}  # noqa: S608
    wanted = new.execute(f"SELECT name FROM pragma_table_info('{table}')").fetchall()  # noqa: S608
    columns = [f'"{name}"' for (name,) in wanted if name in there]
    if not columns:
        return False
    whole: list[bool] = []
    insert = (
        f"INSERT OR IGNORE INTO {table} ({', '.join(columns)}) "  # noqa: S608 - our names
        f"VALUES ({', '.join('?' * len(columns))})"
    )
    for row in _rows(old, table, ", ".join(columns), whole):
        try:
            new.execute(insert, row)
        except (sqlite3.IntegrityError, sqlite3.InterfaceError, UnicodeEncodeError) as error:
            logger.info("a row of %s is damaged: %s", table, error)
            whole.append(False)
    if table in {"folders", "videos", "frames"}:
        _keep_numbers(old, new, table)
    return all(whole)


def _keep_numbers(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> None:
    """A number that was once given never means another row."""
    with suppress(sqlite3.DatabaseError):
        row = old.execute("SELECT seq FROM sqlite_sequence WHERE name = ?", [table]).fetchone()
        if row is not None and isinstance(row[0], int):
            new.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", [row[0], table])


def _rows(old: sqlite3.Connection, table: str, columns: str, whole: list[bool]) -> Iterator[tuple[Any, ...]]:
    """Every row that can be read; `whole` gets a False where some cannot."""
    select = f"SELECT {columns} FROM {table} NOT INDEXED"  # noqa: S608 - our names
    try:
        old.execute(f"SELECT rowid FROM {table} LIMIT 0")  # noqa: S608
    except sqlite3.OperationalError:  # without row ids: from both ends
        for order in ("ASC", "DESC"):
            try:
                yield from old.execute(f"SELECT {columns} FROM {table} ORDER BY 1 {order}, 2 {order}")  # noqa: S608
            except sqlite3.DatabaseError as error:
                logger.info("%s: %s", table, error)
                whole.append(False)
            else:
                return
        return
    except sqlite3.DatabaseError as error:
        logger.info("%s: %s", table, error)
        whole.append(False)
        return
    failures = 0
    # Ranges of row ids, read from the lowest on; where one fails, its two halves are tried.
    ranges = [(-_LAST_ROW, 0), (1, _last_row(old, table))][::-1]
    while ranges:
        first, last = ranges.pop()
        at = first
        try:
            for number, *row in old.execute(
                select.replace("SELECT ", "SELECT rowid, ", 1)
                + " WHERE rowid BETWEEN ? AND ? ORDER BY rowid",
                [first, last],
            ):
                at = number + 1
                yield tuple(row)
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
            failures += 1
            whole.append(False)
            if failures == 1:
                logger.info("%s: %s", table, error)
            if failures > _MOST_FAILURES or at >= last:
                continue
            middle = (at + last) // 2
            ranges += [(middle + 1, last), (at, middle)]


def _last_row(old: sqlite3.Connection, table: str) -> int:
    """The highest row id there can be."""
    found = []
    for question in (
        f"SELECT max(rowid) FROM {table}",  # noqa: S608 - our names
        f"SELECT seq FROM sqlite_sequence WHERE name = '{table}'",  # noqa: S608
    ):
        with suppress(sqlite3.DatabaseError):
            row = old.execute(question).fetchone()
            if row is not None and isinstance(row[0], int) and row[0] > 0:
                found.append(row[0])
    return max(found, default=1 << 24)


def _free(path: Path) -> Path:
    number = 1
    free = path
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def _keep(path: Path, kept: Path) -> None:
    """Give the old file a second name."""
    try:
        os.link(path, kept)
    except OSError as error:
        logger.info("no second name for %s, a copy: %s", path, error)
        shutil.copy2(path, kept)
        _flush(kept)
    make_private(kept)


def _settle_log(path: Path, old: sqlite3.Connection, kept: Path) -> None:
    """Leave no write-ahead log that would be taken for the new file's; the old file keeps it."""
    with suppress(sqlite3.DatabaseError):
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    with suppress(sqlite3.DatabaseError):
        old.execute("PRAGMA journal_mode=DELETE").fetchone()
    old.close()
    for suffix in ("-wal", "-journal", "-shm"):
        left = path.with_name(path.name + suffix)
        if is_regular(left):
            left.replace(kept.with_name(kept.name + suffix))


def _flush(path: Path) -> None:
    """See a file, or the names in a folder, onto the disk."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _graphs(folder: Path) -> list[str]:
    """Delete search graphs and galleries that are damaged; they are made again when they are needed."""
    done = []
    for graph in sorted(folder.glob("vectors-*.hnsw")):
        if HnswGraph.is_damaged(graph):
            with suppress(OSError):
                HnswGraph.delete(graph)
                if not graph.exists():
                    done.append(f"The search graph {graph.name} was damaged and is built again.")
    damaged = GalleryFile.remove_damaged(folder)
    return done + [f"The copy of the vectors in {name} was damaged and is made again." for name in damaged]


def _counts(database: sqlite3.Connection) -> tuple[int, int]:
    """Videos, and those of them that are to be indexed."""
    row = database.execute(
        "SELECT count(*), count(*) FILTER (WHERE state = 'pending') FROM videos WHERE presence <> 'gone'"
    ).fetchone()
    return int(row[0]), int(row[1])
