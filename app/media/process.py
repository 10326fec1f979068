"""The decoding child as a process: started, spoken to, watched and ended."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, cast

import app
from app.media.wire import Message, WireError, read_message, write_message

COMPLAINT_BYTES = 4096
ASK_SECONDS, KILL_SECONDS = 1.0, 5.0
"""How long the child may take to end after stdin closed, and after it was killed."""

_PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "TEMP", "TMPDIR")


class ChildProcess:
    """One running child. Not for several threads at once, but for `kill`.

    Args:
        stall_timeout: seconds to wait for a message before the child is killed.
        memory_limit: bytes of memory it may write to.

    Raises:
        RuntimeError: it does not start, which is a fault of the installation and of no video.
    """

    def __init__(self, stall_timeout: float, memory_limit: int) -> None:
        self._complaints = tempfile.TemporaryFile()  # noqa: SIM115 (closed with the process)
        self._process = subprocess.Popen(  # noqa: S603 (no shell, no outside words)
            [sys.executable, "-P", "-m", "app.media.child", str(memory_limit)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._complaints,
            cwd=Path(sys.executable).anchor,
            env=_environment(),
            start_new_session=True,
        )
        self._stdin = cast(BinaryIO, self._process.stdin)
        self._stdout = cast(BinaryIO, self._process.stdout)
        self._watch = _Watch(stall_timeout, self.kill)
        self.files = 0
        """Requests sent so far."""
        hello = self.receive()
        if hello is None or hello.kind != "ready":
            self._complaints.seek(0)
            words = self._complaints.read(COMPLAINT_BYTES).decode(errors="replace")
            self.discard()
            raise RuntimeError(f"the decoding child does not start:\n{words}")

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def stalled(self) -> bool:
        """Whether it was killed because it said nothing for too long."""
        return self._watch.fired

    def send(self, request: Message) -> None:
        """Raises BrokenPipeError where the child has ended."""
        self.files += 1
        write_message(self._stdin, request)

    def receive(self) -> Message | None:
        """Wait for the next message; None where the child ended or was killed (as it is for nonsense)."""
        with self._watch:
            try:
                return read_message(self._stdout)
            except WireError:
                self.kill()
                return None

    def kill(self) -> None:
        """End it at once, from any thread; a pending `receive` returns None."""
        self._process.kill()

    def close(self) -> None:
        """Ask, wait briefly, kill."""
        self._hang_up()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(ASK_SECONDS)
        self.discard()

    def discard(self) -> None:
        """Kill it, if it still runs, and clean up."""
        self.kill()
        self._hang_up()
        # A process waiting for a dead disk cannot be reaped yet; it holds nothing of ours.
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(KILL_SECONDS)
        self._watch.stop()
        self._stdout.close()
        self._complaints.close()

    def _hang_up(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._stdin.close()


class _Watch:
    """A context manager: calls `fire` from its own thread when a stay inside takes longer than `seconds`."""

    def __init__(self, seconds: float, fire: Callable[[], None]) -> None:
        self._seconds = seconds
        self._fire = fire
        self._deadline: float | None = None
        self._stopped = False
        self.fired = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="decoder watch", daemon=True)
        self._thread.start()

    def __enter__(self) -> None:
        with self._changed:
            idle = self._deadline is None
            self._deadline = time.monotonic() + self._seconds
            if idle:
                self._changed.notify()

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._deadline = None

    def stop(self) -> None:
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
