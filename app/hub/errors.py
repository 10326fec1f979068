"""What can go wrong here beside a bad model."""

from app.errors import ReelfindError


class DownloadError(ReelfindError):
    """A file cannot be fetched: no network, no such file, a full disk, or not the file that was promised."""


class Stopped(ReelfindError):  # noqa: N818 (no error)
    """The user asked for the work to stop; nothing is wrong."""
