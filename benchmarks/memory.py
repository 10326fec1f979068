"""Peak memory of a process."""

import resource
import sys
from pathlib import Path


def peak(process: int | None = None) -> float:
    """MiB resident at most so far. On Linux since this program was started, not what its parent had.

    Args:
        process: the id of another one, on Linux; this one where None.
    """
    status = Path(f"/proc/{process or 'self'}/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    unit = 2**20 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
