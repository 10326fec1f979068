"""The framing between a process and its child: one line of JSON, then the raw bytes it announces.

Deliberately tiny and not pickle: a child may read files that nobody vouches for, so what comes back is data
to be checked, never objects to be built.
"""

import json
import math
from dataclasses import dataclass, field
from typing import Any, BinaryIO

HEADER_LIMIT = 64 << 10
BLOB_LIMIT = 256 << 20
"""Bytes of all blobs of a message together."""


class WireError(Exception):
    """The other side sent something that is not a message."""


class CutOffError(WireError):
    """The other side ended inside a message."""


@dataclass(frozen=True, slots=True)
class Message:
    """`kind` says what it is; `fields` are JSON values; `blobs` are raw bytes (pixels, WebP, vectors)."""

    kind: str
    fields: dict[str, Any] = field(default_factory=dict)
    blobs: tuple[bytes, ...] = ()

    def number(self, name: str) -> float:
        """Return a field that must be a finite number. Raises WireError."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise WireError(f"{name!r} of {self.kind!r} is not a number")
        return value

    def count(self, name: str) -> int:
        """Return a field that must be a whole number, not negative. Raises WireError."""
        value = self.fields.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise WireError(f"{name!r} of {self.kind!r} is not a count")
        return value

    def text(self, name: str) -> str:
        """Return a field that must be text. Raises WireError."""
        value = self.fields.get(name)
        if not isinstance(value, str):
            raise WireError(f"{name!r} of {self.kind!r} is not text")
        return value


def write_message(stream: BinaryIO, message: Message) -> None:
    """Write one message and flush it. Blocks while the reader is slow: this is the back-pressure."""
    header = {"kind": message.kind, "fields": message.fields, "bytes": [len(blob) for blob in message.blobs]}
    stream.write(json.dumps(header).encode("ascii") + b"\n")
    for blob in message.blobs:
        stream.write(blob)
    stream.flush()


def read_message(stream: BinaryIO) -> Message | None:
    """Read one message; None at the end of the stream.

    Raises:
        CutOffError: the stream ended inside a message.
        WireError: it holds something else.
    """
    line = stream.readline(HEADER_LIMIT)
    if not line:
        return None
    if not line.endswith(b"\n") and len(line) < HEADER_LIMIT:
        raise CutOffError("the stream ended inside a message")
    try:
        header = json.loads(line)
        kind, fields, sizes = header["kind"], header["fields"], header["bytes"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WireError("not a message header") from error
    if not (isinstance(kind, str) and isinstance(fields, dict) and isinstance(sizes, list)):
        raise WireError("not a message header")
    blobs = []
    left = BLOB_LIMIT
    for size in sizes:
        if not isinstance(size, int) or not 0 <= size <= left:
            raise WireError("impossible blob size")
        left -= size
        blob = stream.read(size)
        if len(blob) != size:
            raise CutOffError("the stream ended inside a message")
        blobs.append(blob)
    return Message(kind, fields, tuple(blobs))
