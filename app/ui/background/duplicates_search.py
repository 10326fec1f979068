"""Looks for videos that share content off the GUI thread, with the frame to show of each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.ui.background.operations import Operations

if TYPE_CHECKING:
    from app.engines.duplicate_finder import Duplicate
    from app.session import Session

_INTO = 1 / 3
"""Where in a video its picture is from."""


@dataclass(frozen=True, slots=True)
class ShownDuplicate:
    """One video of a group."""

    duplicate: Duplicate
    frame_id: int
    """Of its picture; 0 where there is none."""


Groups = tuple[tuple[ShownDuplicate, ...], ...]


class DuplicatesSearch(QObject):
    """One look at a time."""

    progressed = Signal(float)
    """0..1."""
    found = Signal(object)
    """`Groups`, those of most videos first."""
    stopped = Signal()
    failed = Signal(str, str)
    """Sentence and advice."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._stop: threading.Event | None = None

    @property
    def running(self) -> bool:
        return self._stop is not None

    def start(self, session: Session) -> None:
        """Look, unless it is being looked already."""
        if self._stop is not None:
            return
        stop = self._stop = threading.Event()
        looking = self._operations.run_with_progress(
            "look for duplicates", lambda progress: _look(session, progress, stop.is_set)
        )
        looking.progress.connect(self.progressed.emit)
        looking.finished.connect(self._on_found)
        looking.failed.connect(self._on_failed)
        looking.cancelled.connect(self._on_cancelled)

    def stop(self) -> None:
        """End it soon; `stopped` follows."""
        if self._stop is not None:
            self._stop.set()

    def _on_found(self, groups: Groups) -> None:
        self._stop = None
        self.found.emit(groups)

    def _on_failed(self, sentence: str, advice: str) -> None:
        was_asked = self._stop is not None and self._stop.is_set()
        self._stop = None
        if was_asked:
            self.stopped.emit()
        else:
            self.failed.emit(sentence, advice)

    def _on_cancelled(self) -> None:
        self._stop = None
        self.stopped.emit()


def _look(session: Session, progress: Callable[[object], None], stop: Callable[[], bool]) -> Groups:
    groups = session.duplicates(progress, stop)
    videos = [each.video for group in groups for each in group.videos]
    wanted = [(video.id, _INTO * video.facts.duration if video.facts else 0.0) for video in videos]
    frames = session.catalogue.frames_near(wanted)
    ids = {video.id: 0 if frame is None else frame.id for video, frame in zip(videos, frames, strict=True)}
    return tuple(tuple(ShownDuplicate(each, ids[each.video.id]) for each in group.videos) for group in groups)
