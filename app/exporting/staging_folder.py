"""A folder beside the files to come: each is written there and moved to its place when it is whole.

What a killed export leaves behind is a folder that nobody holds locked: the next export removes it.
"""

import errno
import os
import re
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from app.errors import UsageError
from app.exporting.export_names import numbered
from app.exporting.export_request import ExportError
from app.media.reasons import is_full
from app.text import shown

PREFIX = ".reelfind-export-"
_LOCK = "lock"
_JUST_MADE = 60.0
"""Seconds for which a folder without a lock may be one that another export is about to lock."""
_OURS = re.compile(r"[0-9]+\.part|lock")
_MOST_NUMBERS = 10_000
_NO_LINKS = {
    errno.EPERM,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EMLINK,
    errno.EXDEV,
    errno.EACCES,
}


class StagingFolder:
    """Made inside the folder that the files go to, removed at the end of a `with`."""

    def __init__(self, folder: Path) -> None:
        """Make it, and remove what killed exports left.

        Raises:
            UsageError: there is no such folder.
            ExportError: it cannot be written to.
        """
        if not folder.is_dir():
            raise UsageError(f"{shown(folder)} is no folder.", "Choose a folder that is there.")
        self.folder = folder
        sweep(folder)
        try:
            self._path = Path(tempfile.mkdtemp(prefix=PREFIX, dir=folder))
            self._lock = FileLock(self._path / _LOCK)
            self._lock.acquire(timeout=0)
        except OSError as error:
            raise unwritable_folder(folder, error) from error
        self._count = 0

    def new_file(self) -> Path:
        """Where the next file is to be written."""
        self._count += 1
        return self._path / f"{self._count}.part"

    def place(self, written: Path, name: str, suffix: str) -> Path:
        """Move a whole file to its place, never over another one; returns where it is now.

        Args:
            written: one of `new_file`.
            name: what it is called, without its suffix; ` (2)` follows where that is taken.
            suffix: `.mp4`.

        Raises:
            ExportError: it cannot be put there.
        """
        try:
            for number in range(1, _MOST_NUMBERS):
                place = self.folder / f"{numbered(name, number)}{suffix}"
                if not os.path.lexists(place) and _moved(written, place):
                    return place
        except OSError as error:
            raise unwritable_folder(self.folder, error) from error
        raise ExportError(f"There are too many files called “{shown(name)}”.", "Choose another folder.")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._lock.release()
        shutil.rmtree(self._path, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove what exports that were killed left in a folder; nothing else, and nothing of a running one."""
    with suppress(OSError):
        for left in folder.glob(f"{PREFIX}*"):
            with suppress(OSError):
                _remove(left)


def delete_old(folder: Path, days: float) -> None:
    """Delete files of a folder of ours that were written so many days ago."""
    before = time.time() - days * 86_400
    with suppress(OSError):
        for file in folder.iterdir():
            with suppress(OSError):
                if file.is_file() and not file.is_symlink() and file.stat().st_mtime < before:
                    file.unlink()


def unwritable_folder(folder: Path, error: OSError) -> ExportError:
    """The sentence for a folder that takes no file."""
    if is_full(error):
        return ExportError("The disk is full.", "Free some space or choose another folder.")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return ExportError(f"You may not write to {shown(folder)}.", "Choose another folder.")
    return ExportError(
        f"{shown(folder)} cannot be written to: {error.strerror or type(error).__name__}.",
        "Choose another folder.",
    )


def _remove(left: Path) -> None:
    if left.is_symlink() or not left.is_dir():
        return
    if not all(_OURS.fullmatch(each.name) and not each.is_dir() for each in left.iterdir()):
        return
    if not (left / _LOCK).exists() and time.time() - left.stat().st_mtime < _JUST_MADE:
        return
    lock = FileLock(left / _LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return
    lock.release()
    shutil.rmtree(left, ignore_errors=True)


def _moved(written: Path, place: Path) -> bool:
    """Move a file unless its place was taken meanwhile; whether it was moved."""
    try:
        os.link(written, place)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return _claimed(written, place)
    written.unlink()
    return True


def _claimed(written: Path, place: Path) -> bool:
    """The same on a file system without links: an empty file holds the place until the whole one is there."""
    try:
        os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
    except FileExistsError:
        return False
    try:
        written.replace(place)
    except OSError:
        with suppress(OSError):
            place.unlink()
        raise
    return True
