"""A bound to what reading costs in the long run, whatever a video shows."""

PER_SECOND = 1.0
"""Processor seconds, about, that looking closely may take for each second of video."""
MOST_SAVED = 10.0
"""What a quiet part saves up for a busy one: pages that are leafed through are read one by one, a newspaper
that a camera pans over is not read every second."""


class Effort:
    """Counts what was spent on a video. By estimates, not a clock: the same frames are left out each time."""

    def __init__(self) -> None:
        self._time = 0.0
        self._left = MOST_SAVED

    def begin(self, time: float) -> bool:
        """Whether the frame at `time` seconds may be looked at."""
        self._left = min(MOST_SAVED, self._left + PER_SECOND * max(0.0, time - self._time))
        self._time = time
        return self._left >= 0

    def spend(self, seconds: float) -> None:
        """So many processor seconds, about, were spent."""
        self._left -= seconds
