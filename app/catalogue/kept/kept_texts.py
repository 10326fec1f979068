"""Whether the texts of what people keep can be read, and what is done where a part of them cannot."""

import sqlite3

from sqlite_utils import Database

_TEXTS = {
    "marks": ("id", ("fingerprint", "kind", "value", "folded")),
    "person_marks": ("id", ("person", "fingerprint", "kind", "folded")),
    "kept_contents": ("rowid", ("fingerprint",)),
    "collections": ("id", ("name", "folded")),
    "saved_searches": ("id", ("name", "folded", "query")),
    "seen_contents": ("number", ("fingerprint",)),
    "past_searches": ("id", ("query",)),
}
"""Columns of text, with what a row is known by."""


def mend(database: sqlite3.Connection) -> int:
    """Make texts readable that are no UTF-8, or no text at all, as far as that can be; returns how many.

    What people keep is never deleted where a part of it can be read.
    """
    mended = 0
    for table, (number, columns) in _TEXTS.items():
        values = ", ".join(f"typeof({column}), CAST({column} AS BLOB)" for column in columns)
        rows = database.execute(f"SELECT {number}, {values} FROM {table}").fetchall()  # noqa: S608 - ours
        for row, *found in rows:
            for column, kind, value in zip(columns, found[::2], found[1::2], strict=True):
                text = value.decode("utf-8", "replace")
                if kind == "text" and text.encode() == value:
                    continue
                database.execute(
                    f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {number} = ?",  # noqa: S608 - ours
                    [text, row],
                )
                mended += 1
    return mended


def is_readable(database: Database) -> bool:
    """Whether every text of what is kept can be read."""
    for table, (_, columns) in _TEXTS.items():
        values = ", ".join(f"typeof({column}), CAST({column} AS BLOB)" for column in columns)
        for row in database.execute(f"SELECT {values} FROM {table}"):  # noqa: S608 - ours
            for kind, value in zip(row[::2], row[1::2], strict=True):
                if kind != "text" or value.decode("utf-8", "replace").encode() != value:
                    return False
    return True
