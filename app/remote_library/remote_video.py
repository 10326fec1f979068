"""One video of a server, read in parts: what was read is kept, and what comes next is read ahead."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable

from app.errors import ReelfindError

logger = logging.getLogger(__name__)

BLOCK = 256 << 10
"""Bytes that are asked for at least."""
KEPT = 256
"""Blocks of one video that are kept: 64 MB."""
AHEAD = 16
"""Blocks that are read ahead of who reads on and on: 4 MB."""
TOGETHER = 4
"""Blocks that are read ahead by one request."""

ReadRange = Callable[[int, int, str], tuple[int, str, bytes]]
"""Offset, size and the version that is known: gives the file's size, its version, and the bytes."""


class RemoteVideo:
    """A `ByteSource` over ranges. Thread-safe; one reader at a time is what it is made for.

    Nothing is read before it is asked for; a jump elsewhere reads one block, and only who then reads on has
    the next ones read ahead.

    Args:
        read_range: asks the server.
    """

    def __init__(self, read_range: ReadRange) -> None:
        self._read_range = read_range
        self._changed = threading.Condition()
        self._blocks: OrderedDict[int, bytes] = OrderedDict()
        self._in_flight: set[int] = set()
        self._size: int | None = None
        self._version = ""
        self._last = -2
        """The block that was asked for last."""
        self._runs_on = 0
        """How many blocks were asked for one behind the other."""
        self._reader: threading.Thread | None = None
        self._closed = False
        self.bytes_read = 0
        """That came from the server."""

    def size(self) -> int:
        """Bytes of the file. Raises ReelfindError."""
        if self._size is None:
            self._block(0)
        return self._size or 0

    def read(self, offset: int, size: int) -> bytes:
        """Return these bytes, fewer only at the end. Raises ReelfindError."""
        parts = []
        end = min(offset + size, self.size())
        while offset < end:
            number, within = divmod(offset, BLOCK)
            part = self._block(number)[within : within + end - offset]
            if not part:
                break
            parts.append(part)
            offset += len(part)
        return b"".join(parts)

    def close(self) -> None:
        """Read nothing ahead any more, and forget what was read."""
        with self._changed:
            self._closed = True
            self._blocks.clear()
            self._changed.notify_all()

    def _block(self, number: int) -> bytes:
        with self._changed:
            self._note(number)
            while number in self._in_flight:
                self._changed.wait()
            known = self._blocks.get(number)
            if known is not None:
                self._blocks.move_to_end(number)
                return known
            self._in_flight.add(number)
        try:
            return self._fetch(number, 1)
        finally:
            with self._changed:
                self._in_flight.discard(number)
                self._changed.notify_all()

    def _note(self, number: int) -> None:
        """Whoever reads one block behind the other has the next ones read ahead."""
        if number == self._last:
            return
        self._runs_on = self._runs_on + 1 if number == self._last + 1 else 0
        self._last = number
        if self._runs_on >= 2 and self._reader is None and not self._closed:
            self._reader = threading.Thread(target=self._read_ahead, name="read ahead", daemon=True)
            self._reader.start()

    def _fetch(self, first: int, count: int) -> bytes:
        """Read some blocks and keep them; returns the first."""
        size, version, content = self._read_range(first * BLOCK, count * BLOCK, self._version)
        blocks = [content[start : start + BLOCK] for start in range(0, len(content), BLOCK)] or [b""]
        with self._changed:
            self._size, self._version = size, version or self._version
            self.bytes_read += len(content)
            if not self._closed:
                for number, block in enumerate(blocks, first):
                    self._blocks[number] = block
                while len(self._blocks) > KEPT:
                    self._blocks.popitem(last=False)
        return blocks[0]

    def _read_ahead(self) -> None:
        """Read what comes next until nobody reads on; of what fails whoever asks for it is told."""
        while True:
            with self._changed:
                wanted = self._next_wanted()
                if not wanted:
                    self._reader = None
                    return
                self._in_flight.update(wanted)
            try:
                self._fetch(wanted[0], len(wanted))
            except ReelfindError as error:
                logger.info("nothing is read ahead: %s", error)
                with self._changed:
                    self._runs_on = 0
            finally:
                with self._changed:
                    self._in_flight.difference_update(wanted)
                    self._changed.notify_all()

    def _next_wanted(self) -> list[int]:
        """Some blocks one behind the other that are to be read ahead; none where there is no need."""
        if self._closed or self._runs_on < 2 or self._size is None:
            return []
        behind = min(self._last + 1 + AHEAD, -(-self._size // BLOCK))
        wanted: list[int] = []
        for number in range(self._last + 1, behind):
            missing = number not in self._blocks and number not in self._in_flight
            if missing:
                wanted.append(number)
            if len(wanted) == TOGETHER or (wanted and not missing):
                break
        return wanted
