"""The window over the library: when it can be used, when it answers, how long it freezes, what it weighs.

The real window in a process of its own. A timer ticks on its GUI thread: the longest time between two ticks,
from the first turn of the event loop until the search graph is loaded and a few queries are answered, is the
longest freeze.
"""

import functools
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from app.search.scorers.hubness import bank_texts
from benchmarks.scale.place import NotMeasuredError, Place
from benchmarks.scale.table import read_through
from benchmarks.scale.window_child import PATIENCE, WindowRun

_QUERIES = 5


def window(place: Place) -> list[str]:
    """Window usable, first answer, longest freeze."""
    runs = _runs(place)
    longest = max(runs, key=lambda run: run.frozen)
    usable = statistics.median(run.usable for run in runs)
    answered = statistics.median(run.answered for run in runs)
    processor = statistics.median(run.processor for run in runs)
    freeze = f"{longest.frozen:.2f} s (over after {longest.frozen_at:.1f} s)"
    return [f"{usable:.2f} / {answered:.2f} (processor {processor:.2f}) / {freeze}"]


def memory(place: Place) -> list[str]:
    """Resident memory of the window and its children after the first queries."""
    runs = _runs(place)
    beyond = statistics.median(run.beyond_files for run in runs) / 1024
    if beyond < 0:
        raise NotMeasuredError("this system does not say what memory is shared")
    total = statistics.median(run.total for run in runs) / 1024
    return [f"{beyond:.2f} GB beyond mapped files, {total:.2f} GB in all"]


@functools.cache
def _runs(place: Place) -> list[WindowRun]:
    read_through(place.library)
    runs = [_start(place.library) for _ in range(place.effort.untimed + place.effort.runs)]
    return runs[place.effort.untimed :]


def _start(library: Path) -> WindowRun:
    texts = json.dumps(bank_texts()[:_QUERIES])
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.scale.window_child", str(library), str(time.time()), texts],
        env=os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=2 * PATIENCE,
    )
    return WindowRun(**json.loads(child.stdout))
