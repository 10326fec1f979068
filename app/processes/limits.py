"""Limits for a process that runs what somebody else made: memory, files, and no life without its parent."""

import os
import signal
import sys
import threading
import time
from typing import NoReturn

OUT_OF_MEMORY = 77
"""Exit code of a process that `limit_process` ended because it held too much memory."""

_LOOK_SECONDS = 0.05
_FILE_BYTES = 1 << 16
"""Of any file it writes: enough for the traceback of a crash."""


def limit_process(memory: int) -> None:
    """Limit this process as far as the system can, and end it when the process that started it is gone.

    On Linux an allocation beyond the limit fails; elsewhere, and for memory that the kernel does not count,
    a thread watches what the process holds and ends it with `OUT_OF_MEMORY`.

    Args:
        memory: bytes that it may hold; unlimited where 0.
    """
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 (POSIX only)

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group: the parent ends this one
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FILE_BYTES, _FILE_BYTES))
    if memory:
        # RLIMIT_AS would also count libraries and addresses that are merely reserved.
        hard = resource.getrlimit(resource.RLIMIT_DATA)[1]
        limit = memory if hard == resource.RLIM_INFINITY else min(memory, hard)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    watch = threading.Thread(target=_watch, args=(os.getppid(), memory), name="limits", daemon=True)
    watch.start()


def _watch(parent: int, memory: int) -> NoReturn:
    while True:
        if os.getppid() != parent:
            os._exit(1)
        if memory and _peak_memory() > memory:
            os._exit(OUT_OF_MEMORY)
        time.sleep(_LOOK_SECONDS)


def _peak_memory() -> int:
    """Most bytes of real memory that this process has held at once."""
    import resource  # noqa: PLC0415 (POSIX only)

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def cpu_seconds(process: int) -> float | None:
    """Processor time that a running process has used, None where the system does not say."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as stream:  # noqa: PTH123
            fields = stream.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return None
