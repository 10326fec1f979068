"""Keeps what the window shows of what people keep up to date: reads it where a commit says so.

What is new to saved searches is counted where an answer can be another one.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.catalogue.deltas import Delta
from app.ui.background.kept_marks import KeptSnapshot
from app.ui.background.latest_reading import LatestReading
from app.ui.background.operations import Operation, Operations

if TYPE_CHECKING:
    from app.keeping.keeping import NewMatches
    from app.open_library import OpenLibrary

COUNT_MS = 20_000
"""At most this often is counted what is new to saved searches while videos are being indexed."""
SOON_MS = 1000
"""So long is waited for more changes before that is counted the first time."""


class KeptReader(QObject):
    """Follows what is kept in an open library."""

    changed = Signal(object)
    """KeptSnapshot."""
    failed = Signal(str, str)
    """Sentence and advice."""
    _wake = Signal(bool, bool)

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: OpenLibrary | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self.snapshot = KeptSnapshot()
        """The last that was read."""
        self._new: Mapping[str, int] = {}
        self._reading = LatestReading(self._start, self)
        self._reading.arrived.connect(self._on_read)
        self._reading.failed.connect(self._on_failed)
        self._counting = self._can_search = False
        self._counted_at = float("-inf")
        self._count_soon = QTimer(self, singleShot=True)
        self._count_soon.timeout.connect(self._count)
        self._wake.connect(self._on_told, Qt.ConnectionType.QueuedConnection)

    def open(self, session: OpenLibrary) -> None:
        """Read what is kept in a library that was just opened, and follow it from now on."""
        self._session = session
        self._unsubscribe = session.catalogue.subscribe(self._receive)
        self.read()

    def allow_searches(self) -> None:
        """The model is loaded: what is new to saved searches can be counted."""
        self._can_search = True
        self._count()

    def close(self) -> None:
        """Read nothing more."""
        self._unsubscribe()
        self._session = None
        self._count_soon.stop()

    def read(self) -> None:
        """Read again what is kept."""
        self._reading.read()

    def _start(self) -> Operation | None:
        session, new = self._session, self._new
        if session is None:
            return None
        return self._operations.run("read what is kept", lambda: KeptSnapshot.of(session, new))

    def _receive(self, delta: Delta) -> None:
        """Called on any thread."""
        if delta.kept or delta.findable:
            self._wake.emit(delta.kept, delta.findable)

    def _on_told(self, kept: bool, findable: bool) -> None:
        if kept:
            self.read()
        if findable and self._session is not None and not self._count_soon.isActive():
            rest = COUNT_MS - 1000 * (time.monotonic() - self._counted_at)
            self._count_soon.start(round(max(rest, SOON_MS)))

    def _on_read(self, snapshot: KeptSnapshot) -> None:
        if self._session is None:
            return
        before, self.snapshot = self.snapshot, replace(snapshot, new=self._new)
        self.changed.emit(self.snapshot)
        if before.searches != snapshot.searches or any(self._new.values()):
            self._count()

    def _on_failed(self, sentence: str, advice: str) -> None:
        if self._session is not None:
            self.failed.emit(sentence, advice)

    def _count(self) -> None:
        session = self._session
        if session is None or not self._can_search or self._counting or not self.snapshot.searches:
            return
        self._counting = True
        self._counted_at = time.monotonic()
        self._count_soon.stop()
        counting = self._operations.run("count new matches", session.kept.new_matches)
        counting.finished.connect(self._on_counted)
        counting.failed.connect(lambda *_: self._on_counted([]))

    def _on_counted(self, found: list[NewMatches]) -> None:
        self._counting = False
        new = {each.search.name: each.count for each in found}
        if self._session is None or new == self._new:
            return
        self._new = new
        self.snapshot = replace(self.snapshot, new=new)
        self.changed.emit(self.snapshot)
