"""The sampled frames as pictures, so that another model needs no decoding. A cache: it may go at any time.

One SQLite file beside the library, so that the library stays small; only the process that indexes writes it.
Where another program's file has its name, it gets another one: we neither write nor delete what is not ours.
A video counts when all of it is there: pictures are written as they come, in small transactions, under a row
without a fingerprint, and one last transaction names it. What a crash leaves unnamed is swept at the next
start.

Pictures are JPEGs of `QUALITY` without chroma subsampling: embeddings of them are as near to those of the
frames as two resizings of one frame are to each other (docs/decisions/0009-switching-models.md).
"""

import logging
import os
import sqlite3
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.database.layout import FRAMES, sqlite_header
from app.disk.private_files import is_regular, make_empty, make_private
from app.errors import LibraryError
from app.media.frames import Frame, Sampling

logger = logging.getLogger(__name__)

SHORT_SIDE = 256
"""Pixels of the shorter side that frames are kept with at least, where the video has as many."""
QUALITY = 92

_FORMAT = 1
_APPLICATION = int.from_bytes(b"ReFr", "big")
"""`application_id` of the file; that of earlier versions is 0."""
_BUFFER = 32
"""Pictures per transaction."""
_WHOLE = 1 << 30
"""Short side that stands for all the pixels there are."""

_TABLES = """
    CREATE TABLE videos (
        id INTEGER PRIMARY KEY,
        fingerprint TEXT UNIQUE,
        max_rate REAL,
        min_frames INTEGER,
        clip_frames INTEGER,
        short_side INTEGER
    );
    CREATE TABLE frames (
        id INTEGER PRIMARY KEY,
        video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
        time REAL NOT NULL,
        key INTEGER NOT NULL,
        clip INTEGER NOT NULL,
        image BLOB NOT NULL
    );
    CREATE INDEX frames_by_video ON frames (video_id);
"""


def size_of(library: Path) -> int:
    """Bytes on disk of the frames kept for a library."""
    total = 0
    for path in _ours(library):
        with suppress(OSError):  # deleted by the run that uses it
            total += path.stat().st_size
    return total


def delete(library: Path) -> None:
    """Delete the frames kept for a library; by the holder of its indexing lock only."""
    try:
        for path in list(_ours(library)):
            path.unlink(missing_ok=True)
    except OSError as error:  # tried again at the next run
        logger.warning("the kept frames cannot be deleted: %s", error)


@dataclass(frozen=True, slots=True)
class KeptFrame:
    """Where a frame is in its video, without its picture."""

    id: int
    time: float
    key: bool
    clip: int


class DamagedFramesError(Exception):
    """A kept picture cannot be read; the video has to be decoded."""


