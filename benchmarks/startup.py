"""How long the window takes: from starting the program to a search box that takes keys, and to an answer.

The real window, in a process of its own, over a library of 10,000 frames.

    python -m benchmarks.startup [--runs N]
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import click

from app.session import Session
from benchmarks import memory
from benchmarks.queries import fill_library

_FRAMES = 10_000


@dataclass(frozen=True, slots=True)
class Startup:
    """Seconds since the process was started; medians over the runs."""

    usable: float
    """The window is shown, its search box has the focus and the event loop turns."""
    answered: float
    """The answer to a description typed as soon as the box was usable is in the window."""
    peak_memory: float
    """MiB."""


def measure(runs: int = 5) -> Startup:
    """Start the window `runs` times."""
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "library"
        with Session(library) as session:
            fill_library(session, Path(folder) / "videos", _FRAMES)
        told = [_start(library) for _ in range(runs)]
    return Startup(
        usable=statistics.median(run["usable"] for run in told),
        answered=statistics.median(run["answered"] for run in told),
        peak_memory=statistics.median(run["peak_memory"] for run in told),
    )


def _start(library: Path) -> dict[str, float]:
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.startup", "--child", str(library), "--since", str(time.time())],
        env=os.environ | {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=120,
    )
    told: dict[str, float] = json.loads(child.stdout)
    return told


def _in_child(library: Path, since: float) -> None:
    """Run the window as `reelfind gui` does, type when it can be typed into, tell the times and close."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415 - counted as part of the start

    from app.ui.shell.application import run  # noqa: PLC0415
    from app.ui.shell.main_window import MainWindow  # noqa: PLC0415

    told: dict[str, float] = {}
    start = MainWindow.start

    def watched(window: MainWindow) -> None:
        start(window)
        QTimer.singleShot(0, lambda: usable(window))

    def usable(window: MainWindow) -> None:
        told["usable"] = time.time() - since
        window.searching.found.connect(lambda _: answered(window))
        window.search_bar.field.setText("a dog running on grass")
        window.search_bar.entered.emit()

    def answered(window: MainWindow) -> None:
        told["answered"] = time.time() - since
        told["peak_memory"] = memory.peak()
        window.close()

    MainWindow.start = watched  # type: ignore[method-assign, assignment]
    run(library)
    print(json.dumps(told))


@click.command()
@click.option("--runs", default=5, show_default=True)
@click.option("--child", type=click.Path(path_type=Path), hidden=True)
@click.option("--since", type=float, hidden=True)
def main(runs: int, child: Path | None, since: float) -> None:
    """Measure the start of the window."""
    if child is not None:
        _in_child(child, since)
        return
    startup = measure(runs)
    print(f"usable after {startup.usable:.2f} s, first answer after {startup.answered:.2f} s")
    print(f"peak memory {startup.peak_memory:.0f} MiB")


if __name__ == "__main__":
    main()
