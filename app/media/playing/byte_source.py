"""A video's bytes that lie elsewhere: whoever plays it asks for pieces, and knows no network."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from app.errors import ReelfindError
from app.processes.wire import Message

MOST_AT_ONCE = 1 << 20
"""Bytes of one piece."""


class ByteSource(Protocol):
    """One video. What is asked for may take as long as a network does."""

    def size(self) -> int:
        """How many bytes it has. Raises ReelfindError."""

    def read(self, offset: int, size: int) -> bytes:
        """Return these bytes, fewer only at the end. Raises ReelfindError."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    source: ByteSource
    request: Message


class ByteRelay:
    """Answers a child's requests for bytes on a thread of its own; of those that wait the newest only.

    Args:
        send: gives an answer to the child; it never waits.
    """

    def __init__(self, send: Callable[[Message], None]) -> None:
        self._send = send
        self._changed = threading.Condition()
        self._wanted: _Wanted | None = None
        self._closed = False
        self._thread: threading.Thread | None = None

    def answer(self, source: ByteSource, request: Message) -> None:
        """Have a request answered soon."""
        with self._changed:
            self._wanted = _Wanted(source, request)
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="byte relay", daemon=True)
                self._thread.start()
            self._changed.notify()

    def close(self) -> None:
        """Answer nothing more; the thread follows by itself."""
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while self._wanted is None and not self._closed:
                    self._changed.wait()
                if self._closed or self._wanted is None:
                    return
                wanted, self._wanted = self._wanted, None
            answer = _answered(wanted)
            with self._changed:
                if self._closed:
                    return
            self._send(answer)


def _answered(wanted: _Wanted) -> Message:
    fields = {"serial": wanted.request.count("serial")}
    try:
        size = wanted.source.size()
        offset = wanted.request.count("offset")
        asked = min(wanted.request.count("size"), MOST_AT_ONCE, max(size - offset, 0))
        content = wanted.source.read(offset, asked) if asked else b""
    except ReelfindError as error:
        return Message("bytes", fields | {"sentence": error.sentence, "advice": error.advice})
    return Message("bytes", fields | {"size": size, "offset": offset}, (content,))
