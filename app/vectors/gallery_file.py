"""The gallery's file beside the library: normalised vectors, opened by memory map; a cache.

Two files make it. `vectors-<model>-<generation>.gallery` holds the vectors and only ever grows at its end;
`vectors-<model>.rows` says how many of them count, whose they are and up to which revision of the library
they go. It is written in one step and last, so that a process that is killed leaves the state before or the
one after. Vectors that a file of rows does not name are written over by the next one who adds some.

A process that lacks room in the file, or may not write it, keeps what is new to itself: the map is a private
one, and what is written to it is this process' own memory. Several processes can read; one at a time writes.
"""

import logging
import mmap
import os
import threading
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from filelock import Timeout
from numpy.typing import NDArray

from app.vectors.frame_vectors import FrameVectors
from app.vectors.gallery import grown
from app.vectors.gallery_paths import START, GalleryPaths
from app.vectors.gallery_rows import GalleryHead, GalleryRows, decode, encode, model_key

logger = logging.getLogger(__name__)

_CHUNK = 4096
"""Vectors that are written at a time."""
_SLACK = 8
"""The file has room for a share of one in so many of its vectors, which costs no space until it is used."""


class _StoppedError(Exception):
    """Somebody asked to stop."""


@dataclass(frozen=True, slots=True)
class LoadedGallery:
    """A gallery as it was kept."""

    revision: int
    """The library's, up to which it goes."""
    generation: str
    """Of the file with the vectors."""
    rows: GalleryRows
    vectors: NDArray[np.float32]
    """(capacity, D), writable: what is written is seen by this process alone."""


@dataclass(frozen=True, slots=True)
class KeptVectors:
    """The vectors as they lie in a file."""

    path: Path
    generation: str
    """Of the file: rows of two generations are different ones."""
    stored: int
    """How many of its rows count."""


