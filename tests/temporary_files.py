"""Temporary files of tests lie in memory, where the system has room for them there.

Libraries are made and committed to thousands of times, and each time the program waits for the disk. No test
is about what a disk keeps after a power cut.
"""

import os
import shutil
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of the user's own there
_LEAST_FREE = 2 << 30
"""Ten times what a run has there at a time."""
_ROOT = "PYTEST_DEBUG_TEMPROOT"
"""Where pytest makes its folders; whoever set it, or `--basetemp`, has chosen."""


def use_memory() -> None:
    """Let pytest make its temporary folders in memory; on Linux only, and not where commands cannot run."""
    try:
        runs_programs = not os.statvfs(_MEMORY).f_flag & os.ST_NOEXEC
        free = shutil.disk_usage(_MEMORY).free if _MEMORY.is_mount() and os.access(_MEMORY, os.W_OK) else 0
    except (AttributeError, OSError):
        return
    if runs_programs and free >= _LEAST_FREE:
        os.environ.setdefault(_ROOT, str(_MEMORY))
