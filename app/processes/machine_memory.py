"""How much memory this computer has, and how much of it is free."""

import ctypes
import os
import sys
from contextlib import suppress
from pathlib import Path


def memory() -> int | None:
    """Bytes of memory of this computer, None where it does not say."""
    if sys.platform == "win32":
        status = (ctypes.c_uint64 * 8)()  # MEMORYSTATUSEX: length and load share the first
        ctypes.cast(status, ctypes.POINTER(ctypes.c_uint32))[0] = ctypes.sizeof(status)
        return int(status[1]) if ctypes.windll.kernel32.GlobalMemoryStatusEx(status) else None
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None


def available_memory() -> int | None:
    """Bytes of memory that are free for programs now, None where this computer does not say."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        free = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
    except (OSError, ValueError, StopIteration, IndexError):
        return None
    with suppress(OSError, ValueError):  # of a container; “max” where it has no limit of its own
        limits = Path("/sys/fs/cgroup")
        limit = int((limits / "memory.max").read_text(encoding="ascii"))
        used = int((limits / "memory.current").read_text(encoding="ascii"))
        free = min(free, max(0, limit - used))
    return free
