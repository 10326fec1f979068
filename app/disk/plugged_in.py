"""Where people's videos may lie: disks that are plugged in or mounted beside the system's own."""

import ctypes
import os
import re
import string
import sys
from pathlib import Path

_LINUX = ("/media/", "/run/media/", "/mnt/")
"""Where Linux mounts what people plug in or connect."""
_MAC = Path("/Volumes")
"""Where macOS does."""


def plugged_in() -> list[Path]:
    """The mounted disks and shares beside the system's own, in order; none where the system does not say.

    It reads what is mounted and touches none of them: one that does not answer holds nothing up.
    """
    if sys.platform == "linux":
        try:
            return _of_mounts(Path("/proc/self/mounts").read_bytes())
        except OSError:
            return []
    if sys.platform == "win32":
        letters = ctypes.windll.kernel32.GetLogicalDrives()
        return _of_drives(letters, os.environ.get("SYSTEMDRIVE", "C:"))
    try:
        return sorted(place for place in _MAC.iterdir() if not place.is_symlink())
    except OSError:
        return []


def _of_drives(letters: int, own: str) -> list[Path]:
    """The places of interest in what Windows calls its logical drives.

    Args:
        letters: a bit for each letter in use, A the lowest; A and B are for floppies.
        own: the drive of the system, `C:`.
    """
    drives = (
        f"{letter}:" for at, letter in enumerate(string.ascii_uppercase) if at > 1 and letters >> at & 1
    )
    return [Path(f"{drive}\\") for drive in drives if drive != own.upper()]


def _of_mounts(table: bytes) -> list[Path]:
    """The places of interest in a table as of proc_mounts(5)."""
    found = set()
    for line in table.splitlines():
        fields = line.split(b" ")
        if len(fields) < 2:
            continue
        # Spaces, tabs, line breaks and backslashes stand there in octal.
        place = re.sub(rb"\\([0-7]{3})", lambda code: bytes([int(code[1], 8)]), fields[1])
        path = os.fsdecode(place)
        if path.startswith(_LINUX):
            found.add(Path(path))
    return sorted(found)
