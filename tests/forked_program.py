"""Runs `reelfind` in real processes that are forked from one which has the libraries loaded already.

`python -m app` spends most of its time in loading. A command that runs here is a process all the same: it has
its own arguments, environment, folder and pipes, runs `app/__main__.py` to its end, and has an exit code; it
can be written to, signalled and killed. Not for what is about the start itself (limits, closed streams,
what is not installed).
"""

import atexit
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests import forked_children
from tests.forked_coverage import unmeasured

Done = subprocess.CompletedProcess[str]

_ROOT = Path(__file__).resolve().parent.parent


def run_program(
    words: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    timeout: float = 120.0,
    check: bool = False,
    under: "ProgramServer | None" = None,
) -> Done:
    """Run `python -m app WORDS` to its end, without stdin. Elsewhere than on Linux it is started anew.

    Args:
        words: its arguments.
        env: all its variables; those of this process where None.
        cwd: its working folder; this process's where None.
        timeout: seconds after which it is killed.
        check: whether another exit code than 0 is an error.
        under: what to fork it from, where that was started with words before it.

    Raises:
        subprocess.TimeoutExpired: it took longer.
        subprocess.CalledProcessError: it failed, with `check`.
    """
    arguments = [str(word) for word in words]
    if sys.platform == "linux":
        environment = dict(os.environ if env is None else env)
        done = (under or _server()).run(arguments, environment, cwd or Path.cwd(), timeout)
    else:
        done = subprocess.run(
            [sys.executable, "-m", "app", *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="backslashreplace",
            env=env,
            cwd=cwd,
            timeout=timeout,
            check=False,
        )
    if check:
        done.check_returncode()
    return done


def start_program(
    words: Sequence[str | Path],
    *,
    loaded: Sequence[str] = (),
    env: Mapping[str, str] | None = None,
    stdin: bool = False,
    stderr: bool = False,
) -> "subprocess.Popen[str]":
    """Start `python -m app WORDS`, and leave it running. Elsewhere than on Linux it is started anew.

    Args:
        words: its arguments.
        loaded: modules that are loaded before, once for all.
        env: all its variables; those of this process where None.
        stdin: whether it has one.
        stderr: whether what it complains of comes apart from what it prints, rather than among it.

    Returns:
        The process, with pipes for its streams, as UTF-8.
    """
    arguments = [str(word) for word in words]
    if sys.platform == "linux":
        return _server().start(
            arguments, dict(os.environ if env is None else env), loaded, stdin=stdin, stderr=stderr
        )
    return subprocess.Popen(
        [sys.executable, "-m", "app", *arguments],
        stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE if stderr else subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        env=env,
        cwd=_ROOT,
    )


def server_ids() -> set[int]:
    """Process id of the server, where there is one: it outlives the test that it was started for."""
    return {server.process.pid for server in _servers}


class ProgramServer:
    """The process to fork from (`fork_server.py`)."""

    def __init__(self, prefix: Sequence[str] = ()) -> None:
        """Start it.

        Args:
            prefix: words before its command line, which take something away from it. Children of what is
                forked from it are then started anew, as they lack the same.
        """
        self._requests, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self.process = subprocess.Popen(
                [
                    *(*prefix, sys.executable, "-m", "tests.fork_server", str(theirs.fileno())),
                    *(("--starts-children",) if prefix else ()),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                cwd=_ROOT,
                # As `reelfind` itself sets it before numpy is loaded. A fork would lose threads.
                env=unmeasured(os.environ) | {"PYTHONPATH": str(_ROOT), "OPENBLAS_NUM_THREADS": "1"},
                pass_fds=(theirs.fileno(),),
            )
        self._lock = threading.Lock()

    def run(self, arguments: list[str], environment: dict[str, str], cwd: Path, timeout: float) -> Done:
        """See `run_program`."""
        pipes = [os.pipe() for _ in ("stdout", "stderr", "status")]
        children = forked_children.requests()
        try:
            (_, said), (_, complained), (_, status) = pipes
            self._ask([[], arguments, environment, str(cwd)], [said, complained, children, status])
        finally:
            for _, writing in pipes:
                os.close(writing)
        printed, faults, ended = _read_all([reading for reading, _ in pipes], timeout, arguments)
        code = os.waitstatus_to_exitcode(int(ended.split()[1]))
        shown = [text.decode(errors="backslashreplace") for text in (printed, faults)]
        return Done(arguments, code, *shown)

    def start(
        self,
        arguments: list[str],
        environment: dict[str, str],
        loaded: Sequence[str],
        *,
        stdin: bool,
        stderr: bool,
    ) -> "subprocess.Popen[str]":
        """See `start_program`."""
        names = ["stdout", "status", *["stderr"] * stderr, *["stdin"] * stdin]
        pipes = {name: os.pipe() for name in names}
        theirs = {name: ends[name != "stdin"] for name, ends in pipes.items()}
        ours = {name: ends[name == "stdin"] for name, ends in pipes.items()}
        said = theirs["stdout"]
        handed = [said, theirs.get("stderr", said), forked_children.requests(), theirs["status"]]
        handed += [theirs[name] for name in ("stdin",) if stdin]
        try:
            self._ask([list(loaded), arguments, environment, str(_ROOT)], handed)
        finally:
            for end in theirs.values():
                os.close(end)
        process = forked_children.ForkedProcess(arguments, ours.pop("status"))
        process.text_mode = True  # type: ignore[assignment]
        for name, end in ours.items():
            setattr(process, name, os.fdopen(end, "w" if name == "stdin" else "r", encoding="utf-8"))
        return process

    def _ask(self, request: list[object], handed: list[int]) -> None:
        with self._lock:
            socket.send_fds(self._requests, [json.dumps(request).encode()], handed)

    def close(self) -> None:
        """It ends when nobody can ask any more."""
        self._requests.close()
        self.process.wait(10)


_servers: list[ProgramServer] = []
"""One, or none yet."""


def _server() -> ProgramServer:
    if not _servers:
        _servers.append(ProgramServer())
        atexit.register(_servers[0].close)
    return _servers[0]


def _read_all(ends: list[int], timeout: float, arguments: list[str]) -> list[bytes]:
    """Read descriptors to their ends and close them; what comes from the last begins with a process id."""
    texts = [b""] * len(ends)
    deadline = time.monotonic() + timeout
    with selectors.DefaultSelector() as selector:
        for number, end in enumerate(ends):
            selector.register(end, selectors.EVENT_READ, number)
        while selector.get_map():
            ready = selector.select(max(0.0, deadline - time.monotonic()))
            for key, _ in ready:
                chunk = os.read(key.fd, 1 << 16)
                texts[key.data] += chunk
                if not chunk:
                    selector.unregister(key.fd)
                    os.close(key.fd)
            if not ready and time.monotonic() > deadline:
                os.kill(int(texts[-1].split()[0]), signal.SIGKILL)
                for key in list(selector.get_map().values()):
                    os.close(key.fd)
                raise subprocess.TimeoutExpired(arguments, timeout)
    return texts
