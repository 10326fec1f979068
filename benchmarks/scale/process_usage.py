"""Memory and processor time of a process with all its children, as Linux counts them."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.scale.place import NotMeasuredError

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Resident:
    """MiB; what several processes share is counted once."""

    beyond_files: float
    """Without the pages of mapped files: what the system cannot drop and read again."""
    total: float


def resident(pid: int) -> Resident:
    """Memory of a process and its descendants.

    Raises:
        NotMeasuredError: the system does not tell.
    """
    beyond = total = 0
    for member in (pid, *descendants(pid)):
        sizes = _fields(_PROC / str(member) / "smaps_rollup")
        if "Pss_Anon" not in sizes and member == pid:
            raise NotMeasuredError("this system does not say what memory is shared")
        beyond += sizes.get("Pss_Anon", 0) + sizes.get("Pss_Shmem", 0)
        total += sizes.get("Pss", 0)
    return Resident(beyond / 1024, total / 1024)


def peak_resident(pid: int) -> float:
    """MiB that one process had resident at most so far; 0 where it has ended."""
    return _fields(_PROC / str(pid) / "status").get("VmHWM", 0) / 1024


def processor_seconds(pid: int) -> float:
    """Processor time of a process, its descendants, and those of them that have ended and were waited for."""
    ticks = 0
    for member in (pid, *descendants(pid)):
        try:
            stat = (_PROC / str(member) / "stat").read_text()
        except OSError:
            continue
        ticks += sum(map(int, stat.rpartition(")")[2].split()[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def descendants(pid: int) -> Iterator[int]:
    """Ids of the running processes below one.

    Raises:
        NotMeasuredError: the system does not tell.
    """
    if not _PROC.is_dir():
        raise NotMeasuredError("this system has no /proc")
    for task in (_PROC / str(pid) / "task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # ended meanwhile
            continue
        for child in map(int, children):
            yield child
            yield from descendants(child)


def _fields(path: Path) -> dict[str, int]:
    """Lines `Name: number kB` of a file in /proc; empty where the process has ended."""
    try:
        lines = path.read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.partition(":")[::2] for line in lines if line.endswith("kB"))
    return {name: int(value.split()[0]) for name, value in pairs}
