"""Videos without their file: what that means, and which may have been moved."""

import logging
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlite_utils import Database

from app.catalogue.reconcile.scan_plan import Listing
from app.catalogue.records import Presence, Video, WatchedFolder
from app.catalogue.rows import video_rows, watched_folders
from app.disk.file_facts import Disk
from app.disk.found_file import FoundFile

logger = logging.getLogger(__name__)


class Volumes:
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


def presence_of(video: Video, listing: Listing, volumes: Volumes) -> Presence:
    """What it means that a video's file was not found."""
    if listing.hides(video.path):
        return Presence.UNREACHABLE
    return Presence.GONE if volumes.is_connected(video) else Presence.AWAY


def is_loose(video: Video, on_disk: frozenset[Path], disk: Disk, volumes: Volumes) -> bool:
    """Whether a video's file is certainly not where it was, so that it may have been moved.

    On a volume that is not connected it may well be there still.
    """
    return video.path in on_disk or (disk.gone(video.path) and volumes.is_connected(video))


def elsewhere(
    database: Database, folder: WatchedFolder, files: Mapping[Path, FoundFile], disk: Disk, volumes: Volumes
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
