"""However a command ends: one line at most, the right code, and no traceback."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.little_library import use_colours
from tests.conftest import ROOT
from tests.forked_program import run_program
from tests.videos import make_video

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and streams as POSIX has them")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return os.environ | {"REELFIND_HOME": str(tmp_path / "home"), "PYTHONPATH": str(ROOT)}


@pytest.fixture
def videos(tmp_path: Path) -> Path:
    folder = tmp_path / "videos"
    folder.mkdir()
    return folder


@pytest.fixture
def command(tmp_path: Path) -> list[str]:
    return [sys.executable, "-m", "app", "--library", str(tmp_path / "library")]


def shell(
    script: str, command: list[str], environment: dict[str, str]
) -> "subprocess.CompletedProcess[bytes]":
    """Run a shell script in which `"$@"` is the command."""
    return subprocess.run(
        ["sh", "-c", script, "sh", *command], capture_output=True, check=False, env=environment, timeout=120
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ["folders"],
        ["--help"],
        pytest.param(["models", "list", "--json"], marks=pytest.mark.nightly),
        pytest.param(["settings"], marks=pytest.mark.nightly),
    ],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_output_that_cannot_be_written(
    arguments: list[str], command: list[str], environment: dict[str, str]
) -> None:
    done = shell('"$@" > /dev/full', [*command, *arguments], environment)
    assert done.returncode == 1
    assert done.stderr.decode() == "reelfind: The output cannot be written: No space left on device.\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_neither_output_nor_complaint_can_be_written(command: list[str], environment: dict[str, str]) -> None:
    assert shell('"$@" > /dev/full 2> /dev/full', [*command, "folders"], environment).returncode == 1


@pytest.mark.parametrize(
    "script",
    [
        '"$@" >&- 2>&- <&-',
        pytest.param('"$@" >&-', marks=pytest.mark.nightly),
        pytest.param('"$@" 2>&-', marks=pytest.mark.nightly),
    ],
)
def test_streams_that_are_closed(
    script: str, command: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    done = shell(script, [*command, "settings", "max_rate", "0.5"], environment)
    assert done.returncode == 0, done.stderr
    assert b"Traceback" not in done.stderr
    again = run_program([*command[3:], "settings", "max_rate", "--json"], env=environment)
    assert json.loads(again.stdout) == {"max_rate": 0.5}
    wrong = shell(script, [*command, "remove", str(tmp_path / "never watched")], environment)
    assert wrong.returncode == 2
    assert b"Traceback" not in wrong.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_moment_of_the_start(
    number: signal.Signals, command: list[str], environment: dict[str, str], nightly: bool
) -> None:
    chance = random.Random(number)  # noqa: S311 - no secret, a moment
    for _ in range(24 if nightly else 1):
        child = subprocess.Popen(
            [
                sys.executable,
                "-c",
                _LATER,
                str(chance.uniform(0, 1.5 if nightly else 0.5)),
                str(int(number)),
                *command[3:],
                "doctor",
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
        )
        _, complaints = child.communicate(timeout=60)
        assert complaints.strip() == ""
        assert child.returncode in {128 + number, 0, 1}, "or it was done before"


_LATER = """
import os, sys, threading, time
sys.argv, seconds, number = ["reelfind", *sys.argv[3:]], float(sys.argv[1]), int(sys.argv[2])
def strike():
    time.sleep(seconds)
    os.kill(os.getpid(), number)
