"""Which disk a folder lies on, so that another disk (or none) in its place is noticed."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Volume:
    """One mounted file system."""

    identity: str
    """Stays the same when the disk is unplugged and comes back, as far as the system tells."""
    mount: Path


def volume_of(path: Path) -> Volume:
    """Return the volume that holds an existing path.

    Raises:
        OSError: the path cannot be reached.
    """
    real = Path(os.path.realpath(path, strict=True))
    if sys.platform == "linux":
        return _linux(real)
    if sys.platform == "win32":
        # On Windows st_dev is the serial number that formatting wrote to the volume.
        return Volume(f"serial:{real.stat().st_dev:x}", Path(real.anchor))
    mount = _mount_point(real)
    return Volume(f"mount:{os.fsencode(mount).hex()}", mount)


def _mount_point(path: Path) -> Path:
    return next((parent for parent in (path, *path.parents) if parent.is_mount()), Path(path.anchor))


_BY_UUID = Path("/dev/disk/by-uuid")


def _linux(path: Path) -> Volume:
    """By the file system's UUID; by kind, source and mount point where it has none (network, RAM)."""
    mount = _mount_point(path)
    kind, source = _mounted_at(mount)
    if source.startswith(b"/dev/") and _BY_UUID.is_dir():
        device = os.path.realpath(source)
        for link in sorted(_BY_UUID.iterdir()):
            if os.fsencode(os.path.realpath(link)) == device:
                return Volume(f"uuid:{link.name}", mount)
    place = b":".join((kind, source, os.fsencode(mount)))
    return Volume("mount:" + place.decode("utf-8", "backslashreplace"), mount)


def _mounted_at(mount: Path) -> tuple[bytes, bytes]:
    """Return kind and source of the file system at a mount point (proc_pid_mountinfo(5))."""
    found = (b"", b"")
    wanted = os.fsencode(mount)
    for line in Path("/proc/self/mountinfo").read_bytes().splitlines():
        head, _, tail = line.partition(b" - ")
        # The kernel writes blanks and backslashes in names as three octal digits.
        place = head.split()[4].decode("unicode_escape").encode("latin-1")
        if place == wanted:
            kind, source = tail.split()[:2]
            found = (kind, source)  # the last line wins: it is mounted over the others
    return found
