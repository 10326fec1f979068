"""Approximate nearest neighbours for large libraries: hnswlib's graph, and its file, which is only a cache.

Malkov and Yashunin, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable
Small World graphs", 2016 (arXiv:1603.09320).
"""

import hashlib
import json
import logging
import re
import struct
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import hnswlib
import numpy as np
from numpy.typing import NDArray

from app.disk.private_files import is_regular
from app.vectors.gallery import Gallery

logger = logging.getLogger(__name__)

_M = 16
_EF_CONSTRUCTION = 200
_EF = 400
"""Breadth of the search. Texts lie off the manifold of images and need more of it than images do."""

_SEED = 2406
_COMPARED = 4096
"""Frames that are compared at a time."""
_CHUNK = 500
"""Frames that are added between two looks at whether to stop."""

_MAX_DEAD = 0.2
"""Share of removed frames above which recall suffers and the graph is built anew."""


def graph_file(folder: Path, model: str) -> Path:
    """Where the search graph over a model's vectors is kept; a cache.

    Args:
        folder: the library's.
        model: identity of the encoder bundle.
    """
    name = hashlib.sha256(model.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return folder / f"vectors-{name}.hnsw"


class HnswGraph:
    """A graph over frames; labels are frame ids, similarities inner products of normalised vectors.

    Built by one thread with a fixed seed: the same frames in the same order give the same graph. Searching
    is thread-safe; `add` is not, and must not run beside `search`.
    """

    def __init__(self, width: int, *, capacity: int = _CHUNK) -> None:
        self._width = width
        self._lock = threading.Lock()  # hnswlib: ef is state, and marking must not run beside a search
        self._index = hnswlib.Index(space="ip", dim=width)
        self._index.init_index(capacity, ef_construction=_EF_CONSTRUCTION, M=_M, random_seed=_SEED)
        self._ids: NDArray[np.int64] = np.empty(0, np.int64)
        self._tombstones: NDArray[np.int64] = np.empty(0, np.int64)

    @property
    def ids(self) -> NDArray[np.int64]:
        """Frame ids that can be found."""
        return self._ids

    @property
    def needs_rebuild(self) -> bool:
        """Whether so many frames were removed that it should be built anew."""
        return len(self._tombstones) > _MAX_DEAD * (len(self._ids) + len(self._tombstones))

    def add(self, gallery: Gallery, stop: Callable[[], bool]) -> bool:
        """Add the frames of a gallery that are not in the graph; minutes for 100,000.

        Args:
            stop: asked every few hundred frames; what was added until then stays.

        Returns:
            Whether all were added.
        """
        rows = np.flatnonzero(~np.isin(gallery.frame_ids, self._ids))
        total = len(self._ids) + len(self._tombstones) + len(rows)
        if total > self._index.get_max_elements():
            self._index.resize_index(total)
        for start in range(0, len(rows), _CHUNK):
            if stop():
                return False
            chunk = rows[start : start + _CHUNK]
            ids = gallery.frame_ids[chunk]
            self._index.add_items(gallery.vectors[chunk], ids, num_threads=1)
            self._ids = np.concatenate((self._ids, ids))
        return True

    def keep_only(self, frame_ids: NDArray[np.int64]) -> bool:
        """Take every other frame out of what can be found; returns whether there was any."""
        stays = np.isin(self._ids, frame_ids)
        removed = self._ids[~stays]
        with self._lock:
            for label in removed.tolist():
                self._index.mark_deleted(label)
            self._ids = self._ids[stays]
            self._tombstones = np.concatenate((self._tombstones, removed))
        return len(removed) > 0

    def search(self, query: NDArray[np.float32], k: int) -> NDArray[np.int64] | None:
        """Ids of about the k nearest frames, in no promised order; None where the graph cannot say.

        Args:
            query: (D,) float32, L2-normalised.
        """
        with self._lock:
            k = min(k, len(self._ids))
            if k == 0:
                return None
            self._index.set_ef(max(_EF, k + k // 4))
            try:
                labels, _ = self._index.knn_query(query[np.newaxis], k=k, num_threads=1)
            except RuntimeError as error:  # fewer than k were reached
                logger.info("the graph could not answer for k=%d: %s", k, error)
                return None
        return np.asarray(labels[0], dtype=np.int64)

    def save(self, path: Path, model: str) -> None:
        """Write the graph, then a JSON file beside it that proves it whole; each in one step.

        Raises:
            OSError: the disk is full or the folder cannot be written.
        """
        path = _place(path)
        _sweep(path)
        with tempfile.NamedTemporaryFile(
            dir=path.parent, prefix=f".{path.stem}-", suffix=_PART, delete=False
        ) as part:
            temporary = Path(part.name)  # a name that was free, with 0600
        try:
            with self._lock:
                self._save_index(temporary)
                facts = self._facts(model) | {
                    "size": temporary.stat().st_size,
                    "sha256": _digest(temporary),
                    "dead": self._tombstones.tolist(),
                }
            temporary.replace(path)
            temporary.touch(0o600, exist_ok=False)
            temporary.write_text(json.dumps(facts), encoding="utf-8")
            temporary.replace(_sidecar(path))
        finally:
            temporary.unlink(missing_ok=True)

    def _save_index(self, path: Path) -> None:
        try:
            self._index.save_index(str(path))
        except RuntimeError as error:
            raise OSError(str(error)) from error
        if path.stat().st_size != self._index.index_file_size():  # hnswlib does not notice a full disk
            raise OSError(f"only {path.stat().st_size} bytes of the graph were written")

    def _facts(self, model: str) -> dict[str, Any]:
        return {"model": model, "width": self._width, "count": len(self._ids) + len(self._tombstones)}

    @classmethod
    def load(cls, path: Path, model: str, gallery: Gallery) -> Self | None:
        """Read a saved graph, None where there is none to be trusted.

        It is trusted when the file is the one that was saved, to the byte, and every vector in it is the
        gallery's own for that frame: a library restored from a backup does not get a graph of the future.
        """
        try:
            path = _place(path)
            facts = json.loads(_sidecar(path).read_text(encoding="utf-8"))
            if facts["size"] != path.stat().st_size or facts["sha256"] != _digest(path):
                raise ValueError("its checksum is wrong")
            graph = cls._read(path, facts, gallery.vectors.shape[1])
            if graph._facts(model) != {name: facts[name] for name in ("model", "width", "count")}:
                raise ValueError("it belongs to something else")
            graph.keep_only(gallery.frame_ids)
            graph._compare(path, gallery)
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            logger.warning("the saved graph %s is not used: %s", path, error)
            return None
        return graph

    @staticmethod
    def is_damaged(path: Path) -> bool:
        """Whether a graph was saved here that is not whole any more; reads all of it."""
        try:
            path = _place(path)
            facts = json.loads(_sidecar(path).read_text(encoding="utf-8"))
            return bool(facts["size"] != path.stat().st_size or facts["sha256"] != _digest(path))
        except FileNotFoundError:
            return False
        except (OSError, ValueError, KeyError, TypeError):
            return True

    @staticmethod
    def delete(path: Path) -> None:
        """Delete a saved graph; what others keep under its names stays.

        Raises:
            OSError: it cannot be deleted.
        """
        for place in _names(path):
            _sweep(place)
            for file, is_ours in ((_sidecar(place), _is_sidecar), (place, _is_graph)):
                if is_ours(file):
                    file.unlink(missing_ok=True)

    @classmethod
    def _read(cls, path: Path, facts: dict[str, Any], width: int) -> Self:
        graph = cls(width)
        graph._index = hnswlib.Index(space="ip", dim=width)
        graph._index.load_index(str(path), max_elements=int(facts["count"]))
        labels = np.sort(np.array(graph._index.get_ids_list(), dtype=np.int64))
        graph._tombstones = np.array(facts["dead"], dtype=np.int64)
        graph._ids = labels[~np.isin(labels, graph._tombstones)]
        return graph

    def _compare(self, path: Path, gallery: Gallery) -> None:
        """See that the vectors in the file are the gallery's, those of removed frames aside."""
        labels, stored = _elements(path)
        if stored.shape[1] != gallery.vectors.shape[1]:
            raise ValueError("its vectors have another width")
        order = np.argsort(gallery.frame_ids, kind="stable")
        elements = np.flatnonzero(np.isin(labels, self._ids))
        rows = order[np.searchsorted(gallery.frame_ids, labels[elements], sorter=order)]
        for start in range(0, len(rows), _COMPARED):
            part = slice(start, start + _COMPARED)
            if not np.array_equal(stored[elements[part]], gallery.vectors[rows[part]]):
                raise ValueError("its vectors are not the library's")


_PART = ".part"
_LEVEL_0 = struct.Struct("<6Q")
"""How hnswlib's files begin: offset, room, elements, bytes per element, offsets of label and vector."""
_HEADER = 96
"""Bytes before the first element."""
_LINKS = 2 * _M * 4 + 4
"""Bytes of an element's links on the lowest level; its vector follows."""


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
    return bool(
        offset == 0 and elements <= room and vector == _LINKS and label + 8 == size and label > vector
    )


def _elements(path: Path) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Labels (n,) and vectors (n, D) of a saved graph, where they are in the file: by memory map."""
    file = np.memmap(path, np.uint8, "r")
    _, _, count, size, label, vector = _LEVEL_0.unpack(file[: _LEVEL_0.size].tobytes())
    if len(file) < _HEADER + count * size:
        raise ValueError("it is cut short")
    width = (label - vector) // 4
    labels = np.ndarray((count,), np.int64, file, _HEADER + label, (size,))
    return labels.copy(), np.ndarray((count, width), np.float32, file, _HEADER + vector, (size, 4))


def _is_sidecar(path: Path) -> bool:
    try:
        if not is_regular(path):
            return False
        facts = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(facts, dict) and {"model", "width", "count", "size", "sha256", "dead"} <= facts.keys()


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
