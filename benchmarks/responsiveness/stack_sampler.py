"""Looks where the GUI thread is while it is late, so that a report names what held it."""

from __future__ import annotations

import queue
import selectors
import sys
import threading
import time
from collections import Counter
from concurrent.futures import thread
from multiprocessing import connection
from pathlib import Path
from types import FrameType

from benchmarks.responsiveness.heartbeat import Heartbeat

_LOOK = 0.01
"""Seconds between two looks."""
LATE = 0.025
"""Seconds from which on a look is kept."""
_DEPTH = 4
"""Functions of ours that are named, innermost first."""
_WAITING = {threading.__file__, queue.__file__, selectors.__file__, thread.__file__, connection.__file__}
"""What stands in these files waits."""
_APP = Path(__file__).resolve().parent.parent.parent / "app"


class StackSampler(threading.Thread):
    """Watches a heartbeat from outside; call `end` before the thread it watches ends."""

    def __init__(self, heartbeat: Heartbeat) -> None:
        """Make it on the thread that is to be watched."""
        super().__init__(name="stack-sampler", daemon=True)
        self._heartbeat = heartbeat
        self._watched = threading.get_ident()
        self._over = threading.Event()
        self._seen: Counter[str] = Counter()

    def run(self) -> None:
        while not self._over.wait(_LOOK):
            if time.perf_counter() - self._heartbeat.last > LATE:
                self._seen[self._look()] += 1

    def forget(self) -> None:
        """Begin anew."""
        self._seen.clear()

    def most_seen(self, count: int) -> list[str]:
        """Where the thread was most often while it was late, with the number of looks."""
        return [f"{looks} × {place}" for place, looks in self._seen.most_common(count)]

    def end(self) -> None:
        """Watch no more."""
        self._over.set()
        self.join()

    def _look(self) -> str:
        """Where the thread is, and what the program's other threads that do not wait are at."""
        frames = sys._current_frames()
        place = _place(frames.pop(self._watched, None), _DEPTH)
        frames.pop(threading.get_ident(), None)
        others = [_place(frame, 2) for frame in frames.values() if frame.f_code.co_filename not in _WAITING]
        return " | ".join([place, *sorted(others)])


def _place(frame: FrameType | None, depth: int) -> str:
    """The innermost `depth` functions of ours, after the very innermost where that is another's."""
    places: list[str] = []
    innermost = frame
    while frame is not None and len(places) < depth:
        path = Path(frame.f_code.co_filename)
        if frame is innermost or path.is_relative_to(_APP):
            shown = path.relative_to(_APP.parent) if path.is_relative_to(_APP.parent) else path.name
            places.append(f"{shown}:{frame.f_lineno} {frame.f_code.co_name}")
        frame = frame.f_back
    return " < ".join(places) or "outside Python"
