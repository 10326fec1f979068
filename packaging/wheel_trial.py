"""The main job with an installed Reelfind, by what its wheel brought: index, search, doctor, the window.

python -I packaging/wheel_trial.py FOLDER

FOLDER is empty. -I keeps the checkout off the path. Prints a line for each step; fails at the first that is
not so.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import av
import numpy as np
from PySide6.QtWidgets import QApplication

import app
import models
import resources
from app import paths
from app.ui.desktop.single_instance import StartRequest
from app.ui.shell.program import Program
from app.ui.system.preferences import PreferenceStore

FILMS = {"red": (200, 30, 30), "green": (30, 170, 60), "blue": (40, 60, 200)}
PARTS_OF_THE_MODEL = (
    *("manifest.json", "image.onnx", "text.onnx"),
    *("tmass.npz", "picture_bank.npz", "tokenizer.json", "calibration.json"),
)
RESOURCES = (
    *("reelfind.svg", "style.qss", "models.json", "query_bank.txt"),
    *("translations", "icons", "gate", "server_page"),
)
PATIENCE = 120.0
"""Seconds."""


class Trial:
    """Runs the installed commands on a library of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.videos = folder / "videos"
        self.library = folder / "home" / "library"
        self._programs = Path(sys.executable).parent
        os.environ["REELFIND_HOME"] = str(folder / "home")
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
        os.environ.pop("PYTHONPATH", None)

    def command(self, *words: str, program: str = "reelfind") -> str:
        """Run a program of the wheel, which has to end with 0, and return what it prints."""
        run = subprocess.run(
            [self._programs / program, *words],
            cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE, check=False,
        )  # fmt: skip
        if run.returncode:
            raise SystemExit(
                f"{program} {' '.join(words)} ended with {run.returncode}:\n{run.stdout}{run.stderr}"
            )
        return run.stdout

    def answers(self, *words: str) -> Any:
        """Run `reelfind` and return the JSON that it prints."""
        return json.loads(self.command(*words, "--json"))


def is_installed(trial: Trial) -> str:
    """All that is imported comes out of this environment, and the model and the pictures came with it."""
    for package in (app, models, resources):
        place = Path(str(package.__file__)).resolve()
        assert Path(sys.prefix).resolve() in place.parents, f"{place} is not in the environment"
    for name in PARTS_OF_THE_MODEL:
        assert (paths.bundled_model() / name).is_file(), f"the bundled model has no {name}"
    for name in RESOURCES:
        assert paths.resource(name).exists(), f"there is no resource {name}"
    for name in ("tests", "benchmarks", "torch", "pytest"):
        assert find_spec(name) is None, f"{name} is there"
    version = trial.command("--version").strip()
    assert app.__version__ in version
    return version


def indexes(trial: Trial) -> str:
    """Films of one colour each, made by the PyAV that is there, are indexed without a failure."""
    trial.videos.mkdir()
    for name, colour in FILMS.items():
        _make_film(trial.videos / f"{name}.mp4", colour)
    trial.command("index", str(trial.videos))
    doctor = trial.command("doctor")
    assert "3 videos: 3 indexed, 0 to do, 0 not readable" in doctor, doctor
    return next(line.strip() for line in doctor.splitlines() if "indexed" in line)


def _make_film(path: Path, colour: tuple[int, int, int]) -> None:
    picture = np.full((240, 320, 3), colour, np.uint8)
    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for _ in range(40):
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    minute_ago = time.time() - 60  # no run waits for it to be quiet
    os.utime(path, (minute_ago, minute_ago))


def finds(trial: Trial) -> str:
    """Each colour's film comes first where that colour is asked for."""
    for name in FILMS:
        first = trial.answers("search", f"a plain {name} picture")["results"][0]
        assert Path(first["path"]).stem == name, f"“{name}” found {first['path']}"
    return f"{len(FILMS)} of {len(FILMS)} descriptions find their film first"


def is_healthy(trial: Trial) -> str:
    """`doctor` and the commands that load a part of their own end well; so does the window's program."""
    for words in (("models", "list"), ("sources",), ("settings",), ("duplicates",), ("folders",)):
        trial.command(*words)
    trial.command("--help", program="reelfind-gui")
    return trial.command("doctor").splitlines()[1].strip()


def opens_a_window(trial: Trial) -> str:
    """The window opens on that library, answers a query, and closes with nothing under way."""
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    program = Program(
        application, PreferenceStore(trial.folder / "preferences.json", application), trial.library, None
    )
    window = program.window
    outcomes: list[Any] = []
    window.searching.found.connect(outcomes.append)
    program.start(StartRequest("a plain green picture"))
    _until(application, lambda: bool(outcomes) and not window.operations.busy)
    assert window.isVisible()
    shown = window.search_bar.field.text()
    first = Path(outcomes[-1].moments[0].path).stem
    assert first == "green", f"the window found {first} first"
    ended: list[bool] = []
    program.ended.connect(lambda: ended.append(True))
    program.quit()
    _until(application, lambda: bool(ended))
    assert not window.operations.busy
    return f"opened, found {first} for “{shown}”, closed"


def _until(application: Any, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "the window kept waiting"
        application.processEvents()
        time.sleep(0.005)


def main(folder: Path) -> None:
    """Do all of it; the last line says how long it took."""
    trial = Trial(folder)
    for step in (is_installed, indexes, finds, is_healthy, opens_a_window):
        began = time.monotonic()
        said = step(trial)
        print(f"{step.__name__.replace('_', ' ')}: {said} ({time.monotonic() - began:.1f} s)", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
