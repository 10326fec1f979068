"""The part of a file that has arrived so far."""

import hashlib
import json
from pathlib import Path
from typing import IO

from app.errors import DownloadError

_NOTES_BYTES = 1 << 16
_BEGINNING = b'{"url": '
"""Of all notes of ours, see `PartialDownload.begin`."""


class PartialDownload:
    """What arrived of a file so far, and which version of it that is."""

    def __init__(self, target: Path, url: str) -> None:
        """Find what is here of `url`; a part of another file that an earlier download left is thrown away.

        Raises:
            DownloadError: what has the part's name is not from a download; it stays as it is.
        """
        self.target = target
        self._url = url
        self._path = target.with_name(target.name + ".part")
        self._notes = target.with_name(target.name + ".part.json")
        _check_plain(self._path, self._notes)
        self.validator = ""
        """Strong `ETag`, else `Last-Modified`, of what is here."""
        if not self._notes.exists():
            if self._path.exists():  # notes come first
                raise _foreign(self._path)
            return
        content = self._notes.read_bytes()[:_NOTES_BYTES]
        if content and not content.startswith(_BEGINNING):
            raise _foreign(self._notes)
        try:
            notes = json.loads(content)
            if notes["url"] != url:
                raise ValueError("the part of another file")
            self.validator = str(notes["validator"])
        except (ValueError, KeyError, TypeError, RecursionError):  # a full disk may have cut them
            self.discard()

    @property
    def size(self) -> int:
        """Bytes that are here."""
        try:
            return self._path.stat().st_size
        except FileNotFoundError:
            return 0

    def discard(self) -> None:
        """Throw away what is here."""
        self._path.unlink(missing_ok=True)
        self._notes.unlink(missing_ok=True)
        self.validator = ""

    def begin(self, validator: str) -> None:
        """Start from nothing with the version of the file that `validator` names."""
        self.discard()
        self.validator = validator
        self._notes.write_text(json.dumps({"url": self._url, "validator": validator}), encoding="utf-8")

    def open(self) -> IO[bytes]:
        """Open it for what comes next."""
        return self._path.open("ab")

    def digest(self) -> str:
        """SHA-256 of what is here, in hex."""
        return digest_of(self._path)

    def finish(self) -> None:
        """It is whole and right: give it its name."""
        self._path.replace(self.target)
        self._notes.unlink(missing_ok=True)


def _check_plain(*paths: Path) -> None:
    """Raise DownloadError where something else has a name that is to be written to."""
    for path in paths:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise _foreign(path)


def _foreign(path: Path) -> DownloadError:
    return DownloadError(
        f"“{path.name}” in “{path.parent}” is not from a download of Reelfind.",
        "Move it elsewhere and try again.",
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
