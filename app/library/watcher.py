"""Watching folders: says when something has come to rest in one of them."""

import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Self

from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver, ObservedWatch

from app.library.scanner import is_skipped_folder, is_video_name
from app.library.settling import Settling

logger = logging.getLogger(__name__)

_LOOK_EVERY = 15.0
"""Seconds between two looks at whether each folder is still there, or there again."""

# Not "opened" and "closed without writing": reading a file is no change, and indexing reads files.
_EVENTS: list[type[FileSystemEvent]] = [
    FileCreatedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileDeletedEvent,
    FileClosedEvent,
    DirCreatedEvent,
    DirMovedEvent,
    DirDeletedEvent,
]


@dataclass(frozen=True, slots=True)
class _Happened:
    path: Path
    folder: Path


@dataclass(frozen=True, slots=True)
class _Add:
    folder: Path


@dataclass(frozen=True, slots=True)
class _Remove:
    folder: Path


class _Close:
    pass


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


class Watcher:
    """Calls `on_change(folder)` when a folder's videos should be looked at again.

    That is: when the folder begins to be watched (or is there again, or gone), when a file or folder in it
    came, went or changed and has been left alone for `settle` seconds, and every `rescan_every` seconds in
    any case. Where the system cannot watch (no such folder now, no more inotify watches, a network share
    that sends no events), the last of these remains; `unwatched` says where and why.

    One thread owns everything; the methods only leave it a message.
    """

    def __init__(
        self,
        folders: Iterable[Path],
        on_change: Callable[[Path], None],
        *,
        settle: float = 2.0,
        rescan_every: float = 900.0,
    ) -> None:
        """Start watching.

        Args:
            folders: absolute paths, as `Folder.path` has them.
            on_change: called from the watcher's own thread with one of `folders`; must not call `close`.
            settle: seconds a file must be left alone before it counts.
            rescan_every: seconds between two looks at everything.
        """
        self._on_change = on_change
        self._rescan_every = rescan_every
        self._look_every = min(_LOOK_EVERY, rescan_every)
        self._inbox: queue.SimpleQueue[_Happened | _Add | _Remove | _Close] = queue.SimpleQueue()
        self._settling = Settling(settle)
        self._folders: dict[Path, _Watched | None] = {}
        self._unwatched: Mapping[Path, str] = MappingProxyType({})
        self._observer: BaseObserver | None = None
        for folder in folders:
            self.add(folder)
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self._thread.start()

    @property
    def unwatched(self) -> Mapping[Path, str]:
        """Folders that are only looked at every `rescan_every` seconds, each with the reason why."""
        return self._unwatched

    def add(self, folder: Path) -> None:
        """Watch one folder more."""
        self._inbox.put(_Add(folder))

    def remove(self, folder: Path) -> None:
        """Stop watching a folder."""
        self._inbox.put(_Remove(folder))

    def close(self) -> None:
        """Stop; returns when no thread of the watcher is left."""
        self._inbox.put(_Close())
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        look_at = time.monotonic() + self._look_every
        rescan_at = time.monotonic() + self._rescan_every
        try:
            self._start_observer()
            while True:
                due = self._settling.next_due()
                wake = min(look_at, rescan_at) if due is None else min(due, look_at, rescan_at)
                try:
                    message = self._inbox.get(timeout=max(0.0, wake - time.monotonic()))
                except queue.Empty:
                    pass
                else:
                    if isinstance(message, _Close):
                        return
                    self._take(message)
                now = time.monotonic()
                changed = self._settling.settled(now)
                if now >= look_at:
                    look_at = now + self._look_every
                    changed += self._look()
                if now >= rescan_at:
                    rescan_at = now + self._rescan_every
                    changed = list(self._folders)
                for folder in dict.fromkeys(changed):
                    self._on_change(folder)
        finally:
            self._stop_observer()

    def _take(self, message: _Happened | _Add | _Remove) -> None:
        match message:
            case _Happened(path, folder):
                if folder in self._folders:
                    self._settling.note(path, folder, time.monotonic())
            case _Add(folder):
                if folder not in self._folders:
                    self._folders[folder] = self._watch(folder)
                    if self._folders[folder] is not None:
                        self._on_change(folder)  # for what happened before the watch was up
            case _Remove(folder):
                self._unwatch(self._folders.pop(folder, None))
                self._settling.forget(folder)
                self._note_watched(folder)

    def _look(self) -> list[Path]:
        """Follow folders that came, went or were exchanged or renamed; returns them."""
        changed = []
        for folder, watched in self._folders.items():
            now = _presence(folder)
            if watched is not None and now is not None and now.same_folder(watched.presence):
                if now != watched.presence:
                    self._folders[folder] = replace(watched, presence=now)
                    changed.append(folder)
                continue
            self._unwatch(watched)
            self._folders[folder] = again = self._watch(folder)
            if watched is not None or again is not None:
                changed.append(folder)
        return changed

    def _watch(self, folder: Path) -> _Watched | None:
        presence = _presence(folder)
        if presence is None:
            self._note_unwatched(folder, f"{folder} cannot be reached.")
            return None
        if self._observer is None:
            self._note_unwatched(folder, "The system has no watches left.")
            return None
        try:
            watch = self._observer.schedule(
                _Handler(folder, self._inbox), str(folder), recursive=True, event_filter=_EVENTS
            )
        except OSError as error:  # ENOSPC: fs.inotify.max_user_watches; the folder vanished; and so on
            logger.warning("%s cannot be watched: %s", folder, error)
            self._note_unwatched(folder, f"The system cannot watch {folder}: {error.strerror}.")
            return None
        self._note_watched(folder)
        return _Watched(watch, presence)

    def _unwatch(self, watched: _Watched | None) -> None:
        if watched is not None and self._observer is not None:
            self._observer.unschedule(watched.watch)

    def _note_unwatched(self, folder: Path, why: str) -> None:
        self._unwatched = MappingProxyType({**self._unwatched, folder: why})

    def _note_watched(self, folder: Path) -> None:
        self._unwatched = MappingProxyType({k: why for k, why in self._unwatched.items() if k != folder})

    def _start_observer(self) -> None:
        try:
            observer = Observer()
            observer.start()
        except OSError as error:  # EMFILE: fs.inotify.max_user_instances
            logger.warning("folders cannot be watched: %s", error)
        else:
            self._observer = observer

    def _stop_observer(self) -> None:
        if self._observer is not None:
            self._observer.stop()
            self._observer.join()


class _Handler(FileSystemEventHandler):
    """Passes on what concerns videos; runs in the observer's threads and only leaves messages."""

    def __init__(self, folder: Path, inbox: "queue.SimpleQueue[_Happened | _Add | _Remove | _Close]") -> None:
        self._folder = folder
        self._inbox = inbox

    def on_any_event(self, event: FileSystemEvent) -> None:
        for name in (event.src_path, event.dest_path):
            if name:
                path = Path(os.fsdecode(name))
                if self._concerns(path, event.is_directory):
                    self._inbox.put(_Happened(path, self._folder))

    def _concerns(self, path: Path, is_directory: bool) -> bool:
        try:
            *parents, name = path.relative_to(self._folder).parts
        except ValueError:  # the folder itself, or a move's other end outside of it
            return False
        if any(is_skipped_folder(parent) for parent in parents):
            return False
        return not is_skipped_folder(name) if is_directory else is_video_name(name)


def _presence(folder: Path) -> _Presence | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return _Presence(status.st_dev, status.st_ino, status.st_ctime_ns)
