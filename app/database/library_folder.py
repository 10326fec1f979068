"""A library's folder is made where it does not exist yet."""

import errno
import logging
from contextlib import suppress
from pathlib import Path

from app.errors import LibraryError
from app.paths import default_library

logger = logging.getLogger(__name__)


def make_folder(folder: Path) -> None:
    """Make a library's folder where it does not exist yet, for its owner alone.

    A folder that was there keeps its permissions (others may be meant to use it), unless it is the default
    one.

    Raises:
        LibraryError: it cannot be made, or is no folder.
    """
    try:
        if folder.is_dir():
            if folder == default_library():
                with suppress(OSError):
                    folder.chmod(0o700)
            return
        if folder.is_symlink():
            raise LibraryError(
                f"The library folder {folder} is a link to a folder that is not there.",
                "Connect its disk, or choose another folder with --library.",
            )
        _check_home(folder)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)  # another process may have been quicker
    except FileExistsError as error:
        raise _not_made(folder, f"{error.filename or folder} is a file") from error
    except NotADirectoryError as error:
        raise _not_made(folder, "a folder above it is a file") from error
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT}:
            raise _not_made(folder, "the disk is full") from error
        raise _not_made(folder, error.strerror or str(error)) from error
    except ValueError as error:  # a NUL in the name
        raise _not_made(folder, "that is no name for a folder") from error


def _check_home(folder: Path) -> None:
    """Refuse to make a home folder that is not there: its disk may not be connected."""
    try:
        home = Path.home()
    except RuntimeError:
        return
    if folder.is_relative_to(home) and not home.is_dir():
        raise LibraryError(
            f"Your home folder {home} is not there, so no library can be kept in it.",
            "Name a folder for the library with --library.",
        )


def _not_made(folder: Path, why: str) -> LibraryError:
    return LibraryError(
        f"The library folder {folder} cannot be made: {why}.", "Choose another folder with --library."
    )