class FrameCache:
    """The kept frames of one library. Thread-safe; one process at a time."""

    def __init__(self, library: Path) -> None:
        """Open the cache of the library in this folder, or start one; a damaged one gives way to a new one.

        Raises:
            LibraryError: it cannot be opened or made.
        """
        self._lock = threading.Lock()
        try:
            self._database = _open(_place(library))
        except (sqlite3.DatabaseError, OSError):
            delete(library)
            try:
                self._database = _open(_place(library))
            except (sqlite3.DatabaseError, OSError) as error:
                raise LibraryError(
                    f"The frames kept in {library} cannot be opened: {error}.",
                    "Free some space there and check its permissions, or turn keep_frames off.",
                ) from error

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def fingerprints(self) -> frozenset[str]:
        """Fingerprints of the videos whose frames are there; none where that cannot be read."""
        try:
            with self._lock:
                rows = self._database.execute(
                    "SELECT fingerprint FROM videos WHERE fingerprint IS NOT NULL"
                ).fetchall()
        except sqlite3.Error as error:
            logger.warning("the kept frames cannot be read: %s", error)
            return frozenset()
        return frozenset(fingerprint for (fingerprint,) in rows)

    def find(self, fingerprint: str, sampling: Sampling) -> list[KeptFrame]:
        """The frames of a video in order of time, empty where they are not there as they are wanted.

        Args:
            fingerprint: content fingerprint of the file.
            sampling: how frames are to be chosen, and how large they have to be.
        """
        try:
            with self._lock:
                rows = self._database.execute(
                    """SELECT frames.id, time, key, clip FROM frames JOIN videos ON videos.id = video_id
                    WHERE fingerprint = ? AND max_rate = ? AND min_frames = ? AND clip_frames = ?
                        AND short_side >= ? ORDER BY frames.id""",
                    [fingerprint, *_chosen(sampling), sampling.short_side],
                ).fetchall()
        except sqlite3.Error as error:
            logger.warning("the kept frames cannot be read: %s", error)
            return []
        return [KeptFrame(number, time, bool(key), clip) for number, time, key, clip in rows]

    def image(self, frame: KeptFrame) -> NDArray[np.uint8]:
        """The picture of a frame: (H, W, 3) uint8 RGB.

        Raises:
            DamagedFramesError: it is gone or damaged.
        """
        try:
            with self._lock:
                row = self._database.execute("SELECT image FROM frames WHERE id = ?", [frame.id]).fetchone()
        except sqlite3.Error as error:
            raise DamagedFramesError(str(error)) from error
        import cv2

        picture = None if row is None else cv2.imdecode(np.frombuffer(row[0], np.uint8), cv2.IMREAD_COLOR)
        if picture is None:
            raise DamagedFramesError(f"frame {frame.id} is no picture")
        return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)

    def forget(self, fingerprint: str) -> None:
        """Delete the frames of a video."""
        self.write([("DELETE FROM videos WHERE fingerprint = ?", [fingerprint])])

    def keep_only(self, fingerprints: Collection[str]) -> None:
        """Delete the frames of every other video, and give their space back to the disk."""
        left = self.fingerprints().difference(fingerprints)
        if not left or not self.write([("DELETE FROM videos WHERE fingerprint = ?", [one]) for one in left]):
            return
        try:
            with self._lock:
                # `execute` would stop after the first page: each is a row without columns.
                self._database.executescript("PRAGMA incremental_vacuum")
        except sqlite3.Error as error:
            logger.warning("the space of deleted frames was not given back: %s", error)

    def write(self, statements: Sequence[tuple[str, Sequence[Any]]]) -> bool:
        """Run statements as one transaction; returns whether they are kept. A full disk costs a warning."""
        with self._lock:
            try:
                self._database.execute("BEGIN IMMEDIATE")
                for statement, values in statements:
                    self._database.execute(statement, values)
                self._database.execute("COMMIT")
            except sqlite3.Error as error:
                logger.warning("frames are not kept: %s", error)
                with suppress(sqlite3.Error):
                    self._database.execute("ROLLBACK")
                return False
            return True

    def begin(self) -> int | None:
        """A number for a video whose frames are to come, None where nothing can be written."""
        with self._lock:
            try:
                cursor = self._database.execute("INSERT INTO videos (fingerprint) VALUES (NULL)")
            except sqlite3.Error as error:
                logger.warning("frames are not kept: %s", error)
                return None
            return cursor.lastrowid


class FrameWriter:
    """The frames of one video on their way into the cache. Used by one thread."""

    def __init__(self, cache: FrameCache) -> None:
        self._cache = cache
        self._number = cache.begin()
        self._waiting: list[tuple[str, Sequence[Any]]] = []
        self._longest = 0
        """Pixels of the shorter side of the largest frame."""

    def add(self, frame: Frame) -> None:
        """Keep one frame; in order of time."""
        if self._number is None:
            return
        self._longest = max(self._longest, min(frame.image.shape[:2]))
        values = [self._number, frame.time, frame.key, frame.clip, _encoded(frame.image)]
        self._waiting.append(
            ("INSERT INTO frames (video_id, time, key, clip, image) VALUES (?, ?, ?, ?, ?)", values)
        )
        if len(self._waiting) >= _BUFFER:
            self._flush()

    def finish(self, fingerprint: str, sampling: Sampling) -> None:
        """The video is whole: it can be found from now on, and takes the place of what was kept of it.

        Args:
            fingerprint: content fingerprint of the file.
            sampling: how its frames were chosen, and how large they were asked for.
        """
        if self._number is None:
            return
        side = sampling.short_side if self._longest >= sampling.short_side else _WHOLE
        self._waiting += [
            ("DELETE FROM videos WHERE fingerprint = ?", [fingerprint]),
            (
                "UPDATE videos SET fingerprint = ?, max_rate = ?, min_frames = ?, clip_frames = ?, "
                "short_side = ? WHERE id = ?",
                [fingerprint, *_chosen(sampling), side, self._number],
            ),
        ]
        self._flush()

    def abandon(self) -> None:
        """Forget what was kept so far."""
        number, self._number = self._number, None
        self._waiting.clear()
        if number is not None:
            self._cache.write([("DELETE FROM videos WHERE id = ?", [number])])

    def _flush(self) -> None:
        statements, self._waiting = self._waiting, []
        if not self._cache.write(statements):
            self.abandon()


