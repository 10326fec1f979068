"""The table: how late the GUI thread's beats were in each scenario, and what they may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.responsiveness.pulse import Pulse, middle
from benchmarks.responsiveness.stage import Measured

P99, LONGEST = 30.0, 100.0
"""Milliseconds that a beat may be late."""
USABLE = {"start": 1.0, "start-large": 2.0}
"""Seconds after which the window has to be usable, by the scenario's name."""
FRAMES_PER_SECOND = 60.0
HEAD = (
    "| while | beats | p50 / p99 / longest | without waiting for a core | own work, longest | beside that |\n"
    "|---|---|---|---|---|---|"
)
LIMITS = f"Limits: p99 ≤ {P99:.0f} ms, longest ≤ {LONGEST:.0f} ms"


@dataclass(frozen=True, slots=True)
class Report:
    """All runs of one scenario."""

    name: str
    title: str
    runs: tuple[Measured, ...]
    trouble: str = ""
    """Why it could not be measured."""

    @property
    def pulse(self) -> Pulse:
        return middle([run.pulse for run in self.runs])

    def figure(self, name: str) -> float | None:
        """Median of something else that was measured; None where it was not."""
        values = [run.figures[name] for run in self.runs if name in run.figures]
        return float(np.median(values)) if values else None

    @property
    def places(self) -> list[str]:
        """Where the thread was while it was late, of all runs."""
        return [place for run in self.runs for place in run.places]

    def row(self) -> str:
        """One line of the table."""
        if not self.runs:
            return f"| {self.title} | | not measured: {self.trouble} | | | |"
        pulse = self.pulse
        late, unhindered = (
            f"{one.p50:.1f} / {one.p99:.1f} / {one.longest:.0f} ms" for one in (pulse.late, pulse.unhindered)
        )
        return (
            f"| {self.title} | {pulse.beats:,} | {late} | {unhindered} | "
            f"{pulse.own:.0f} ms | {'; '.join(self._more(pulse))} |"
        )

    def _more(self, pulse: Pulse) -> Sequence[str]:
        told = []
        if self.name in USABLE and (usable := self.figure("usable")) is not None:
            calm = self.figure("usable_unhindered") or usable
            told.append(
                f"usable after {usable:.2f} s, {calm:.2f} s without waiting for a core "
                f"(limit {USABLE[self.name]:.0f} s)"
            )
        if (rate := self.figure("frames_per_second")) is not None:
            work, slow = self.figure("frames_per_second_of_work") or rate, self.figure("slow_frames") or 0.0
            told.append(
                f"{rate:.0f} frames/s, {work:.0f} by the thread’s processor time "
                f"(limit {FRAMES_PER_SECOND:.0f}; {slow:.1%} of them worked longer than a sixtieth)"
            )
        if (first := self.figure("first_picture")) is not None:
            told.append(f"first picture after {1e3 * first:.0f} ms")
        if pulse.collecting > 5:
            told.append(f"garbage collection {pulse.collecting:.0f} ms")
        return told
