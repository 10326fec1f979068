"""What the disk says about files and folders, asked once per question."""

import logging
import os
from pathlib import Path

from app.library.fingerprints import fingerprint
from app.library.records import FoundFile
from app.library.volumes import Volume, volume_of

logger = logging.getLogger(__name__)


def is_gone(path: Path) -> bool:
    """Whether there is certainly no such file; not merely one that cannot be reached."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


class Disk:
    """Remembers its answers, so that a scan can be planned before the library is locked and again within."""

    def __init__(self) -> None:
        self._fingerprints: dict[FoundFile, str | None] = {}
        self._gone: dict[Path, bool] = {}
        self._volumes: dict[Path, Volume | None] = {}

    def fingerprint(self, file: FoundFile) -> str | None:
        """Content fingerprint, None where the file cannot be read now."""
        if file not in self._fingerprints:
            try:
                self._fingerprints[file] = fingerprint(file.path)
            except OSError as error:
                logger.info("%s cannot be read: %s", file.path, error)
                self._fingerprints[file] = None
        return self._fingerprints[file]

    def gone(self, path: Path) -> bool:
        """Whether there is certainly no such file; not merely one that cannot be reached."""
        if path not in self._gone:
            self._gone[path] = is_gone(path)
        return self._gone[path]

    def volume(self, folder: Path) -> Volume | None:
        """The volume below a folder, None where the folder cannot be listed now."""
        if folder not in self._volumes:
            try:
                with os.scandir(folder):
                    self._volumes[folder] = volume_of(folder)
            except OSError as error:
                logger.info("%s cannot be reached: %s", folder, error)
                self._volumes[folder] = None
        return self._volumes[folder]
