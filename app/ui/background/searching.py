"""Searching while typing: waits for a pause, runs one search at a time, drops answers that came too late.

While the library grows, what was answered is searched again behind the answer on view.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.catalogue.records import Presence
from app.query.query_error import QueryError
from app.search.outcome import SearchOutcome
from app.ui.background.operations import Operations
from app.ui.widgets.font_lookup import find_fonts
from app.ui.wording import formatting as fmt

if TYPE_CHECKING:
    from app.open_library import OpenLibrary

PAUSE_MS = 250
"""Rest after the last key before a search starts."""
FIRST = 200
"""Moments of the first answer: searching for so many costs hardly more than for a screenful."""
FURTHER = 5
"""So many times as many are searched for where a person looks further."""
MOST = 10_000
RENEWED = 1000
"""Of an answer so many moments at most are searched for again while the library changes: new ones further
behind wait, and what is shown stays whether it is among them or not."""
RENEW_MS = 2000
"""At most this often is the same searched again because the library has changed."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing to search for."""

    text: str
    folder: Path | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a query is not searched for."""

    sentence: str
    advice: str
    at: int
    """Where in its text, in characters."""


@dataclass(frozen=True, slots=True)
class Renewal:
    """What the same search gives now that the library has changed."""

    outcome: SearchOutcome
    presence: Mapping[int, Presence]
    """Where the files of the videos are that answers so far showed; one that left the library is `GONE`."""


class Searching(QObject):
    """Turns typed text into outcomes. While one search runs, of later ones only the last is kept."""

    busy = Signal(bool)
    found = Signal(object)
    """SearchOutcome of what is wanted now."""
    extended = Signal(object)
    """SearchOutcome: the last `found`, with more moments behind it."""
    renewed = Signal(object)
    """Renewal of the last `found`."""
    answered = Signal(str)
    """A text was answered that a person searched for, and did not only type."""
    cleared = Signal()
    """The text became empty."""
    failed = Signal(str, str)
    refused = Signal(int)
    """Where in the text it is that `failed` is about."""

    def __init__(self, operations: Operations, parent: QObject) -> None:
        super().__init__(parent)
        self._operations = operations
        self._session: OpenLibrary | None = None
        self._wanted = Wanted("", None)
        self._running: Wanted | None = None
        self._answered: Wanted | None = None
        self._meant: Wanted | None = None
        """What a person asked for by more than typing."""
        self._again = False
        """Whether what runs has to be asked once more: the answer will be another one."""
        self._seen: frozenset[int] = frozenset()
        """Ids of the videos in the answers to what is wanted."""
        self._limit = FIRST
        """Moments at most in the answer to what is wanted."""
        self._complete = True
        """Whether it holds all there are."""
        self._outdated = False
        """Whether the library has changed since the answer."""
        self._renewed_at = float("-inf")
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._start)
        self._calm = QTimer(self, singleShot=True)
        self._calm.timeout.connect(self._renew)

    @property
    def text(self) -> str:
        return self._wanted.text

    @property
    def wanted(self) -> Wanted:
        """What is searched for."""
        return self._wanted

    def set_session(self, session: OpenLibrary) -> None:
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
        """Don't wait for the pause. What failed is tried again; what was answered is not asked again."""
        self._meant = self._wanted
        if self._wanted == self._answered:
            self._tell_answered()
        self._start()

    def try_again(self) -> None:
        """What failed may succeed now: ask it again; what was answered stays."""
        self._start()

    def repeat(self) -> None:
        """Search the same again: from now on it is answered in another way."""
        self._answered = None
        self._again = self._running is not None
        self._start()

    def want_more(self, everything: bool = False) -> None:
        """Somebody looks at the end of the answer: search for more, or for all there is."""
        session, wanted = self._session, self._wanted
        if session is None or wanted != self._answered or self._running is not None or self._complete:
            return
        limit = MOST if everything else min(FURTHER * self._limit, MOST)
        self._running = wanted
        operation = self._operations.run("search on", lambda: _search(session, wanted, limit))
        operation.finished.connect(lambda outcome: self._on_extended(outcome, limit))
        operation.failed.connect(lambda *_: self._end_renewal())

    def look_again(self) -> None:
        """The library has changed: search the same again in a while, and leave the answer on view alone."""
        self._outdated = True
        if self._session is not None and not self._calm.isActive():
            rest = RENEW_MS - 1000 * (time.monotonic() - self._renewed_at)
            self._calm.start(round(max(0.0, rest)))

    def stop(self) -> None:
        """Start nothing more and forget what runs."""
        self._pause.stop()
        self._calm.stop()
        self._session = None

    def _start(self) -> None:
        self._pause.stop()
        session, wanted = self._session, self._wanted
        if session is None or not wanted.text or wanted == self._answered or self._running is not None:
            return
        self._running, self._again, self._outdated = wanted, False, False
        self.busy.emit(True)
        operation = self._operations.run("search", lambda: _answer(session, wanted))
        operation.finished.connect(self._on_finished)
        operation.failed.connect(self._on_failed)

    def _on_finished(self, outcome: SearchOutcome | Refusal) -> None:
        if isinstance(outcome, Refusal):
            if self._settle(answered=False):
                self.failed.emit(outcome.sentence, outcome.advice)
                self.refused.emit(outcome.at)
            return
        if self._settle(answered=True):
            self._limit, self._complete = FIRST, len(outcome.moments) < FIRST
            self._seen = frozenset(moment.video_id for moment in outcome.moments)
            self.found.emit(outcome)
            self._tell_answered()
            if self._outdated:
                self.look_again()

    def _tell_answered(self) -> None:
        meant, self._meant = self._meant, None
        if meant is not None and meant == self._answered:
            self.answered.emit(meant.text)

    def _on_failed(self, sentence: str, advice: str) -> None:
        if self._settle(answered=False):
            self.failed.emit(sentence, advice)

    def _settle(self, *, answered: bool) -> bool:
        """Whether the answer that just came is still wanted; starts the next search where it is not."""
        ran, self._running = self._running, None
        if self._session is None:
            return False
        if ran == self._wanted and not self._again:
            self._answered = ran if answered else None
            self.busy.emit(False)
            return True
        self._go_on()
        return False

    def _go_on(self) -> None:
        if not self._pause.isActive():
            self._start()

    def _renew(self) -> None:
        session, wanted, seen = self._session, self._wanted, self._seen
        limit = min(self._limit, RENEWED)
        if session is None or wanted != self._answered or self._running is not None:
            return  # it is, or will be, searched anyway
        self._running, self._outdated = wanted, False
        self._renewed_at = time.monotonic()
        operation = self._operations.run("search again", lambda: _renewal(session, wanted, limit, seen))
        operation.finished.connect(self._on_renewed)
        operation.failed.connect(lambda *_: self._end_renewal())  # whoever asks next is told

    def _on_extended(self, outcome: SearchOutcome, limit: int) -> None:
        if self._end_renewal():
            self._limit, self._complete = limit, limit == MOST or len(outcome.moments) < limit
            self._seen |= {moment.video_id for moment in outcome.moments}
            self.extended.emit(outcome)

    def _on_renewed(self, renewal: Renewal) -> None:
        if self._end_renewal():
            self._seen |= {moment.video_id for moment in renewal.outcome.moments}
            self.renewed.emit(renewal)

    def _end_renewal(self) -> bool:
        """Whether the answer on view is still the one to what is wanted."""
        ran, self._running = self._running, None
        if self._session is None:
            return False
        if ran != self._wanted or ran != self._answered:
            self._go_on()
            return False
        if self._outdated:
            self.look_again()
        return True


def _answer(session: OpenLibrary, wanted: Wanted) -> SearchOutcome | Refusal:
    try:
        return _search(session, wanted, FIRST)
    except QueryError as error:
        return Refusal(error.sentence, error.advice, error.at)


def _search(session: OpenLibrary, wanted: Wanted, limit: int) -> SearchOutcome:
    outcome = session.search(wanted.text, folder=wanted.folder, limit=limit)
    find_fonts(fmt.full_path(moment.path) for moment in outcome.moments)
    return outcome


def _renewal(session: OpenLibrary, wanted: Wanted, limit: int, seen: Collection[int]) -> Renewal:
    outcome = _search(session, wanted, limit)
    return Renewal(outcome, session.presences(seen))
