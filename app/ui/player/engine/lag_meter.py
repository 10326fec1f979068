"""Whether this computer is too slow for a video. Pure: no Qt."""

import time

SECONDS, SHARE = 3.0, 0.3
"""For so long is counted; of so many pictures that were left out it lags."""


class LagMeter:
    """Counts pictures that were shown and that were left out."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Count from now on."""
        self._since = time.monotonic()
        self._shown = self._left_out = 0

    def count(self, *, shown: int, left_out: int) -> bool | None:
        """Count some more; now and then, whether it lags, else None."""
        self._shown += shown
        self._left_out += left_out
        if time.monotonic() - self._since < SECONDS:
            return None
        lags = self._left_out > SHARE * (self._shown + self._left_out)
        self.restart()
        return lags
