"""The framing between the decoder and its child: one line of JSON, then the raw bytes it announces.

Deliberately tiny and not pickle: the child reads files that nobody vouches for, so what comes back is data
to be checked, never objects to be built.
"""

import json
from dataclasses import dataclass, field
from typing import Any, BinaryIO

HEADER_LIMIT = 64 << 10
BLOB_LIMIT = 256 << 20


class WireError(Exception):
    """The other side ended, or sent something that is not a message."""


@dataclass(frozen=True, slots=True)
class Message:
    """`kind` says what it is; `fields` are JSON values; `blobs` are raw bytes (pixels, WebP)."""

    kind: str
    fields: dict[str, Any] = field(default_factory=dict)
    blobs: tuple[bytes, ...] = ()


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
        WireError: the stream ended inside a message, or holds something else.
    """
    line = stream.readline(HEADER_LIMIT)
    if not line:
        return None
    try:
        header = json.loads(line)
        kind, fields, sizes = header["kind"], header["fields"], header["bytes"]
    except (ValueError, KeyError, TypeError) as error:
        raise WireError("not a message header") from error
    if not (isinstance(kind, str) and isinstance(fields, dict) and isinstance(sizes, list)):
        raise WireError("not a message header")
    blobs = []
    for size in sizes:
        if not isinstance(size, int) or not 0 <= size <= BLOB_LIMIT:
            raise WireError("impossible blob size")
        blob = stream.read(size)
        if len(blob) != size:
            raise WireError("the stream ended inside a message")
        blobs.append(blob)
    return Message(kind, fields, tuple(blobs))
