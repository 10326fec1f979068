"""About how many videos lie in a folder, without reading any: for offering it."""

import os
import time
from collections import deque
from dataclasses import dataclass
from pathlib import Path

from app.disk.formats import is_video_name

MOST_ENTRIES, SECONDS = 50_000, 2.0
"""After which counting ends."""


@dataclass(frozen=True, slots=True)
class Census:
    """What was counted."""

    folder: Path
    videos: int
    """By their names."""
    complete: bool
    """Whether all of the folder was looked at."""


def count_videos(folder: Path, *, most_entries: int = MOST_ENTRIES, seconds: float = SECONDS) -> Census:
    """Count the videos in a folder and below, until there are too many files or it takes too long.

    No link is followed; hidden folders, and what cannot be read, count nothing.
    """
    deadline, looked, videos = time.monotonic() + seconds, 0, 0
    waiting = deque([str(folder)])
    while waiting:
        try:
            with os.scandir(waiting.popleft()) as listing:
                for entry in listing:
                    looked += 1
                    if looked > most_entries or time.monotonic() > deadline:
                        return Census(folder, videos, complete=False)
                    if entry.name.startswith("."):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(entry.path)
                    else:
                        videos += is_video_name(entry.name)
        except OSError:
            continue
    return Census(folder, videos, complete=True)
