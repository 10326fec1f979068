"""Files of ours that nobody but their owner may read."""

import os
import stat
from contextlib import suppress
from pathlib import Path

PRIVATE = 0o600
"""Mode of every file of a library: what is in a person's videos is nobody else's business."""


def is_regular(path: Path) -> bool:
    """Whether this is a file itself: no link, no folder, no device. False where it cannot be asked."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def make_empty(path: Path) -> None:
    """Make an empty file that nobody but its owner can read, unless there is one; SQLite fills it.

    What SQLite makes beside it (`-wal`, `-shm`, `-journal`) gets the same permissions.

    Raises:
        OSError: it cannot be made.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE))


def make_private(path: Path) -> None:
    """Take a file of ours away from everybody but its owner, where that can be done."""
    with suppress(OSError):
        if is_regular(path) and stat.S_IMODE(path.lstat().st_mode) & 0o077:
            path.chmod(PRIVATE)
