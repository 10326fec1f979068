"""What is left of a window that crashes: where every thread was, in a file next to the log."""

import faulthandler
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

NAME = "crash.log"
LARGEST = 1 << 20
"""Bytes; a file beyond that is begun anew."""


@contextmanager
def crash_log(folder: Path) -> Iterator[None]:
    """Inside, a crash (of Qt, of a codec, a fatal message of Qt) writes to `NAME` in the folder.

    Where the file cannot be written, a crash leaves nothing behind; nothing is said.
    """
    path = folder / NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError:
        yield
        return
    with os.fdopen(opened, "ab") as file:
        if os.fstat(opened).st_size > LARGEST:
            file.truncate(0)
        faulthandler.enable(file)
        try:
            yield
        finally:
            faulthandler.disable()
            with suppress(OSError):
                if not os.fstat(opened).st_size:
                    path.unlink()
