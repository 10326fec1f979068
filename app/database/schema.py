"""Whether a library has this program's tables: it is brought up to them, and mended where some are lost."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from functools import cache

from sqlite_utils import Database

from app.database import folder_counts, line_tables
from app.database.connections import DamagedError
from app.database.migration_steps import STEPS, migrations
from app.errors import LibraryError

APPLICATION = int.from_bytes(b"Reel", "big")
"""`application_id` of a library's file; 0 in those that earlier versions wrote."""

_CORE = ("volumes", "folders", "videos")
"""What nothing else can replace: without one of these a library can only be salvaged."""

_MADE = ("view", "table", "index", "trigger")
"""Kinds in the order in which they can be made."""


def migrate(database: Database) -> None:
    """Bring the tables to this program's version, inside the caller's transaction.

    Raises:
        LibraryError: a newer program has written this library.
    """
    applied = _applied(database)
    if applied - step_names():
        raise newer()
    if not applied:
        _note_steps(database)
    if migrations.pending(database):
        if not line_tables.has_full_text(database):
            raise LibraryError(
                "The SQLite of this Python has no full-text search (FTS5), which libraries need.",
                "Install Reelfind with another Python, such as the one from python.org.",
            )
        if database.execute("SELECT 1 FROM sqlite_schema").fetchone() is None:
            _make(database)
        try:
            migrations.apply(database)
        except sqlite3.OperationalError as error:
            if "already exists" in str(error) or "duplicate column" in str(error):
                raise _without_versions() from error
            raise
    if _application(database) == 0:
        database.execute(f"PRAGMA application_id={APPLICATION}")


def _note_steps(database: Database) -> None:
    """Where the list of applied migrations is lost but the tables are there: write it anew."""
    there = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not there.intersection(_CORE):
        return
    columns = {name for (name,) in database.execute("SELECT name FROM pragma_table_info('videos')")}
    if not set(tables()["videos"]) <= columns:  # of an earlier version, or what is left of one
        raise _without_versions()
    _list_steps(database)


def _list_steps(database: Database) -> None:
    migrations.ensure_migrations_table(database)
    for step in migrations.pending(database):
        database.execute(
            f"INSERT INTO {migrations.migrations_table} (migration_set, name, applied_at)"  # noqa: S608 - ours
            " VALUES ('library', ?, datetime('now'))",
            [step.name],
        )


def _make(database: Database) -> None:
    """All tables of a new library as the last step leaves them: one step after the other takes three times
    as long."""
    _list_steps(database)
    _execute(database, _missing(database))
    database.execute("INSERT INTO revision (id, number) VALUES (1, 0)")


def _execute(database: Database, missing: Iterable[tuple[str, str]]) -> None:
    """Make what is missing, each kind and name as a fresh library has it."""
    for what in sorted(missing, key=lambda what: _MADE.index(what[0])):
        database.execute(_expected()[what])


def _without_versions() -> DamagedError:
    return DamagedError(
        "The library is damaged: the list of its versions is missing.",
        "Save what can be saved with: reelfind doctor --repair (the damaged file is kept).",
    )


def is_current(database: Database) -> bool:
    """Whether `migrate` and `mend` would change nothing.

    Raises:
        LibraryError: a newer program has written this library.
    """
    applied = _applied(database)
    if applied - step_names():
        raise newer()
    return (
        _application(database) != 0
        and applied == step_names()
        and not _missing(database)
        and database.execute("SELECT 1 FROM revision").fetchone() is not None
    )


def mend(database: Database) -> list[str]:
    """Make tables and indexes anew that are missing, inside the caller's transaction.

    Returns:
        A sentence for each, empty where nothing was missing.

    Raises:
        LibraryError: what is missing cannot be made anew.
    """
    missing = _missing(database)
    lost = [name for name in _CORE if ("table", name) in missing]
    broken = sorted(name for kind, name in missing if kind == "column")
    if lost or broken:
        raise DamagedError(
            f"The library is damaged: {(lost + broken)[0]} is missing in it.",
            "Save what can be saved with: reelfind doctor --repair (the damaged file is kept).",
        )
    _execute(database, missing)
    if any("line" in name for _, name in missing):
        line_tables.rebuild(database)
    if any(kind == "trigger" or name == folder_counts.TABLE for kind, name in missing):
        folder_counts.recount(database)
    if database.execute("SELECT 1 FROM revision").fetchone() is None:
        database.execute(
            "INSERT INTO revision (id, number) SELECT 1, coalesce(max(revision), 0) + 1 FROM embeddings"
        )
    return [f"The {kind} “{name}” was missing in the library and was made anew." for kind, name in missing]


def newer() -> LibraryError:
    """The sentence for a library that this program is too old for."""
    return LibraryError(
        "This library was written by a newer version of Reelfind.",
        "Update Reelfind, or choose another library folder with --library.",
    )


def step_names() -> set[str]:
    """Names of the migrations that this program knows."""
    return {step.__name__ for step in STEPS}


def tables() -> dict[str, list[str]]:
    """Every table of the present version with the names of its columns, parents before children."""
    return dict(_layout())


def _applied(database: Database) -> set[str]:
    """Names of migrations, those among them that this program has never heard of."""
    return {step.name for step in migrations.applied(database)}


def _application(database: Database) -> int:
    return int(database.execute("PRAGMA application_id").fetchone()[0])


def _missing(database: Database) -> dict[tuple[str, str], str]:
    """Tables, indexes and columns (`table.column`) of the present version that a library lacks."""
    there = {(kind, name) for kind, name in database.execute("SELECT type, name FROM sqlite_schema")}
    missing = {what: "" for what in _expected() if what not in there}
    ours = ", ".join(f"'{table}'" for table, _ in _layout())
    found = set(
        database.execute(
            f"""SELECT t.name, c.name FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
            WHERE t.type = 'table' AND t.name IN ({ours})"""  # noqa: S608 - our names
        )
    )
    for table, columns in _layout():
        if ("table", table) in there:
            lost = [column for column in columns if (table, column) not in found]
            missing |= {("column", f"{table}.{column}"): "" for column in lost}
    return missing


def _expected() -> dict[tuple[str, str], str]:
    """Kind and name of all that a fresh library has, with the statement that makes it."""
    return _fresh()[0]


def _layout() -> tuple[tuple[str, list[str]], ...]:
    return _fresh()[1]


@cache
def _fresh() -> tuple[dict[tuple[str, str], str], tuple[tuple[str, list[str]], ...]]:
    """See `_expected` and `_layout`: what the steps make in memory."""
    with closing(sqlite3.connect(":memory:")) as connection:
        migrations.apply(Database(connection, execute_plugins=False))
        rows = connection.execute(
            f"""SELECT type, name, sql FROM sqlite_schema
            WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name NOT GLOB '{line_tables.INDEX}_*'"""  # noqa: S608
        )
        made = {(kind, name): sql for kind, name, sql in rows if name != migrations.migrations_table}
        columns = "SELECT name FROM pragma_table_info(?)"
        layout = tuple(
            (name, [column for (column,) in connection.execute(columns, [name])])
            for kind, name in made
            if kind == "table"
        )
        return made, layout
