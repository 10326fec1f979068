"""A file that lies elsewhere, as libav reads it: pieces come from the other side when they are needed."""

import io
from collections import OrderedDict
from collections.abc import Callable

from app.errors import Cause, MediaError

PIECE = 256 << 10
"""Bytes that are asked for together."""
KEPT = 32
"""Pieces that are kept: libav goes back and forth between an index, the picture and the sound."""

Fetch = Callable[[int, int], tuple[int, bytes]]
"""Offset and number of bytes: gives the file's size and the bytes. Raises RelayError."""


class RelayError(OSError):
    """The other side cannot read it.

    Args:
        sentence: why.
        advice: what to do.
    """

    def __init__(self, sentence: str, advice: str) -> None:
        super().__init__(sentence)
        self.reason = MediaError(sentence, advice, cause=Cause.ENVIRONMENT)
        """What to say of it."""


class RelayedFile(io.RawIOBase):
    """Read only, seekable; asks for its first piece at once.

    Args:
        fetch: asks the other side.

    Raises:
        RelayError: the other side cannot read it.
    """

    is_near = False
    """Whether reading all of it costs little."""

    def __init__(self, fetch: Fetch) -> None:
        super().__init__()
        self._fetch = fetch
        self._position = 0
        self._pieces: OrderedDict[int, bytes] = OrderedDict()
        self.failure: OSError | None = None
        """The first error of the other side."""
        self.size, first = fetch(0, PIECE)
        self._keep(0, first)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        """Read at most `size` bytes. Raises OSError."""
        left = self.size - self._position if size is None or size < 0 else size
        left = min(left, self.size - self._position)
        parts = []
        while left > 0:
            number, within = divmod(self._position, PIECE)
            part = self._piece(number)[within : within + left]
            if not part:
                break
            parts.append(part)
            self._position += len(part)
            left -= len(part)
        return b"".join(parts)

    @property
    def changed(self) -> bool:
        """Whether it is another one by now: the other side says so when it is read."""
        return False

    def _piece(self, number: int) -> bytes:
        known = self._pieces.get(number)
        if known is not None:
            self._pieces.move_to_end(number)
            return known
        try:
            _, content = self._fetch(number * PIECE, PIECE)
        except OSError as error:
            self.failure = self.failure or error
            raise
        self._keep(number, content)
        return content

    def _keep(self, number: int, content: bytes) -> None:
        self._pieces[number] = content
        while len(self._pieces) > KEPT:
            self._pieces.popitem(last=False)
