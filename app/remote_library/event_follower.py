"""Follows what happens on a server, and whether it is there: asks again for as long as it is not."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from app.catalogue.deltas import Delta
from app.connecting.http_transport import EndlessAnswer
from app.remote_library.answer_fields import AnswerError, Fields
from app.remote_library.server_client import ServerClient
from app.remote_library.server_errors import ServerError

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a server that is away is asked again; twice as many after each failure."""
_MOST_LINE = 64 << 10
_LIVELY = 5.0
"""Seconds that a connection has to last before the next pause is a short one again."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One event, as far as it matters here."""

    delta: Delta | None = None
    indexing: bool | None = None
    """Whether the server indexes now; None where that is not said."""


class EventFollower:
    """A thread of its own.

    Args:
        client: asks the server.
        came: called on that thread when the server is there, or there again, before anything it says.
        went: called on that thread when it is not, with the reason.
        happened: called on that thread with every event.
    """

    def __init__(
        self,
        client: ServerClient,
        *,
        came: Callable[[], None],
        went: Callable[[ServerError], None],
        happened: Callable[[Happening], None],
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        self._client, self._came, self._went, self._happened = client, came, went, happened
        self._first_pause = first_pause
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._answer: EndlessAnswer | None = None
        self._thread = threading.Thread(target=self._run, name="server events", daemon=True)

    def start(self) -> None:
        """Follow from now on."""
        self._thread.start()

    def close(self) -> None:
        """Follow no more; returns once nothing is called any more, or after a request's time."""
        self._closing.set()
        with self._lock:
            if self._answer is not None:
                self._answer.abort()
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)

    def _run(self) -> None:
        pause = self._first_pause
        while not self._closing.is_set():
            began = time.monotonic()
            try:
                self._follow()
            except ServerError as error:
                if self._closing.is_set():
                    return
                logger.info("the server is away: %s", error)
                self._went(error)
            except Exception:
                logger.exception("following a server failed")
            if time.monotonic() - began > _LIVELY:
                pause = self._first_pause
            self._closing.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)

    def _follow(self) -> None:
        """Read events until the connection ends. Raises ServerError."""
        self._client.status()  # first of all it has to be a server of our kind
        with self._client.events() as answer:
            with self._lock:
                self._answer = answer
                if self._closing.is_set():
                    answer.abort()
            try:
                self._came()
                parser = EventParser(self._happened)
                for piece in answer.pieces():
                    parser.feed(piece)
                    if self._closing.is_set():
                        return
            finally:
                with self._lock:
                    self._answer = None


class EventParser:
    """Reads `text/event-stream`; what makes no sense is passed over.

    Args:
        happened: called with every event.
    """

    def __init__(self, happened: Callable[[Happening], None]) -> None:
        self._happened = happened
        self._rest = bytearray()
        self._skipping = False
        """Whether the line that goes on is longer than any that makes sense."""
        self._kind = ""
        self._data: list[bytes] = []

    def feed(self, piece: bytes) -> None:
        """Take in what came."""
        *lines, rest = (bytes(self._rest) + piece).split(b"\n")
        for line in lines:
            if not self._skipping:
                self._take(line.rstrip(b"\r"))
            self._skipping = False
        if len(rest) > _MOST_LINE:
            self._skipping, rest = True, b""
        self._rest = bytearray(rest)

    def _take(self, line: bytes) -> None:
        if not line:
            kind, data = self._kind, b"\n".join(self._data)
            self._kind, self._data = "", []
            if kind:
                with suppress(AnswerError):
                    self._tell(kind, Fields.of(data))
        elif line.startswith(b"event:"):
            self._kind = line[6:].strip().decode("ascii", "replace")
        elif line.startswith(b"data:") and sum(map(len, self._data)) < _MOST_LINE:
            self._data.append(line[5:].strip())

    def _tell(self, kind: str, fields: Fields) -> None:
        match kind:
            case "changed":
                delta = Delta(
                    None if fields.flag("folders") else frozenset(),
                    findable=fields.flag("findable"),
                    kept=fields.flag("kept"),
                )
                self._happened(Happening(delta))
            case "indexing":
                self._happened(Happening(indexing=fields.flag("running")))
            case "model":
                self._happened(Happening(Delta(findable=True)))
