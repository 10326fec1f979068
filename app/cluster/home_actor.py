"""On the committing computer: gives videos to nodes that do not see them, and is told how far they are.

Ray runs it there as an actor of a few threads.
"""

import threading
import time
from collections.abc import Callable
from pathlib import Path

THREADS = 8
"""Calls at once; a disk that hangs holds up one each."""


class HomeActor:
    """What nodes ask and tell. Thread-safe."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._reached: dict[str, tuple[float, float]] = {}

    def read(self, path: Path, start: int, count: int) -> bytes | str:
        """Bytes of a file, fewer than `count` at its end; the system's reason where it cannot be read."""
        try:
            with path.open("rb", buffering=0) as file:
                file.seek(start)
                return file.read(count)
        except OSError as error:
            return error.strerror or "the disk gave an error"

    def note(self, attempt: str, fraction: float) -> None:
        """Take note of a sign of life.

        Args:
            attempt: who gives it.
            fraction: of its video that was read, 0..1.
        """
        with self._lock:
            self._reached[attempt] = (self._clock(), fraction)

    def reached(self) -> dict[str, tuple[float, float]]:
        """Of every attempt the seconds since its last sign of life, and how far it was."""
        now = self._clock()
        with self._lock:
            return {name: (now - at, fraction) for name, (at, fraction) in self._reached.items()}

    def forget(self, attempts: list[str]) -> None:
        """Attempts that are over."""
        with self._lock:
            for attempt in attempts:
                self._reached.pop(attempt, None)
