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


def is_connected(volume: Volume) -> bool:
    """Whether a volume is mounted now where it was when it was last seen."""
    try:
        return volume_of(volume.mount).identity == volume.identity
    except OSError:
        return False


def _mount_point(path: Path) -> Path:
    return next((parent for parent in (path, *path.parents) if parent.is_mount()), Path(path.anchor))


_BY_UUID = Path("/dev/disk/by-uuid")


@dataclass(frozen=True, slots=True)
class _Mount:
    """One line of proc_pid_mountinfo(5)."""

    place: bytes
    root: bytes
    """Which folder of the file system is mounted here: not `/` for bind mounts and subvolumes."""
    kind: bytes
    source: bytes


def _linux(path: Path) -> Volume:
    """By the file system's UUID; by kind, source and mount point where it has none (network, RAM)."""
    found = _mount_of(path)
    if found is None:
        mount = _mount_point(path)
        return Volume("mount:" + (b"::" + os.fsencode(mount)).decode("utf-8", "backslashreplace"), mount)
    part = "" if found.root == b"/" else ":" + found.root.decode("utf-8", "backslashreplace")
    mount = Path(os.fsdecode(found.place))
    if found.source.startswith(b"/dev/") and _BY_UUID.is_dir():
        device = os.path.realpath(found.source)
        for link in sorted(_BY_UUID.iterdir()):
            if os.fsencode(os.path.realpath(link)) == device:
                return Volume(f"uuid:{link.name}{part}", mount)
    place = b":".join((found.kind, found.source, found.place)).decode("utf-8", "backslashreplace")
    return Volume(f"mount:{place}{part}", mount)


def _mount_of(path: Path) -> _Mount | None:
    """The mount that a real path lies on; None where the system does not tell (no /proc in a chroot).

    By name and not by `st_dev`: a folder that is mounted once more elsewhere has the device of its original.
    """
    name = os.fsencode(path)
    best: _Mount | None = None
    try:
        lines = Path("/proc/self/mountinfo").read_bytes().splitlines()
    except OSError:
        return None
    for line in lines:
        mount = _parsed(line)
        inside = name == mount.place or name.startswith(mount.place.rstrip(b"/") + b"/")
        # Of equals the last line wins: it is mounted over the others.
        if inside and (best is None or len(mount.place) >= len(best.place)):
            best = mount
    return best


def _parsed(line: bytes) -> _Mount:
    head, _, tail = line.partition(b" - ")
    _, _, _, root, place = head.split()[:5]
    kind, source = tail.split()[:2]
    return _Mount(_unescaped(place), _unescaped(root), kind, source)


def _unescaped(name: bytes) -> bytes:
    """The kernel writes blanks and backslashes in names as three octal digits."""
    return name.decode("unicode_escape").encode("latin-1") if b"\\" in name else name
