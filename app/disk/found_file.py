"""One video file as a scan saw it."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One video file as a scan saw it on disk."""

    path: Path
    size: int
    """Bytes."""
    mtime_ns: int
    """Nanoseconds since 1970; the nearest that fits 64 bits where the file's date is beyond (year 2262)."""
    device: int = 0
    """`st_dev` of the file system that it lies on."""

    @property
    def state(self) -> tuple[int, int]:
        """Size and time of change: with both the same, the content is taken to be the same."""
        return self.size, self.mtime_ns
