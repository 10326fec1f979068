"""What the disk says about files and folders, asked once per question."""

import errno
import logging
import os
from pathlib import Path

from app.disk.found_file import FoundFile
from app.disk.volumes import Volume, is_connected, volume_of
from app.media import fingerprints

logger = logging.getLogger(__name__)

_LARGEST_TIME = (1 << 63) - 1
"""What SQLite's integers hold; in nanoseconds since 1970 the year 2262."""

_PRESENT_BUT_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EIO, errno.ELOOP, errno.ENAMETOOLONG})
"""What the system says of a folder that is there but cannot be listed; all else: its disk is not there."""

UNFORESEEN = "An error in Reelfind kept it from being looked into; the log has the details."


def time_of_change(status: os.stat_result) -> int:
    """A file's time of change in nanoseconds; a date beyond 64 bits is the nearest that fits."""
    return max(-_LARGEST_TIME - 1, min(_LARGEST_TIME, status.st_mtime_ns))


def why_unreachable(error: OSError) -> str:
    """What keeps a person's folder or file from being read, one plain sentence."""
    sentences = {
        errno.EACCES: "Its permissions do not allow it to be read.",
        errno.EPERM: "Its permissions do not allow it to be read.",
        errno.EIO: "The disk gave a read error.",
        errno.ELOOP: "The links on the way to it lead back to themselves.",
        errno.ENAMETOOLONG: "Its path is too long for the system.",
    }
    return sentences.get(error.errno or 0, f"The system cannot read it: {error.strerror or error}.")


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
        self._fingerprints: dict[tuple[FoundFile, int], str | None] = {}
        self._at: dict[Path, OSError | None] = {}
        self._volumes: dict[Path, Volume | OSError] = {}
        self._places: dict[tuple[Path, int], Volume | None] = {}
        self._connected: dict[Volume, bool] = {}

    def fingerprint(self, file: FoundFile, version: int) -> str | None:
        """Content fingerprint by one version of the formula, None where the file cannot be read now."""
        if (file, version) not in self._fingerprints:
            self._fingerprints[file, version] = self._take(file, version)
        return self._fingerprints[file, version]

    def gone(self, path: Path) -> bool:
        """Whether there is certainly no such file; not merely one that cannot be reached."""
        return isinstance(self._looked_at(path), FileNotFoundError | NotADirectoryError)

    def trouble(self, path: Path) -> str:
        """Why a file cannot be looked at, one sentence; empty where it can, or is gone."""
        error = self._looked_at(path)
        return "" if error is None or self.gone(path) else why_unreachable(error)

    def volume(self, folder: Path) -> Volume | None:
        """The volume below a folder, None where the folder cannot be listed now."""
        found = self._listed(folder)
        return found if isinstance(found, Volume) else None

    def closed(self, folder: Path) -> str:
        """Why a folder that is there cannot be listed, one sentence; empty where it can, or is not there."""
        found = self._listed(folder)
        if isinstance(found, OSError) and found.errno in _PRESENT_BUT_CLOSED:
            return why_unreachable(found)
        return ""

    def volume_at(self, file: FoundFile) -> Volume | None:
        """The volume that a file lies on, None where the system does not tell."""
        place = (file.path.parent, file.device)
        if place not in self._places:
            self._places[place] = None
            try:
                # Of the folder: on layered file systems a file has a device of its own.
                self._places[place] = volume_of(Path(os.path.realpath(file.path)).parent)
            except OSError as error:
                logger.info("the volume of %s is not known: %s", file.path, error)
            except Exception:
                logger.exception("the volume of %s is not known, because of an error in Reelfind", file.path)
        return self._places[place]

    def connected(self, volume: Volume) -> bool:
        """Whether a volume is mounted now where it was when it was last seen."""
        if volume not in self._connected:
            self._connected[volume] = is_connected(volume)
        return self._connected[volume]

    def _listed(self, folder: Path) -> Volume | OSError:
        if folder not in self._volumes:
            try:
                with os.scandir(folder):
                    self._volumes[folder] = volume_of(folder)
            except OSError as error:
                logger.info("%s cannot be reached: %s", folder, error)
                self._volumes[folder] = error
        return self._volumes[folder]

    def _looked_at(self, path: Path) -> OSError | None:
        if path not in self._at:
            self._at[path] = None
            try:
                os.lstat(path)
            except OSError as error:
                self._at[path] = error
        return self._at[path]

    def _take(self, file: FoundFile, version: int) -> str | None:
        try:
            return fingerprints.fingerprint(file.path, version)
        except OSError as error:
            logger.info("%s cannot be read: %s", file.path, error)
        except Exception:  # one file's trouble is no reason to lose a folder's scan
            logger.exception("the content of %s was not compared, because of an error in Reelfind", file.path)
        return None
