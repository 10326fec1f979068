"""Where people's videos may lie: disks that are plugged in or mounted beside the system's own."""

import os
import re
import string
import sys
from pathlib import Path

_LINUX = ("/media/", "/run/media/", "/mnt/")
"""Where systems mount what people plug in or connect."""


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
        own = os.environ.get("SYSTEMDRIVE", "C:").upper()
        drives = (f"{letter}:" for letter in string.ascii_uppercase[2:] if f"{letter}:" != own)
        return [Path(f"{drive}\\") for drive in drives if Path(f"{drive}\\").exists()]
    try:
        return sorted(place for place in Path("/Volumes").iterdir() if not place.is_symlink())
    except OSError:
        return []


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
