"""What a person can look at and clear of an open library: room on disk, kept frames, the log."""

import logging
import os
from collections.abc import Callable

from filelock import Timeout

from app import paths
from app.catalogue import frame_cache
from app.catalogue.catalogue import Catalogue
from app.catalogue.exclusion_preview import LeftOut, left_out_by
from app.catalogue.storage_use import StorageUse, storage_use
from app.database.layout import indexing_lock
from app.disk.private_files import is_regular
from app.errors import LibraryError
from app.settings import Exclusion

logger = logging.getLogger(__name__)


class Upkeep:
    """Of one library. Every method may be called from any thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def storage_use(self) -> StorageUse:
        """How much room everything takes; see `app.catalogue.storage_use`."""
        return storage_use(self._catalogue)

    def left_out_by(
        self, patterns: str, *, examples: int, stop: Callable[[], bool] = lambda: False
    ) -> LeftOut:
        """Which videos of the library these patterns match.

        Raises:
            UsageError: one of them is not valid.
        """
        return left_out_by(self._catalogue, Exclusion(patterns), examples=examples, stop=stop)

    def clear_frames(self) -> None:
        """Delete the frames that are kept for another model.

        Raises:
            LibraryError: they are in use.
        """
        try:
            with indexing_lock(self._catalogue.folder):
                frame_cache.delete(self._catalogue.folder)
        except Timeout:
            raise LibraryError(
                "The kept frames are in use.", "Clear them when indexing has ended, or pause and try again."
            ) from None

    def clear_log(self) -> None:
        """Empty the program's log and what crashes left, and delete their older parts.

        Raises:
            LibraryError: it cannot be done.
        """
        folder = paths.log_folder()
        try:
            for path in sorted(folder.iterdir()) if folder.is_dir() else []:
                if path.suffix == ".log" and is_regular(path):  # it may be open: it stays a file
                    os.truncate(path, 0)
                elif ".log." in path.name and is_regular(path):
                    path.unlink(missing_ok=True)
        except OSError as error:
            raise LibraryError(
                f"The log cannot be cleared: {error.strerror or error}.",
                "Check the permissions of its folder.",
            ) from error

    def last_of_log(self, lines: int) -> str:
        """The last lines of the log, in which paths below the person's home begin with `~`; may be empty."""
        try:
            with paths.log_file().open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - _LAST_BYTES))
                text = file.read().decode(errors="replace")
        except OSError:
            return ""
        home = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
        known = [home] if len(home) > 1 else []
        for name in known:
            text = text.replace(name, "~")
        return "\n".join(text.splitlines()[-lines:])


_LAST_BYTES = 1 << 16
