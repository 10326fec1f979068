"""One running child process: spoken to, waited for, ended."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
from types import TracebackType
from typing import BinaryIO, Self, cast

from app.processes.job_object import JobObject

logger = logging.getLogger(__name__)

STDERR_BYTES = 16 << 10
"""How much of what a child said last on stderr is kept."""
CRASHES = frozenset(
    -getattr(signal, name)
    for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS")
    if hasattr(signal, name)
)
"""Exit codes of a process that did something wrong itself; other signals come from outside."""
KILL_SECONDS = 5.0
"""How long it may take to end after it was killed: one that waits for a dead disk or in a driver does not."""
_STDERR_SECONDS = 1.0
"""How long after its end its stderr may stay open: somebody else may hold it."""


class Child:
    """A child process that `launcher.start` made. Ended at the end of a `with`.

    Not for several threads at once, but for `kill`.

    Args:
        process: it; its stderr is a pipe that is read here, as long as it has one.
        job: what holds it on Windows.
        lifeline: descriptor of the pipe that tells it of our end; None where it has none.

    Raises:
        RuntimeError: no thread can be started.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", job: JobObject, lifeline: int | None) -> None:
        self._process = process
        self._job = job
        self._lifeline = lifeline
        self._tail = b""
        self._group_ended = False
        stream, process.stderr = cast(BinaryIO, process.stderr), None
        self._reader = threading.Thread(
            target=self._keep_tail, args=(stream,), name="child stderr", daemon=True
        )
        try:
            self._reader.start()
        except RuntimeError:
            stream.close()
            raise

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def stdin(self) -> BinaryIO:
        """Where its requests go; only for a task that reads stdin."""
        return cast(BinaryIO, self._process.stdin)

    @property
    def stdout(self) -> BinaryIO:
        """Where its answers come from."""
        return cast(BinaryIO, self._process.stdout)

    @property
    def stderr(self) -> str:
        """The end of what it said on stderr; all that is kept once it was stopped."""
        return self._tail.decode(errors="replace")

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        if self._process.poll() is None:
            return True
        self._end_group()
        return False

    @property
    def exit_code(self) -> int | None:
        """Its exit code, the negative number of the signal that ended it; None until its end was seen."""
        return self._process.returncode

    def wait(self, seconds: float) -> int:
        """Wait for its end, and return its exit code. Whatever it has started ends with it.

        Raises:
            TimeoutError: it still runs.
        """
        try:
            code = self._process.wait(seconds)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error
        self._end_group()
        return code

    def output(self, seconds: float) -> bytes:
        """Wait for its end, and return all that it said on stdout.

        Raises:
            TimeoutError: it still runs; nothing of what it said is lost to the next call.
        """
        try:
            said, _ = self._process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired as error:
            raise TimeoutError from error
        self._end_group()
        return said

    def kill(self) -> None:
        """End it at once, with whatever it started; from any thread."""
        if self._process.returncode is None:  # so that its id is its own
            self._kill_group()
            self._process.kill()

    def stop(self, patience: float = 0.0) -> None:
        """End it in stages and clean up: close its stdin, wait, kill, wait. May be called twice.

        Args:
            patience: seconds it has to end by itself.
        """
        with contextlib.suppress(OSError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        if patience:
            with contextlib.suppress(TimeoutError):
                self.wait(patience)
        self.kill()
        try:
            self.wait(KILL_SECONDS)
        except TimeoutError:  # it cannot be reaped yet; it holds nothing of ours
            logger.warning("the child process %d cannot be ended", self.pid)
        self._reader.join(_STDERR_SECONDS)
        self.stdout.close()
        self._job.close()
        if self._lifeline is not None:
            os.close(self._lifeline)
            self._lifeline = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _end_group(self) -> None:
        """What it left behind: once, right after its end, while its id is nobody else's."""
        if not self._group_ended:
            self._group_ended = True
            self._kill_group()

    def _kill_group(self) -> None:
        if sys.platform == "win32":
            self._job.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # all of it has ended
                os.killpg(self.pid, signal.SIGKILL)

    def _keep_tail(self, stream: BinaryIO) -> None:
        """Read to the end, so that the child never waits for a full pipe."""
        with contextlib.suppress(OSError), stream:
            while chunk := os.read(stream.fileno(), 64 << 10):
                self._tail = (self._tail + chunk)[-STDERR_BYTES:]
