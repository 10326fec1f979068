"""Watched folders: adding, covering, removing, and whether they can be reached."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from app.catalogue.records import Folder, ProblemCounts, WatchedFolder
from app.catalogue.rows import copies, removal_rows, revisions
from app.catalogue.rows.video_rows import from_blob, to_blob
from app.disk.volumes import Volume
from app.errors import UsageError


def watched(database: Database) -> list[WatchedFolder]:
    """Every watched folder, in the order they were added."""
    rows = database.execute(
        "SELECT id, path, online, volume_id FROM folders WHERE id <> ? ORDER BY id", [removal_rows.HOLDER]
    ).fetchall()
    return [
        WatchedFolder(number, from_blob(path), bool(online), volume) for number, path, online, volume in rows
    ]


def counted(database: Database, only: Collection[int] | None = None) -> list[Folder]:
    """Watched folders with the counts of their videos, in the order they were added.

    Args:
        database: the library's.
        only: ids of those wanted, all where None.
    """
    counts = {row["folder_id"]: row for row in database.query("SELECT * FROM folder_counts")}
    found = [folder for folder in watched(database) if only is None or folder.id in only]
    return [_folder(folder, counts.get(folder.id)) for folder in found]


def by_id(database: Database, folder_id: int) -> WatchedFolder:
    """One watched folder.

    Raises:
        UsageError: it is not watched any more.
    """
    for folder in watched(database):
        if folder.id == folder_id:
            return folder
    raise UsageError("This folder is not watched any more.")


def add(database: Database, path: Path, volume: Volume) -> int:
    """Watch a folder that exists; returns its id. See `Catalogue.add_folder`."""
    known = watched(database)
    for folder in known:
        if folder.path == path:
            return folder.id
        if path.is_relative_to(folder.path):
            raise UsageError(
                f"{path} is already part of the watched folder {folder.path}.",
                "Nothing needs to be done: its videos are found there.",
            )
    cursor = database.execute(
        "INSERT INTO folders (path, volume_id) VALUES (?, ?) RETURNING id",
        [to_blob(path), volume_id(database, volume)],
    )
    added = int(cursor.fetchone()[0])
    covered = [folder.id for folder in known if folder.path.is_relative_to(path)]
    for child in covered:
        _hand_over(database, child, added)
    return added


def remove(database: Database, path: Path) -> None:
    """Stop watching a folder and cut its videos off; contents that have a copy elsewhere stay, as the copy's.

    Raises:
        UsageError: it is not watched.
    """
    found = database.execute("SELECT id FROM folders WHERE path = ?", [to_blob(path)]).fetchone()
    if found is None:
        raise UsageError(f"{path} is not a watched folder.", "`reelfind folders` lists those that are.")
    copies.leave_folder(database, found[0])
    removal_rows.discard(database, "folder_id = ?", found[0])
    database.execute("DELETE FROM folders WHERE id = ?", found)
    revisions.bump(database)


def is_same_place(
    database: Database, folder: WatchedFolder, volume: Volume, exists: Callable[[Path], bool]
) -> bool:
    """Whether a folder that can be listed is the one that was added.

    An unmounted disk leaves an empty folder behind, and another stick may be mounted under the same name: on
    an unknown volume a folder counts as itself only when at least one of its videos is there.
    """
    stored = database.execute("SELECT identity FROM volumes WHERE id = ?", [folder.volume]).fetchone()[0]
    if stored == volume.identity:
        return True
    paths = database.execute(
        "SELECT path FROM videos WHERE folder_id = ? AND presence = 'here'", [folder.id]
    ).fetchall()
    return not paths or any(exists(from_blob(path)) for (path,) in paths)


def set_reached(database: Database, folder_id: int, volume: Volume | None) -> None:
    """Note that a folder is online, on that volume; offline where None."""
    if volume is None:
        database.execute("UPDATE folders SET online = 0 WHERE id = ?", [folder_id])
    else:
        database.execute(
            "UPDATE folders SET online = 1, volume_id = ? WHERE id = ?",
            [volume_id(database, volume), folder_id],
        )


def volume_id(database: Database, volume: Volume) -> int:
    """Row of a volume, made where it is new."""
    cursor = database.execute(
        """INSERT INTO volumes (identity, mount) VALUES (?, ?)
        ON CONFLICT (identity) DO UPDATE SET mount = excluded.mount RETURNING id""",
        [volume.identity, to_blob(volume.mount)],
    )
    return int(cursor.fetchone()[0])


def volumes(database: Database) -> dict[int, Volume]:
    """Every volume that was ever seen, by row."""
    rows = database.execute("SELECT id, identity, mount FROM volumes").fetchall()
    return {number: Volume(identity, from_blob(mount)) for number, identity, mount in rows}


def _hand_over(database: Database, child: int, parent: int) -> None:
    """A folder above a watched one takes over its videos, with all that was indexed."""
    revision = revisions.bump(database)
    database.execute(
        "UPDATE embeddings SET revision = ? WHERE video_id IN (SELECT id FROM videos WHERE folder_id = ?)",
        [revision, child],
    )
    database.execute("UPDATE videos SET folder_id = ? WHERE folder_id = ?", [parent, child])
    database.execute("DELETE FROM folders WHERE id = ?", [child])


def _folder(folder: WatchedFolder, counts: Mapping[str, Any] | None) -> Folder:
    """The folder with its row of counts; None where it holds nothing."""
    if counts is None:
        return Folder(folder.id, folder.path, folder.online, folder.volume)
    return Folder(
        folder.id,
        folder.path,
        folder.online,
        folder.volume,
        videos=counts["videos"],
        indexed=counts["indexed"],
        failed=counts["failed"],
        pending=counts["pending"],
        seconds=counts["microseconds"] / 1e6,
        problems=ProblemCounts(
            counts["failed"], counts["partial"], counts["failed_retried"], counts["partial_retried"]
        ),
    )
