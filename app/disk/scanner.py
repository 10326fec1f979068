"""Which files of a folder are videos."""

import errno
import logging
import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

from app.disk import formats
from app.disk.file_facts import UNFORESEEN, time_of_change, why_unreachable
from app.disk.formats import is_video_name
from app.disk.found_file import FoundFile
from app.settings import Exclusion

__all__ = ["is_skipped_folder", "is_video_name", "scan"]

logger = logging.getLogger(__name__)

_NOTHING = Exclusion()

_SYSTEM_FOLDERS = frozenset({
    "$recycle.bin", "recycler", "recycled", "system volume information", "lost+found", "found.000",
    "#recycle", "#snapshot", "@eadir", "@tmp", "@recycle", "@recently-snapshot", "@__thumb",
})  # fmt: skip
"""Folders that Windows, Linux and network storage keep for themselves, lower case."""


def is_skipped_folder(name: str) -> bool:
    """Whether a folder of this name is passed over: hidden ones, recycle bins, a NAS's own thumbnails."""
    return name.startswith(".") or name.lower() in _SYSTEM_FOLDERS


def scan(
    folder: Path,
    unreachable: Callable[[Path, str], object] | None = None,
    *,
    exclude: Exclusion = _NOTHING,
    is_video: Callable[[FoundFile], bool] = lambda file: formats.is_video(file.path),
) -> Iterator[FoundFile]:
    """Find the videos in a folder and below.

    What is not a regular file (pipes, sockets, devices, dangling links) is passed over and never opened.
    Links are followed after everything else, and only to what was not found yet, so each file comes once,
    under its own name where that lies in the folder, and a loop of links ends.

    Args:
        folder: where to look. Where it cannot be read nothing is found.
        unreachable: called with each folder or file that could not be looked into, and why (one sentence).
            What has vanished meanwhile, or is a link to nothing, is none of them.
        exclude: what is passed over besides; a folder that it matches is not entered.
        is_video: asked of each file with the suffix of a video.
    """
    yield from _Walk(folder, unreachable, exclude, is_video).run()


class _Walk:
    """One scan: what is still to be visited, and what was seen."""

    def __init__(
        self,
        folder: Path,
        unreachable: Callable[[Path, str], object] | None,
        exclude: Exclusion,
        is_video: Callable[[FoundFile], bool],
    ) -> None:
        self._folder = os.fspath(folder)
        self._unreachable = unreachable
        self._exclude = exclude
        self._is_video = is_video
        self._folders: list[str] = []
        self._links: list[str] = []
        self._seen: set[tuple[int, int]] = set()

    def run(self) -> Iterator[FoundFile]:
        self._folders.append(self._folder)
        while self._folders or self._links:
            if self._folders:
                yield from self._visit(self._folders.pop())
            else:
                yield from self._follow(self._links.pop())

    def _visit(self, folder: str) -> Iterator[FoundFile]:
        try:
            status = os.stat(folder)  # noqa: PTH116 - no Path per entry
            if self._is_known(status):
                return
            with os.scandir(folder) as listing:
                # Sorted, so that the same tree is always walked in the same order; reversed for the stacks.
                entries = sorted(listing, key=lambda entry: entry.name, reverse=True)
        except Exception as error:  # noqa: BLE001 - told and logged; the other folders go on
            self._tell(folder, error)
            return
        files: list[FoundFile] = []
        for entry in entries:
            try:
                self._sort_in(entry, status.st_dev, files)
            except Exception as error:  # noqa: BLE001 - told and logged; the other files go on
                if isinstance(error, PermissionError) and not _may_enter(folder):
                    self._tell(folder, error)  # it may be listed, but not entered: once for all its files
                    break
                self._tell(entry.path, error)
        yield from reversed(files)

    def _sort_in(self, entry: "os.DirEntry[str]", device: int, files: list[FoundFile]) -> None:
        if entry.is_symlink():
            if is_video_name(entry.name) or not is_skipped_folder(entry.name):
                self._links.append(entry.path)
        elif entry.is_dir(follow_symlinks=False):
            if not is_skipped_folder(entry.name) and not self._is_excluded(entry.path, is_folder=True):
                self._folders.append(entry.path)
        elif is_video_name(entry.name) and entry.is_file(follow_symlinks=False):
            if self._is_excluded(entry.path, is_folder=False):
                return
            status = entry.stat(follow_symlinks=False)
            self._seen.add((status.st_dev, status.st_ino))
            file = FoundFile(Path(entry.path), status.st_size, time_of_change(status), device)
            if self._is_video(file):
                files.append(file)

    def _follow(self, link: str) -> Iterator[FoundFile]:
        try:
            status = os.stat(link)  # noqa: PTH116
        except Exception as error:  # noqa: BLE001 - told and logged
            if not (
                isinstance(error, OSError) and error.errno == errno.ELOOP
            ):  # leads nowhere, like a dangling one
                self._tell(link, error)
            return
        if stat.S_ISDIR(status.st_mode):
            if not self._is_excluded(link, is_folder=True):
                self._folders.append(link)
        elif (
            stat.S_ISREG(status.st_mode)
            and is_video_name(os.path.basename(link))  # noqa: PTH119
            and not self._is_excluded(link, is_folder=False)
            and not self._is_known(status)
        ):
            file = FoundFile(Path(link), status.st_size, time_of_change(status), status.st_dev)
            if self._is_video(file):
                yield file

    def _is_excluded(self, path: str, *, is_folder: bool) -> bool:
        if not self._exclude:
            return False
        relative = path.removeprefix(self._folder).lstrip(os.sep)
        return self._exclude.matches(relative, is_folder=is_folder)

    def _is_known(self, status: os.stat_result) -> bool:
        identity = (status.st_dev, status.st_ino)
        known = identity in self._seen
        self._seen.add(identity)
        return known

    def _tell(self, path: str, error: Exception) -> None:
        if isinstance(error, FileNotFoundError | NotADirectoryError):
            logger.info(
                "%r is passed over: %s", path, error
            )  # it vanished meanwhile, or a link leads nowhere
            return
        if isinstance(error, OSError):
            logger.warning("%r cannot be read: %s", path, error)
            reason = why_unreachable(error)
        else:
            logger.error("%r was not looked into", path, exc_info=error)
            reason = UNFORESEEN
        if self._unreachable is not None:
            self._unreachable(Path(path), reason)


def _may_enter(folder: str) -> bool:
    return os.access(folder, os.X_OK, effective_ids=os.access in os.supports_effective_ids)
