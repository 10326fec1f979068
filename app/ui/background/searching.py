"""Searching while typing: waits for a pause, runs one search at a time, drops answers that came too late."""

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from app.search.outcome import SearchOutcome
from app.session import Session
from app.ui.background.operations import Operations

PAUSE_MS = 250
"""Rest after the last key before a search starts."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing to search for."""

    text: str
    folder: Path | None


class Searching(QObject):
    """Turns typed text into outcomes. While one search runs, of later ones only the last is kept."""

    busy = Signal(bool)
    found = Signal(object)
    """SearchOutcome of what is wanted now."""
    cleared = Signal()
    """The text became empty."""
    failed = Signal(str, str)

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: Session | None = None
        self._wanted = Wanted("", None)
        self._running: Wanted | None = None
        self._answered: Wanted | None = None
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._start)

    @property
    def text(self) -> str:
        return self._wanted.text

    @property
    def wanted(self) -> Wanted:
        """What is searched for."""
        return self._wanted

    def set_session(self, session: Session) -> None:
        """From now on there is something to search; text typed earlier is searched at once."""
        self._session = session
        self._start()

    def set_text(self, text: str) -> None:
        """The text as typed so far."""
        self._wanted = Wanted(text.strip(), self._wanted.folder)
        if self._wanted.text:
            self._pause.start()
        else:
            self._pause.stop()
            self._answered = None
            self.busy.emit(False)
            self.cleared.emit()

    def set_folder(self, folder: Path | None) -> None:
        """Limit the search to one folder, or to none."""
        self._wanted = Wanted(self._wanted.text, folder)
        self._start()

    def search_now(self) -> None:
        """Don't wait for the pause."""
        self._start()

    def repeat(self) -> None:
        """Search the same again: the library has grown."""
        self._answered = None
        self._start()

    def stop(self) -> None:
        """Start nothing more and forget what runs."""
        self._pause.stop()
        self._session = None

    def _start(self) -> None:
        self._pause.stop()
        session, wanted = self._session, self._wanted
        if session is None or not wanted.text or wanted == self._answered or self._running is not None:
            return
        self._running = wanted
        self.busy.emit(True)
        operation = self._operations.run("search", lambda: session.search(wanted.text, folder=wanted.folder))
        operation.finished.connect(self._on_finished)
        operation.failed.connect(self._on_failed)

    def _on_finished(self, outcome: SearchOutcome) -> None:
        if self._settle():
            self.found.emit(outcome)

    def _on_failed(self, sentence: str, advice: str) -> None:
        if self._settle():
            self.failed.emit(sentence, advice)

    def _settle(self) -> bool:
        """Whether the answer that just came is still wanted; starts the next search where it is not."""
        ran, self._running = self._running, None
        if self._session is None:
            return False
        if ran == self._wanted:
            self._answered = ran
            self.busy.emit(False)
            return True
        if not self._pause.isActive():
            self._start()
        return False
