"""A scan meets the library: which file is which video, when names, contents and places change.

Identity is the content. Every video whose file is not where it was, or is not what it was, looks for its
content among the files that the library cannot explain; what is left over is new, changed, gone, or on a
volume or below a folder that cannot be reached.
"""

import logging
import sqlite3
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from app.catalogue import (
    copies,
    removal,
    revisions,
    video_rows,
    watched_folders,
)
from app.catalogue.deltas import Delta
from app.catalogue.records import (
    Presence,
    UnreachablePath,
    Video,
    VideoState,
    WatchedFolder,
)
from app.disk.file_facts import UNFORESEEN, Disk
from app.disk.found_file import FoundFile
from app.disk.volumes import Volume
from app.media.fingerprints import version_of

logger = logging.getLogger(__name__)

_DAY = 86_400.0


@dataclass(frozen=True, slots=True)
class Listing:
    """What a walk through one watched folder found."""

    files: Sequence[FoundFile]
    unreachable: Mapping[Path, str] = field(default_factory=dict)
    """Folders and files that could not be looked into, and why."""
    settle: float = 0.0
    """Seconds for which a file must have been left alone; a younger one is still being written."""
    now: float = field(default_factory=time.time)
    """Seconds since 1970 at which the walk began."""

    def is_settled(self, file: FoundFile) -> bool:
        """Whether a file is not being written any more; one with a date to come has a wrong one."""
        age = self.now - file.mtime_ns / 1e9
        return not 0 <= age < self.settle

    def hides(self, path: Path) -> bool:
        """Whether a path is, or lies below, something that could not be looked into."""
        return path in self.unreachable or any(parent in self.unreachable for parent in path.parents)


@dataclass(slots=True)
class Plan:
    """What a scan changes."""

    added: list[FoundFile] = field(default_factory=list)
    changed: list[tuple[Video, FoundFile]] = field(default_factory=list)
    """Another content under the same name: indexed again."""
    relinked: list[tuple[Video, FoundFile]] = field(default_factory=list)
    """The same content: under another name, only touched, or back again."""
    replaced: list[Video] = field(default_factory=list)
    """Overwritten: another video was moved to where they were."""
    lost: dict[Presence, list[Video]] = field(default_factory=lambda: defaultdict(list))
    """Videos without a file, by what that means; only those that had one before."""
    places: list[tuple[Video, FoundFile]] = field(default_factory=list)
    """Videos that are where and what they were: their volume is noted."""
    unsettled: list[Path] = field(default_factory=list)
    """Files that are still being written."""
    unreachable: dict[Path, str] = field(default_factory=dict)
    """What could not be looked into, and why."""

    def delta(self, folder_id: int, added: frozenset[int], *, back: bool) -> Delta:
        """What it changes, told in ids.

        Args:
            folder_id: of the watched folder.
            added: ids that the new videos were given.
            back: whether the folder could not be reached before.
        """
        gone = frozenset(video.id for video in (*self.lost[Presence.GONE], *self.replaced))
        lost = {video.id for videos in self.lost.values() for video in videos}
        changed = frozenset(lost).union(video.id for video, _ in (*self.changed, *self.relinked)) - gone
        folders = {folder_id}.union(video.folder_id for video, _ in self.relinked)
        touches = bool(changed or gone)
        return Delta(frozenset(folders), added, changed, gone, findable=touches or back, problems=touches)

    @property
    def moved(self) -> int:
        """How many files kept their content under another name."""
        return sum(video.path != file.path for video, file in self.relinked)


def plan(database: Database, folder: WatchedFolder, listing: Listing, disk: Disk) -> Plan:
    """Match the files of a folder with the library's videos.

    Args:
        database: the library's.
        folder: the watched folder.
        listing: what was found in it.
        disk: asked for contents and for what is gone, and for no more of them than needed.
    """
    result = Plan(unreachable=dict(listing.unreachable))
    known = video_rows.by_state(database, folder.id, None, gone=True)
    files = {file.path: file for file in listing.files}
    on_disk = frozenset(files)
    settled = _unchanged(known, files, result)
    growing = _set_aside(files, listing, result)
    missing = [video for video in known if video.id not in settled and video.path not in growing]
    volumes = _Volumes(database, folder, disk, result.places)
    elsewhere = _elsewhere(database, folder, files, disk, volumes)
    lost = [video for video in (*missing, *elsewhere) if _is_loose(video, on_disk, disk, volumes)]
    _match_content(lost, files, disk, result)

    relinked = {video.id for video, _ in result.relinked}
    taken = {file.path for _, file in result.relinked}
    sizes_to_come = {file.size for file in growing.values()}
    for video in missing:
        if video.id in relinked:
            continue
        if (file := files.pop(video.path, None)) is not None:
            result.changed.append((video, file))
        elif video.path in taken:
            result.replaced.append(video)
        elif video.presence is not Presence.GONE and video.size not in sizes_to_come:
            if trouble := disk.trouble(video.path):
                result.unreachable.setdefault(video.path, trouble)
            now = Presence.UNREACHABLE if trouble else _presence(video, listing, volumes)
            if now is not video.presence:
                result.lost[now].append(video)
    result.added.extend(files.values())
    return result


class _Volumes:
    """Which volumes that videos were seen on are connected now."""

    def __init__(
        self, database: Database, folder: WatchedFolder, disk: Disk, places: Iterable[tuple[Video, FoundFile]]
    ) -> None:
        self._disk = disk
        self._folders = {other.id: other.volume for other in watched_folders.watched(database)}
        self._volumes = watched_folders.volumes(database)
        # The folder's own was looked at just now. Where a file is in its place on another volume than before,
        # its disk was exchanged: the old one is waited for no longer.
        self._there = {folder.volume}
        for video, file in places:
            volume = disk.volume_at(file)
            if volume is not None and video.volume is not None:
                before = self._volumes[video.volume]
                if before.identity != volume.identity and before.mount == volume.mount:
                    self._there.add(video.volume)

    def is_connected(self, video: Video) -> bool:
        """Whether the volume that a video's file was seen on is connected now."""
        number = self._folders[video.folder_id] if video.volume is None else video.volume
        return number in self._there or self._disk.connected(self._volumes[number])


