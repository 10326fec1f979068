"""A video as a file of the node: the shared path where that is the same file, else a copy that is sent."""

import errno
import logging
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from app.catalogue.records import Video
from app.errors import Cause, MediaError
from app.media.decoder import Decoder

logger = logging.getLogger(__name__)

CHUNK = 8 << 20
"""Bytes that are sent, and in memory, at once."""
_SPARE = 256 << 20
"""Bytes that a copy leaves free on the node's disk."""
_LOCK = "in-use.lock"


@contextmanager
def local_file(
    decoder: Decoder, video: Video, fingerprint: str, read: Callable[[int, int], bytes]
) -> Iterator[Path]:
    """A file with the content of a video, until the block ends.

    Args:
        decoder: takes fingerprints, in its child: a share that hangs costs one video.
        video: as the committing computer knows it.
        fingerprint: of its content.
        read: gives bytes of it from there: position and number; fewer at its end.

    Raises:
        MediaError: it cannot be had here now.
    """
    if _is_same(decoder, video.path, fingerprint):
        yield video.path
        return
    with _own_folder() as folder:
        copy = folder / f"video{video.path.suffix}"
        _fetch(copy, video.size, read)
        if decoder.fingerprint(copy) != fingerprint:
            raise MediaError(
                "The file changed while it was sent to the cluster.", "", cause=Cause.ENVIRONMENT
            )
        yield copy


def uploads_folder() -> Path:
    """Where copies lie while they are read."""
    user = os.getuid() if hasattr(os, "getuid") else "here"
    return Path(tempfile.gettempdir()) / f"reelfind-cluster-{user}"


def _is_same(decoder: Decoder, path: Path, fingerprint: str) -> bool:
    try:
        return decoder.fingerprint(path) == fingerprint
    except (MediaError, OSError):
        return False


@contextmanager
def _own_folder() -> Iterator[Path]:
    """An empty folder of one's own; those of tasks that were killed are deleted first."""
    parent = uploads_folder()
    try:
        parent.mkdir(mode=0o700, exist_ok=True)
        _see_that_it_is_ours(parent)
        _sweep(parent)
        folder = Path(tempfile.mkdtemp(dir=parent))
    except OSError as error:
        raise _no_room(f"no folder can be made for it: {error.strerror or error}") from error
    lock = FileLock(folder / _LOCK)
    try:
        with lock:
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _see_that_it_is_ours(parent: Path) -> None:
    """Anybody may make folders and links where temporary files lie.

    Raises:
        OSError: somebody else did.
    """
    status = parent.lstat()
    if not stat.S_ISDIR(status.st_mode) or (hasattr(os, "getuid") and status.st_uid != os.getuid()):
        raise PermissionError(errno.EPERM, f"{parent} is not ours")


def _sweep(parent: Path) -> None:
    for folder in parent.iterdir():
        if not (folder / _LOCK).exists():  # just being made
            continue
        with suppress(Timeout, OSError), FileLock(folder / _LOCK, timeout=0):
            logger.info("removing what a task that was killed left in %s", folder)
            shutil.rmtree(folder, ignore_errors=True)


def _fetch(copy: Path, size: int, read: Callable[[int, int], bytes]) -> None:
    """Write a copy of `size` bytes.

    Raises:
        MediaError: the file is not there any more, or there is no room.
    """
    if shutil.disk_usage(copy.parent).free < size + _SPARE:
        raise _no_room("there is not enough room for it")
    try:
        with copy.open("xb") as file:
            while chunk := read(file.tell(), CHUNK):
                file.write(chunk)
                if file.tell() > size:
                    break  # it grows: another fingerprint
    except OSError as error:
        raise _no_room(error.strerror or str(error)) from error


def _no_room(reason: str) -> MediaError:
    return MediaError(
        f"The file cannot be sent to a computer of the cluster: {reason}.",
        "Make room there, or let it see the folder at the same path.",
        cause=Cause.ENVIRONMENT,
    )
