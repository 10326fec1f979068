"""A scan meets the library: which file is which video, when names, contents and places change.

Identity is the content. Every video whose file is not where it was, or is not what it was, looks for its
content among the files that the library cannot explain; what is left over is new, changed or missing.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sqlite_utils import Database

from app.library import folders, revisions, videos
from app.library.disk import Disk
from app.library.records import Folder, FoundFile, Presence, Video


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
    missing: list[Video] = field(default_factory=list)

    @property
    def moved(self) -> int:
        """How many files kept their content under another name."""
        return sum(video.path != file.path for video, file in self.relinked)


def plan(database: Database, folder: Folder, found: Sequence[FoundFile], disk: Disk) -> Plan:
    """Match the files of a folder with the library's videos.

    Args:
        found: the folder's files.
        disk: asked for fingerprints and for what is gone, and for no more of them than needed.
    """
    result = Plan()
    known = videos.by_state(database, folder.id, None)
    files = {file.path: file for file in found}
    settled = _unchanged(known, files, result)
    lost = [video for video in known if video.id not in settled]
    _match_content([*lost, *_elsewhere(database, folder, files, disk)], files, disk, result)

    relinked = {video.id for video, _ in result.relinked}
    taken = {file.path for _, file in result.relinked}
    for video in lost:
        if video.id in relinked:
            continue
        if (file := files.pop(video.path, None)) is not None:
            result.changed.append((video, file))
        elif video.path in taken:
            result.replaced.append(video)
        elif video.presence is not Presence.GONE:
            result.missing.append(video)
    result.added.extend(files.values())
    return result


def _elsewhere(
    database: Database, folder: Folder, files: Mapping[Path, FoundFile], disk: Disk
) -> list[Video]:
    """Videos of the other folders at hand that are as large as one of the unexplained files.

    A folder that is offline keeps its videos: the file may well be on the unplugged disk still.
    """
    sizes = {file.size for file in files.values()}
    candidates = [
        video
        for chunk in videos.chunks(sizes)
        for video in videos.select(
            database,
            f"folder_id <> ? AND videos.size IN ({','.join('?' * len(chunk))})",
            [folder.id, *chunk],
        )
    ]
    if not candidates:
        return []
    at_hand = {
        other.id
        for other in folders.all_folders(database)
        if (volume := disk.volume(other.path)) is not None
        and folders.is_same_place(database, other, volume, lambda path: not disk.gone(path))
    }
    return [video for video in candidates if video.folder_id in at_hand]


def _unchanged(known: Sequence[Video], files: dict[Path, FoundFile], result: Plan) -> set[int]:
    """Take the files that are where and what they were out of `files`; returns their videos' ids."""
    settled: set[int] = set()
    for video in known:
        file = files.get(video.path)
        if file is not None and (video.size, video.mtime_ns) == (file.size, file.mtime_ns):
            del files[video.path]
            settled.add(video.id)
            if video.presence is not Presence.HERE:
                result.relinked.append((video, file))
    return settled


def _match_content(lost: Sequence[Video], files: dict[Path, FoundFile], disk: Disk, result: Plan) -> None:
    """Take the files whose content belongs to a video that lost its file out of `files`."""
    by_size: defaultdict[int, list[Video]] = defaultdict(list)
    for video in lost:
        by_size[video.size].append(video)
    on_disk = frozenset(files)
    for file in list(files.values()):
        same_size = by_size[file.size]
        # The video of the same name first: a file that was only touched is no move.
        for video in [v for v in same_size if v.path == file.path] + same_size:
            if (video.path in on_disk or disk.gone(video.path)) and _is_same(video, file, disk):
                same_size.remove(video)
                del files[file.path]
                result.relinked.append((video, file))
                break


def _is_same(video: Video, file: FoundFile, disk: Disk) -> bool:
    """Same content; before the first indexing there is no fingerprint and the time of change decides."""
    if video.fingerprint is None:
        return video.mtime_ns == file.mtime_ns
    return video.fingerprint == disk.fingerprint(file)


def apply(database: Database, folder_id: int, wanted: Plan) -> None:
    """Write a plan, inside the caller's transaction."""
    connection = database.conn
    across = [video.id for video, _ in wanted.relinked if video.folder_id != folder_id]
    if wanted.replaced or wanted.moved:
        revision = revisions.bump(database)
        connection.executemany(
            "UPDATE embeddings SET revision = ? WHERE video_id = ?", [(revision, number) for number in across]
        )
    connection.executemany("DELETE FROM videos WHERE id = ?", [(video.id,) for video in wanted.replaced])
    # Names may have been swapped: each row first gives its own up. No file name holds a NUL.
    connection.executemany(
        "UPDATE videos SET path = CAST(char(0) || id AS BLOB) WHERE id = ?",
        [(video.id,) for video, _ in wanted.relinked],
    )
    connection.executemany(
        """UPDATE videos SET folder_id = ?, path = ?, size = ?, mtime_ns = ?,
            presence = 'here', gone_at = NULL WHERE id = ?""",
        [
            (folder_id, videos.to_blob(file.path), file.size, file.mtime_ns, video.id)
            for video, file in wanted.relinked
        ],
    )
    connection.executemany(
        """UPDATE videos SET size = ?, mtime_ns = ?, fingerprint = NULL, state = 'pending',
            presence = 'here', gone_at = NULL, attempts = 0, copy_of = NULL,
            reason = '', advice = '', cause = NULL, read_until = NULL WHERE id = ?""",
        [(file.size, file.mtime_ns, video.id) for video, file in wanted.changed],
    )
    connection.executemany(
        "UPDATE videos SET presence = 'gone', gone_at = unixepoch() WHERE id = ?",
        [(v.id,) for v in wanted.missing],
    )
    connection.executemany(
        "INSERT INTO videos (folder_id, path, size, mtime_ns) VALUES (?, ?, ?, ?)",
        [(folder_id, videos.to_blob(file.path), file.size, file.mtime_ns) for file in wanted.added],
    )
