"""The part of a file that has arrived so far."""

import hashlib
import json
from pathlib import Path
from typing import IO


class Part:
    """What arrived of a file so far, and which version of it that is."""

    def __init__(self, target: Path, url: str) -> None:
        """Find what is here of `url`; a part of anything else is thrown away."""
        self.target = target
        self._url = url
        self._path = target.with_name(target.name + ".part")
        self._notes = target.with_name(target.name + ".part.json")
        self.validator = ""
        """Strong `ETag`, else `Last-Modified`, of what is here."""
        try:
            notes = json.loads(self._notes.read_text(encoding="utf-8"))
            if notes["url"] != url:
                raise ValueError("the part of another file")
            self.validator = str(notes["validator"])
        except (FileNotFoundError, ValueError, KeyError, TypeError):
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


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
