"""A plan is written, inside the caller's transaction."""

import logging
import sqlite3
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from app.catalogue.reconcile.scan_plan import Plan
from app.catalogue.records import Presence, UnreachablePath, Video, WatchedFolder
from app.catalogue.rows import copies, removal_rows, revisions, unreachable_rows, video_rows, watched_folders
from app.disk.file_facts import UNFORESEEN, Disk
from app.disk.found_file import FoundFile
from app.disk.volumes import Volume

logger = logging.getLogger(__name__)


_DAY = 86_400.0


def apply(
    database: Database, folder: WatchedFolder, wanted: Plan, disk: Disk, *, keep_gone: float
) -> tuple[UnreachablePath, ...]:
    """Write a plan, inside the caller's transaction.

    Args:
        database: the library's.
        folder: the watched folder.
        wanted: the plan.
        disk: says which volume a file lies on.
        keep_gone: days for which what was indexed of a file that is gone is kept.

    Returns:
        What could not be looked into, or not be written for an error of ours.
    """
    writer = _Writer(database, folder, wanted, disk)
    writer.write()
    _forget_gone(database, folder.id, keep_gone)
    copies.follow_living(database)
    copies.merge(database)
    _drop_moved_folders(database, folder, wanted, disk)
    return unreachable_rows.note_unreachable(database, folder.id, wanted.unreachable | writer.refused)


class _Writer:
    """Writes one plan, row by row: a row that cannot be written costs none of the others."""

    def __init__(self, database: Database, folder: WatchedFolder, wanted: Plan, disk: Disk) -> None:
        self._database = database
        self._folder = folder
        self._plan = wanted
        self._disk = disk
        self._rows: dict[int, int] = {}
        """Rows of videos that exchanged their files with others."""
        self._volume_rows: dict[Volume, int] = {}
        self.refused: dict[Path, str] = {}
        """Files that could not be noted, and why."""

    def write(self) -> None:
        """Write all of it."""
        wanted = self._plan
        self._keep_contents()
        if wanted.replaced or wanted.moved or self._has_come_or_gone():
            self._revise()
        for video in wanted.replaced:
            self._do(video.path, "DELETE FROM videos WHERE id = ?", self._row(video))
        # Names may have been swapped: each row first gives its own up. No file name holds a NUL.
        for video, file in wanted.relinked:
            if video.path != file.path:
                self._do(
                    file.path,
                    "UPDATE videos SET path = CAST(char(0) || id AS BLOB) WHERE id = ?",
                    self._row(video),
                )
        for video, file in wanted.places:
            if video.volume != (volume := self._volume(file)):
                self._do(file.path, "UPDATE videos SET volume_id = ? WHERE id = ?", volume, self._row(video))
        for video, file in wanted.relinked:
            self._do(
                file.path,
                """UPDATE videos SET folder_id = ?, path = ?, size = ?, mtime_ns = ?, volume_id = ?,
                    presence = 'here', gone_at = NULL WHERE id = ?""",
                *self._place(file),
                self._row(video),
            )
        for video, file in wanted.changed:
            self._do(
                file.path,
                """UPDATE videos SET folder_id = ?, path = ?, size = ?, mtime_ns = ?, volume_id = ?,
                    fingerprint = NULL, state = 'pending',
                    presence = 'here', gone_at = NULL, attempts = 0, copy_of = NULL,
                    reason = '', advice = '', cause = NULL, read_until = NULL WHERE id = ?""",
                *self._place(file),
                self._row(video),
            )
        for presence, lost in wanted.lost.items():
            for video in lost:
                self._do(
                    video.path,
                    """UPDATE videos SET presence = ?,
                        gone_at = CASE WHEN ? = 'gone' THEN unixepoch() ELSE NULL END WHERE id = ?""",
                    presence,
                    presence,
                    self._row(video),
                )
        for file in wanted.added:
            self._do(
                file.path,
                "INSERT INTO videos (folder_id, path, size, mtime_ns, volume_id) VALUES (?, ?, ?, ?, ?)",
                *self._place(file),
            )

    def _keep_contents(self) -> None:
        """Where an original's file is overwritten and it has a copy, it gets the copy's file."""
        losing = {video.id for video in self._plan.replaced} | {video.id for video, _ in self._plan.changed}
        without = losing | {video.id for video in self._plan.lost[Presence.GONE]}
        for number in sorted(losing):
            heir = copies.heir_of(self._database, number, without | self._rows.keys())
            if heir is not None:
                copies.exchange_files(self._database, number, heir)
                self._rows |= {number: heir, heir: number}

    def _has_come_or_gone(self) -> bool:
        found = (*self._plan.relinked, *self._plan.changed)
        return bool(self._plan.lost[Presence.GONE]) or any(v.presence is Presence.GONE for v, _ in found)

    def _revise(self) -> None:
        """Let the vector index follow: other folders, and what is found again."""
        revision = revisions.bump(self._database)
        for video, _ in (*self._plan.relinked, *self._plan.changed):
            if video.folder_id != self._folder.id or video.presence is Presence.GONE:
                self._database.execute(
                    "UPDATE embeddings SET revision = ? WHERE video_id = ?", [revision, self._row(video)]
                )

    def _row(self, video: Video) -> int:
        return self._rows.get(video.id, video.id)

    def _place(self, file: FoundFile) -> tuple[int, bytes, int, int, int | None]:
        path = video_rows.to_blob(file.path)
        return self._folder.id, path, file.size, file.mtime_ns, self._volume(file)

    def _volume(self, file: FoundFile) -> int | None:
        volume = self._disk.volume_at(file)
        if volume is None:
            return None
        if volume not in self._volume_rows:
            self._volume_rows[volume] = watched_folders.volume_id(self._database, volume)
        return self._volume_rows[volume]

    def _do(self, path: Path, statement: str, *values: Any) -> None:
        try:
            self._database.execute(statement, values)
        except Exception as error:
            if isinstance(error, sqlite3.OperationalError) or type(error) is sqlite3.DatabaseError:
                raise  # of the library: nothing else could be written either
            logger.exception("%s could not be noted", path)
            self.refused[path] = UNFORESEEN


def _forget_gone(database: Database, folder_id: int, keep_gone: float) -> None:
    """Purge what has been gone for long; a clock that was set back starts the time anew."""
    database.execute("UPDATE videos SET gone_at = unixepoch() WHERE gone_at > unixepoch()")
    removal_rows.discard(
        database,
        f"folder_id = {folder_id:d} AND presence = 'gone' AND gone_at < unixepoch() - ?",
        keep_gone * _DAY,
    )


def _drop_moved_folders(database: Database, folder: WatchedFolder, wanted: Plan, disk: Disk) -> None:
    """Stop watching folders that are gone and whose videos were all found in this one: they were renamed."""
    for number in {video.folder_id for video, _ in wanted.relinked} - {folder.id}:
        (old,) = watched_folders.counted(database, [number])
        volume = watched_folders.volumes(database)[old.volume]
        if old.videos == 0 and disk.gone(old.path) and disk.connected(volume):
            # What was gone before stays for a restore.
            database.execute("UPDATE videos SET folder_id = ? WHERE folder_id = ?", [folder.id, old.id])
            database.execute("DELETE FROM folders WHERE id = ?", [old.id])
            logger.info("%s is not watched any more: its videos were found in %s", old.path, folder.path)
