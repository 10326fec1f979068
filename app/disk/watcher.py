"""Watching folders: says when something has come to rest in one of them."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from app.disk.debounce import Debounce
from app.disk.folder_watches import FolderWatches
from app.disk.formats import is_ambiguous, is_video
from app.disk.scanner import is_skipped_folder, is_video_name
from app.media.subtitles.sidecars import is_subtitle_name
from app.settings import Exclusion

logger = logging.getLogger(__name__)

_AFTER_FAILURE = 1.0
"""Seconds of rest after an error of ours."""

_LOOK_EVERY = 15.0
"""Seconds between two looks at whether each folder is still there, or there again."""


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
class _Exclude:
    exclusion: Exclusion


@dataclass(frozen=True, slots=True)
class _Times:
    settle: float
    rescan_every: float


_Message = _Happened | _Add | _Remove | _Exclude | _Times | _Close


class Watcher:
    """Calls `on_change(folder)` when a folder's videos should be looked at again.

    That is: when the folder begins to be watched (or is there again, or gone), when a file or folder in it
    came, went or changed and has been left alone for `settle` seconds, and every `rescan_every` seconds in
    any case. Where the system cannot watch (no such folder now, no more inotify watches, a network share
    that sends no events), the last of these remains; `unwatched` says where and why. What links in a folder
    lead to is watched like the rest of it.

    One thread owns everything; the methods only leave it a message. No error ends it: what goes wrong is
    logged and told by `problem`, and what died is started again.
    """

    def __init__(
        self,
        folders: Iterable[Path],
        on_change: Callable[[Path], None],
        *,
        settle: float = 2.0,
        rescan_every: float = 900.0,
        exclude: Exclusion | None = None,
    ) -> None:
        """Start watching.

        Args:
            folders: absolute paths, as `Folder.path` has them.
            on_change: called from the watcher's own thread with one of `folders`; must not call `close`.
            settle: seconds a file must be left alone before it counts.
            rescan_every: seconds between two looks at everything.
            exclude: what is passed over besides.
        """
        self._on_change = on_change
        self._rescan_every = rescan_every
        self._look_every = min(_LOOK_EVERY, rescan_every)
        self._inbox: queue.SimpleQueue[_Message] = queue.SimpleQueue()
        self._exclude = exclude or Exclusion()
        self._problem = ""
        self._restarts = 0
        self._closing = threading.Event()
        self._settling = Debounce(settle, _may_be_video)
        self._folders = FolderWatches(self.happened, self._note_failure)
        for folder in folders:
            self.add(folder)
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)
        self._thread.start()

    @property
    def unwatched(self) -> Mapping[Path, str]:
        """Folders that are only looked at every `rescan_every` seconds, each with the reason why."""
        return self._folders.unwatched

    @property
    def problem(self) -> str:
        """What went wrong last in the watcher itself, one sentence; empty where nothing did."""
        return self._problem

    @property
    def restarts(self) -> int:
        """How often something of the watcher failed or died and was started again."""
        return self._restarts

    def exclude(self, exclusion: Exclusion) -> None:
        """Pass over something else from now on."""
        self._inbox.put(_Exclude(exclusion))

    def set_times(self, *, settle: float, rescan_every: float) -> None:
        """Take other times from now on; see `__init__`."""
        self._inbox.put(_Times(settle, rescan_every))

    def add(self, folder: Path) -> None:
        """Watch one folder more."""
        self._inbox.put(_Add(folder))

    def remove(self, folder: Path) -> None:
        """Stop watching a folder."""
        self._inbox.put(_Remove(folder))

    def close(self) -> None:
        """Stop; returns when no thread of the watcher is left."""
        self._closing.set()
        self._inbox.put(_Close())
        self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _run(self) -> None:
        self._look_at = time.monotonic() + self._look_every
        self._rescan_at = time.monotonic() + self._rescan_every
        try:
            self._folders.start()
            while not self._closing.is_set():
                try:
                    self._turn()
                except Exception:
                    logger.exception("Watching the folders failed")
                    self._note_failure("Watching the folders failed because of an error in Reelfind.")
                    self._closing.wait(_AFTER_FAILURE)  # an error that comes each time must not take a core
        finally:
            self._folders.stop()

    def _turn(self) -> None:
        """Wait for what comes next, and do it."""
        due = self._settling.next_due()
        wake = min(self._look_at, self._rescan_at)
        wake = wake if due is None else min(due, wake)
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
        if now >= self._look_at:
            self._look_at = now + self._look_every
            changed += self._folders.look()
        if now >= self._rescan_at:
            self._rescan_at = now + self._rescan_every
            changed = list(self._folders)
        for folder in dict.fromkeys(changed):
            self._report(folder)

    def _report(self, folder: Path) -> None:
        """Say that a folder changed; the links in it may be others now, and are followed before."""
        try:
            self._folders.follow_links(folder, lambda path: self._is_excluded(path, folder))
            self._on_change(folder)
        except Exception:
            logger.exception("A change in %s was not followed", folder)
            self._note_failure(f"A change in {folder} was not followed because of an error in Reelfind.")

    def _note_failure(self, sentence: str) -> None:
        self._problem = sentence
        self._restarts += 1

    def _take(self, message: _Happened | _Add | _Remove | _Exclude | _Times) -> None:
        match message:
            case _Happened(path, folder):
                if folder in self._folders:
                    self._settling.note(path, folder, time.monotonic())
            case _Add(folder):
                if folder not in self._folders and self._folders.add(folder):
                    self._report(folder)  # for what happened before the watch was up
            case _Remove(folder):
                self._folders.remove(folder)
                self._settling.forget(folder)
            case _Times(settle, rescan_every):
                self._settling.settle = settle
                if rescan_every != self._rescan_every:
                    self._rescan_every, self._look_every = rescan_every, min(_LOOK_EVERY, rescan_every)
                    self._rescan_at = time.monotonic() + rescan_every
                    self._look_at = time.monotonic() + self._look_every
            case _Exclude(exclusion):
                self._exclude = exclusion
                for folder in self._folders:
                    self._report(folder)

    def _is_excluded(self, path: Path, folder: Path) -> bool:
        relative = str(path.relative_to(folder))
        return self._exclude.matches(relative, is_folder=True)

    def happened(self, path: Path, folder: Path, is_folder: bool) -> None:
        """Take note that something happened to a path; from any thread.

        Args:
            path: what it happened to.
            folder: the watched folder.
            is_folder: whether the path is (or was) a folder.
        """
        *parents, name = path.relative_to(folder).parts
        if any(is_skipped_folder(parent) for parent in parents) or self._excludes(path, folder, is_folder):
            return
        is_tree = is_folder or self._folders.is_link(path, folder)
        if (not is_skipped_folder(name)) if is_tree else _matters(name):
            self._inbox.put(_Happened(path, folder))

    def _excludes(self, path: Path, folder: Path, is_folder: bool) -> bool:
        if not self._exclude:
            return False
        relative = path.relative_to(folder)
        return self._exclude.matches(str(relative), is_folder=is_folder) or any(
            self._exclude.matches(str(parent), is_folder=True) for parent in relative.parents if parent.name
        )


def _matters(name: str) -> bool:
    """Whether a file of this name may be a video, or hold the subtitles of one."""
    return is_video_name(name) or is_subtitle_name(name)


def _may_be_video(path: Path) -> bool:
    """Whether a change of a path matters: not where its first bytes say that it is a text or a song."""
    return not is_ambiguous(path.name) or not path.is_file() or is_video(path)
