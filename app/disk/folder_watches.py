"""The watched folders, each with the system's watches on it and on what its links lead to."""

import errno
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType

from watchdog.observers.api import ObservedWatch

from app.disk.links import LinkTarget, find_links, look_up
from app.disk.system_watches import Happened, SystemWatches

logger = logging.getLogger(__name__)

_MOST_LINKS = 256
"""Linked folders that are watched, of one watched folder: each costs a thread."""

_NONE_LEFT = "the system has no watches left."
_EXHAUSTED = {errno.ENOSPC, errno.EMFILE, errno.ENFILE}
"""fs.inotify.max_user_watches and max_user_instances, and open files."""


@dataclass(frozen=True, slots=True)
class _Presence:
    device: int
    inode: int
    """Another folder may take the name when a disk is unplugged."""
    changed_ns: int
    """st_ctime_ns: tells that the folder was renamed away and back between two looks."""

    def same_folder(self, other: "_Presence") -> bool:
        return (self.device, self.inode) == (other.device, other.inode)


@dataclass(frozen=True, slots=True)
class _Watched:
    watch: ObservedWatch
    presence: _Presence
    links: Mapping[Path, LinkTarget] = field(default_factory=dict)
    """What links in the folder lead to."""
    linked: Mapping[Path, ObservedWatch] = field(default_factory=dict)
    """Watches on the folders that links lead to, by link."""

    @property
    def all(self) -> tuple[ObservedWatch, ...]:
        return (self.watch, *self.linked.values())


class FolderWatches:
    """The folders of a `Watcher`, and what the system watches of each; changed by one thread only."""

    def __init__(self, happened: Happened, note_failure: Callable[[str], None]) -> None:
        """Watch nothing yet.

        Args:
            happened: told on other threads of a path, the watched folder, and whether the path is a folder.
            note_failure: takes a sentence where something died and is started again.
        """
        self._note_failure = note_failure
        self._folders: dict[Path, _Watched | None] = {}
        self._unwatched: Mapping[Path, str] = MappingProxyType({})
        self._watches = SystemWatches(happened)

    def __contains__(self, folder: Path) -> bool:
        return folder in self._folders

    def __iter__(self) -> Iterator[Path]:
        return iter(tuple(self._folders))

    @property
    def unwatched(self) -> Mapping[Path, str]:
        """Folders that the system does not watch, each with the reason why. From any thread."""
        return self._unwatched

    def is_link(self, path: Path, folder: Path) -> bool:
        """Whether a path is a link of a folder, or was one. From any thread."""
        watched = self._folders.get(folder)
        return path.is_symlink() or (watched is not None and path in watched.links)

    def start(self) -> None:
        """Have the system watch; see `SystemWatches.start`."""
        self._watches.start()

    def stop(self) -> None:
        """End every watch."""
        self._watches.stop()

    def add(self, folder: Path) -> bool:
        """Watch one folder more; returns whether the system does, and `unwatched` says why not."""
        self._folders[folder] = watched = self._watch(folder)
        return watched is not None

    def remove(self, folder: Path) -> None:
        """Stop watching a folder."""
        self._unwatch(self._folders.pop(folder, None))
        self._note_watched(folder)

    def look(self) -> list[Path]:
        """Follow folders that came, went or were exchanged or renamed, and links; returns what changed."""
        if not self._watches.is_alive:
            return self._restart_observer()
        changed = []
        for folder, watched in list(self._folders.items()):
            now = _presence(folder)
            if watched is not None and now is not None and now.same_folder(watched.presence):
                if not self._watches.work(*watched.all):
                    logger.error("%s is watched anew: what watched it died", folder)
                    self._note_failure(f"Watching {folder} had to be started again.")
                    self._unwatch(watched)
                    self._folders[folder] = self._watch(folder)
                    changed.append(folder)
                elif now != watched.presence:
                    self._folders[folder] = replace(watched, presence=now)
                    changed.append(folder)
                elif any(look_up(link, folder) != was for link, was in watched.links.items()):
                    changed.append(folder)
                continue
            self._unwatch(watched)
            self._folders[folder] = again = self._watch(folder)
            if watched is not None or again is not None:
                changed.append(folder)
        return changed

    def _restart_observer(self) -> list[Path]:
        """Begin anew where the system's watching died, or could not be had before; returns all folders."""
        if self._watches.is_there:
            logger.error("watching is started again: its thread died")
            self._note_failure("Watching the folders had to be started again.")
            self._watches.stop()
        self._watches.start()
        if not self._watches.is_there:
            return []
        for folder in self._folders:
            self._folders[folder] = self._watch(folder)
        return list(self._folders)

    def follow_links(self, folder: Path, is_excluded: Callable[[Path], bool]) -> None:
        """Watch what the links in a folder lead to now, and no more what they led to.

        Args:
            folder: one of the watched folders.
            is_excluded: whether a folder in it is passed over.
        """
        watched = self._folders.get(folder)
        if watched is None or not self._watches.is_there:
            return
        links = find_links(folder, is_excluded)
        linked: dict[Path, ObservedWatch] = {}
        for link, watch in watched.linked.items():
            if links.get(link) == watched.links.get(link) and self._watches.work(watch):
                linked[link] = watch
            else:
                self._watches.end(watch)
        for link, target in links.items():
            if target.folder is not None and link not in linked and len(linked) < _MOST_LINKS:
                try:
                    linked[link] = self._watches.watch(target.folder, folder, link)
                except OSError as error:  # the rescan remains
                    logger.warning("what %s leads to cannot be watched: %s", link, error)
        self._folders[folder] = replace(watched, links=links, linked=linked)

    def _watch(self, folder: Path) -> _Watched | None:
        presence = _presence(folder)
        if presence is None:
            self._note_unwatched(folder, f"{folder} cannot be reached.")
            return None
        if not self._watches.is_there:
            self._note_unwatched(folder, f"{folder} cannot be watched: {_NONE_LEFT}")
            return None
        try:
            watch = self._watches.watch(folder, folder, folder)
        except OSError as error:  # ENOSPC: fs.inotify.max_user_watches; the folder vanished; and so on
            logger.warning("%s cannot be watched: %s", folder, error)
            why = _NONE_LEFT if error.errno in _EXHAUSTED else f"{error.strerror or error}."
            self._note_unwatched(folder, f"{folder} cannot be watched: {why}")
            return None
        self._note_watched(folder)
        return _Watched(watch, presence)

    def _unwatch(self, watched: _Watched | None) -> None:
        if watched is not None:
            self._watches.end(*watched.all)

    def _note_unwatched(self, folder: Path, why: str) -> None:
        self._unwatched = MappingProxyType({**self._unwatched, folder: why})

    def _note_watched(self, folder: Path) -> None:
        self._unwatched = MappingProxyType({k: why for k, why in self._unwatched.items() if k != folder})


def _presence(folder: Path) -> _Presence | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return _Presence(status.st_dev, status.st_ino, status.st_ctime_ns)
