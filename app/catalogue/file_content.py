"""Whether a video's file is still the one that the library knows."""

from pathlib import Path

from app.catalogue.records import Video
from app.disk.file_facts import time_of_change
from app.media.fingerprints import fingerprint as take_fingerprint
from app.media.fingerprints import is_content


def size_and_time(path: Path) -> tuple[int, int] | None:
    """Size and time of change of a file as it is now, None where it cannot be reached."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, time_of_change(status)


def unchanged_content(video: Video) -> str | None:
    """Fingerprint of a video's file, None where it changed since it was indexed, or cannot be read."""
    if size_and_time(video.path) != (video.size, video.mtime_ns):
        return None
    try:
        return take_fingerprint(video.path)
    except OSError:
        return None


def has_content(video: Video, fingerprint: str) -> bool:
    """Whether a video's stored fingerprint, of whatever version, is that of its file.

    Args:
        video: the video.
        fingerprint: the file's, of the current version.
    """
    try:
        return video.fingerprint is not None and is_content(video.path, video.fingerprint, fingerprint)
    except OSError:
        return False
