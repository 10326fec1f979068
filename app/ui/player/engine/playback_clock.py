"""What time it is in the video that plays. Pure: no Qt."""

import time


class PlaybackClock:
    """Runs at the speed that is watched at, or stands still."""

    def __init__(self) -> None:
        self._at = 0.0
        self._since = 0.0
        self._speed = 1.0
        self.running = False

    @property
    def seconds(self) -> float:
        """The time in the video."""
        if not self.running:
            return self._at
        return self._at + (time.monotonic() - self._since) * self._speed

    @property
    def speed(self) -> float:
        """Seconds of the video that go by in one."""
        return self._speed

    def set(self, seconds: float) -> None:
        """Go on from there."""
        self._at, self._since = seconds, time.monotonic()

    def run(self, running: bool) -> None:
        """Run, or stand still."""
        self.set(self.seconds)
        self.running = running

    def set_speed(self, speed: float) -> None:
        """Run at another speed from now on."""
        self.set(self.seconds)
        self._speed = speed
