"""A timer that is due every few milliseconds on the GUI thread: as late as it comes, all else would come.

A busy machine makes every program late. So each lateness is told three times: as it was; without the time for
which the thread could have run and no core was free; and what of it the thread worked itself. On a calm
machine the first two are the same.
"""

from __future__ import annotations

import ctypes
import gc
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, QTimer

BEAT = 0.005
"""Seconds from one beat to the next."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late beats were, milliseconds."""

    p50: float
    p99: float
    longest: float


@dataclass(frozen=True, slots=True)
class Pulse:
    """All beats of one measurement."""

    beats: int
    """How many were due; those that a busy thread left out count too, each as late as it would have been."""
    late: Lateness
    """As it was."""
    unhindered: Lateness
    """Without waiting for a free core; the same as `late` where the system does not tell."""
    own: float
    """Milliseconds: the longest that the thread worked between two beats."""
    collecting: float
    """Milliseconds of the longest garbage collection, in whatever thread: it stops all others."""


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
        return pulse(self._clocks(), self._collections.end())

    def _beat(self) -> None:
        self._beats.append(_Beat(time.perf_counter(), time.thread_time(), self._queue.waited()))

    def _clocks(self) -> NDArray[np.float64]:
        return np.array([(beat.at, beat.worked, beat.queued) for beat in self._beats])


def pulse(clocks: NDArray[np.float64], collecting: float = 0.0) -> Pulse:
    """What the clocks say.

    Args:
        clocks: (n, 3) float64: at each beat the time, the thread's processor time and its time in the queue
            for a core, seconds.
        collecting: seconds of the longest garbage collection.
    """
    gaps, worked, queued = np.diff(clocks, axis=0).T
    late, unhindered = late_beats(gaps), late_beats(gaps - queued)
    return Pulse(
        beats=len(late),
        late=_lateness(late),
        unhindered=_lateness(unhindered),
        own=1e3 * float(worked.max(initial=0.0)),
        collecting=1e3 * collecting,
    )


def late_beats(gaps: NDArray[np.float64]) -> NDArray[np.float64]:
    """How late each due beat was, seconds.

    In a gap of a whole second 200 beats were due, and the first of them was almost a second late.

    Args:
        gaps: (n,) float64, seconds from one beat to the next.
    """
    due = np.maximum(np.floor(gaps / BEAT), 1).astype(int)
    number = np.arange(due.sum()) - np.repeat(np.cumsum(due) - due, due)
    return np.asarray(np.maximum(np.repeat(gaps, due) - (number + 1) * BEAT, 0.0))


def _lateness(late: NDArray[np.float64]) -> Lateness:
    if not len(late):
        return Lateness(0.0, 0.0, 0.0)
    p50, p99 = np.percentile(late, (50, 99))
    return Lateness(*(1e3 * float(value) for value in (p50, p99, late.max())))


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
    """Times garbage collections."""

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
            self._began = time.perf_counter()
        else:
            self._longest = max(self._longest, time.perf_counter() - self._began)


def middle(pulses: Sequence[Pulse]) -> Pulse:
    """Medians of several runs; of what was longest, the longest."""

    def lateness(each: Sequence[Lateness]) -> Lateness:
        return Lateness(
            float(np.median([one.p50 for one in each])),
            float(np.median([one.p99 for one in each])),
            max(one.longest for one in each),
        )

    return Pulse(
        beats=round(float(np.median([one.beats for one in pulses]))),
        late=lateness([one.late for one in pulses]),
        unhindered=lateness([one.unhindered for one in pulses]),
        own=max(one.own for one in pulses),
        collecting=max(one.collecting for one in pulses),
    )
