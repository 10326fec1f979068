"""What the system tells of folders: one observer with its threads, and the watches it holds."""

import contextlib
import logging
import os
from collections.abc import Callable
from pathlib import Path

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

logger = logging.getLogger(__name__)

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

Happened = Callable[[Path, Path, bool], None]
"""Takes a path, the watched folder it lies in, and whether it is (or was) a folder."""


class SystemWatches:
    """Watches folders with all that is below them, as far as the system can; used by one thread."""

    def __init__(self, happened: Happened) -> None:
        """Watch nothing yet.

        Args:
            happened: told on other threads of a path, the watched folder, and whether the path is a folder.
        """
        self._happened = happened
        self._observer: BaseObserver | None = None

    @property
    def is_there(self) -> bool:
        """Whether there is an observer, alive or dead."""
        return self._observer is not None

    @property
    def is_alive(self) -> bool:
        """Whether the observer works."""
        return self._observer is not None and self._observer.is_alive()

    def start(self) -> None:
        """Begin to observe; nothing where the system has no means left."""
        try:
            observer = Observer()
            observer.start()
        except OSError as error:  # EMFILE: fs.inotify.max_user_instances
            logger.warning("folders cannot be watched: %s", error)
        else:
            self._observer = observer

    def stop(self) -> None:
        """End all watches and their threads."""
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join()

    def watch(self, real: Path, folder: Path, shown: Path) -> ObservedWatch:
        """Watch one folder more; `start` has succeeded.

        Args:
            real: the folder that the system watches.
            folder: the watched folder of the library.
            shown: where `real` is seen in it: another path where a link leads there.

        Raises:
            OSError: it cannot be watched.
        """
        assert self._observer is not None  # noqa: S101 - for the type checker
        events = FolderEvents(real, folder, shown, self._happened)
        return self._observer.schedule(events, str(real), recursive=True, event_filter=_EVENTS)

    def end(self, *watches: ObservedWatch) -> None:
        """End these watches."""
        if self._observer is None:
            return
        for watch in watches:
            with contextlib.suppress(KeyError):  # its thread died and was cleared away
                self._observer.unschedule(watch)

    def work(self, *watches: ObservedWatch) -> bool:
        """Whether the threads behind these watches are alive."""
        emitters = {} if self._observer is None else {e.watch: e for e in self._observer.emitters}
        return all(watch in emitters and emitters[watch].is_alive() for watch in watches)


class FolderEvents(FileSystemEventHandler):
    """Passes on what happens below a folder; runs in the observer's threads and only leaves messages."""

    def __init__(self, watched: Path, folder: Path, shown: Path, happened: Happened) -> None:
        """Pass events on.

        Args:
            watched: the folder that the system watches.
            folder: the watched folder of the library.
            shown: where `watched` is seen in it: another path where a link leads there.
            happened: takes path, watched folder, and whether it is (or was) a folder.
        """
        self._watched = watched
        self._folder = folder
        self._shown = shown
        self._happened = happened

    def on_any_event(self, event: FileSystemEvent) -> None:
        try:
            for name in (event.src_path, event.dest_path):
                path = Path(os.fsdecode(name)) if name else self._watched
                # Not the folder itself, nor a move's other end outside of it.
                if path != self._watched and path.is_relative_to(self._watched):
                    shown = self._shown / path.relative_to(self._watched)
                    self._happened(shown, self._folder, event.is_directory)
        except Exception:  # it would end the observer's thread
            logger.exception("what happened in %s was not understood", self._folder)
