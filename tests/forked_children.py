"""Child processes that are forked from one which has their libraries loaded.

Such a child spends most of its life in loading numpy and FFmpeg or ONNX Runtime; a test of indexing starts
two or three. One that is forked runs `run_task` to its end all the same, with its own limits, streams,
environment, session and lifeline. Not for what is about the start of children, and on Linux only; elsewhere
all are started anew.
"""

import atexit
import json
import math
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from app.processes import launcher
from app.processes.limits import Limits
from app.processes.tasks import TASKS, Task
from tests.forked_coverage import unmeasured

_ROOT = Path(__file__).resolve().parent.parent
_STARTED = {"export-model", "fetch-speech-model", "measure-processor"}
"""Few tests start one, or how many threads it has is chosen when numpy is loaded."""
_FORKED = {task.module for name, task in TASKS.items() if name not in _STARTED}

_PYTHON = sys.executable
"""A test that names another wants that one to be started."""

_STEP = 0.02
"""Seconds that a wait keeps others from asking at a time."""

_Streams = tuple[int, int, int, int, int]
"""stdin, stdout, stderr, lifeline, status."""


@contextmanager
def forked_children() -> Iterator[None]:
    """Fork those children that are started inside."""
    if sys.platform != "linux":
        yield
        return
    before, launcher._popen = launcher._popen, _start  # type: ignore[assignment]
    try:
        yield
    finally:
        launcher._popen = before  # type: ignore[assignment]


def requests() -> int:
    """Descriptor on which the server can be asked, for another process of this suite."""
    return _server().requests.fileno()


def fork_from(requests: int) -> None:
    """Let this process, for good, fork its children from the server that is asked through a descriptor."""
    _servers[:] = [_Asked(socket.socket(fileno=requests))]
    launcher._popen = _start  # type: ignore[assignment]


def server_ids() -> set[int]:
    """Process id of the server, where there is one: it outlives the test that it was started for."""
    return {server.process.pid for server in _servers if isinstance(server, _Server)}


started_anew = launcher._popen
"""For a test inside `forked_children` that is about the process, such as how much memory it holds."""


def _start(words: Sequence[str], task: Task, limits: Limits) -> "subprocess.Popen[bytes]":
    """As `launcher._popen`."""
    if task.module not in _FORKED or list(words[:4]) != [_PYTHON, "-P", "-m", "app"]:
        return started_anew(words, task, limits)
    return _ForkedChild(list(words), task, limits)


class ForkedProcess(subprocess.Popen[Any]):
    """A process that somebody else is the parent of: its id and its end are told through a pipe."""

    def __init__(self, words: Sequence[str], told: int) -> None:
        """Wait for its id.

        Args:
            words: what it does.
            told: descriptor from which come its id, a space, its status as of `os.waitpid`, and a space. It
                is closed after that.
        """
        self.args = list(words)
        self.returncode = None  # type: ignore[assignment]
        self.stdin = self.stdout = self.stderr = None
        self.encoding = self.errors = self.text_mode = None  # type: ignore[assignment]
        self._communication_started = False
        self._input = None
        self._sigint_wait_secs = 0.25
        self._closed_child_pipe_fds = True
        self._told_lock = threading.Lock()
        self._told = told
        self._heard = b""
        while self._heard.count(b" ") < 1:
            self._hear(None)
        self.pid = int(self._heard.split()[0])

    def _hear(self, seconds: float | None) -> bool:
        """Read what there is, waiting so long; returns whether there was something."""
        if not select.select([self._told], [], [], seconds)[0]:
            return False
        chunk = os.read(self._told, 64)
        if not chunk:
            raise ChildProcessError("the process that forks children has gone")
        self._heard += chunk
        return True

    @property
    def _is_told(self) -> bool:
        return self._heard.count(b" ") == 2

    def _internal_poll(self, *_: object, **__: object) -> int | None:
        """Its exit code, where it has ended."""
        return self._ended(0.0)

    def _wait(self, timeout: float | None) -> int:
        """Wait for its end."""
        deadline = math.inf if timeout is None else time.monotonic() + timeout
        while (code := self._ended(min(_STEP, max(0.0, deadline - time.monotonic())))) is None:
            if time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired(self.args, timeout or 0.0)
        return code

    def _ended(self, seconds: float) -> int | None:
        with self._told_lock:
            # One that ended before anybody listened told both at once: nothing more comes.
            if self.returncode is None and (self._is_told or (self._hear(seconds) and self._is_told)):
                self.returncode = os.waitstatus_to_exitcode(int(self._heard.split()[1]))
                os.close(self._told)
            return self.returncode

    def __del__(self) -> None:
        """Nothing of it is this process's to wait for."""


class _ForkedChild(ForkedProcess):
    """A task, with pipes for its streams."""

    def __init__(self, words: list[str], task: Task, limits: Limits) -> None:
        (given, stdin), (stdout, said), (stderr, complained), (told, status) = (os.pipe() for _ in range(4))
        request = json.dumps(
            [words[5:], launcher.environment(task), Path(sys.executable).anchor, limits.lifeline]
        )
        handed = (given, said, complained, limits.lifeline, status)
        try:
            _server().ask(request.encode(), handed)
        finally:
            for descriptor in (given, said, complained, status):
                os.close(descriptor)
        super().__init__(words, told)
        self.stdin = os.fdopen(stdin, "wb") if task.reads_stdin else None
        if not task.reads_stdin:
            os.close(stdin)
        self.stdout = os.fdopen(stdout, "rb")
        self.stderr = os.fdopen(stderr, "rb")


class _Asked:
    """The other end of `child_server.py`."""

    def __init__(self, requests: socket.socket) -> None:
        self.requests = requests
        self._lock = threading.Lock()

    def ask(self, request: bytes, handed: _Streams) -> None:
        """Let it fork a child."""
        with self._lock:
            socket.send_fds(self.requests, [request], list(handed))


class _Server(_Asked):
    """The process to fork from (`child_server.py`)."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        super().__init__(ours)
        variables = dict.fromkeys(launcher._THREAD_COUNTS, "1") | {"PYTHONPATH": str(_ROOT)}
        variables["OMP_WAIT_POLICY"] = "passive"  # the listening child sets it before it loads libraries
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.child_server", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=_ROOT,
                env=unmeasured(os.environ) | variables | {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1"},
                pass_fds=(theirs.fileno(),),
            )

    def close(self) -> None:
        """It ends when nobody can ask any more."""
        self.requests.close()
        self.process.wait(10)


_servers: list[_Asked] = []
"""One, or none yet."""
_making = threading.Lock()


def _server() -> _Asked:
    with _making:
        if not _servers:
            server = _Server()
            _servers.append(server)
            atexit.register(server.close)
        return _servers[0]
