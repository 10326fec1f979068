"""The library's front door: everything that is kept, in one SQLite file."""

import logging
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

import app.database  # noqa: F401 - before any module of this room loads sqlite-utils
from app.catalogue.damage import integrity
from app.catalogue.damage.integrity import Problem
from app.catalogue.deltas import Announcer, Listener
from app.catalogue.parts.keeping_marks import KeepingMarks
from app.catalogue.parts.keeping_people import KeepingPeople
from app.catalogue.parts.keeping_searches import KeepingSearches
from app.catalogue.parts.lines import KeepingLines
from app.catalogue.parts.reading_vectors import ReadingVectors
from app.catalogue.parts.recording_indexing import RecordingIndexing
from app.catalogue.parts.recording_scans import RecordingScans
from app.catalogue.parts.watching_folders import WatchingFolders
from app.database.connections import DamagedError
from app.database.layout import FILE_NAME
from app.database.opening import open_for_reading, open_library
from app.disk.formats import FormatCache

__all__ = ["FILE_NAME", "Catalogue"]

logger = logging.getLogger(__name__)


class Catalogue(
    WatchingFolders,
    RecordingScans,
    RecordingIndexing,
    KeepingLines,
    ReadingVectors,
    KeepingMarks,
    KeepingPeople,
    KeepingSearches,
):
    """Watched folders, their videos, what indexing found in them, and what people keep about them.

    Every method can be called from any thread, and several processes may have the same library open. Each
    change is one transaction: after a crash the library holds it whole or not at all. Methods that read or
    write raise `LibraryError` where the disk is full, the file damaged, or another process keeps it locked.
    """

    def __init__(self, folder: Path, *, reading: bool = False) -> None:
        """Open the library in `folder`, or start one there.

        Where it cannot be written (a read-only or full disk, a permission), it is opened for reading.

        Args:
            folder: the library's.
            reading: whether it has to be there and is opened for reading in any case.

        Raises:
            LibraryError: it is damaged, another program's, from a newer version, or cannot be opened.
        """
        self.folder = folder
        self._opened = open_for_reading(folder) if reading else open_library(folder)
        self._connections = self._opened.connections
        self._deltas = Announcer()
        self._formats = FormatCache()
        self._set_aside: set[tuple[str, int]] = set()
        for sentence in self._opened.mended:
            logger.warning("%s: %s", folder, sentence)

    @property
    def read_only_reason(self) -> str:
        """Why nothing can be written, one sentence; empty where something can."""
        reason = self._connections.read_only
        return "" if reason is None else reason.sentence

    @property
    def read_only_advice(self) -> str:
        """What to do about that, one sentence; empty where something can be written."""
        reason = self._connections.read_only
        return "" if reason is None else reason.advice

    @property
    def mended(self) -> list[str]:
        """What was missing in the file's structure when it was opened and was made anew; sentences."""
        return list(self._opened.mended)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with what each commit of this process changes in videos and folders.

        It is called on the thread that made the commit. Returns the function that ends it.
        """
        return self._deltas.subscribe(listener)

    def is_intact(self) -> bool:
        """Whether every page of the file and every reference in it is sound; reads the whole file."""
        try:
            with self._connections.reading() as database:
                pages = database.execute("PRAGMA quick_check(1)").fetchall()
                references = database.execute("PRAGMA foreign_key_check").fetchall()
        except DamagedError:
            return False
        return pages == [("ok",)] and not references

    def check(self, *, full: bool = True, report: Callable[[str], None] = lambda _: None) -> list[Problem]:
        """What is wrong with the library's file, empty where nothing is; changes nothing.

        Args:
            full: also read every page, vector, frame and reference, which takes as long as reading the file.
            report: told what is checked next, in a few words.
        """
        with self._connections.reading() as database:
            return integrity.check(database, full=full, report=report)

    def close(self) -> None:
        """Close the file; the catalogue cannot be used any more."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
