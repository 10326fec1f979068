"""Starts every child process of this program: registered tasks, with what they need and nothing else.

A child gets a chosen environment, the root of the disk as its working folder (so that it keeps no folder from
being removed), a session of its own, no console window, and pipes for what it says.
"""

import errno
import os
import subprocess
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path

import app
from app.processes import RUN_TASK
from app.processes.child import Child
from app.processes.job_object import JobObject
from app.processes.limits import OWN_WATCH_SECONDS, Limits
from app.processes.tasks import TASKS, Task

_EVERY_CHILD = (
    *("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "TEMP", "TMP", "TMPDIR"),
    *("APPDATA", "PYTHONUSERBASE", "PYTHONNOUSERSITE", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"),
    "COVERAGE_PROCESS_CONFIG",
)
"""What a process needs to load its libraries, to find a temporary folder, and Python to find its packages.
With the last, what runs in a child counts too where the tests measure that."""
CONSOLE_PROGRAM = "reelfind.exe"
"""The program of the command line, beside that of the window (Windows)."""
_FROZEN = ("_PYI_*",)
"""Where a frozen program is unpacked, so that a child does not do it again."""
_THREAD_COUNTS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


UNLIMITED = Limits()


class StartError(Exception):
    """A child cannot be started.

    Args:
        reason: why, the middle of a sentence ("too many files are open").
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of a child that ended by itself."""

    code: int
    """Its exit code, the negative number of the signal that ended it."""
    stdout: bytes
    stderr: str
    """The end of what it said there."""


def start(name: str, *arguments: str, limits: Limits = UNLIMITED, command: Sequence[str] = ()) -> Child:
    """Start a task.

    Args:
        name: of the task, in `tasks.TASKS`.
        arguments: of the task.
        limits: what it may use; its lifeline is made here.
        command: run in place of the task, with the same environment; it is given the arguments too.

    Raises:
        ValueError: there is no such task.
        StartError: the system refuses.
    """
    if name not in TASKS:
        raise ValueError(f"no task {name!r}")
    task = TASKS[name]
    try:
        lifeline = _Lifeline()
        limits = replace(limits, lifeline=lifeline.theirs)
        words = [*command, *arguments] if command else command_line(name, *arguments, limits=limits)
        with ExitStack() as undo:
            undo.callback(lifeline.close)
            process = _popen(words, task, limits)
            undo.callback(_abandon, process)
            job = JobObject(process.pid, limits.memory, limits.processor_seconds)
            undo.callback(job.close)
            child = Child(process, job, lifeline.ours)
            undo.pop_all()
    except (OSError, RuntimeError) as error:
        raise StartError(_why(error)) from error
    lifeline.hand_over()
    return child


def run(
    name: str, *arguments: str, seconds: float, limits: Limits | None = None, command: Sequence[str] = ()
) -> Finished:
    """Start a task that ends by itself, and wait for that.

    Args:
        name: see `start`.
        arguments: see `start`.
        seconds: after which it is killed.
        limits: what it may use; these seconds, and a little more, where None.
        command: see `start`.

    Raises:
        StartError: the system refuses.
        TimeoutError: it took longer, and was killed.
    """
    if limits is None:
        limits = Limits(seconds=seconds + OWN_WATCH_SECONDS)
    with start(name, *arguments, limits=limits, command=command) as child:
        said = child.output(seconds)
        code = child.wait(0)
    return Finished(code, said, child.stderr)


def command_line(name: str, *arguments: str, limits: Limits = UNLIMITED) -> list[str]:
    """How a task is started; in a frozen build by the program itself."""
    python = [] if getattr(sys, "frozen", False) else ["-P", "-m", "app"]
    return [_interpreter(), *python, RUN_TASK, name, limits.to_text(), *arguments]


def environment(task: Task) -> dict[str, str]:
    """All variables that a child gets."""
    wanted = (*_EVERY_CHILD, *task.passes, *(_FROZEN if getattr(sys, "frozen", False) else ()))
    passed = {name: value for name, value in os.environ.items() if _matches(name, wanted)}
    if "REELFIND_HOME" in passed:  # it may be relative, and the child is elsewhere
        passed["REELFIND_HOME"] = os.path.abspath(passed["REELFIND_HOME"])  # noqa: PTH100 (links stay)
    if task.single_threaded:
        passed |= dict.fromkeys(_THREAD_COUNTS, "1")
    if not getattr(sys, "frozen", False) and _interpreter() != sys.executable:
        passed["__PYVENV_LAUNCHER__"] = sys.executable
    return passed | {"PYTHONPATH": _import_path(), "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"}


def _interpreter() -> str:
    """Python itself.

    On Windows a virtual environment's is a small program that starts the real one, perhaps too early to be in
    the job. The real one learns of the environment by `__PYVENV_LAUNCHER__`, as in `multiprocessing`. A
    frozen build is two programs there: that of the window has no streams, so that of the command line is it.
    """
    if sys.platform == "win32":
        if not getattr(sys, "frozen", False):
            return str(getattr(sys, "_base_executable", sys.executable))
        console = Path(sys.executable).with_name(CONSOLE_PROGRAM)
        return str(console) if console.is_file() else sys.executable
    return sys.executable


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name.upper(), pattern) for pattern in patterns)


def _import_path() -> str:
    """This program first, then where else this process finds packages."""
    mine = str(Path(app.__file__).resolve().parent.parent)
    others = map(os.path.abspath, filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep)))
    return os.pathsep.join(dict.fromkeys([mine, *others]))


def _popen(words: Sequence[str], task: Task, limits: Limits) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(  # noqa: S603 (no shell; our own program)
        list(words),
        stdin=subprocess.PIPE if task.reads_stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(sys.executable).absolute().anchor,
        env=environment(task),
        start_new_session=True,
        creationflags=_creation_flags(task),
        pass_fds=(limits.lifeline,) if limits.lifeline >= 0 else (),
    )


def _abandon(process: "subprocess.Popen[bytes]") -> None:
    """End a process that nobody gets to know of."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            stream.close()


class _Lifeline:
    """A pipe (POSIX): the child gets the end that is read, and finds it closed when this process is gone."""

    def __init__(self) -> None:
        self.ours: int | None = None
        self.theirs = -1
        if sys.platform != "win32":
            self.theirs, self.ours = os.pipe()

    def hand_over(self) -> None:
        """The child has its end."""
        if self.ours is not None:
            os.close(self.theirs)

    def close(self) -> None:
        """There is no child."""
        if self.ours is not None:
            os.close(self.ours)
            os.close(self.theirs)


def _creation_flags(task: Task) -> int:
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        return flags | (subprocess.BELOW_NORMAL_PRIORITY_CLASS if task.niceness else 0)
    return 0


def _why(error: Exception) -> str:
    """Why a process cannot be started, the middle of a sentence."""
    if not isinstance(error, OSError):  # "can't start new thread"
        return "no further thread can be started"
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return "too many files are open"
    if error.errno == errno.ENOMEM:
        return "there is no memory left"
    if error.errno == errno.EAGAIN:
        return "too many processes are running"
    return error.strerror or type(error).__name__