import app.cli.terminal.endings as process
process.guard_loading()
threading.Thread(target=strike, daemon=True).start()
from app.cli import main
main()
"""


def test_sigterm_ends_indexing_in_order(
    command: list[str], environment: dict[str, str], videos: Path, long_video: Path
) -> None:
    shutil.copy2(long_video, videos)
    use_colours(Path(command[-1]))
    with subprocess.Popen(
        [*command, "index", str(videos), "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    ) as child:
        assert child.stdout is not None
        assert any("video_started" in line for line in iter(child.stdout.readline, ""))
        child.terminate()
        _, complaints = child.communicate(timeout=30)
    assert child.returncode == 143
    assert complaints.strip() == ""
    library = json.loads(run_program([*command[3:], "doctor", "--json"], env=environment).stdout)["library"]
    assert (library["failed"], library["pending"]) == (0, 1)


def test_a_query_that_is_not_utf8_is_understood(
    command: list[str], environment: dict[str, str], videos: Path
) -> None:
    make_video(videos / "green.mp4", [((20, 200, 40), 2)])
    use_colours(Path(command[-1]))
    run_program([*command[3:], "index", videos], env=environment, check=True)
    script = '"$@" "$(printf "caf\\351 terrasse")"'
    done = shell(script, [*command, "search", "--json"], environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["query"] == "café terrasse"


_BROKEN = """
import os, sys
sys.argv[0] = "reelfind"
from app.catalogue.catalogue import Catalogue

def broken(error, home=None):
    # In a fork, which has everything loaded; says its exit code.
    child = os.fork()
    if child:
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        return
    if home is not None:
        os.environ["REELFIND_HOME"] = home
    def fails(*_):
        raise eval(error)
    Catalogue.folders = fails
    from app.cli import main
    main()

"""


def test_an_error_of_ours_is_one_line_and_the_log_has_the_rest(
    command: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    log = tmp_path / "home" / "log" / "reelfind.log"
    details = f"Something went wrong in Reelfind. The log has the details: {log}"
    sentences = {
        "ZeroDivisionError('a bug')": details,
        "RecursionError('deep')": details,
        "MemoryError()": "There is not enough memory for this.",
        "OSError(5, 'Input/output error')": "The system refused something that is needed",
        "__import__('sqlite3').OperationalError('no such thing')": "Something went wrong in Reelfind.",
    }
    code = _BROKEN + "for error in sys.argv.pop(1).split(';'): broken(error)"
    done = subprocess.run(
        [sys.executable, "-c", code, ";".join(sentences), *command[3:], "folders"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )
    assert done.stdout.split() == ["1"] * len(sentences)
    for said, sentence in zip(done.stderr.splitlines(), sentences.values(), strict=True):
        assert said.startswith(f"reelfind: {sentence}")
    written = log.read_text()
    assert "ZeroDivisionError: a bug" in written
    assert "Traceback" in written
    assert log.stat().st_mode & 0o777 == 0o600


def test_an_error_of_ours_where_no_log_can_be_written(
    command: list[str], environment: dict[str, str]
) -> None:
    homes = ("/dev/null", "/proc/nowhere", "\udce9")
    code = _BROKEN + "for home in sys.argv.pop(1).split(';'): broken('ZeroDivisionError()', home)"
    done = subprocess.run(
        [sys.executable, "-c", code, ";".join(homes), *command[3:], "folders"],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
        cwd=Path(command[-1]).parent,
    )
    assert done.stdout.split() == ["1"] * len(homes)
    for _, said in zip(homes, done.stderr.splitlines(), strict=True):
        assert said.startswith("reelfind: Something went wrong in Reelfind.")


@pytest.mark.parametrize("option", ["--library", "--in"])
def test_an_empty_name_is_no_folder(
    option: str, command: list[str], environment: dict[str, str], tmp_path: Path
) -> None:
    done = run_program(["search", "dog", option, ""], env=environment, cwd=tmp_path)
    assert done.returncode == 2
    assert "An empty name is no folder" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_home_that_is_not_there(command: list[str], environment: dict[str, str], tmp_path: Path) -> None:
    home = tmp_path / "nobody"
    gone = {"REELFIND_HOME": "", "HOME": str(home), "XDG_DATA_HOME": "", "XDG_STATE_HOME": ""}
    done = run_program(["folders"], env=environment | gone)
    assert done.returncode == 1
    assert done.stderr.startswith(f"reelfind: Your home folder {home} is not there")
    assert not home.exists()
