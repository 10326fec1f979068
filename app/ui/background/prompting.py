"""What helps to ask, read off the GUI thread: how a query goes on, what filters can be, examples."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.query.completion import Completion, completions
from app.ui.background.latest_reading import LatestReading
from app.ui.background.operations import Operation, Operations

if TYPE_CHECKING:
    from app.open_library import OpenLibrary


class Prompting(QObject):
    """Answers about the open library. Of several questions of a kind only the last is answered."""

    completed = Signal(str, object)
    """What was typed, and how its last word may go on: a list of `Completion`."""
    values = Signal(object)
    """LibraryValues."""
    examples = Signal(object)
    """Queries that find something, a tuple of texts."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: OpenLibrary | None = None
        self._typed: str | None = None
        """What waits to be completed."""
        self._completing = False
        self._looking = False
        self._values = LatestReading(self._read_values, self)
        self._values.arrived.connect(self.values)
        self._stopped = threading.Event()

    def set_session(self, session: OpenLibrary) -> None:
        """From now on there is a library to ask."""
        self._session = session

    def stop(self) -> None:
        """Ask nothing more, and end what takes long."""
        self._stopped.set()
        self._session = None

    def complete(self, typed: str) -> None:
        """Find how the last word of a text may go on."""
        self._typed = typed
        if not self._completing:
            self._complete()

    def read_values(self) -> None:
        """Find what the filters can be set to."""
        self._values.read()

    def look_for_examples(self) -> None:
        """Find queries that find something; nothing where that is being done."""
        session = self._session
        if session is None or self._looking:
            return
        self._looking = True
        looking = self._operations.run(
            "examples", lambda: session.prompts.examples.find(self._stopped.is_set)
        )
        looking.finished.connect(self._on_examples)
        looking.failed.connect(lambda *_: self._on_examples(()))
        looking.cancelled.connect(lambda: self._on_examples(()))

    def _read_values(self) -> Operation | None:
        session = self._session
        return None if session is None else self._operations.run("values of filters", session.prompts.values)

    def _complete(self) -> None:
        typed, self._typed = self._typed, None
        session = self._session
        if typed is None or self._stopped.is_set():
            return
        self._completing = True
        completing = self._operations.run("complete", lambda: _completions(session, typed))
        completing.finished.connect(lambda found: self._on_completed(typed, found))
        completing.failed.connect(lambda *_: self._on_completed(typed, []))

    def _on_completed(self, typed: str, found: list[Completion]) -> None:
        self._completing = False
        if self._typed is None:
            self.completed.emit(typed, found)
        else:
            self._complete()

    def _on_examples(self, found: tuple[str, ...]) -> None:
        self._looking = False
        if self._session is not None:
            self.examples.emit(found)


def _completions(session: OpenLibrary | None, typed: str) -> list[Completion]:
    return completions(typed, {}) if session is None else session.prompts.completions(typed)
