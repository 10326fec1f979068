"""Ctrl-C, a reader that goes away, and another Reelfind at work: no traceback, no child, nothing lost."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from app.session import Session
from tests.cli.little_library import use_colours
from tests.conftest import wait_until
from tests.forked_program import run_program
from tests.videos import make_video

BLUE, GREEN = (30, 40, 220), (20, 200, 40)


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    return [sys.executable, "-m", "app", "--library", str(tmp_path / "library")]


@pytest.fixture(scope="module")
def library_of_green(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library in which one video is indexed, to copy."""
    root = tmp_path_factory.mktemp("green")
    (root / "videos").mkdir()
    make_video(root / "videos" / "green.mp4", [(GREEN, 3)])
    use_colours(root / "library")
    run_program(["index", root / "videos", "--library", root / "library"], check=True)
    return root / "library"


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    make_video(folder / "green.mp4", [(GREEN, 3)])
    return folder


@pytest.mark.skipif(sys.platform == "win32", reason="signals as POSIX has them")
def test_ctrl_c_ends_indexing_at_once_and_blames_no_video(
    command: list[str], videos: Path, long_video: Path
) -> None:
    shutil.copy2(long_video, videos)
    use_colours(Path(command[-1]))
    child = subprocess.Popen(
        [*command, "index", str(videos), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert child.stdout is not None
    assert any(_busy(line) for line in iter(child.stdout.readline, ""))
    decoders = psutil.Process(child.pid).children(recursive=True)
    os.killpg(child.pid, signal.SIGINT)  # what a terminal does: everyone in the foreground gets it
    rest, complaints = child.communicate(timeout=10)
    assert child.returncode == 130
    assert "Traceback" not in complaints
    assert all(json.loads(line)["event"] for line in rest.splitlines())
    assert wait_until(lambda: not any(decoder.is_running() for decoder in decoders))
    doctor = run_program([*command[3:], "doctor", "--json"], check=True)
    library = json.loads(doctor.stdout)["library"]
    assert library["intact"]
    assert library["failed"] == 0
    assert library["indexed"] + library["pending"] == 2


@pytest.mark.skipif(sys.platform == "win32", reason="pipes as POSIX has them")
@pytest.mark.parametrize(
    "what",
    [["search", "--json", "green"], ["index", "--json"], pytest.param(["doctor"], marks=pytest.mark.nightly)],
)
def test_a_reader_that_goes_away_gets_no_traceback(
    command: list[str], library_of_green: Path, tmp_path: Path, what: list[str]
) -> None:
    shutil.copytree(library_of_green, tmp_path / "library")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [*command, *what], stdout=writing, stderr=subprocess.PIPE, text=True, timeout=60, check=False
        )
    finally:
        os.close(writing)
    assert done.returncode == 1
    assert done.stderr == ""


def test_a_search_while_another_reelfind_indexes_answers_with_what_is_there(
    command: list[str], videos: Path, tmp_path: Path
) -> None:
    use_colours(tmp_path / "library")
    run_program([*command[3:], "index", videos], check=True)
    with Session(tmp_path / "library") as other:
        other.indexer.pause()
        make_video(videos / "new.mp4", [(BLUE, 2)])
        other.indexer.start()
        assert wait_until(lambda: other.indexer.holds_lock)
        done = run_program([*command[3:], "search", "--json", "--in", videos, "green"], timeout=60)
    assert done.returncode == 0
    assert "Another Reelfind is already indexing this library." in done.stderr
    assert [Path(found["path"]).name for found in json.loads(done.stdout)["results"]] == ["green.mp4"]


def _busy(line: str) -> bool:
    return json.loads(line)["event"] in {"video_started", "progress"}
