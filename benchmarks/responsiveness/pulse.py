"""What a heartbeat heard, in figures.

A busy machine makes every program late. So each lateness is told three times: as it was; without the time for
which the thread could have run and no core was free; and what of it the thread worked itself. On a calm
machine the first two are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.responsiveness.heartbeat import BEAT


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
    """Milliseconds of work of the longest garbage collection, in whatever thread: it stops all others."""


def pulse(clocks: Sequence[tuple[float, ...]], collecting: float = 0.0) -> Pulse:
    """What the clocks say.

    Args:
        clocks: at each beat the time, the thread's processor time and its time in the queue for a core,
            seconds.
        collecting: seconds that the longest garbage collection worked.
    """
    gaps, worked, queued = np.diff(np.array(clocks), axis=0).T
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
