"""SIGKILL at any moment: the library opens, has lost nothing committed, and the next run finishes."""

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from app.catalogue.catalogue import FILE_NAME, Catalogue
from app.catalogue.records import VideoState
from tests.cli.little_library import use_colours
from tests.conftest import descendants
from tests.faults.harness.clips import pattern
from tests.faults.harness.program import Program
from tests.faults.harness.report import Report
from tests.made_once import made_once

VIDEOS = 12
QUICK = {"parent": 1, "child": 1, "window": 1, "search": 1}
NIGHTLY = {"parent": 80, "child": 70, "window": 40, "search": 20}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        numbers = NIGHTLY if metafunc.config.getoption("--nightly") else QUICK
        whom = metafunc.function.__name__.rsplit("_", 1)[1]
        metafunc.parametrize("seed", range(numbers[whom]))


@pytest.fixture(scope="module")
def twelve(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of twelve videos that take a moment each."""

    def make(folder: Path) -> None:
        for number in range(VIDEOS):
            pattern(folder / f"{number:02d}.mp4", 4 + number / 4)

    return made_once(tmp_path_factory, "twelve videos", make)


@pytest.fixture(scope="module")
def seconds(twelve: Path, tmp_path_factory: pytest.TempPathFactory) -> float:
    """How long an undisturbed run takes here."""
    place = tmp_path_factory.mktemp("undisturbed")
    use_colours(place / "library")
    program = Program(place / "library", place / "home")
    started = time.monotonic()
    program.index(twelve)
    return time.monotonic() - started


def indexed(program: Program) -> set[str]:
    """What is wholly in the library; opening it must work at any time."""
    if not program.library.exists():
        return set()
    with Catalogue(program.library) as catalogue:
        assert catalogue.is_intact()
        videos = catalogue.videos()
        for video in videos:
            assert (video.state is VideoState.INDEXED) == bool(catalogue.frames(video.id)), video
    return {video.path.name for video in videos if video.state is VideoState.INDEXED and not video.reason}


def kill_after(process: "subprocess.Popen[Any]", delay: float) -> Any:
    """Kill a process, if it still runs, so many seconds after now; returns what it printed into a pipe."""
    try:
        process.wait(delay)
    except subprocess.TimeoutExpired:
        process.kill()
    printed, _ = process.communicate()
    return printed


def decoders(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """The decoding children of a process that run now."""
    try:
        children = [psutil.Process(number) for number in descendants(process.pid)]
        return [child for child in children if "decode" in child.cmdline()]
    except psutil.NoSuchProcess:
        return []


def watch_kills(process: subprocess.Popen[bytes], dice: random.Random, most: int) -> int:
    """Kill up to `most` decoding children, each some moments after it came; returns how many were killed."""
    killed: set[int] = set()
    while process.poll() is None:
        for child in decoders(process):
            if child.pid not in killed and len(killed) < most:
                # From “before it is ready” to “in the middle of a file”.
                time.sleep(dice.choice((0.0, 0.01, 0.1, 0.3, 0.6)) * dice.random())
                try:
                    child.kill()
                except psutil.NoSuchProcess:
                    continue
                killed.add(child.pid)
        time.sleep(0.005)
    return len(killed)


@pytest.mark.fault(
    "SIGKILL of `index` at a random moment", "library opens, nothing lost, the next run finishes"
)
def test_a_kill_of_the_parent(
    program: Program, twelve: Path, seconds: float, seed: int, report: Report
) -> None:
    process = program.start_loaded("index", "--json", twelve)
    printed = kill_after(process, random.Random(seed).uniform(0.0, seconds))  # noqa: S311
    committed = set()
    for line in printed.splitlines():
        if line.endswith("}") and (event := json.loads(line))["event"] == "video_indexed":
            committed.add(Path(event["path"]).name)
    after = indexed(program)
    assert committed <= after
    program.index(twelve)
    assert len(indexed(program)) == VIDEOS
    report.count("kills of the indexing process", "all 12 videos indexed by the next run")


@pytest.mark.fault(
    "SIGKILL of `index` while it reads headers behind", "nothing is indexed again, the next run finishes"
)
@pytest.mark.parametrize(
    "share", [0.8, *(pytest.param(n / 20, marks=pytest.mark.nightly) for n in range(20))]
)
def test_a_kill_while_headers_are_read_behind(
    program: Program, twelve: Path, seconds: float, share: float
) -> None:
    program.index(twelve)
    with closing(sqlite3.connect(program.library / FILE_NAME)) as database, database:
        database.execute("DELETE FROM origins")
        before = database.execute("SELECT video_id, revision FROM embeddings ORDER BY 1").fetchall()
    started = time.monotonic()
    kill_after(program.start_loaded("index", twelve), share * min(seconds, 2.0))
    assert time.monotonic() - started < 60
    assert len(indexed(program)) == VIDEOS
    program.index(twelve)
    with closing(sqlite3.connect(program.library / FILE_NAME)) as database:
        assert database.execute("SELECT count(*) FROM origins").fetchone() == (VIDEOS,)
        assert database.execute("SELECT video_id, revision FROM embeddings ORDER BY 1").fetchall() == before


@pytest.mark.fault(
    "SIGKILL of decoder children, up to 3 a run", "all 12 videos complete, at latest after the next run"
)
def test_a_kill_of_the_child(program: Program, twelve: Path, seed: int, report: Report) -> None:
    dice = random.Random(1000 + seed)  # noqa: S311
    process = program.start("index", twelve, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    killed = watch_kills(process, dice, 1 + seed % 3)
    _, errors = process.communicate()
    assert process.returncode == 0, errors
    assert b"Traceback" not in errors, errors
    at_once = len(indexed(program))
    assert at_once >= VIDEOS - 3
    program.index()
    assert len(indexed(program)) == VIDEOS
    when = "by the same run" if at_once == VIDEOS else "by the next run"
    report.count("kills of decoder children", f"all 12 videos indexed {when}", killed)


@pytest.mark.fault("SIGKILL of the window while it starts and indexes", "as with `index`")
def test_a_kill_of_the_window(
    program: Program, twelve: Path, seconds: float, seed: int, report: Report
) -> None:
    program.run("add", twelve)
    program.environment = {"QT_QPA_PLATFORM": "offscreen"}
    for _ in range(1):
        process = program.start("gui", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        kill_after(process, random.Random(2000 + seed).uniform(0.1, seconds + 1))  # noqa: S311
        assert process.returncode == -signal.SIGKILL, "the window ended by itself"
    before = indexed(program)
    program.index()
    assert before <= indexed(program)
    assert len(indexed(program)) == VIDEOS
    report.count("kills of the window", "all 12 videos indexed by the next run")


@pytest.fixture(scope="module")
def filled(twelve: Path, tmp_path_factory: pytest.TempPathFactory) -> Program:
    """An indexed library for searches."""
    place = tmp_path_factory.mktemp("filled")
    use_colours(place / "library")
    program = Program(place / "library", place / "home")
    program.index(twelve)
    return program


@pytest.mark.fault("SIGKILL of a search", "the library opens with everything, the next search answers")
def test_a_kill_of_the_search(filled: Program, seed: int, report: Report) -> None:
    process = filled.start_loaded("search", "--json", "a test pattern")
    kill_after(process, random.Random(3000 + seed).uniform(0.0, 0.2))  # noqa: S311
    assert len(indexed(filled)) == VIDEOS
    assert len(filled.search("a test pattern")) > 0
    report.count("kills of a search", "the next one answers")


@pytest.mark.fault(
    "SIGKILL in the moment in which the library file is made", "the next run makes it and finishes"
)
def test_a_kill_while_the_library_is_made(tmp_path: Path, folder: Path) -> None:
    """The file is empty, its journal is not: what SQLite leaves of a first transaction."""
    program = Program(tmp_path / "library", tmp_path / "home")
    pattern(folder / "a.mp4")
    program.library.mkdir()
    script = (
        "import os, signal, sqlite3\n"
        f"c = sqlite3.connect({str(program.library / 'library.db')!r}, isolation_level=None)\n"
        "c.execute('BEGIN')\nc.execute('CREATE TABLE t (x)')\nos.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script], check=False)
    assert (program.library / "library.db").stat().st_size == 0
    assert (program.library / "library.db-journal").stat().st_size > 0
    program.index(folder)
    assert indexed(program) == {"a.mp4"}


def test_nothing_of_a_killed_program_runs_on(program: Program, twelve: Path) -> None:
    process = program.start("index", twelve, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (children := decoders(process)) and process.poll() is None:
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    _, alive = psutil.wait_procs(children, timeout=10)
    assert not alive
