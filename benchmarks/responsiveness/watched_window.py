"""The window as `reelfind gui` shows it, in a process of its own, with someone who plays one scenario in it.

python -m benchmarks.responsiveness.watched_window SCENARIO LIBRARY STARTED MATERIAL

It loads nothing before the window that the program would not load. MATERIAL is `Material` as JSON. Prints a
`Measured` as JSON, or a string that says why there is none.
"""

# ruff: noqa: E402 - garbage first

import gc
import json
import sys
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

gc.disable()  # as the program does, until its window has loaded all

from PySide6.QtCore import QTimer

from app.cli import main as reelfind
from app.ui.shell.main_window import MainWindow
from benchmarks.responsiveness.heartbeat import Heartbeat, RunQueue
from benchmarks.responsiveness.scenarios import SCENARIOS
from benchmarks.responsiveness.stack_sampler import StackSampler
from benchmarks.responsiveness.stage import Material, Measured, Person, Stage


def main(name: str, library: Path, started: float, material: Material) -> None:
    """Play a scenario in the window of a library and print what it gave."""
    told: list[Measured | str] = []
    kept: list[object] = []
    start = MainWindow.start

    def watched(window: MainWindow) -> None:
        start(window)
        QTimer.singleShot(0, lambda: usable(window))

    def usable(window: MainWindow) -> None:
        after = time.time() - started
        figures = {
            "usable": after,
            "usable_unhindered": after - RunQueue().waited(),
            "usable_worked": time.process_time(),
        }
        heartbeat = Heartbeat(window)
        sampler = StackSampler(heartbeat)
        sampler.start()
        stage = Stage(window, material, heartbeat, sampler, figures)
        stage.measure()

        def done(outcome: Measured | str) -> None:
            told.append(outcome)
            sampler.end()
            window.close()

        kept.append(Person(stage, SCENARIOS[name].play(stage), done))

    MainWindow.start = watched  # type: ignore[method-assign, assignment]
    with suppress(SystemExit):
        reelfind(["gui", "--library", str(library)], standalone_mode=False)
    outcome = told[0] if told else "the window was closed"
    print(json.dumps(outcome if isinstance(outcome, str) else asdict(outcome)))


def _material(told: str) -> Material:
    values = json.loads(told)
    for name in ("clips", "more_clips", "scratch"):
        values[name] = Path(values[name])
    return Material(**values)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]), _material(sys.argv[4]))
