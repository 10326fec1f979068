"""Which other files a graph reads its weights from: asked before ONNX Runtime sees it.

A tensor of an ONNX graph may name a file, an offset and a length instead of holding its numbers. Of a graph
that somebody else made, only the bundle's own `.data` files may be named: their hashes were checked.

ONNX Runtime has checks of its own (no `..`, nothing absolute), but they changed from release to release, and
it also knows names that are no files (an address in memory). So the names are read here, in two steps:

1. A scan for the key `location` in the way protobuf writes it. No such bytes, no other file: this is all that
   is done for nearly every graph, whatever its size.
2. Otherwise a walk through the graph. Each key that the scan found must be one that the walk came by, with
   one value. What the walk does not know, or might read otherwise than ONNX Runtime does, is thereby refused.
"""

from collections.abc import Iterator

from app.bundle.graph_walk import (
    DATA_LOCATION,
    ENTRIES,
    Content,
    Part,
    UnclearGraphError,
    entry_places,
    parts,
)

_KEY = b"location"
_LENGTH_ENDS = (0x08, 0x00)
"""The last byte of the length before the key: 8, however many bytes a protobuf writer spends on it."""


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
    for part in parts(content):
        if part.message == "tensor":
            for place, name in _locations(content, part):
                keys.discard(place)
                names.add(name)
    if keys:
        raise UnclearGraphError("it names another file in a place where none is expected")
    return names


def tensor_files(content: Content, tensor: Part) -> list[str] | None:
    """Names of the files that a tensor says its numbers are in: one, if all is well.

    Args:
        content: the graph's file.
        tensor: a part of it.

    Returns:
        None where it holds its numbers itself.

    Raises:
        UnclearGraphError: it is made so that readers might disagree.
    """
    if not tensor.has_flag(DATA_LOCATION) and not any(tensor.places(ENTRIES)):
        return None
    return [name for _, name in _locations(content, tensor)]


def _keys(content: Content) -> Iterator[int]:
    """Where keys begin. A plain search: it does gigabytes in seconds, a regular expression in minutes."""
    place = content.find(_KEY)
    while place >= 0:
        if place > 0 and content[place - 1] in _LENGTH_ENDS:
            yield place
        place = content.find(_KEY, place + 1)


def _locations(content: Content, tensor: Part) -> Iterator[tuple[int, str]]:
    """Where each key `location` of a tensor begins, and the name that goes with it."""
    for start, end in tensor.places(ENTRIES):
        key, value = entry_places(content, start, end)
        if content[slice(*key)] == _KEY:
            try:
                yield key[0], content[slice(*value)].decode("utf-8")
            except UnicodeDecodeError as error:
                raise UnclearGraphError("it names another file ambiguously") from error
