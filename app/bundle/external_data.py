"""Which other files a graph reads its weights from: asked before ONNX Runtime sees it.

A tensor of an ONNX graph may name a file, an offset and a length instead of holding its numbers. Of a graph
that somebody else made, only the bundle's own `.data` files may be named: their hashes were checked.

ONNX Runtime has checks of its own (no `..`, nothing absolute), but they changed from release to release, and
it also knows names that are no files (an address in memory). So the names are read here, in two steps:

1. A scan for the key `location` in the way protobuf writes it. No such bytes, no other file: this is all that
   is done for nearly every graph, whatever its size.
2. Otherwise a walk through the graph (protobuf's wire format, protobuf.dev/programming-guides/encoding, with
   the field numbers of onnx.proto). Each key that the scan found must be one that the walk came by, with one
   value. What the walk does not know, or reads in another way than ONNX Runtime might, is thereby refused.
"""

from collections.abc import Iterator
from mmap import mmap

_KEY = b"location"
_LENGTH_ENDS = (0x08, 0x00)
"""The last byte of the length before the key: 8, however many bytes a protobuf writer spends on it."""

_LONGEST_VARINT = 10
_DEEPEST = 64
"""Messages inside messages; protobuf itself stops at 100."""

_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5

# Where tensors are, by message and field number (onnx.proto). `entry` is a StringStringEntryProto.
_FIELDS = {
    "model": {7: "graph", 20: "training", 25: "function"},
    "training": {1: "graph", 2: "graph"},
    "graph": {1: "node", 5: "tensor", 15: "sparse"},
    "function": {7: "node", 11: "attribute"},
    "node": {5: "attribute"},
    "attribute": {5: "tensor", 6: "graph", 10: "tensor", 11: "graph", 22: "sparse", 23: "sparse"},
    "sparse": {1: "tensor", 2: "tensor"},
    "tensor": {13: "entry"},
}

Content = bytes | mmap


class UnclearGraphError(ValueError):
    """It cannot be told for sure which files a graph reads."""


def external_files(content: Content) -> set[str]:
    """Names of the files, as written, that a serialised ModelProto reads its weights from.

    Args:
        content: the graph's file.

    Raises:
        UnclearGraphError: the file is damaged, or made so that readers might disagree.
    """
    keys = set(_keys(content))
    if not keys:
        return set()
    names: set[str] = set()
    explained: set[int] = set()
    for start, end in _entries(content, 0, len(content), "model", 0):
        key, value = _entry(content, start, end)
        if content[slice(*key)] == _KEY:
            explained.add(key[0])
            names.add(_text(content[slice(*value)]))
    if keys != explained:
        raise UnclearGraphError("it names another file in a place where none is expected")
    return names


def _keys(content: Content) -> Iterator[int]:
    """Where keys begin. A plain search: it does gigabytes in seconds, a regular expression in minutes."""
    place = content.find(_KEY)
    while place >= 0:
        if place > 0 and content[place - 1] in _LENGTH_ENDS:
            yield place
        place = content.find(_KEY, place + 1)


def _entries(content: Content, start: int, end: int, message: str, depth: int) -> Iterator[tuple[int, int]]:
    """Start and end of each `external_data` entry below a message."""
    if depth > _DEEPEST:
        raise UnclearGraphError("it is nested too deeply")
    inner = _FIELDS[message]
    for number, wire, first, last in _fields(content, start, end):
        if wire != _BYTES or number not in inner:
            continue
        if inner[number] == "entry":
            yield first, last
        else:
            yield from _entries(content, first, last, inner[number], depth + 1)


def _entry(content: Content, start: int, end: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Where key and value of an entry are."""
    fields = list(_fields(content, start, end))
    if sorted((number, wire) for number, wire, _, _ in fields) != [(1, _BYTES), (2, _BYTES)]:
        raise UnclearGraphError("it names another file ambiguously")
    (_, _, *key), (_, _, *value) = sorted(fields)
    return (key[0], key[1]), (value[0], value[1])


def _fields(content: Content, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Number, wire type, start and end of the content of each field between `start` and `end`."""
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
            raise UnclearGraphError("it is damaged")
        if last > end or tag >> 32:  # a longer tag is cut or refused by other readers
            raise UnclearGraphError("it is damaged")
        yield tag >> 3, wire, start, last
        start = last


def _varint(content: Content, start: int, end: int) -> tuple[int, int]:
    """The number that begins at `start`, and where it ends."""
    number = 0
    for place in range(_LONGEST_VARINT):
        if start + place >= end:
            break
        byte = content[start + place]
        number |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return number, start + place + 1
    raise UnclearGraphError("it is damaged")


def _text(name: bytes) -> str:
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UnclearGraphError("it names another file ambiguously") from error
