"""Every child of the program is a registered task, started one way, with what it needs and nothing else."""

import ast
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from app.processes import RUN_TASK, launcher
from app.processes.child import STDERR_BYTES, Child
from app.processes.entry import BAD_USE
from app.processes.launcher import Limits, StartError, command_line, environment, run, start
from app.processes.tasks import TASKS
from tests.conftest import ROOT, has_ended, wait_until

pytestmark = pytest.mark.usefixtures("cold_children")
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and shells of POSIX")


@pytest.fixture
def idle() -> Iterator[Child]:
    """A decoding child that waits for requests."""
    with start("decode") as child:
        assert b"ready" in child.stdout.readline()
        yield child


def by_hand(*words: str) -> "subprocess.CompletedProcess[str]":
    """A task as any process may start it."""
    command = [sys.executable, "-P", "-m", "app", *words]
    variables = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=variables, timeout=60)


def test_a_registered_task_runs() -> None:
    measured = run("measure-processor", "1", seconds=60)
    assert measured.code == 0
    assert float(measured.stdout) > 0


@pytest.mark.parametrize("name", TASKS)
def test_every_task_has_a_module_with_a_main(name: str) -> None:
    """The registry holds names, which nothing imports."""
    spec = importlib.util.find_spec(TASKS[name].module)
    assert spec is not None
    assert spec.origin is not None
    functions = [
        node for node in ast.parse(Path(spec.origin).read_text()).body if isinstance(node, ast.FunctionDef)
    ]
    assert "main" in {function.name for function in functions}


def test_an_unregistered_name_is_refused_before_anything_is_started() -> None:
    with pytest.raises(ValueError, match="no task"):
        start("app.media.decoding.decoder_child")


@pytest.mark.parametrize("words", [("os", "{}"), ("decode",), ("decode", "[]"), ("decode", "{"), ()])
def test_the_entry_refuses_what_is_no_task(words: tuple[str, ...]) -> None:
    done = by_hand(RUN_TASK, *words)
    assert done.returncode == BAD_USE
    assert done.stderr.startswith("reelfind: there is no such task")
    assert len(done.stderr.splitlines()) == 1