def _presence(video: Video, listing: Listing, volumes: _Volumes) -> Presence:
    """What it means that a video's file was not found."""
    if listing.hides(video.path):
        return Presence.UNREACHABLE
    return Presence.GONE if volumes.is_connected(video) else Presence.AWAY


def _is_loose(video: Video, on_disk: frozenset[Path], disk: Disk, volumes: _Volumes) -> bool:
    """Whether a video's file is certainly not where it was, so that it may have been moved.

    On a volume that is not connected it may well be there still.
    """
    return video.path in on_disk or (disk.gone(video.path) and volumes.is_connected(video))


def _elsewhere(
    database: Database, folder: WatchedFolder, files: Mapping[Path, FoundFile], disk: Disk, volumes: _Volumes
) -> list[Video]:
    """Videos of other folders that are as large as one of the unexplained files and not where they were.

    Their folder may be gone as a whole (it was renamed, or moved); what is in the place of another disk's is
    not taken for that disk.
    """
    sizes = {file.size for file in files.values()}
    candidates = [
        video
        for chunk in video_rows.chunks(sizes)
        for video in video_rows.select(
            database,
            f"folder_id <> ? AND videos.size IN ({','.join('?' * len(chunk))})",
            [folder.id, *chunk],
        )
    ]
    if not candidates:
        return []
    exchanged = {
        other.id
        for other in watched_folders.watched(database)
        if (volume := disk.volume(other.path)) is not None
        and not watched_folders.is_same_place(database, other, volume, lambda path: not disk.gone(path))
    }
    return [video for video in candidates if video.folder_id not in exchanged and volumes.is_connected(video)]


def _unchanged(known: Sequence[Video], files: dict[Path, FoundFile], result: Plan) -> set[int]:
    """Take the files that are where and what they were out of `files`; returns their videos' ids."""
    settled: set[int] = set()
    for video in known:
        file = files.get(video.path)
        if file is not None and (video.size, video.mtime_ns) == (file.size, file.mtime_ns):
            del files[video.path]
            settled.add(video.id)
            result.places.append((video, file))
            if video.presence is not Presence.HERE:
                result.relinked.append((video, file))
    return settled


def _set_aside(files: dict[Path, FoundFile], listing: Listing, result: Plan) -> dict[Path, FoundFile]:
    """Take the files that are still being written out of `files`; returns them."""
    growing = {path: file for path, file in files.items() if not listing.is_settled(file)}
    for path in growing:
        del files[path]
    result.unsettled.extend(growing)
    return growing


def _match_content(lost: Sequence[Video], files: dict[Path, FoundFile], disk: Disk, result: Plan) -> None:
    """Take the files whose content belongs to a video that lost its file out of `files`."""
    candidates = _Candidates(lost)
    for file in list(files.values()):
        if (video := candidates.take(file, disk)) is not None:
            del files[file.path]
            result.relinked.append((video, file))


class _Candidates:
    """Videos that lost their file, by what may be found again: thousands can be of one size."""

    def __init__(self, lost: Sequence[Video]) -> None:
        self._by_path = {video.path: video for video in lost}
        self._by_content: defaultdict[str, list[Video]] = defaultdict(list)
        self._by_time: defaultdict[tuple[int, int], list[Video]] = defaultdict(list)
        self._versions: defaultdict[int, set[int]] = defaultdict(set)
        """Versions of the fingerprints of videos, by their size."""
        self._taken: set[int] = set()
        for video in sorted(lost, key=lambda video: video.copy_of is not None):  # originals first
            if video.fingerprint is None:
                self._by_time[video.size, video.mtime_ns].append(video)
            else:
                self._by_content[video.fingerprint].append(video)
                self._versions[video.size].add(version_of(video.fingerprint))

    def take(self, file: FoundFile, disk: Disk) -> Video | None:
        """The video with a file's content, which is no candidate any more; None where there is none."""
        # The video of the same name first: a file that was only touched is no move.
        named = self._by_path.get(file.path)
        if named is None or not self._fits(named, file, disk):
            named = next((video for video in self._alike(file, disk) if self._fits(video, file, disk)), None)
        if named is not None:
            self._taken.add(named.id)
        return named

    def _alike(self, file: FoundFile, disk: Disk) -> Iterator[Video]:
        for version in sorted(self._versions.get(file.size, ()), reverse=True):
            if (content := disk.fingerprint(file, version)) is not None:
                yield from self._by_content.get(content, ())
        yield from self._by_time.get(file.state, ())

    def _fits(self, video: Video, file: FoundFile, disk: Disk) -> bool:
        return video.id not in self._taken and video.size == file.size and _is_same(video, file, disk)


def _is_same(video: Video, file: FoundFile, disk: Disk) -> bool:
    """Same content.

    Before the first indexing there is no fingerprint and the time of change decides. It does so too where a
    file could not be (wholly) read: with another date it may have been repaired where no sample looks.
    """
    if video.fingerprint is None:
        return video.mtime_ns == file.mtime_ns
    if video.mtime_ns != file.mtime_ns and (video.state is VideoState.FAILED or video.cause is not None):
        return False
    return disk.fingerprint(file, version_of(video.fingerprint)) == video.fingerprint


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
    return note_unreachable(database, folder.id, wanted.unreachable | writer.refused)


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
    removal.discard(
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