class GalleryFile:
    """One model's gallery beside a library. Thread-safe; what cannot be done is logged, and done without."""

    def __init__(self, folder: Path, model: str, width: int) -> None:
        """Nothing is opened yet.

        Args:
            folder: the library's.
            model: identity of the encoder bundle.
            width: D.
        """
        self._paths = GalleryPaths.of(folder, model)
        self._key = model_key(model)
        self._width = width
        self._lock = threading.Lock()
        self._head: GalleryHead | None = None  # of what this process uses, as it was last published

    @property
    def stored(self) -> int:
        """How many of the vectors in use are in the file."""
        head = self._head
        return head.stored if head is not None else 0

    @property
    def kept(self) -> KeptVectors | None:
        """The file with the vectors in use; None where they are not in one."""
        head = self._head
        if head is None:
            return None
        return KeptVectors(self._paths.vectors(head.generation), head.generation, head.stored)

    def load(self) -> LoadedGallery | None:
        """Read and map what was kept; None where there is nothing that can be used."""
        with self._lock:
            loaded = self._load()
            if self._paths.left_over(self._head.generation if self._head else ""):
                with suppress(OSError, ValueError), self._paths.writing():
                    self._paths.sweep(self._paths.head().generation if self._paths.rows.exists() else "")
        return loaded

    def _load(self) -> LoadedGallery | None:
        try:
            head, rows = decode(self._paths.read())
            if (head.model, head.width) != (self._key, self._width):
                raise ValueError("it belongs to something else")
            vectors = self._mapped(head)
        except FileNotFoundError:
            return None
        except (OSError, ValueError) as error:
            logger.warning("the saved gallery %s is not used: %s", self._paths.rows, error)
            return None
        self._head = head
        return LoadedGallery(head.revision, head.generation, rows, vectors)

    def abandon(self) -> None:
        """Go on without the file: the next `save` writes all of it."""
        with self._lock:
            self._head = None

    def grow(self, vectors: NDArray[np.float32], count: int, capacity: int) -> NDArray[np.float32]:
        """A map with more room that begins with these vectors; a copy in memory where that cannot be had.

        Args:
            vectors: (old capacity, D), a map of this file.
            count: rows of it that are in use.
            capacity: rows wanted.
        """
        with self._lock:
            head = self._head
            if head is not None:
                try:
                    with self._paths.writing():
                        self._make_room(head, max(capacity, count + count // _SLACK))
                    larger = self._mapped(head)
                    larger[head.stored : count] = vectors[head.stored : count]
                    return larger
                except (OSError, ValueError) as error:
                    logger.info("the gallery grows in memory: %s", error)
                    self._head = None
            return grown(vectors, count, capacity)

    def save(
        self,
        vectors: FrameVectors,
        rows: GalleryRows,
        revision: int,
        *,
        compact: bool,
        stop: Callable[[], bool] = lambda: False,
    ) -> NDArray[np.float32] | None:
        """Keep a gallery for the next start, and give back a map of it; None where that cannot be done.

        Args:
            vectors: of N frames; where they begin with what is in the file already, only the rest is written.
            rows: of the same frames.
            revision: the library's.
            compact: write all of them anew, without those of removed videos.
            stop: asked every few thousand vectors; what was kept before stays as it is.

        Returns:
            (capacity, D), writable for this process, `stored` of them in use: all that were stored, at their
            places, or where all were written anew only the N.
        """
        with self._lock:
            try:
                with self._paths.writing():
                    return self._save(vectors, rows, revision, compact or not self._is_current(), stop)
            except _StoppedError:
                logger.info("the gallery is not kept this time")
            except Timeout:
                logger.info("another process writes the gallery")
            except (OSError, ValueError) as error:
                logger.warning("the gallery cannot be kept: %s", error)
            return None

    def _is_current(self) -> bool:
        """Whether nobody else has written since this process has."""
        try:
            return self._head is not None and self._paths.head() == self._head
        except (OSError, ValueError):
            return False

    def _save(
        self, vectors: FrameVectors, rows: GalleryRows, revision: int, anew: bool, stop: Callable[[], bool]
    ) -> NDArray[np.float32]:
        known = None if anew else self._head
        if known is None:
            known = GalleryHead(
                self._width, self._key, self._paths.start_vectors(self._width), revision, stored=0, checksum=0
            )
            rows = rows.dense()
        else:
            vectors = FrameVectors(vectors.stored)
        try:
            head = self._written(known, vectors, revision, stop)
            saved = self._mapped(head)
            self._paths.publish(encode(head, rows), head.generation)
        except BaseException:
            if known.stored == 0:
                with suppress(OSError):
                    self._paths.vectors(known.generation).unlink(missing_ok=True)
            raise
        self._head = head
        self._paths.sweep(head.generation)
        return saved

    def _written(
        self, head: GalleryHead, vectors: FrameVectors, revision: int, stop: Callable[[], bool]
    ) -> GalleryHead:
        """Add what is not in the file yet."""
        checksum, count = head.checksum, len(vectors)
        with self._paths.check_vectors(head).open("r+b") as file:
            file.seek(START + 4 * self._width * head.stored)
            for start in range(head.stored, count, _CHUNK):
                if stop():
                    raise _StoppedError
                chunk = np.ascontiguousarray(vectors[start : start + _CHUNK], "<f4").tobytes()
                checksum = zlib.crc32(chunk, checksum)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        self._make_room(head, count + count // _SLACK + _CHUNK)
        return replace(head, stored=count, checksum=checksum, revision=revision)

    def _make_room(self, head: GalleryHead, capacity: int) -> None:
        """Let the file have so many rows, never fewer than it has: others have mapped it."""
        size = START + 4 * self._width * capacity
        with self._paths.vectors(head.generation).open("r+b") as file:
            if os.fstat(file.fileno()).st_size < size:
                file.truncate(size)

    def _mapped(self, head: GalleryHead) -> NDArray[np.float32]:
        with self._paths.check_vectors(head).open("rb") as file:
            view = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        capacity = (len(view) - START) // (4 * self._width)
        return np.frombuffer(view, "<f4", capacity * self._width, START).reshape(capacity, self._width)

    @staticmethod
    def delete(folder: Path, model: str) -> None:
        """Delete a model's gallery; what others keep under its names stays.

        Raises:
            OSError: it cannot be deleted, or is being written.
        """
        paths = GalleryPaths.of(folder, model)
        if paths not in GalleryPaths.all(folder) and not os.path.lexists(paths.lock):
            return
        with paths.writing():
            paths.delete_rows()
            paths.sweep("")
            with suppress(OSError):  # where the system keeps files that are open
                paths.lock.unlink(missing_ok=True)

    @staticmethod
    def remove_damaged(folder: Path) -> list[str]:
        """Delete the galleries that are not whole, and vectors without rows; reads all of them.

        Returns:
            The names of those that were damaged.
        """
        removed = []
        for paths in GalleryPaths.all(folder):
            with suppress(OSError), paths.writing():
                generation = ""
                try:
                    head, _ = decode(paths.read())
                    if paths.checksum(head) != head.checksum:
                        raise ValueError("its checksum is wrong")
                    generation = head.generation
                except (FileNotFoundError, ValueError):
                    if paths.delete_rows():
                        removed.append(paths.rows.name)
                paths.sweep(generation)
        return removed
