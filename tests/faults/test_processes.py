"""A machine without descriptors, memory or processes; children that are slow, stopped or killed."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.catalogue.records import VideoState
from tests.conftest import ROOT, wait_until
from tests.faults.harness.clips import good_folder, pattern
from tests.faults.harness.program import Program, assert_indexed, assert_settled
from tests.faults.harness.sandbox import NOBODY, as_nobody, limited, small_disk, without_powers
from tests.faults.test_disks import fill
from tests.faults.test_kills import decoders

pytestmark = pytest.mark.nightly


@pytest.fixture
def good(folder: Path) -> list[str]:
    return good_folder(folder)


def blames_no_video(program: Program) -> None:
    """What failed will be tried again by every run."""
    if program.library.exists():
        for video in program.videos().values():
            assert video.state is not VideoState.FAILED or video.will_be_retried, (video.path, video.reason)


@pytest.mark.fault(
    "descriptors: ulimit -n 10 to 64", "a sentence or all indexed; no video is blamed; next run finishes"
)
@pytest.mark.parametrize(
    "number",
    [16, 24, *(pytest.param(n, marks=pytest.mark.nightly) for n in (10, 13, 19, 22, 28, 32, 40, 64))],
)
def test_too_many_open_files(program: Program, folder: Path, good: list[str], number: int) -> None:
    program.run("add", folder)
    program.prefix = limited(f"-n {number}")
    limited_run = subprocess.run(
        program.command("index"), capture_output=True, text=True, env=program.variables(), check=False
    )
    # Where not even Python's own modules can be opened, Python speaks instead of us.
    assert "Traceback" not in limited_run.stderr or "Too many open files" in limited_run.stderr, (
        limited_run.stderr
    )
    blames_no_video(program)
    program.prefix = ()
    program.index()
    assert_indexed(program, *good)
    assert_settled(program)


@pytest.mark.fault(
    "memory: ulimit -v 0.4 to 4 GB", "a sentence or all indexed; no video is blamed; next run finishes"
)
@pytest.mark.parametrize(
    "megabytes",
    [700, *(pytest.param(n, marks=pytest.mark.nightly) for n in (400, 500, 600, 850, 1000, 1500, 4000))],
)
def test_too_little_memory(program: Program, folder: Path, good: list[str], megabytes: int) -> None:
    program.run("add", folder)
    program.prefix = limited(f"-v {megabytes * 1024}")
    subprocess.run(
        program.command("index"), capture_output=True, env=program.variables(), check=False, timeout=200
    )
    blames_no_video(program)
    program.prefix = ()
    program.index()
    assert_indexed(program, *good)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that another user may use, too."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


@pytest.mark.fault(
    "processes: ulimit -u for a user of its own", "a sentence; no video is blamed; next run finishes"
)
@pytest.mark.parametrize(
    "number", [2, *(pytest.param(n, marks=pytest.mark.nightly) for n in (1, 4, 6, 8, 12, 20))]
)
def test_no_more_processes(open_folder: Path, number: int) -> None:
    prefix = as_nobody()
    starting = [*prefix, "sh", "-c", 'exec "$0" -c "import app"', sys.executable]
    if subprocess.run(starting, cwd=ROOT, capture_output=True, check=False).returncode:
        pytest.skip("another user cannot start this installation")
    good = good_folder(open_folder / "videos")
    home = open_folder / "home"
    home.mkdir()
    os.chown(home, NOBODY, NOBODY)
    program = Program(home / "library", home / "cache", environment={"HOME": str(home)})
    program.prefix = prefix
    program.run("add", open_folder / "videos")
    program.prefix = [*prefix, *limited(f"-u {number}")]
    subprocess.run(
        program.command("index"), capture_output=True, env=program.variables(), check=False, timeout=200
    )
    blames_no_video(program)
    program.prefix = prefix
    program.index()
    assert_indexed(program, *good)


@pytest.mark.fault(
    "decoder child stopped (SIGSTOP) before it is ready", "all indexed, by this run or the next"
)
def test_a_child_that_is_stopped_at_its_start(program: Program, folder: Path, good: list[str]) -> None:
    process = program.start("index", folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert wait_until(lambda: bool(decoders(process)) or process.poll() is not None, timeout=60)
    stopped = decoders(process)
    for child in stopped:
        child.suspend()
    time.sleep(2)  # a slow start, as on a busy machine or a slow disk
    for child in stopped:
        child.resume()
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert_indexed(program, *good)


@pytest.mark.nightly
@pytest.mark.fault(
    "decoder child stopped for good, at its start or in a file",
    "given up after a while, tried again in a fresh one",
)
@pytest.mark.parametrize("delay", [0.0, 0.5])
def test_a_child_that_is_stopped_for_good(program: Program, folder: Path, delay: float) -> None:
    for number in range(4):
        pattern(folder / f"{number}.mp4", 20 + number, size="320x240")
    process = program.start("index", folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert wait_until(lambda: bool(decoders(process)) or process.poll() is not None, timeout=60)
    time.sleep(delay)
    for child in decoders(process):
        child.suspend()
    _, errors = process.communicate(timeout=280)
    assert b"Traceback" not in errors, errors
    blames_no_video(program)
    program.index()
    assert_indexed(program, *(f"{number}.mp4" for number in range(4)))


@pytest.mark.fault(
    "Ctrl-C or SIGTERM at a random moment of `index`", "ends soon, no traceback, the next run finishes"
)
@pytest.mark.parametrize(
    ("signal_number", "delay"),
    [
        (signal.SIGINT, 0.6),
        (signal.SIGTERM, 1.6),
        *(
            pytest.param(number, 0.05 + step * 0.13, marks=pytest.mark.nightly)
            for number in (signal.SIGINT, signal.SIGTERM)
            for step in range(18)
        ),
    ],
)
def test_an_interrupt(
    program: Program, folder: Path, good: list[str], signal_number: int, delay: float
) -> None:
    pattern(folder / "long.mp4", 25, size="320x240")
    process = program.start("index", folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(delay)
    process.send_signal(signal_number)
    _, errors = process.communicate(timeout=30)
    # Before the first line of the command line runs, only Python itself can say something.
    assert b"Traceback" not in errors or b"app/cli" not in errors.replace(b"\\", b"/"), errors
    program.index(folder)
    assert_indexed(program, *good, "long.mp4")


@pytest.mark.fault("Ctrl-C while a search answers", "ends without a traceback")
@pytest.mark.parametrize(
    "delay", [0.3, *(pytest.param(0.05 + step * 0.1, marks=pytest.mark.nightly) for step in range(14))]
)
def test_an_interrupt_of_a_search(program: Program, folder: Path, delay: float) -> None:
    process = program.start("search", "--in", folder, "red", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(delay)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert b"Traceback" not in errors, errors


@pytest.mark.fault("SIGTERM to the window", "it closes in order, without a kill")
def test_sigterm_closes_the_window(program: Program, folder: Path) -> None:
    pattern(folder / "long.mp4", 25, size="320x240")
    program.run("add", folder)
    program.environment = {"QT_QPA_PLATFORM": "offscreen"}
    process = program.start("gui", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert wait_until(lambda: bool(decoders(process)) or process.poll() is not None, timeout=60)
    children = psutil.Process(process.pid).children(recursive=True)
    process.terminate()
    _, errors = process.communicate(timeout=40)
    assert b"Traceback" not in errors, errors
    assert process.returncode in {0, 128 + signal.SIGTERM}, "it did not end by itself"
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive


@pytest.mark.fault("HOME missing, not writable, a file or unset; caches likewise", "indexed and answered")
@pytest.mark.parametrize(
    "kind",
    ["missing", *(pytest.param(k, marks=pytest.mark.nightly) for k in ("not writable", "a file", "unset"))],
)
def test_no_home(program: Program, folder: Path, good: list[str], tmp_path: Path, kind: str) -> None:
    home = tmp_path / "nobody's home"
    if kind == "not writable":
        home.mkdir(mode=0o555)
        program.prefix = without_powers()
    elif kind == "a file":
        home.write_text("")
    value = None if kind == "unset" else str(home)
    program.environment = {
        "HOME": value,
        "REELFIND_HOME": value,
        "XDG_CACHE_HOME": None,
        "XDG_DATA_HOME": None,
        "XDG_STATE_HOME": None,
    }
    if kind == "missing" and os.geteuid() == 0:
        program.environment |= {"HOME": "/proc/nobody", "REELFIND_HOME": "/proc/nobody"}
    program.index(folder)
    assert_indexed(program, *good)
    assert len(program.search("test pattern")) >= 3
    assert program.run("models", "list").returncode in {0, 1}


@pytest.mark.fault(
    "output to a full disk (/dev/full) or a closed pipe", "a sentence, or silence; no traceback"
)
@pytest.mark.parametrize(
    "words",
    [
        ["search", "pattern"],
        ["doctor"],
        *(
            pytest.param(w, marks=pytest.mark.nightly)
            for w in (
                ["search", "--json", "pattern"],
                ["doctor", "--json"],
                ["index"],
                ["index", "--json"],
                ["folders"],
                ["settings"],
                ["--help"],
                ["models", "list"],
            )
        ),
    ],
)
def test_output_that_cannot_be_written(program: Program, folder: Path, words: list[str]) -> None:
    pattern(folder / "a.mp4")
    program.index(folder)
    with Path("/dev/full").open("wb") as full:
        process = program.start(*words, stdout=full, stderr=subprocess.PIPE)
        _, errors = process.communicate(timeout=60)
    assert b"Traceback" not in errors, errors
    assert b"Exception ignored" not in errors, errors
    assert process.returncode == 1
    reader, writer = os.pipe()
    os.close(reader)
    process = program.start(*words, stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    _, errors = process.communicate(timeout=60)
    assert b"Traceback" not in errors, errors
    assert b"Exception ignored" not in errors, errors


@pytest.mark.fault("bad words on the command line", "exit code 2 and a sentence")
@pytest.mark.parametrize(
    "words",
    [
        ["--library", "", "doctor"],
        *(
            pytest.param(w, marks=pytest.mark.nightly)
            for w in (
                ["--library", "/dev/null", "doctor"],
                ["--library", "/proc/nowhere/library", "doctor"],
                ["search", ""],
                ["search", "a" * 100_000],
                ["search", "\ud800x"],
                ["search", "--limit", "0", "x"],
                ["search", "--in", "/nowhere", "x"],
                ["search", "--in", "", "x"],
                ["add", ""],
                ["add", "/dev/null"],
                ["index", "/nowhere"],
                ["remove", "/nowhere"],
                ["settings", "nonsense"],
                ["settings", "max_rate", "\udcff"],
                ["models", "use", "\udcff"],
                ["models", "import", "/dev/null"],
            )
        ),
    ],
)
def test_words_that_make_no_sense(program: Program, words: list[str]) -> None:
    encoded = [
        os.fsencode(word) if "\ud800" not in word else word.encode("utf-8", "surrogatepass") for word in words
    ]
    command = [*map(os.fsencode, program.command()), *encoded]
    done = subprocess.run(command, capture_output=True, env=program.variables(), check=False, timeout=60)
    assert b"Traceback" not in done.stderr, done.stderr
    assert done.returncode in {1, 2}
    assert done.stderr.strip() or done.stdout.strip()


@pytest.mark.fault("library disk full while it is searched first (index graph, thumbnails)", "it answers")
def test_a_search_on_a_full_disk(program: Program, folder: Path, good: list[str], tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "8m") as small:
        program.library = small / "library"
        program.index(folder)
        fill(small, 0)
        for words in (["search", "pattern"], ["search", "--json", "pattern"]):
            done = program.run(*words)
            assert done.returncode == 0, done.stderr
            assert "good-00.mp4" in done.stdout
