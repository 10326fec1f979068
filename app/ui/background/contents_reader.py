"""Keeps what the window shows of the library up to date: reads what a change touched, and nothing else."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from app.catalogue.deltas import EVERYTHING, Delta
from app.catalogue.records import ProblemVideos
from app.ui.background.operations import Operations
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.widgets.font_lookup import find_fonts
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.open_library import OpenLibrary

REFRESH_MS = 400
"""At most this often is read again what changes keep touching while indexing."""
REST = 20
"""Where reading takes long, that many times as long is waited before the next, up to `ELSEWHERE_MS`."""
ELSEWHERE_MS = 3000
"""How often is read what nobody tells: the counts while videos wait and this window does not index (another
Reelfind may), whether the indexer is still at work, and everything where reading it failed."""
PROBLEMS_READ = 50
"""Videos of one kind of problem that are read; of the others the number is enough."""


@dataclass(frozen=True, slots=True)
class _Reading:
    contents: LibrarySnapshot
    problems: ProblemVideos | None
    """None where the list was not read."""
    took: float
    """Seconds."""


class ContentsReader(QObject):
    """Follows an open library. What changed is gathered, and read off the GUI thread."""

    contents = Signal(object)
    """LibrarySnapshot, whenever they may have changed."""
    problems = Signal(object)
    """ProblemVideos, where they are wanted and may have changed; `contents` follows at once."""
    findable = Signal()
    """From now on a search can give other answers."""
    failed = Signal(str, str)
    """Sentence and advice."""
    _wake = Signal()

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: OpenLibrary | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self._contents: LibrarySnapshot | None = None
        self._told: deque[Delta] = deque()
        """As commits tell them, from any thread."""
        self._delta = EVERYTHING
        """What changed since the last reading."""
        self._problems_wanted = False
        self._problems_due = False
        self._reading = False
        self._again = False
        self._complaint = ("", "")
        """Of the last reading, where it failed: it is said once."""
        self._wake.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self._later = QTimer(self, singleShot=True, interval=REFRESH_MS)
        self._later.timeout.connect(self.read)
        self._elsewhere = QTimer(self, singleShot=True, interval=ELSEWHERE_MS)
        self._elsewhere.timeout.connect(self._read_untold)

    def open(self, session: OpenLibrary) -> None:
        """Read all of a library that was just opened, and follow it from now on."""
        self._session = session
        self._unsubscribe = session.catalogue.subscribe(self._receive)
        self.read()

    def close(self) -> None:
        """Read nothing more."""
        self._unsubscribe()
        self._session = None
        self._later.stop()
        self._elsewhere.stop()

    def want_problems(self, wanted: bool) -> None:
        """Whether the list of problems is on view: only then is it read."""
        if wanted and not self._problems_wanted:
            self._problems_due = True
            self._problems_wanted = True
            self.read()
        self._problems_wanted = wanted

    def soon(self) -> None:
        """Read again what may have changed, unless that was done a moment ago; then in a moment."""
        if self._session is not None and not self._later.isActive():
            self._later.start()

    def read(self) -> None:
        """Read again what may have changed."""
        session = self._session
        if session is None:
            return
        if self._reading:
            self._again = True
            return
        self._reading = True
        self._later.stop()
        before, (delta, self._delta) = self._contents, (self._delta, Delta())
        lists = self._problems_wanted and (self._problems_due or delta.problems)
        self._problems_due = (self._problems_due or delta.problems) and not lists
        reading = self._operations.run("read contents", lambda: _read(session, before, delta, lists))
        reading.finished.connect(lambda read: self._on_read(read, delta))
        reading.failed.connect(self._on_failed)

    def _receive(self, delta: Delta) -> None:
        """Called on any thread."""
        self._told.append(delta)
        self._wake.emit()

    def _on_told(self) -> None:
        if not self._told:
            return
        while self._told:
            self._delta |= self._told.popleft()
        self.soon()

    def _read_untold(self) -> None:
        if self._contents is not None and not self._contents.scanning:
            self._delta |= Delta(None, problems=True)
        self.read()

    def _on_read(self, reading: _Reading, delta: Delta) -> None:
        self._reading = False
        if self._session is None:
            return
        self._complaint = ("", "")
        before, self._contents = self._contents, reading.contents
        rest = round(1000 * REST * reading.took)
        self._later.setInterval(min(max(REFRESH_MS, rest), ELSEWHERE_MS))
        if reading.problems is not None:
            self.problems.emit(reading.problems)
        self.contents.emit(reading.contents)
        if before is not None and (delta.findable or before.findable != reading.contents.findable):
            self.findable.emit()
        if reading.contents.pending or reading.contents.scanning:  # its last event comes before its end
            self._elsewhere.start()
        if self._again:
            self._again = False
            self.read()

    def _on_failed(self, sentence: str, advice: str) -> None:
        self._reading = False
        self._delta = EVERYTHING
        if self._session is None:
            return
        self._elsewhere.start()
        if (sentence, advice) != self._complaint:
            self._complaint = (sentence, advice)
            self.failed.emit(sentence, advice)


def _read(session: OpenLibrary, before: LibrarySnapshot | None, delta: Delta, lists: bool) -> _Reading:
    started = time.perf_counter()
    contents = LibrarySnapshot.of(session) if before is None else before.after(delta, session)
    problems = session.catalogue.problems(PROBLEMS_READ) if lists else None
    find_fonts(fmt.full_path(folder.path) for folder in contents.folders)
    return _Reading(contents, problems, time.perf_counter() - started)
