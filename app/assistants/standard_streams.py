"""This process's standard input and output, for the protocol alone.

What anything else prints lands on stderr, and who else reads finds the end. A daemon thread reads the lines,
so that a signal ends the process while its client says nothing.
"""

import asyncio
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

LONGEST_LINE = 1 << 20
"""Bytes of a request: a query has 2,000 characters at most."""
_CHUNK = 1 << 16
_TOO_LONG = '"too long"'
"""Stands for a line that was too long: JSON, and no request."""


@dataclass(frozen=True, slots=True)
class Wire:
    """Where the client is."""

    incoming: int
    """Descriptor."""
    outgoing: BinaryIO


@contextmanager
def claimed_streams() -> Iterator[Wire]:
    """Take stdin and stdout away from everybody else while inside."""
    incoming, outgoing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    try:
        # The descriptors stay open: a thread may still wait for one of them when the process ends.
        with os.fdopen(outgoing, "wb", closefd=False) as wire:
            yield Wire(incoming, wire)
    finally:
        os.dup2(outgoing, 1)


class LineReader:
    """Gives the lines of a descriptor to one `async for`, until its end."""

    def __init__(self, descriptor: int) -> None:
        """Nothing is read yet.

        Args:
            descriptor: what to read.
        """
        self._descriptor = descriptor
        self._lines: asyncio.Queue[str | None] = asyncio.Queue(1)

    def __aiter__(self) -> "LineReader":
        loop = asyncio.get_running_loop()
        threading.Thread(target=self._read, args=[loop], name="reelfind-stdin", daemon=True).start()
        return self

    async def __anext__(self) -> str:
        line = await self._lines.get()
        if line is None:
            raise StopAsyncIteration
        return line

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        try:
            for line in lines_of(self._descriptor):
                asyncio.run_coroutine_threadsafe(self._lines.put(line), loop).result()
            asyncio.run_coroutine_threadsafe(self._lines.put(None), loop).result()
        except (RuntimeError, asyncio.CancelledError):  # nobody listens any more
            return


def lines_of(descriptor: int) -> Iterator[str]:
    """Lines of UTF-8 until the end; one that is too long is read over, and stands as no request."""
    waiting, is_too_long = b"", False
    while chunk := _some(descriptor):
        *whole, waiting = (waiting + chunk).split(b"\n")
        for line in whole:
            yield _TOO_LONG if is_too_long or len(line) > LONGEST_LINE else line.decode("utf-8", "replace")
            is_too_long = False
        if len(waiting) > LONGEST_LINE:
            waiting, is_too_long = b"", True


def _some(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError:  # a terminal that was closed
        return b""
