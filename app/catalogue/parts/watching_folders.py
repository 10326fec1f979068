"""Which folders a library watches, and how many videos are in each."""

import logging
from collections.abc import Collection
from pathlib import Path

from app.catalogue.deltas import Delta
from app.catalogue.parts.base import CataloguePart
from app.catalogue.records import (
    Folder,
    UnreachablePath,
    WatchedFolder,
)
from app.catalogue.rows import (
    copies,
    removal_rows,
    unreachable_rows,
    watched_folders,
)
from app.catalogue.rows.lines import name_rows
from app.database.connections import DamagedError
from app.disk.file_facts import Disk
from app.errors import UsageError
from app.paths import real_path

logger = logging.getLogger(__name__)


class WatchingFolders(CataloguePart):
    """Watched folders are added, removed, listed and looked for."""

    def add_folder(self, path: Path) -> Folder:
        """Watch a folder. The same folder twice is one; a folder above watched ones takes over their videos.

        Raises:
            UsageError: there is no such folder, it cannot be read, or it lies inside a watched one.
        """
        real = real_path(path)
        if not real.exists():
            raise UsageError(f"There is no folder {real}.", "Check the spelling, or connect the disk.")
        if not real.is_dir():
            raise UsageError(f"{real} is not a folder.", "Give the folder that holds the videos.")
        volume = Disk().volume(real)
        if volume is None:
            raise UsageError(f"The folder {real} cannot be read.", "Check its permissions.")
        with self._connections.writing() as database:
            added = watched_folders.add(database, real, volume)
            name_rows.refresh(database)
            (folder,) = watched_folders.counted(database, [added])
        self._deltas.tell(Delta(frozenset({added})))
        return folder

    def remove_folder(self, path: Path) -> None:
        """Stop watching a folder: its videos leave the library, the files on disk stay as they are.

        No search finds them from now on. Their rows are deleted by `delete_some`.

        Raises:
            UsageError: it is not watched.
        """
        with self._connections.writing() as database:
            watched_folders.remove(database, real_path(path))
        self._deltas.tell(Delta(findable=True, problems=True))

    def delete_some(self, seconds: float) -> bool:
        """Delete rows of videos that left the library for so long; returns whether there may be more."""
        with self._connections.reading() as database:
            if not removal_rows.waits(database):
                return False
        with self._connections.writing() as database:
            return removal_rows.delete_some(database, seconds)

    def watched(self) -> list[WatchedFolder]:
        """Watched folders in the order they were added."""
        with self._connections.reading() as database:
            return watched_folders.watched(database)

    def folders(self, only: Collection[int] | None = None) -> list[Folder]:
        """Watched folders with the counts of their videos, in the order they were added.

        Quick: commits keep the counts current. Where they are damaged, they are 0.

        Args:
            only: ids of the folders wanted, all where None.
        """
        try:
            with self._connections.reading() as database:
                return watched_folders.counted(database, only)
        except DamagedError as error:
            logger.warning("the videos cannot be counted: %s", error)
        return [
            Folder(folder.id, folder.path, folder.online, folder.volume)
            for folder in self.watched()
            if only is None or folder.id in only
        ]

    def check_folders(self) -> list[Folder]:
        """Look which folders can be reached now, without scanning them; returns `folders()`."""
        disk = Disk()
        for folder in self.watched():
            disk.volume(folder.path)  # a slow disk answers before the library is locked
        with self._connections.writing() as database:
            for folder in watched_folders.watched(database):
                if disk.closed(folder.path):  # it is there; the next scan says what is wrong with it
                    continue
                volume = disk.volume(folder.path)
                there = volume is not None and watched_folders.is_same_place(
                    database, folder, volume, lambda path: not disk.gone(path)
                )
                watched_folders.set_reached(database, folder.id, volume if there else None)
            copies.follow_living(database)
            name_rows.refresh(database)
            found = watched_folders.counted(database)
        self._deltas.tell(Delta(findable=True))
        return found

    def unreachable(self) -> list[UnreachablePath]:
        """What the last scans could not look into, in order of folder and path."""
        with self._connections.reading() as database:
            return unreachable_rows.all_unreachable(database)
