"""How quickly a download comes, and how long it will take still."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

WINDOW = 10.0
"""Seconds that the rate is taken over: long enough to be calm, short enough to notice a stall."""
SHORTEST = 1.0
"""Seconds before anything is said."""


class DownloadRate:
    """The rate of the last seconds; what came from an earlier download does not count."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Nothing has come yet."""
        self._clock = clock
        self._seen: deque[tuple[float, int]] = deque()

    def note(self, done: int) -> None:
        """So many bytes are there now."""
        now = self._clock()
        if self._seen and done < self._seen[-1][1]:  # another file, or it began again
            self._seen.clear()
        self._seen.append((now, done))
        while len(self._seen) > 2 and now - self._seen[1][0] >= WINDOW:
            self._seen.popleft()

    def forget(self) -> None:
        """The download has ended."""
        self._seen.clear()

    @property
    def rate(self) -> float | None:
        """Bytes per second, None while it is too early to say or nothing comes."""
        if len(self._seen) < 2:
            return None
        (began, before), (now, done) = self._seen[0], self._seen[-1]
        if now - began < SHORTEST or done <= before:
            return None
        return (done - before) / (now - began)
