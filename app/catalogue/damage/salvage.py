"""Copies what can be read of a damaged library into a fresh file."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from app.catalogue.damage.tidy import count_videos, tidy
from app.database import folder_counts, line_tables, migration_steps, schema

logger = logging.getLogger(__name__)


UNREADABLE = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What reading a damaged file raises; what SQLite says of a schema quotes it, and may be no text itself."""

_MOST_FAILURES = 100_000
"""Reads that may fail in one table, before what is left of it is given up."""
_LAST_ROW = (1 << 63) - 1


def copy_readable(old: sqlite3.Connection, fresh: Path) -> tuple[list[str], tuple[int, int]]:
    """Fill a fresh file from a damaged one.

    Returns:
        The tables of which rows were lost, and the counts of videos as `count_videos` gives them.
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
        tidy(new)
        new.execute("COMMIT")
        return lost, count_videos(new)


def _start_as(database: Database, old: sqlite3.Connection) -> None:
    """Make the tables as the old file has them, so that the missing steps treat its rows as they should."""
    columns: set[str] = set()
    with suppress(*UNREADABLE):
        columns = {name for (name,) in old.execute("SELECT name FROM pragma_table_info('videos')")}
    if columns and "presence" not in columns:
        migration_steps.migrations.apply(database, stop_before="causes_and_presence")
    else:
        schema.migrate(database)


def _tables_of(new: sqlite3.Connection) -> list[str]:
    derived = {migration_steps.migrations.migrations_table, "hubness", folder_counts.TABLE}
    rows = new.execute(
        f"""SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
            AND name NOT GLOB '{line_tables.INDEX}*' ORDER BY rowid"""  # noqa: S608 - our names
    ).fetchall()
    return [name for (name,) in rows if name not in derived]


def _copy_table(old: sqlite3.Connection, new: sqlite3.Connection, table: str) -> bool:
    """Copy the rows that can be read; returns whether those are all."""
    there: set[str] = set()
    with suppress(*UNREADABLE):
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
    with suppress(*UNREADABLE):
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
            except UNREADABLE as error:
                logger.info("%s: %s", table, error)
                whole.append(False)
            else:
                return
        return
    except UNREADABLE as error:
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
        except UNREADABLE as error:
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
        with suppress(*UNREADABLE):
            row = old.execute(question).fetchone()
            if row is not None and isinstance(row[0], int) and row[0] > 0:
                found.append(row[0])
    return max(found, default=1 << 24)
