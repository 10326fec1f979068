"""The window as `reelfind gui` shows it, in a process of its own that types, keeps the time and closes.

python -m benchmarks.scale.window_child LIBRARY STARTED TEXTS

It loads nothing before the window that the program would not load. TEXTS is a JSON list of queries.
"""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer

from app.cli import main as reelfind
from app.ui.shell.main_window import MainWindow

PATIENCE = 600.0
"""Seconds for the search graph to be loaded."""
_TICK = 0.01
"""Seconds."""


@dataclass(slots=True)
class WindowRun:
    """What one run took; moments in seconds since the process was started."""

    usable: float = 0.0
    """The window is shown, its search box has the focus and the event loop turns."""
    answered: float = 0.0
    """The answer to a description typed as soon as the box was usable is in the window."""
    processor: float = 0.0
    """Seconds of processor time until then."""
    frozen: float = 0.0
    """Seconds of the longest freeze."""
    frozen_at: float = 0.0
    """When that ended."""
    beyond_files: float = -1.0
    """MiB at the end, all processes; negative where the system does not tell."""
    total: float = -1.0


class _Person(QObject):
    """Types into a window as soon as it can be used, then goes on until the search graph is loaded."""

    def __init__(self, window: MainWindow, started: float, texts: list[str]) -> None:
        """Wait for the event loop.

        Args:
            window: it is shown.
            started: when the process was, in seconds of `time.time`.
            texts: what is typed, one after the other.
        """
        super().__init__(window)
        self.run = WindowRun()
        self._window = window
        self._started = started
        self._texts: Iterator[str] = iter(texts)
        self._ticked = 0.0
        self._clock = QTimer(self, interval=round(1e3 * _TICK), timerType=Qt.TimerType.PreciseTimer)
        self._clock.timeout.connect(self._tick)
        window.searching.found.connect(self._on_answer)
        QTimer.singleShot(0, self._on_usable)

    def _now(self) -> float:
        return time.time() - self._started

    def _on_usable(self) -> None:
        self.run.usable = self._ticked = self._now()
        self._clock.start()
        self._type(next(self._texts))

    def _tick(self) -> None:
        now = self._now()
        frozen = now - self._ticked - _TICK
        if frozen > self.run.frozen:
            self.run.frozen, self.run.frozen_at = frozen, now
        self._ticked = now

    def _type(self, text: str) -> None:
        self._window.search_bar.field.setText(text)
        self._window.search_bar.entered.emit()

    def _on_answer(self) -> None:
        if not self.run.answered:
            self.run.answered, self.run.processor = self._now(), time.process_time()
        QTimer.singleShot(0, self._go_on)

    def _go_on(self) -> None:
        session = self._window.control.session_here
        assert session is not None
        if session.index.wants_build and self._now() < PATIENCE:
            QTimer.singleShot(100, self._go_on)
        elif text := next(self._texts, ""):
            self._type(text)
        elif self.run.total < 0:
            self._weigh()
            self._window.close()

    def _weigh(self) -> None:
        from benchmarks.scale import process_usage
        from benchmarks.scale.place import NotMeasuredError

        with suppress(NotMeasuredError):
            resident = process_usage.resident(os.getpid())
            self.run.beyond_files, self.run.total = resident.beyond_files, resident.total


def main(library: Path, started: float, texts: list[str]) -> None:
    """Run the window over a library and print a `WindowRun` as JSON."""
    people: list[_Person] = []
    start = MainWindow.start

    def watched(window: MainWindow) -> None:
        start(window)
        people.append(_Person(window, started, texts))

    MainWindow.start = watched  # type: ignore[method-assign, assignment]
    with suppress(SystemExit):
        reelfind(["gui", "--library", str(library)], standalone_mode=False)
    print(json.dumps(asdict(people[0].run)))


if __name__ == "__main__":
    main(Path(sys.argv[1]), float(sys.argv[2]), json.loads(sys.argv[3]))
