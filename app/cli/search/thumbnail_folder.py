"""The pictures that `search --json` names: WebP files in a folder that may hold files of others as well."""

import hashlib
import os
import re
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.disk.private_files import is_regular
from app.paths import cache_folder

MOST = 2000
"""Pictures that stay; older ones can be written again at any time."""

_NAME = re.compile(r"([0-9a-f]{24}|[0-9a-f]{64})\.webp")
"""Named by the SHA-256 of their content; whole where another file has the short name."""
_PART = re.compile(r"\.reelfind-[a-z0-9_]{8}\.part")
_LARGEST = 1 << 24
"""Bytes; no picture of ours is larger."""
_PART_SECONDS = 3600.0
"""Age above which a half-written picture was left by a search that was killed."""


@dataclass(frozen=True, slots=True)
class PictureFolder:
    """Writes pictures into the first of its folders that takes them, and removes old ones of its own."""

    folders: tuple[Path, ...]

    @classmethod
    def of(cls, library: Path) -> "PictureFolder":
        """That of a library; where the library cannot be written, one of its own in the cache folder."""
        name = hashlib.sha256(os.fsencode(library.absolute())).hexdigest()[:16]
        return cls((library / "thumbnails", cache_folder() / "thumbnails" / name))

    def export(self, webp: bytes | None) -> str | None:
        """Path of a file with this content, None where there is none and none can be written."""
        if webp is None:
            return None
        for folder in self.folders:
            with suppress(OSError):
                return str(_write(webp, folder))
        return None

    def prune(self, most: int = MOST) -> None:
        """Remove the oldest of our pictures where there are more than `most`; nothing else, and never a link.

        What cannot be removed stays: it is a cache.
        """
        for folder in self.folders:
            with suppress(OSError):
                _prune(folder, most)


def _write(webp: bytes, folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink():
        raise NotADirectoryError(f"{folder} is a link")
    digest = hashlib.sha256(webp).hexdigest()
    for name in (digest[:24], digest):
        path = folder / f"{name}.webp"
        if not os.path.lexists(path):
            return _put(webp, path)
        if _is_ours(path):
            with suppress(OSError):  # in use again: the oldest go first
                os.utime(path)
            return path
    raise FileExistsError(f"other files have the names of {digest}")


def _put(webp: bytes, path: Path) -> Path:
    # Under a name of its own until it is whole: another search may be writing the same picture.
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".reelfind-", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as part:
            part.write(webp)
        return Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _prune(folder: Path, most: int) -> None:
    if folder.is_symlink() or not folder.is_dir():
        return
    named: list[tuple[int, Path]] = []
    for entry in os.scandir(folder):
        with suppress(FileNotFoundError):  # another search pruned it
            if not entry.is_file(follow_symlinks=False):
                continue
            changed = entry.stat(follow_symlinks=False).st_mtime_ns
            if _NAME.fullmatch(entry.name):
                named.append((changed, Path(entry.path)))
            elif _PART.fullmatch(entry.name) and changed / 1e9 < time.time() - _PART_SECONDS:
                Path(entry.path).unlink()
    ours_at_most = len(named)
    for _, path in sorted(named):  # oldest first
        if ours_at_most <= most:
            return
        if _is_ours(path):
            path.unlink(missing_ok=True)
        ours_at_most -= 1


def _is_ours(path: Path) -> bool:
    """Whether we wrote this file: it is named by what it holds."""
    try:
        return (
            _NAME.fullmatch(path.name) is not None
            and is_regular(path)
            and path.stat().st_size <= _LARGEST
            and hashlib.sha256(path.read_bytes()).hexdigest().startswith(path.stem)
        )
    except OSError:
        return False
