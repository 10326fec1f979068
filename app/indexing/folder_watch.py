"""The watched folders of an open library: what is watched follows what is listed, and a change is indexed."""

import logging
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.catalogue.catalogue import Catalogue
from app.errors import LibraryError
from app.settings import Exclusion, Settings

if TYPE_CHECKING:
    from app.disk.watcher import Watcher

logger = logging.getLogger(__name__)


class FolderWatch:
    """Watches what a library lists. Thread-safe."""

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Callable[[], Settings],
        changed: Callable[[Sequence[int]], object],
    ) -> None:
        """Watch nothing yet.

        Args:
            catalogue: lists the folders.
            settings: gives the library's settings as they are.
            changed: called, on a thread of the watcher, with the ids of folders in which something changed.
        """
        self._catalogue = catalogue
        self._settings = settings
        self._changed = changed
        self._lock = threading.Lock()
        """Held while the library's list is read, never over its folders' disks."""
        self._watcher: Watcher | None = None
        self._watched: frozenset[Path] = frozenset()
        self._to_begin: set[Path] = set()
        """Folders of which nothing was told yet: they are not watched yet, or cannot be."""
        self._closed = False

    def start(self) -> None:
        """Watch what is listed from now on; once is enough."""
        with self._lock:
            if self._watcher is not None or self._closed:
                return
            from app.disk.watcher import Watcher  # noqa: PLC0415 - the command line watches nothing

            settings, listed = self._settings(), self._listed()
            self._to_begin = set(listed)
            self._watcher = Watcher(
                listed,
                self._on_change,
                settle=settings.settle,
                rescan_every=settings.rescan_every,
                exclude=Exclusion(settings.exclude),
            )
            self._watched = frozenset(listed)

    @property
    def has_begun(self) -> bool:
        """Whether every folder that was listed at the start is watched, and was told of as changed since."""
        return self._watcher is not None and not self._to_begin

    def follow(self) -> None:
        """Watch what the library lists now; of several that change it, who comes last reads the last list."""
        with self._lock:
            watcher = self._watcher
            if watcher is None:
                return
            listed = self._listed()
            for path in self._watched.difference(listed):
                watcher.remove(path)
            for path in listed:
                if path not in self._watched:
                    watcher.add(path)
            self._watched = frozenset(listed)

    def exclude(self, exclusion: Exclusion) -> None:
        """Pass over other files than before."""
        watcher = self._watcher
        if watcher is not None:
            watcher.exclude(exclusion)

    def set_times(self, *, settle: float, rescan_every: float) -> None:
        """Wait so many seconds for a file to come to rest, and so many between two full rescans."""
        watcher = self._watcher
        if watcher is not None:
            watcher.set_times(settle=settle, rescan_every=rescan_every)

    def troubles(self) -> list[tuple[str, str]]:
        """What is watched less well than it should be: sentences, and what they mean."""
        watcher = self._watcher
        if watcher is None:
            return []
        every = f"Changes in it are noticed within {self._settings().rescan_every / 60:.0f} minutes."
        there = {folder.path for folder in self._catalogue.watched() if folder.online}
        found = [(sentence, every) for folder, sentence in watcher.unwatched.items() if folder in there]
        if watcher.problem:
            found.append((watcher.problem, "Watching goes on; the log has the details."))
        return found

    def close(self) -> None:
        """Watch no more."""
        with self._lock:
            self._closed = True
            watcher, self._watcher = self._watcher, None
        if watcher is not None:
            watcher.close()

    def _listed(self) -> list[Path]:
        return [folder.path for folder in self._catalogue.watched()]

    def _on_change(self, path: Path) -> None:
        try:
            changed = [folder.id for folder in self._catalogue.watched() if folder.path == path]
        except LibraryError as error:  # watching goes on: a full or busy disk may be well again next time
            logger.warning("a change in a folder was not looked at: %s", error)
            return
        if changed:
            self._changed(changed)
        self._to_begin.discard(path)
