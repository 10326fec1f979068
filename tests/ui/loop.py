"""The event loop in tests: run it until something is true, and measure how long it stood still."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, QTimer

POLL_MS = 5
STALL_MS = 10


def spin_until(condition: Callable[[], object], timeout: float = 60.0) -> bool:
    """Run the event loop until `condition()` is true, at most `timeout` seconds; returns whether it is.

    What is true when it is looked at, and no longer when the loop has ended, is waited for again.
    """
    if condition():
        return True
    loop = QEventLoop()
    deadline = time.monotonic() + timeout

    def look() -> None:
        if condition() or time.monotonic() > deadline:
            loop.quit()

    timer = QTimer(interval=POLL_MS)
    timer.timeout.connect(look)
    timer.start()
    holds = False
    while not holds and time.monotonic() <= deadline:
        loop.exec()
        holds = bool(condition())
    timer.stop()
    return holds


FREEZE = 1.0
"""Seconds. A guard: what must not run on the GUI thread (opening a library, loading a model, decoding) takes
longer. 0.05 is what a person notices, but a busy machine may let a process wait that long by itself."""


class StallMeter:
    """Records the longest time the event loop did not come round, in seconds."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = 0.0
        self._timer = QTimer(interval=STALL_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> float:
        """Returns the longest gap so far."""
        self._tick()
        self._timer.stop()
        return self.longest

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now