def _names(library: Path) -> tuple[Path, ...]:
    return library / FRAMES, library / f"reelfind-{FRAMES}"


def _journal(path: Path) -> Path:
    return path.with_name(f"{path.name}-journal")


def _place(library: Path) -> Path:
    """The first name that is free or already ours.

    Raises:
        FileExistsError: both names are taken by files of others.
    """
    for path in _names(library):
        free = not os.path.lexists(path) and not os.path.lexists(_journal(path))
        if free or _is_ours(path):
            return path
    raise FileExistsError("other files have its name")


def _ours(library: Path) -> Iterator[Path]:
    """The files of the cache that are there, each with its journal before it."""
    for path in _names(library):
        if _is_ours(path):
            if is_regular(_journal(path)):
                yield _journal(path)
            yield path


def _is_ours(path: Path) -> bool:
    """Whether we made this file: told by its header, and in files of earlier versions by their tables."""
    try:
        if not is_regular(path):
            return False
        header = sqlite_header(path)
        if header is None:
            # A start that was killed leaves an empty file; under the second name nobody else does.
            return path.name != FRAMES and path.stat().st_size == 0
        if header.application_id:
            return header.application_id == _APPLICATION
        return header.user_version == _FORMAT and _has_our_tables(path)
    except OSError:
        return False


def _has_our_tables(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as database:
            found = database.execute("SELECT name FROM pragma_table_info('videos')").fetchall()
            frames = database.execute("SELECT name FROM pragma_table_info('frames')").fetchall()
    except sqlite3.DatabaseError:
        return False
    return {("fingerprint",), ("clip_frames",), ("short_side",)} <= set(found) and ("clip",) in frames


def _open(path: Path) -> sqlite3.Connection:
    make_empty(path)
    make_private(path)
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA auto_vacuum=INCREMENTAL")
        database.execute("PRAGMA journal_mode=TRUNCATE").fetchone()
        database.execute("PRAGMA synchronous=NORMAL")
        database.execute("PRAGMA foreign_keys=ON")
        if database.execute("PRAGMA application_id").fetchone()[0] == 0:
            database.execute(f"PRAGMA application_id={_APPLICATION}")
        version = database.execute("PRAGMA user_version").fetchone()[0]
        if version == 0:
            database.executescript(f"BEGIN; {_TABLES} PRAGMA user_version={_FORMAT}; COMMIT;")
        elif version != _FORMAT:
            raise sqlite3.DatabaseError(f"format {version}")
        database.execute("DELETE FROM videos WHERE fingerprint IS NULL")
    except BaseException:
        database.close()
        raise
    return database


def _chosen(sampling: Sampling) -> tuple[float, int, int]:
    return sampling.max_rate, sampling.min_frames, sampling.clip_frames


def _encoded(image: NDArray[np.uint8]) -> bytes:
    """(H, W, 3) RGB as JPEG."""
    import cv2

    options = [
        cv2.IMWRITE_JPEG_QUALITY,
        QUALITY,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR,
        cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444,
    ]
    done, encoded = cv2.imencode(".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), options)
    if not done:
        raise RuntimeError(f"a frame of shape {image.shape} could not be encoded")
    return encoded.tobytes()
