"""The search graph's file beside the library: its names, what proves it whole, what is ours. Only a cache.

hnswlib writes the graph; a JSON file beside it says whose it is and holds its checksum.
"""

import hashlib
import json
import re
import struct
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.disk.private_files import is_regular

CONNECTIONS = 16
"""M: of an element on each level but the lowest, where it has twice as many."""

_PART = ".part"
_LEVEL_0 = struct.Struct("<6Q")
"""How hnswlib's files begin: offset, room, elements, bytes per element, offsets of label and vector."""
_HEADER = 96
"""Bytes before the first element."""
_FLAGS, _DELETED = 2, 1
"""Where in an element its flags are, and the one that it must not be found."""


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """What a saved graph is."""

    model: str
    """Identity of the encoder bundle."""
    width: int
    """D"""
    generation: str
    """Of the gallery's file whose rows are the graph's labels."""
    covers: int
    """How many of its rows were looked at; all of them are in the graph but those of removed videos."""
    count: int
    """Elements, those that must not be found too."""


@dataclass(frozen=True, slots=True)
class GraphElements:
    """The n elements of a saved graph, as they lie in its file."""

    labels: NDArray[np.int64]
    """(n,)"""
    deleted: NDArray[np.bool_]
    """(n,) whether it must not be found."""
    vectors: NDArray[np.float32]
    """(n, D), in the file: by memory map."""

    @classmethod
    def of(cls, path: Path) -> Self:
        """Those in a file.

        Raises:
            OSError: it cannot be read.
            ValueError: it is not whole.
        """
        file = np.memmap(path, np.uint8, "r")
        _, _, count, size, label, vector = _LEVEL_0.unpack(file[: _LEVEL_0.size].tobytes())
        if len(file) < _HEADER + count * size:
            raise ValueError("it is cut short")
        width = (label - vector) // 4
        labels = np.ndarray((count,), np.int64, file, _HEADER + label, (size,))
        flags = np.ndarray((count,), np.uint8, file, _HEADER + _FLAGS, (size,))
        vectors = np.ndarray((count, width), np.float32, file, _HEADER + vector, (size, 4))
        return cls(labels.copy(), flags & _DELETED != 0, vectors)


def graph_bytes(count: int, width: int) -> int:
    """Memory that a graph over so many vectors of this width takes, roughly, and its file."""
    links = 4 * (2 * CONNECTIONS + 1) + 4 * CONNECTIONS
    return count * (4 * width + links + 64)


def graph_file(folder: Path, model: str) -> Path:
    """Where the search graph over a model's vectors is kept.

    Args:
        folder: the library's.
        model: identity of the encoder bundle.
    """
    name = hashlib.sha256(model.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return folder / f"vectors-{name}.hnsw"


def write_graph(path: Path, facts: GraphFacts, write: Callable[[Path], None]) -> None:
    """Keep a graph, then what proves it whole; each in one step.

    Args:
        path: its `graph_file`.
        facts: what it is.
        write: writes it to an empty file.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    path = _place(path)
    _sweep(path)
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.stem}-", suffix=_PART, delete=False
    ) as part:
        temporary = Path(part.name)  # a name that was free, with 0600
    try:
        write(temporary)
        proof = {"size": temporary.stat().st_size, "sha256": _digest(temporary)}
        temporary.replace(path)
        temporary.touch(0o600, exist_ok=False)
        temporary.write_text(json.dumps(asdict(facts) | proof), encoding="utf-8")
        temporary.replace(_sidecar(path))
    finally:
        temporary.unlink(missing_ok=True)


def saved_graph(path: Path) -> tuple[Path, GraphFacts]:
    """The file in which a graph was kept, proved whole, and what it is.

    Raises:
        OSError: there is none, or it cannot be read.
        ValueError: it is damaged, or of an earlier version.
    """
    path = _place(path)
    facts = json.loads(_sidecar(path).read_text(encoding="utf-8"))
    try:
        if not _is_whole(path, facts):
            raise ValueError("its checksum is wrong")
        kinds = {"model": str, "width": int, "generation": str, "covers": int, "count": int}
        return path, GraphFacts(**{name: kind(facts[name]) for name, kind in kinds.items()})
    except (KeyError, TypeError) as error:
        raise ValueError("it is of another version") from error


def graph_is_damaged(path: Path) -> bool:
    """Whether a graph was kept here that is not whole any more; reads all of it."""
    try:
        path = _place(path)
        return not _is_whole(path, json.loads(_sidecar(path).read_text(encoding="utf-8")))
    except FileNotFoundError:
        return False
    except (OSError, ValueError, KeyError, TypeError):
        return True


def delete_graph(path: Path) -> None:
    """Delete a kept graph; what others keep under its names stays.

    Raises:
        OSError: it cannot be deleted.
    """
    for place in _names(path):
        _sweep(place)
        for file, is_ours in ((_sidecar(place), _is_sidecar), (place, _is_graph)):
            if is_ours(file):
                file.unlink(missing_ok=True)


def _names(path: Path) -> tuple[Path, Path]:
    return path, path.with_name(f"reelfind-{path.name}")


def _place(path: Path) -> Path:
    """The first of the names under which no file of another program is.

    Raises:
        FileExistsError: both are taken.
    """
    for place in _names(path):
        graph = not _exists(place) or _is_graph(place)
        sidecar = not _exists(_sidecar(place)) or _is_sidecar(_sidecar(place))
        if graph and sidecar:
            return place
    raise FileExistsError(f"other files have the names of {path.name}")


def _exists(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def _is_graph(path: Path) -> bool:
    """Whether this is a graph as we make them, whole or not."""
    try:
        if not is_regular(path):
            return False
        with path.open("rb") as file:
            head = file.read(_LEVEL_0.size)
    except OSError:
        return False
    if len(head) < _LEVEL_0.size:
        return False
    offset, room, elements, size, label, vector = _LEVEL_0.unpack(head)
    links = vector - 4  # four bytes each, two for every connection that an element may have
    return bool(
        offset == 0
        and elements <= room
        and links > 0
        and links % 8 == 0
        and label + 8 == size
        and label > vector
    )


def _is_sidecar(path: Path) -> bool:
    try:
        if not is_regular(path):
            return False
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(facts, dict) and {"model", "width", "count", "size", "sha256"} <= facts.keys()


def _is_whole(path: Path, facts: dict[str, object]) -> bool:
    return facts["size"] == path.stat().st_size and facts["sha256"] == _digest(path)


def _sweep(path: Path) -> None:
    """Delete what a save that was killed left of this graph."""
    pattern = re.compile(rf"\.{re.escape(path.stem)}-[a-z0-9_]{{8}}{re.escape(_PART)}")
    for left in path.parent.glob(f".{path.stem}-*{_PART}"):
        if pattern.fullmatch(left.name) and is_regular(left):
            with left.open("rb") as file:
                head = file.read(_LEVEL_0.size)
            if not head or _is_graph(left) or head.startswith(b'{"model":'):
                left.unlink(missing_ok=True)


def _sidecar(path: Path) -> Path:
    return path.with_suffix(".json")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
