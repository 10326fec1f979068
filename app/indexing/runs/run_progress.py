"""How far a run is, how fast it goes, and how long it will take."""

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from app.indexing.events import Progress, Stage

_WINDOW = 30.0
_INTERVAL = 0.1


class ProgressMeter:
    """Counts a run's work in bytes of video, which is known before a file is opened.

    Not thread-safe: owned by the thread that consumes the pipeline.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        *,
        model: str = "",
        stage: Stage = Stage.WHOLE,
    ) -> None:
        """Start the clock.

        Args:
            clock: seconds.
            model: see `Progress.model`.
            stage: see `Progress.stage`.
        """
        self._clock = clock
        self._model = model
        self._stage = stage
        self._total_bytes = 0
        self._done_bytes = 0.0
        self._under_way: dict[Path, float] = {}
        self._seconds: deque[tuple[float, float, float]] = deque()
        self._video_seconds = 0.0
        self._reported = float("-inf")
        self.total = 0
        self.done = 0
        self.current: Path | None = None
        self._note()

    def expect(self, sizes: list[int]) -> None:
        """Add videos of these sizes (bytes) to the run."""
        self.total += len(sizes)
        self._total_bytes += sum(sizes)

    def advance(self, path: Path, size: int, fraction: float, video_seconds: float) -> None:
        """Say that `fraction` of `path` is decoded, `video_seconds` more than at the last call."""
        self.current = path
        self._under_way[path] = size * min(1.0, max(0.0, fraction))
        self._video_seconds += video_seconds
        self._note()

    def finish(self, path: Path, size: int) -> None:
        """Say that one video ended, indexed or failed."""
        self.done += 1
        self._done_bytes += size
        self._under_way.pop(path, None)
        self._note()

    def due(self) -> bool:
        """Whether a report is due: at most ten a second."""
        return self._clock() - self._reported >= _INTERVAL

    def report(self) -> Progress:
        """The state as an event."""
        self._reported = now = self._clock()
        worked = self._worked()
        fraction = worked / self._total_bytes if self._total_bytes else 1.0
        then, seconds_then, bytes_then = self._seconds[0]
        elapsed = now - then
        rate = (self._video_seconds - seconds_then) / elapsed if elapsed > 0 else 0.0
        speed = (worked - bytes_then) / elapsed if elapsed > 0 else 0.0
        eta = (self._total_bytes - worked) / speed if speed > 0 and elapsed > 1.0 else None
        fraction = min(1.0, fraction)
        return Progress(self.done, self.total, self.current, fraction, rate, eta, self._model, self._stage)

    def _worked(self) -> float:
        return self._done_bytes + sum(self._under_way.values())

    def _note(self) -> None:
        now = self._clock()
        self._seconds.append((now, self._video_seconds, self._worked()))
        while len(self._seconds) > 2 and now - self._seconds[0][0] > _WINDOW:
            self._seconds.popleft()
