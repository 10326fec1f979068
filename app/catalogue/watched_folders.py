"""Watched folders: adding, covering, removing, and whether they can be reached."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from app.catalogue import copies, revisions
from app.catalogue.records import Folder, ProblemCounts, WatchedFolder
from app.catalogue.video_rows import from_blob, to_blob
from app.disk.volumes import Volume
from app.errors import UsageError

_COUNTS = """
    SELECT folder_id,
        count(*) AS videos,
        count(*) FILTER (WHERE state = 'indexed') AS indexed,
        count(*) FILTER (WHERE state = 'failed') AS failed,
        count(*) FILTER (WHERE state = 'pending') AS pending,
        coalesce(sum(duration) FILTER (WHERE state = 'indexed'), 0.0) AS seconds,
        count(*) FILTER (WHERE state = 'failed' AND cause IN ('environment', 'program')) AS failed_retried,
        count(*) FILTER (WHERE state = 'indexed' AND reason <> '') AS partial,
        count(*) FILTER (WHERE state = 'indexed' AND reason <> ''
            AND cause IN ('environment', 'program')) AS partial_retried
    FROM videos {how} LEFT JOIN facts ON video_id = coalesce(copy_of, videos.id)
    WHERE presence <> 'gone' {which} GROUP BY folder_id
"""


def watched(database: Database) -> list[WatchedFolder]:
    """Every watched folder, in the order they were added."""
    rows = database.execute("SELECT id, path, online, volume_id FROM folders ORDER BY id").fetchall()
    return [
        WatchedFolder(number, from_blob(path), bool(online), volume) for number, path, online, volume in rows
    ]


def counted(database: Database, only: Collection[int] | None = None) -> list[Folder]:
    """Watched folders with the counts of their videos, in the order they were added.

    Args:
        database: the library's.
        only: ids of those wanted, all where None. Each reads the rows of its videos, and no more.
    """
    found = [folder for folder in watched(database) if only is None or folder.id in only]
    if only is None:  # in the order of the rows: the index would only lead back and forth between them
        counts = {
            row["folder_id"]: row for row in database.query(_COUNTS.format(how="NOT INDEXED", which=""))
        }
    else:
        one = _COUNTS.format(how="", which="AND folder_id = ?")
        counts = {row["folder_id"]: row for folder in found for row in database.query(one, [folder.id])}
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
    """Stop watching a folder and forget its videos; contents that have a copy elsewhere stay, as the copy's.

    Raises:
        UsageError: it is not watched.
    """
    found = database.execute("SELECT id FROM folders WHERE path = ?", [to_blob(path)]).fetchone()
    if found is None:
        raise UsageError(f"{path} is not a watched folder.", "`reelfind folders` lists those that are.")
    copies.leave_folder(database, found[0])
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
        seconds=counts["seconds"],
        problems=ProblemCounts(
            counts["failed"], counts["partial"], counts["failed_retried"], counts["partial_retried"]
        ),
    )
