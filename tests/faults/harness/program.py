"""The real program as a person runs it: the command line in a process, on a library of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence, Video, VideoState
from tests.conftest import ROOT
from tests.forked_program import ProgramServer, run_program, start_program

_HIDDEN = {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "REELFIND_HOME", "PYTHONPATH"}

Done = subprocess.CompletedProcess[str]


@dataclass
class Program:
    """A library and the commands that people type at it."""

    library: Path
    home: Path
    prefix: Sequence[str] = ()
    """Words before the command: a limit, a user, a mount namespace."""
    environment: Mapping[str, str | None] = field(default_factory=dict)
    """Further variables; None takes one away."""
    _server: ProgramServer | None = None
    """What commands are forked from in place of the one for all tests."""

    @contextmanager
    def under(self, prefix: Sequence[str]) -> Iterator[None]:
        """Put words before the commands inside: not before each, but before a process that all are forked
        from."""
        if sys.platform != "linux" or not prefix:
            self.prefix = prefix
            yield
            self.prefix = ()
            return
        self._server = ProgramServer(prefix)
        try:
            yield
        finally:
            self._server.close()
            self._server = None

    def command(self, *words: str | Path, library: Path | None = None) -> list[str]:
        """The whole command line of `reelfind WORDS --library …`."""
        where = ["--library", str(library or self.library)]
        return [*self.prefix, sys.executable, "-m", "app", *where, *map(str, words)]

    def variables(self) -> dict[str, str]:
        """The environment of a process."""
        mine = {"REELFIND_HOME": str(self.home), "PYTHONPATH": str(ROOT)}
        merged = {key: value for key, value in os.environ.items() if key not in _HIDDEN} | mine
        merged |= {key: value for key, value in self.environment.items() if value is not None}
        return {key: value for key, value in merged.items() if self.environment.get(key, "") is not None}

    def run(self, *words: str | Path, timeout: float = 120.0) -> Done:
        """Run a command to its end. No command may ever show a traceback."""
        command, variables = self.command(*words), self.variables()
        if self.prefix:
            done = subprocess.run(
                command,
                capture_output=True,
                text=True,
                errors="backslashreplace",
                timeout=timeout,
                env=variables,
                check=False,
            )
        else:
            done = run_program(command[3:], env=variables, timeout=timeout, under=self._server)
        assert "Traceback" not in done.stdout + done.stderr, done.stderr or done.stdout
        return done

    def start(self, *words: str | Path, **options: Any) -> subprocess.Popen[bytes]:
        """Start a command and return at once."""
        return subprocess.Popen(self.command(*words), env=self.variables(), **options)

    def start_loaded(self, *words: str | Path) -> "subprocess.Popen[str]":
        """The same, of a process that has its libraries loaded: its first moment is that of its own work."""
        return start_program(self.command(*words)[3:], env=self.variables())

    def index(self, *words: str | Path, code: int | None = 0, timeout: float = 240.0) -> Done:
        """`reelfind index`, which must end with `code`."""
        done = self.run("index", *words, timeout=timeout)
        assert code is None or done.returncode == code, done.stdout + done.stderr
        return done

    def doctor(self) -> dict[str, Any]:
        """`reelfind doctor --json`."""
        done = self.run("doctor", "--json")
        assert done.returncode in {0, 1}, done.stderr
        report: dict[str, Any] = json.loads(done.stdout)
        return report

    def search(self, text: str, *words: str | Path) -> list[dict[str, Any]]:
        """The results of `reelfind search --json`."""
        done = self.run("search", "--json", text, *words)
        assert done.returncode == 0, done.stderr
        results: list[dict[str, Any]] = json.loads(done.stdout)["results"]
        return results

    def videos(self) -> dict[str, Video]:
        """What the library knows, by file name, but for files that are gone."""
        with Catalogue(self.library) as catalogue:
            found = catalogue.videos()
        return {video.path.name: video for video in found if video.presence is not Presence.GONE}

    def colours(self, name: str) -> list[tuple[float, str]]:
        """Time in seconds and main colour of each stored frame of a video."""
        video = self.videos()[name]
        with Catalogue(self.library) as catalogue:
            frames = catalogue.frames(video.id)
            return [(frame.time, main_colour(catalogue.thumbnail(frame.id) or b"")) for frame in frames]


def main_colour(picture: bytes) -> str:
    """Name of the colour that most of an encoded picture has."""
    pixels = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR_RGB)
    red, green, blue = np.median(pixels.reshape(-1, 3), axis=0)
    if max(red, green, blue) - min(red, green, blue) < 40:
        return "white" if red > 170 else "black" if red < 60 else "grey"
    return max((("red", red), ("green", green), ("blue", blue)), key=lambda pair: float(pair[1]))[0]


def assert_indexed(program: Program, *names: str) -> None:
    """These files are wholly indexed."""
    videos = program.videos()
    for name in names:
        assert name in videos, f"{name} is not in the library: {sorted(videos)}"
        video = videos[name]
        assert (video.state, video.reason) == (VideoState.INDEXED, ""), (name, video.state, video.reason)


def assert_settled(program: Program) -> None:
    """No file is left pending, each failure has its sentence, and `doctor` says the same."""
    videos = {str(video.path): video for video in program.videos().values()}
    assert not [path for path, video in videos.items() if video.state is VideoState.PENDING]
    failed = {path: video.reason for path, video in videos.items() if video.state is VideoState.FAILED}
    partial = {
        path: video.reason
        for path, video in videos.items()
        if video.state is VideoState.INDEXED and video.reason
    }
    assert all(is_sentence(reason) for reason in [*failed.values(), *partial.values()]), (failed, partial)
    report = program.doctor()
    assert {entry["path"]: entry["reason"] for entry in report["failures"]} == failed
    assert {entry["path"]: entry["reason"] for entry in report["incomplete"]} == partial
    assert report["library"]["pending"] == 0


def is_sentence(text: str) -> bool:
    """Whether a reason is something a person can read."""
    return len(text) > 15 and text[0] in text[0].upper() + "“" and text.rstrip().endswith((".", "”", ")"))
