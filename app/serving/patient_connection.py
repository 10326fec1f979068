"""One connection of a client, which ends where the client says nothing, drips or does not read.

uvicorn closes a connection that is idle after an answer. It waits for ever for the rest of a request's head,
and for a client that does not read: each would hold a connection, and what answers it, until the client ends.
"""

import asyncio
import logging
from collections.abc import Callable

from uvicorn.protocols.http.h11_impl import H11Protocol

logger = logging.getLogger(__name__)

HEAD_SECONDS = 20.0
"""For the whole head of a request to arrive, from the connection or its first byte."""
STALLED_SECONDS = 60.0
"""In which a client has to read what waits for it: some tens of kilobytes."""
MOST_OF_ONE_ADDRESS = 64
"""Connections; a browser opens six."""


class PatientConnection(H11Protocol):
    """uvicorn's, with limits of time and of connections of one address."""

    head_seconds = HEAD_SECONDS
    stalled_seconds = STALLED_SECONDS
    most_of_one_address = MOST_OF_ONE_ADDRESS

    @property
    def address(self) -> str:
        """The client's number, without its port."""
        return self.client[0] if self.client else ""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, unless this address has many connections already."""
        super().connection_made(transport)
        self._head = _Deadline(self.loop, self.head_seconds, self._give_up)
        self._stall = _Deadline(self.loop, self.stalled_seconds, self._give_up)
        others = [each for each in self.connections if isinstance(each, PatientConnection)]
        same = sum(each.address == self.address for each in others)
        if same > self.most_of_one_address:
            self._give_up(f"has {same - 1} connections already")
            return
        self._head.start("sent no request")

    def connection_lost(self, exc: Exception | None) -> None:
        """End, and the timers too."""
        self._head.stop()
        self._stall.stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read, and see whether a request is whole as far as its head."""
        super().data_received(data)
        if self.transport.is_closing() or (self.cycle is not None and not self.cycle.response_complete):
            self._head.stop()
        else:
            self._head.start("sent half a request")

    def pause_writing(self) -> None:
        """The client reads more slowly than we write."""
        super().pause_writing()
        self._stall.start("does not read")

    def resume_writing(self) -> None:
        """The client has read."""
        self._stall.stop()
        super().resume_writing()

    def _give_up(self, why: str) -> None:
        logger.info("%s %s: the connection is ended", self.address, why)
        self.transport.abort()


class _Deadline:
    """Says when something took too long."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, seconds: float, missed: Callable[[str], None]
    ) -> None:
        """Not running yet."""
        self._loop, self._seconds, self._missed = loop, seconds, missed
        self._timer: asyncio.TimerHandle | None = None

    def start(self, why: str) -> None:
        """Begin to wait, where that has not begun."""
        if self._timer is None:
            self._timer = self._loop.call_later(self._seconds, self._missed, why)

    def stop(self) -> None:
        """It came in time."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
