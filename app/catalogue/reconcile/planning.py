"""The files of a folder are matched with the library's videos; nothing is changed."""

import logging
from collections.abc import Sequence
from pathlib import Path

from sqlite_utils import Database

from app.catalogue.reconcile.content_matching import match_content
from app.catalogue.reconcile.lost_files import Volumes, elsewhere, is_loose, presence_of
from app.catalogue.reconcile.scan_plan import Listing, Plan
from app.catalogue.records import Presence, Video, WatchedFolder
from app.catalogue.rows import video_rows
from app.disk.file_facts import Disk
from app.disk.found_file import FoundFile

logger = logging.getLogger(__name__)


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
    volumes = Volumes(database, folder, disk, result.places)
    candidates = elsewhere(database, folder, files, disk, volumes)
    lost = [video for video in (*missing, *candidates) if is_loose(video, on_disk, disk, volumes)]
    match_content(lost, files, disk, result)

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
            now = Presence.UNREACHABLE if trouble else presence_of(video, listing, volumes)
            if now is not video.presence:
                result.lost[now].append(video)
    result.added.extend(files.values())
    return result


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
