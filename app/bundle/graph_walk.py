"""A walk through an ONNX graph as it lies in its file, which nothing else has opened yet.

It reads protobuf's wire format (protobuf.dev/programming-guides/encoding) with the field numbers of
onnx.proto, skips by their length the numbers that a graph holds, and so needs neither memory nor time for
them. A field that is given twice is met twice, whichever of the two another reader takes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from mmap import mmap
from typing import Literal

Message = Literal["model", "training", "graph", "function", "node", "attribute", "sparse", "tensor"]
Content = bytes | mmap

_LONGEST_VARINT = 10
_DEEPEST = 64
"""Messages inside messages; protobuf itself stops at 100."""

_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5

_INNER: dict[Message, dict[int, Message]] = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {},
}
"""Where nodes, functions and tensors are, by message and field number."""

NAME, OP_TYPE, DOMAIN, ENTRIES, DATA_LOCATION = "name", "op_type", "domain", "external_data", "data_location"

_VALUES: dict[Message, dict[str, int]] = {
    "node": {OP_TYPE: 4, DOMAIN: 7},
    "function": {NAME: 1, DOMAIN: 10},
    "tensor": {NAME: 8, ENTRIES: 13, DATA_LOCATION: 14},
}
"""What is asked of them, by message and field number."""

_READ = {message: {*inner, *_VALUES.get(message, {}).values()} for message, inner in _INNER.items()}


class UnclearGraphError(ValueError):
    """It cannot be told for sure what a graph holds."""


class DamagedGraphError(UnclearGraphError):
    """A file is not what protobuf writes."""


@dataclass(frozen=True, slots=True)
class Field:
    """A value of a message: its number, its wire type, and where its content lies in the file."""

    number: int
    wire: int
    start: int
    end: int


class Part:
    """A message of a graph.

    Args:
        content: the graph's file.
        message: which one it is.
        start: where it lies in the file.
        end: behind its last byte.
    """

    __slots__ = ("_content", "_fields", "_values", "message")

    def __init__(self, content: Content, message: Message, start: int, end: int) -> None:
        self._content = content
        self.message = message
        self._values = _VALUES.get(message, {})
        read = _READ[message]
        self._fields = [field for field in _fields(content, start, end) if field.number in read]

    def inner(self) -> Iterator[tuple[Message, Field]]:
        """The messages in it that are walked through."""
        known = _INNER[self.message]
        for field in self._fields:
            if field.wire == _BYTES and field.number in known:
                yield known[field.number], field

    def places(self, name: str) -> Iterator[tuple[int, int]]:
        """Start and end of each value of a field of text, bytes or messages."""
        for field in self._fields:
            if field.number == self._values[name] and field.wire == _BYTES:
                yield field.start, field.end

    def texts(self, name: str) -> list[str]:
        """Each value of a field of text; what is no UTF-8 is escaped, so that it equals nothing of ours."""
        return [
            self._content[start:end].decode("utf-8", "backslashreplace") for start, end in self.places(name)
        ]

    def has_flag(self, name: str) -> bool:
        """Whether a field of a whole number is anything but 0."""
        number = self._values[name]
        found = [field for field in self._fields if field.number == number and field.wire == _VARINT]
        return any(_varint(self._content, field.start, field.end)[0] for field in found)


def parts(content: Content) -> Iterator[Part]:
    """Each node, function and tensor of a serialised ModelProto, at any depth.

    Args:
        content: the graph's file.

    Raises:
        DamagedGraphError: it is not what protobuf writes.
        UnclearGraphError: it is nested too deeply.
    """
    waiting: list[tuple[Message, int, int, int]] = [("model", 0, len(content), 0)]
    while waiting:
        message, start, end, depth = waiting.pop()
        if depth > _DEEPEST:
            raise UnclearGraphError("it is nested too deeply")
        part = Part(content, message, start, end)
        if message in {"node", "function", "tensor"}:
            yield part
        waiting.extend((kind, field.start, field.end, depth + 1) for kind, field in part.inner())


def entry_places(content: Content, start: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Start and end of the key and of the value of a StringStringEntryProto.

    Raises:
        UnclearGraphError: it has not one of each, and nothing else.
    """
    fields = sorted(_fields(content, start, end), key=lambda field: field.number)
    if [(field.number, field.wire) for field in fields] != [(1, _BYTES), (2, _BYTES)]:
        raise UnclearGraphError("it names another file ambiguously")
    key, value = fields
    return (key.start, key.end), (value.start, value.end)


def _fields(content: Content, start: int, end: int) -> Iterator[Field]:
    """The fields between `start` and `end`."""
    while start < end:
        tag, start = _varint(content, start, end)
        wire = tag & 7
        if wire == _VARINT:
            _, last = _varint(content, start, end)
        elif wire == _BYTES:
            length, start = _varint(content, start, end)
            last = start + length
        elif wire in (_EIGHT, _FOUR):
            last = start + (8 if wire == _EIGHT else 4)
        else:
            raise DamagedGraphError("it is damaged")
        if last > end or tag >> 32:  # a longer tag is cut or refused by other readers
            raise DamagedGraphError("it is damaged")
        yield Field(tag >> 3, wire, start, last)
        start = last


def _varint(content: Content, start: int, end: int) -> tuple[int, int]:
    """The number that begins at `start`, and where it ends."""
    number = 0
    for place in range(start, min(start + _LONGEST_VARINT, end)):
        byte = content[place]
        number |= (byte & 0x7F) << (7 * (place - start))
        if byte < 0x80:
            return number, place + 1
    raise DamagedGraphError("it is damaged")
