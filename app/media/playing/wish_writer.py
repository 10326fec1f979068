"""Writes wishes to the playing process, so that nobody waits for a process that does not read."""

import contextlib
import threading
from typing import BinaryIO

from app.processes.wire import Message, write_message


class WishWriter:
    """A thread that writes what is wanted to a child. Only the newest wish of each kind waits.

    Args:
        stream: where the child reads.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._changed = threading.Condition()
        self._waiting: list[Message] = []
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="wish writer", daemon=True)
        self._thread.start()

    @property
    def waiting(self) -> int:
        """Messages that the child has not been sent."""
        with self._changed:
            return len(self._waiting)

    def write(self, message: Message) -> None:
        """Have a message written soon; a wish takes the place of all before it."""
        with self._changed:
            if message.kind in ("play", "rest"):
                self._waiting.clear()
            else:
                self._waiting = [other for other in self._waiting if other.kind != message.kind]
            self._waiting.append(Message(message.kind, dict(message.fields), message.blobs))
            self._changed.notify()

    def close(self) -> None:
        """Write nothing more, and wait for the thread: the child has to have ended."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if self._closed:
                    return
                message = self._waiting.pop(0)
            with contextlib.suppress(OSError, ValueError):  # its end is noticed where it is read
                write_message(self._stream, message)
