"""A timer that is due every few milliseconds on the GUI thread: as late as it comes, all else would come."""

from __future__ import annotations

import ctypes
import gc
import os
import time
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

if TYPE_CHECKING:
    from benchmarks.responsiveness.pulse import Pulse

BEAT = 0.005
"""Seconds from one beat to the next."""


@dataclass(frozen=True, slots=True)
class _Beat:
    """Seconds of three clocks."""

    at: float
    worked: float
    """Processor time of the thread."""
    queued: float
    """Time for which it waited for a core."""


class Heartbeat(QObject):
    """Beats on the thread that made it, once told to begin."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._beats: list[_Beat] = []
        self._queue = RunQueue()
        self._collections = _Collections()
        self._timer = QTimer(self, interval=round(1e3 * BEAT), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    @property
    def last(self) -> float:
        """When the last beat was, in seconds of `time.perf_counter`; infinite while there are none."""
        return self._beats[-1].at if self._timer.isActive() and self._beats else float("inf")

    def begin(self) -> None:
        """Forget earlier beats and measure from now on."""
        self._beats = []
        self._collections.begin()
        self._beat()
        self._timer.start()

    def end(self) -> Pulse:
        """Measure no more; returns what was measured."""
        self._beat()
        self._timer.stop()
        from benchmarks.responsiveness.pulse import pulse  # noqa: PLC0415 - numpy comes after the window

        return pulse([astuple(beat) for beat in self._beats], self._collections.end())

    def _beat(self) -> None:
        self._beats.append(_Beat(time.perf_counter(), time.thread_time(), self._queue.waited()))


class RunQueue:
    """How long this thread has waited for a free core, as Linux counts it."""

    def __init__(self) -> None:
        path = Path("/proc/thread-self/schedstat")
        self._file = os.open(path, os.O_RDONLY) if path.exists() else -1
        self._told = ctypes.create_string_buffer(96)
        # Reads without letting go of the interpreter: another thread would take it, and make the beat late.
        self._read = ctypes.PyDLL(None).pread if self._file >= 0 else None

    def waited(self) -> float:
        """Seconds since the thread began; 0 where the system does not tell."""
        if self._read is None or self._read(self._file, self._told, len(self._told), ctypes.c_long(0)) <= 0:
            return 0.0
        return int(self._told.value.split()[1]) / 1e9

    def __del__(self) -> None:
        if self._file >= 0:
            os.close(self._file)


class _Collections:
    """Processor time of garbage collections."""

    def __init__(self) -> None:
        self._longest = 0.0
        self._began = 0.0

    def begin(self) -> None:
        self._longest = 0.0
        if self._on not in gc.callbacks:
            gc.callbacks.append(self._on)

    def end(self) -> float:
        """Seconds of the longest."""
        gc.callbacks.remove(self._on)
        return self._longest

    def _on(self, phase: str, _told: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            self._longest = max(self._longest, time.thread_time() - self._began)
