"""Saved and past searches, kept up to date off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from app.catalogue.deltas import Delta
from app.ui.background.latest_reading import LatestReading
from app.ui.background.operations import Operation, Operations

if TYPE_CHECKING:
    from app.open_library import OpenLibrary

MOST_PAST = 50
"""Past searches that are shown."""


@dataclass(frozen=True, slots=True)
class Searches:
    """What is remembered."""

    saved: tuple[tuple[str, str], ...] = ()
    """Names and queries, in order of names."""
    past: tuple[str, ...] = ()
    """Queries, newest first; none where the settings forget them."""

    def saved_as(self, query: str) -> str:
        """The name under which a query is saved; empty where it is not."""
        return next((name for name, saved in self.saved if saved == query), "")


class RememberedSearches(QObject):
    """Follows the open library, and changes what it remembers."""

    changed = Signal(object)
    """Searches."""
    failed = Signal(str, str)
    """Sentence and advice of what was asked for."""
    _wake = Signal()

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: OpenLibrary | None = None
        self._unsubscribe: Callable[[], None] = lambda: None
        self.current = Searches()
        self._reading = LatestReading(self._start, self)
        self._reading.arrived.connect(self._on_read)
        self._wake.connect(self.read, Qt.ConnectionType.QueuedConnection)

    def set_session(self, session: OpenLibrary) -> None:
        """Read what a library remembers, and follow it from now on."""
        self._session = session
        self._unsubscribe = session.catalogue.subscribe(self._receive)
        self.read()

    def stop(self) -> None:
        """Read nothing more."""
        self._unsubscribe()
        self._session = None

    def read(self) -> None:
        """Read it again."""
        self._reading.read()

    def remove(self, name: str) -> None:
        """Forget a saved search."""
        self._change("remove saved search", lambda session: session.catalogue.remove_search(name))

    def forget(self, query: str | None = None) -> None:
        """Forget one past search, all where None."""
        self._change("forget searches", lambda session: session.catalogue.forget_searches(query))

    def _change(self, name: str, change: Callable[[OpenLibrary], object]) -> None:
        session = self._session
        if session is not None:
            changing = self._operations.change(name, lambda: change(session))
            changing.failed.connect(self.failed)

    def _receive(self, delta: Delta) -> None:
        """Called on any thread."""
        if delta.kept:
            self._wake.emit()

    def _start(self) -> Operation | None:
        session = self._session
        return None if session is None else self._operations.run("read searches", lambda: _read(session))

    def _on_read(self, searches: Searches) -> None:
        if self._session is not None and searches != self.current:
            self.current = searches
            self.changed.emit(searches)


def _read(session: OpenLibrary) -> Searches:
    past = session.catalogue.past_searches(MOST_PAST) if session.keeps_history else []
    return Searches(
        tuple((saved.name, saved.query) for saved in session.catalogue.saved_searches()),
        tuple(search.query for search in past),
    )