def test_the_entry_loads_nothing_but_the_task() -> None:
    code = (
        "import runpy, sys\n"
        f"sys.argv = ['', {RUN_TASK!r}, 'none', '{{}}']\n"
        "try: runpy.run_module('app', run_name='__main__')\n"
        "except SystemExit: pass\n"
        "print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = set(done.stdout.split())
    assert "app.processes.entry" in loaded
    assert loaded.isdisjoint({"app.cli", "app.ui", "click", "numpy", "av", "PySide6", "subprocess"})


def test_a_task_started_by_hand_through_the_hidden_argument() -> None:
    done = by_hand(RUN_TASK, "measure-processor", "{}", "1")
    assert done.returncode == 0, done.stderr
    assert float(done.stdout) > 0


@posix
def test_a_frozen_program_starts_itself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The stand-in takes its arguments as a frozen build does: none of them is for Python."""
    program = tmp_path / "reelfind"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m app "$@"\n')
    program.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(program))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("_PYI_APPLICATION_HOME_DIR", str(tmp_path))
    assert command_line("measure-processor", "1")[:3] == [str(program), RUN_TASK, "measure-processor"]
    assert "_PYI_APPLICATION_HOME_DIR" in environment(TASKS["decode"])
    measured = run("measure-processor", "1", seconds=60)
    assert measured.code == 0, measured.stderr
    assert float(measured.stdout) > 0


def test_a_child_gets_the_environment_that_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "SECRET_TOKEN",
        "PYTHONSTARTUP",
        "PYTHONHOME",
        "HTTPS_PROXY",
        "CUDA_VISIBLE_DEVICES",
        "HOME",
    ):
        monkeypatch.setenv(name, "/nowhere")
    with start("decode") as child:
        process = psutil.Process(child.pid)
        assert wait_until(process.environ), "it is empty while the system loads the child's program"
        got = process.environ()
    ours = {"PYTHONPATH", "PYTHONUTF8", "PYTHONUNBUFFERED", *launcher._THREAD_COUNTS}
    assert ours <= set(got) <= ours | set(launcher._EVERY_CHILD)
    assert got["OPENBLAS_NUM_THREADS"] == "1"
    assert got["PYTHONPATH"].split(os.pathsep)[0] == str(ROOT)


@pytest.mark.parametrize(
    ("task", "passed"),
    [
        ("decode", set()),
        ("measure-processor", set()),
        ("try-model", {"HOME", "REELFIND_HOME"}),
        ("probe-provider", {"HOME", "REELFIND_HOME", "CUDA_VISIBLE_DEVICES"}),
        ("export-model", {"HOME", "REELFIND_HOME", "CUDA_VISIBLE_DEVICES", "https_proxy", "TORCH_HOME"}),
    ],
)
def test_a_task_gets_what_it_asks_for(monkeypatch: pytest.MonkeyPatch, task: str, passed: set[str]) -> None:
    every = {
        "HOME",
        "REELFIND_HOME",
        "CUDA_VISIBLE_DEVICES",
        "https_proxy",
        "TORCH_HOME",
        "AWS_SECRET_ACCESS_KEY",
    }
    for name in every:
        monkeypatch.setenv(name, "value")
    assert every & set(environment(TASKS[task])) == passed


def test_relative_folders_stay_what_they_were(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REELFIND_HOME", "here")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(["", "packages", str(ROOT)]))
    got = environment(TASKS["export-model"])
    assert got["REELFIND_HOME"] == str(tmp_path / "here")
    assert got["PYTHONPATH"].split(os.pathsep)[1:] == [str(tmp_path / "packages")]


@posix
def test_a_child_has_a_session_and_a_folder_of_its_own(idle: Child) -> None:
    assert os.getsid(idle.pid) == idle.pid
    assert psutil.Process(idle.pid).cwd() == "/"


def test_closing_stdin_is_asking(idle: Child) -> None:
    idle.stop(patience=20)
    assert idle.exit_code == 0
    assert not idle.alive


@posix
def test_a_child_that_does_not_answer_is_killed(idle: Child) -> None:
    psutil.Process(idle.pid).suspend()
    idle.stop(patience=0.2)
    assert idle.exit_code == -9
    idle.stop()  # again does nothing


@posix
@pytest.mark.parametrize("ending", ["exit 3", "sleep 600"])
def test_what_a_child_started_ends_with_it(ending: str) -> None:
    script = f"sleep 600 >/dev/null 2>&1 & echo $!; {ending}"
    with start("export-model", command=["/bin/sh", "-c", script]) as child:
        started = psutil.Process(int(child.stdout.readline()))
        if ending == "exit 3":
            assert child.wait(20) == 3
        assert started.is_running() or ending == "exit 3"
    assert wait_until(lambda: has_ended(started))


def test_much_on_stderr_neither_blocks_nor_grows() -> None:
    script = "import sys; sys.stderr.write('x' * 3_000_000 + 'the end'); sys.exit(3)"
    ended = run("export-model", seconds=60, command=[sys.executable, "-c", script])
    assert ended.code == 3
    assert len(ended.stderr) == STDERR_BYTES
    assert ended.stderr.endswith("the end")


def test_a_task_that_takes_too_long_is_killed() -> None:
    script = "import threading; threading.Event().wait()"
    with pytest.raises(TimeoutError):
        run("export-model", seconds=0.5, command=[sys.executable, "-c", script])


def test_what_was_said_before_the_end_of_patience_is_not_lost() -> None:
    script = "print('begun', flush=True); import threading; threading.Event().wait()"
    with start("export-model", command=[sys.executable, "-c", script]) as child:
        with pytest.raises(TimeoutError):
            child.output(2.0)
        child.kill()
        assert child.output(20).strip() == b"begun"


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_a_child_that_cannot_be_started_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(StartError) as refused:
        start("decode", limits=Limits(seconds=1))
    assert refused.value.reason == "No such file or directory"
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_nothing_else_starts_processes() -> None:
    """`subprocess` is kept out by an import contract; these are the other ways to do it.

    `QProcess` shows a file in the file manager, which is no child of ours.
    """
    ways = ("fork", "forkpty", "system", "popen", "startfile", "exec", "spawn", "posix_spawn")
    classes = (
        "QProcess",
        "ProcessPoolExecutor",
        "Popen",
        "create_subprocess_exec",
        "create_subprocess_shell",
    )
    words = (*(f"os.{way}" for way in ways), "sys.executable", *classes)
    guilty = []
    for path in (ROOT / "app").rglob("*.py"):
        place, text = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        if not any(word in text for word in words):
            continue
        for node in ast.walk(ast.parse(text)):
            match node:
                case ast.Attribute(value=ast.Name(id="os"), attr=name) if name.startswith(ways):
                    guilty.append(f"{place}: os.{name}")
                case ast.Attribute(value=ast.Name(id="sys"), attr="executable"):
                    guilty.append(f"{place}: sys.executable")
                case ast.Attribute(attr=name) | ast.Name(id=name) | ast.alias(name=name) if name in classes:
                    guilty.append(f"{place}: {name}")
    allowed = {
        "app/ui/system/reveal.py: QProcess",
        "app/extras.py: sys.executable",  # of a command line that people are shown
    }
    assert {line for line in guilty if not line.startswith("app/processes/")} == allowed
