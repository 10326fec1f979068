"""Thumbnails for the grid: loaded and decoded off the GUI thread, kept in a bounded cache."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Container
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from app.ui.background.operations import Operations
from app.ui.widgets.framed_picture import framed, warm_up

if TYPE_CHECKING:
    from app.open_library import OpenLibrary

KEPT = 240
"""Decoded thumbnails kept (about 120 MB at 480 × 270 × 4 bytes)."""
AT_ONCE = 2
FADE_SECONDS = 0.12
FADE_STEP_MS = 16


class Thumbnails(QObject):
    """Pictures by frame id. `picture` answers at once: None until it is there; then `arrived` follows."""

    arrived = Signal(int)
    """Frame id."""
    faded = Signal(object)
    """Set of the ids of frames that are fading in, and have changed their opacity."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: OpenLibrary | None = None
        self._kept: OrderedDict[int, QPixmap] = OrderedDict()
        self._waiting: list[int] = []
        self._loading: set[int] = set()
        self._absent: set[int] = set()
        self._born: dict[int, float] = {}
        self._fade = QTimer(self, interval=FADE_STEP_MS)
        self._fade.timeout.connect(self._on_fade)
        warm_up()

    def set_session(self, session: OpenLibrary) -> None:
        self._session = session

    def stop(self) -> None:
        """Load nothing more."""
        self._session = None
        self._waiting.clear()
        self._fade.stop()

    def forget_waiting(self) -> None:
        """The wanted pictures have changed: drop requests that no worker has begun."""
        self._waiting.clear()
        self._absent.clear()

    def keep_waiting(self, frames: Container[int]) -> None:
        """Only these are wanted by now: drop other requests that no worker has begun."""
        self._waiting = [frame for frame in self._waiting if frame in frames]

    def picture(self, frame: int) -> QPixmap | None:
        """The frame's picture, `FRAME` large, or None while it is being loaded."""
        if frame in self._kept:
            self._kept.move_to_end(frame)
            return self._kept[frame]
        if frame not in self._loading and frame not in self._waiting and frame not in self._absent:
            self._waiting.append(frame)
            self._load_next()
        return None

    def opacity(self, frame: int) -> float:
        """0..1: a picture fades in when it arrives."""
        born = self._born.get(frame)
        return 1.0 if born is None else min((monotonic() - born) / FADE_SECONDS, 1.0)

    def _load_next(self) -> None:
        session = self._session
        while session is not None and self._waiting and len(self._loading) < AT_ONCE:
            self._load(session, self._waiting.pop(0))

    def _load(self, session: OpenLibrary, frame: int) -> None:
        self._loading.add(frame)
        operation = self._operations.run("thumbnail", lambda: framed(session.thumbnail(frame)))
        operation.finished.connect(lambda image: self._on_loaded(frame, image))
        operation.failed.connect(lambda *_: self._on_loaded(frame, None))

    def _on_loaded(self, frame: int, image: QImage | None) -> None:
        self._loading.discard(frame)
        if image is None:
            self._absent.add(frame)
        else:
            self._kept[frame] = QPixmap.fromImage(image)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
            if self._session is not None:
                self._born[frame] = monotonic()
                self._fade.start()
                self.arrived.emit(frame)
        self._load_next()

    def _on_fade(self) -> None:
        now, fading = monotonic(), frozenset(self._born)
        self._born = {frame: born for frame, born in self._born.items() if now - born < FADE_SECONDS}
        if not self._born:
            self._fade.stop()
        self.faded.emit(fading)
