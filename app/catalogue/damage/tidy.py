"""Makes the rows of a library fit each other again, where its pages are sound."""

import json
import logging
import sqlite3

from sqlite_utils import Database

from app.catalogue.damage import integrity
from app.catalogue.kept import kept_texts
from app.database import folder_counts, line_tables

logger = logging.getLogger(__name__)


def tidy(database: sqlite3.Connection) -> None:
    """Inside a transaction: remove what belongs to nothing, have indexed again what is damaged."""
    while _remove_orphans(database):  # what is removed may leave others behind
        pass
    wrapped = Database(database, execute_plugins=False)
    for problem in integrity.check(wrapped, full=True):
        for video in problem.videos:
            if problem.kind == "videos":
                database.execute("DELETE FROM videos WHERE id = ?", [video])
                continue
            for table in ("embeddings", "frames", "clips", "picture_areas"):
                database.execute(f"DELETE FROM {table} WHERE video_id = ?", [video])  # noqa: S608 - our names
            database.execute(
                "UPDATE videos SET state = 'pending' WHERE id = ? AND state = 'indexed'", [video]
            )
    for name, value in database.execute("SELECT name, value FROM settings").fetchall():
        try:
            json.loads(value)
        except (ValueError, TypeError, RecursionError):
            database.execute("DELETE FROM settings WHERE name = ?", [name])
    kept_texts.mend(database)
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
    line_tables.rebuild(wrapped)


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


def count_videos(database: sqlite3.Connection) -> tuple[int, int]:
    """Videos, and those of them that are to be indexed."""
    row = database.execute(
        "SELECT count(*), count(*) FILTER (WHERE state = 'pending') FROM videos WHERE presence <> 'gone'"
    ).fetchone()
    return int(row[0]), int(row[1])
