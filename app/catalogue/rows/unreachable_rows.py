"""What the last scan of each folder could not look into, and why."""

from collections.abc import Mapping
from pathlib import Path

from sqlite_utils import Database

from app.catalogue.records import UnreachablePath
from app.catalogue.rows import video_rows


def note_unreachable(
    database: Database, folder_id: int, places: Mapping[Path, str]
) -> tuple[UnreachablePath, ...]:
    """Replace what is noted of a folder: what could not be looked into, and why.

    What lies in a folder that could not be looked into itself is not listed beside it.
    """
    places = {path: why for path, why in places.items() if not places.keys() & set(path.parents)}
    database.execute("DELETE FROM unreachable WHERE folder_id = ?", [folder_id])
    database.conn.executemany(
        "INSERT INTO unreachable (folder_id, path, reason) VALUES (?, ?, ?)",
        [(folder_id, video_rows.to_blob(path), reason) for path, reason in places.items()],
    )
    return tuple(UnreachablePath(folder_id, path, reason) for path, reason in sorted(places.items()))


def all_unreachable(database: Database) -> list[UnreachablePath]:
    """What the last scans could not look into, in order of folder and path."""
    rows = database.execute(
        "SELECT folder_id, path, reason FROM unreachable ORDER BY folder_id, path"
    ).fetchall()
    return [
        UnreachablePath(folder_id, video_rows.from_blob(path), reason) for folder_id, path, reason in rows
    ]
