"""A process with all libraries loaded, from which commands are forked: the other end of `forked_program.py`.

`python -m tests.fork_server SOCKET`, where SOCKET is the number of the descriptor on which requests come.
With `--starts-children` behind it, commands start their children themselves.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import sys
import threading
from collections.abc import Iterable
from contextlib import suppress
from types import FrameType
from typing import NoReturn, Self

from app.database import schema
from tests.forked_children import fork_from
from tests.forked_coverage import loading_measured, measure

LOADED = (
    "app.cli.commands",
    "app.disk.watcher",
    "app.encoder_service.remote_frames",
    "app.engines.duplicate_finder",
    "app.indexing.indexer",
    "app.media.decoder",
    "app.media.libav",
    "app.model_store.making_process",
    "app.model_store.recommended",
    "app.session",
    "click._termui_impl",
    "cv2",
    "importlib.metadata",
)
"""What the commands load."""

REQUEST_BYTES = 1 << 17
"""More than a command's words and variables take."""

MOST_HANDED = 5
"""Descriptors that come with a request."""

_Request = tuple[list[str], dict[str, str], str]
"""Arguments, environment, working folder."""


def serve(asked: socket.socket, *, starts_children: bool) -> list[str] | None:
    """Fork a process for each request, until nobody can ask any more.

    A request names modules that are loaded before, and stay loaded. It comes with four descriptors: for what
    the command prints, what it complains of, for asking for children (`forked_children.py`), and for its
    process id and, at its end, its status as of `os.waitpid`. A fifth is its stdin; there is none without.

    Returns:
        In such a process: the arguments of its command. None at the end.
    """
    with Children() as begun:
        while True:
            request, handed, *_ = socket.recv_fds(asked, REQUEST_BYTES, MOST_HANDED)
            if not request:
                return None
            modules, *command = json.loads(request)
            load(modules)
            said, complained, children, status, *given = handed
            if begun.fork(status):
                asked.close()
                if starts_children:
                    os.close(children)
                else:
                    fork_from(children)
                return _become(command, said, complained, given)
            for descriptor in (said, complained, children, *given):
                os.close(descriptor)


class Children:
    """The processes that this one forks: each one's id and end are told through a descriptor of its own."""

    def __init__(self) -> None:
        self._told: dict[int, int] = {}
        self._ended: dict[int, int] = {}

    def __enter__(self) -> Self:
        signal.signal(signal.SIGCHLD, self._reap)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)

    def fork(self, status: int) -> bool:
        """Fork; returns whether this is the new process.

        Args:
            status: takes its id and, at its end, its status as of `os.waitpid`, each with a space behind it.
                It is closed then.
        """
        process = os.fork()
        if process == 0:
            for descriptor in (status, *self._told.values()):
                os.close(descriptor)
            return True
        self._say(status, process)
        self._told[process] = status
        self._tell()
        return False

    def _reap(self, _number: int, _frame: FrameType | None) -> None:
        with suppress(ChildProcessError):
            while (ended := os.waitpid(-1, os.WNOHANG))[0]:
                self._ended.update([ended])
        self._tell()

    def _tell(self) -> None:
        """Of one that ended at once may be heard before it is known whom to tell."""
        for process in self._told.keys() & self._ended.keys():
            status = self._told.pop(process, None)
            if status is not None:
                self._say(status, self._ended.pop(process))
                os.close(status)

    @staticmethod
    def _say(status: int, number: int) -> None:
        with suppress(OSError):  # nobody listens any more
            os.write(status, f"{number} ".encode())


def end(code: object) -> NoReturn:
    """End this process as Python does, but for taking everything apart: that would copy all that was shared.

    Args:
        code: as `sys.exit` takes it.
    """
    threading._shutdown()  # type: ignore[attr-defined]  # waits for what is no daemon
    atexit._run_exitfuncs()
    if code is not None and not isinstance(code, int):
        sys.stderr.write(f"{code}\n")
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code if isinstance(code, int) else code is not None)


def load(modules: Iterable[str]) -> None:
    """Load what is not loaded yet and is installed, for this process and all that come after it."""
    new = [name for name in modules if name not in sys.modules]
    if new:
        with loading_measured():
            for name in new:
                with suppress(ImportError):
                    importlib.import_module(name)
        check_threads()
        gc.collect()
        gc.freeze()


def check_threads() -> None:
    if threading.active_count() != 1 or len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208
        raise SystemExit("a process with threads is no good one to fork from")


def _become(request: _Request, said: int, complained: int, given: list[int]) -> list[str]:
    """Take over the streams, variables and folder of a request; returns its arguments."""
    arguments, environment, folder = request
    for stdin in given:
        os.dup2(stdin, 0)
        os.close(stdin)
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    for name, number, theirs, buffering in (("stdout", 1, said, -1), ("stderr", 2, complained, 1)):
        os.dup2(theirs, number)
        os.close(theirs)
        before = getattr(sys, name)
        stream = open(  # noqa: SIM115 - as Python opens it for a process
            number, "w", buffering, encoding=before.encoding, errors=before.errors, closefd=False
        )
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    return arguments


def main() -> None:
    """Serve; in a process that was forked, be `python -m app`."""
    load(LOADED)
    schema.tables()  # each command would make them again, to compare its library with
    environment = dict(os.environ)
    asked = socket.socket(fileno=int(sys.argv[1]))
    arguments = serve(asked, starts_children="--starts-children" in sys.argv[2:])
    if arguments is not None:
        measure(environment)
        del sys.modules["app.cli"]  # which begins with the signals and the streams
        sys.argv[1:] = arguments
        try:
            runpy.run_module("app", run_name="__main__", alter_sys=True)
        except SystemExit as ending:
            end(ending.code)
        end(None)


if __name__ == "__main__":
    main()
