"""The decoding child as a process: started, spoken to, watched and ended."""

import contextlib
import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, cast

import app
from app.media.wire import CutOffError, Message, WireError, read_message, write_message

STDERR_BYTES = 4096
"""How much of what the child said last is worth a place in the log."""
ASK_SECONDS, KILL_SECONDS = 1.0, 5.0
"""How long the child may take to end after stdin closed, and after it was killed."""

_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMPDIR")

_FAULTS = {
    getattr(signal, name).value
    for name in ("SIGSEGV", "SIGABRT", "SIGBUS", "SIGFPE", "SIGILL", "SIGTRAP", "SIGSYS")
    if hasattr(signal, name)
}
"""Signals that a process brings upon itself; all others come from outside."""


class NotReadyError(Exception):
    """The child could not be started, or did not say that it is ready.

    Args:
        reason: why, the middle of a sentence ("it ended at once").
        stderr: what it said before it ended.
    """

    def __init__(self, reason: str, stderr: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.stderr = stderr


class ChildProcess:
    """One running child. Not for several threads at once, but for `kill`. Call `greet` before anything else.

    Args:
        stall_timeout: seconds to wait for a message before the child is killed.
        memory_limit: bytes of memory it may write to.

    Raises:
        NotReadyError: it cannot be started.
    """

    def __init__(self, stall_timeout: float, memory_limit: int) -> None:
        self._stall_timeout = stall_timeout
        try:
            self._stderr, written = _stderr_pipe()
        except OSError as error:
            raise NotReadyError(_why(error)) from error
        try:
            self._process = subprocess.Popen(  # noqa: S603 (no shell, no outside words)
                [sys.executable, "-P", "-m", "app.media.decoder_child", str(memory_limit)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=written if written is not None else subprocess.DEVNULL,
                cwd=Path(sys.executable).anchor,
                env=_environment(),
                start_new_session=True,
            )
        except OSError as error:
            self._close_stderr()
            raise NotReadyError(_why(error)) from error
        finally:
            if written is not None:
                os.close(written)
        self._stdin = cast(BinaryIO, self._process.stdin)
        self._stdout = cast(BinaryIO, self._process.stdout)
        self.files = 0
        """Videos it was asked for so far."""
        self.garbled = False
        """Whether it was killed because what it sent is no message."""
        try:
            self._watch = _Watch(self.kill)
        except RuntimeError as error:  # "can't start new thread"
            self._process.kill()
            self._process.wait()
            self._close_pipes()
            raise NotReadyError("no further thread can be started") from error

    def greet(self, patience: float) -> None:
        """Wait until the child is ready, at most `patience` seconds.

        Raises:
            NotReadyError: it is not; it was ended and cleaned up.
        """
        hello = self._receive(patience)
        if hello is not None and hello.kind == "ready":
            return
        late = self.stalled
        self.discard()
        reason = "it did not answer in time" if late else "it ended at once"
        raise NotReadyError("it does not answer as it should" if self.garbled else reason, self.stderr)

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def stalled(self) -> bool:
        """Whether it was killed because it said nothing for too long."""
        return self._watch.fired

    @property
    def faulted(self) -> bool:
        """Whether it ended, or was ended, by a fault of its own; known once it was discarded."""
        code = self._process.returncode
        return code is not None and -code in _FAULTS

    @property
    def exit_code(self) -> int | None:
        """Its exit code, the negative number of the signal that ended it; None before it was discarded."""
        return self._process.returncode

    def send(self, request: Message) -> None:
        """Raises BrokenPipeError where the child has ended."""
        self.files += request.kind != "fingerprint"
        write_message(self._stdin, request)

    def receive(self) -> Message | None:
        """Wait for the next message; None where the child ended or was killed (as it is for nonsense)."""
        return self._receive(self._stall_timeout)

    def reject(self) -> None:
        """Kill it because what it sent makes no sense."""
        self.garbled = True
        self.kill()

    def kill(self) -> None:
        """End it at once, from any thread; a pending `receive` returns None."""
        self._process.kill()

    def close(self) -> None:
        """Ask, wait briefly, kill."""
        self._hang_up()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(ASK_SECONDS)
        self.discard()

    def settle(self) -> None:
        """Give a child that fell silent the time to end by itself, so that its own exit code is known."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(ASK_SECONDS)

    def discard(self) -> None:
        """Kill it, if it still runs, and clean up. May be called twice."""
        self.kill()
        self._hang_up()
        # A process waiting for a dead disk cannot be reaped yet; it holds nothing of ours.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(KILL_SECONDS)
        self._watch.stop()
        self._read_stderr()
        self._close_pipes()

    stderr = ""
    """The end of what it said on stderr; known once it was discarded."""

    def _receive(self, patience: float) -> Message | None:
        with self._watch.over(patience):
            try:
                return read_message(self._stdout)
            except CutOffError:
                return None
            except WireError:
                self.reject()
                return None

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._stdin.close()

    def _read_stderr(self) -> None:
        if self._stderr is None:
            return
        words = b""
        with contextlib.suppress(OSError):  # at the latest when the pipe is empty but somebody still holds it
            while chunk := os.read(self._stderr, 64 << 10):
                words = (words + chunk)[-STDERR_BYTES:]
        self.stderr = words.decode(errors="replace")

    def _close_pipes(self) -> None:
        self._hang_up()
        self._stdout.close()
        self._close_stderr()

    def _close_stderr(self) -> None:
        if self._stderr is not None:
            os.close(self._stderr)
            self._stderr = None


class _Watch:
    """Calls `fire` from its own thread when a stay inside `over` takes longer than it may.

    Raises:
        RuntimeError: no thread can be started.
    """

    def __init__(self, fire: Callable[[], None]) -> None:
        self._fire = fire
        self._deadline: float | None = None
        self._stopped = False
        self.fired = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="decoder watch", daemon=True)
        self._thread.start()

    @contextlib.contextmanager
    def over(self, seconds: float) -> Iterator[None]:
        """Watch what happens inside for at most `seconds`."""
        with self._changed:
            self._deadline = time.monotonic() + seconds
            self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._deadline = None

    def stop(self) -> None:
        """End the thread."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        with self._changed:
            while not self._stopped and not self.fired:
                if self._deadline is None:
                    self._changed.wait()
                elif (left := self._deadline - time.monotonic()) > 0:
                    self._changed.wait(left)
                else:
                    self.fired = True
                    self._fire()


def _stderr_pipe() -> tuple[int | None, int | None]:
    """A pipe for what the child says on stderr: no file, so that no temporary folder is needed.

    Nobody reads it while the child runs. What no longer fits is dropped instead of blocking the child.
    """
    if sys.platform == "win32":
        return None, None
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    os.set_blocking(writer, False)
    return reader, writer


def _why(error: OSError) -> str:
    """Why a process cannot be started, the middle of a sentence."""
    if error.errno in {errno.EMFILE, errno.ENFILE}:
        return "too many files are open"
    if error.errno == errno.ENOMEM:
        return "there is no memory left"
    if error.errno == errno.EAGAIN:
        return "too many processes are running"
    return error.strerror or type(error).__name__


def _environment() -> dict[str, str]:
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    # One thread: the maths here is tiny, and idle pools cost start-up time and memory.
    return passed | {
        "PYTHONPATH": str(Path(app.__file__).resolve().parent.parent),
        "PYTHONUTF8": "1",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "MKL_NUM_THREADS": "1",
    }
