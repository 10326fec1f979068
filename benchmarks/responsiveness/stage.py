"""What a scenario is given: the window, a heartbeat, and a way to wait that leaves the event loop running."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.ui.shell.main_window import MainWindow
from benchmarks.responsiveness.heartbeat import Heartbeat
from benchmarks.responsiveness.stack_sampler import StackSampler

if TYPE_CHECKING:
    from benchmarks.responsiveness.pulse import Pulse

Steps = Iterator[float | Callable[[], object]]
"""What a scenario waits for: so many seconds, or until something is true."""
PATIENCE = 300.0
"""Seconds that a scenario waits for one thing."""
_POLL_MS = 4
_NAMED = 3
"""Places that are named."""


@dataclass(frozen=True, slots=True)
class Material:
    """What scenarios work with, beside the library that is open."""

    clips: Path
    """Folder of videos."""
    more_clips: Path
    """Folder of others."""
    scratch: Path
    """Empty folder for what is made."""
    results: int = 10_000
    """Results that are scrolled."""
    seconds: float = 3.0
    """For how long is scrolled, and the pointer moved."""


@dataclass(slots=True)
class Stage:
    """One window with a heartbeat."""

    window: MainWindow
    material: Material
    heartbeat: Heartbeat
    sampler: StackSampler
    figures: dict[str, float] = field(default_factory=dict)
    """What else was measured, by name."""

    def measure(self) -> None:
        """What was done so far was preparation: measure from here."""
        self.sampler.forget()
        self.heartbeat.begin()


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run of a scenario gave."""

    pulse: Pulse
    figures: dict[str, float]
    places: list[str]
    """Where the GUI thread was while it was late."""


class Person(QObject):
    """Plays a scenario on the event loop; tells what was measured, or what it waited for in vain."""

    def __init__(self, stage: Stage, steps: Steps, done: Callable[[Measured | str], None]) -> None:
        super().__init__(stage.window)
        self._stage = stage
        self._steps = steps
        self._done = done
        self._awaited: Callable[[], object] = lambda: True
        self._deadline = time.monotonic() + PATIENCE
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def _look(self) -> None:
        if self._awaited():
            self._go_on()
        elif time.monotonic() > self._deadline:
            self._end(f"waited in vain at {self._where()}")

    def _go_on(self) -> None:
        self._timer.stop()  # what a step does may run the event loop
        try:
            wanted = next(self._steps)
        except StopIteration:
            stage = self._stage
            self._end(Measured(stage.heartbeat.end(), stage.figures, stage.sampler.most_seen(_NAMED)))
            return
        except Exception as error:
            self._end(f"{type(error).__name__}: {error}")
            raise
        begun = time.monotonic()
        self._deadline = begun + PATIENCE
        self._awaited = wanted if callable(wanted) else lambda: time.monotonic() - begun >= wanted
        self._timer.start()

    def _end(self, outcome: Measured | str) -> None:
        self._timer.stop()
        self._done(outcome)

    def _where(self) -> str:
        frame = getattr(self._steps, "gi_frame", None)
        return f"line {frame.f_lineno} of {frame.f_code.co_name}" if frame is not None else "the end"
