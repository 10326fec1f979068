"""A child that answers requests, the decoding one above all, as a process: spoken to, watched and ended."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence

from app.processes.child import CRASHES
from app.processes.launcher import StartError, start
from app.processes.limits import OUT_OF_MEMORY, Limits
from app.processes.wire import CutOffError, Message, WireError, read_message, write_message

STDERR_LETTERS = 4096
"""How much of what the child said last is worth a place in the log."""
ASK_SECONDS = 1.0
"""How long the child may take to end after stdin closed."""


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
        task: what it does, see `app.processes.tasks`; decoding unless said otherwise.
        arguments: of the task.

    Raises:
        NotReadyError: it cannot be started.
    """

    def __init__(
        self, stall_timeout: float, memory_limit: int, task: str = "decode", arguments: Sequence[str] = ()
    ) -> None:
        self._stall_timeout = stall_timeout
        try:
            self._child = start(task, *arguments, limits=Limits(memory=memory_limit))
        except StartError as error:
            raise NotReadyError(error.reason) from error
        self.files = 0
        """Videos it was asked for so far."""
        self.garbled = False
        """Whether it was killed because what it sent is no message."""
        try:
            self._watch = _Watch(self.kill)
        except RuntimeError as error:  # "can't start new thread"
            self._child.stop()
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
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._child.alive

    @property
    def stalled(self) -> bool:
        """Whether it was killed because it said nothing for too long."""
        return self._watch.fired

    @property
    def faulted(self) -> bool:
        """Whether it ended, or was ended, by a fault of its own; known once it was discarded."""
        return self.exit_code in CRASHES

    @property
    def out_of_memory(self) -> bool:
        """Whether it was ended because it held too much memory; known once it was discarded."""
        return self.exit_code == OUT_OF_MEMORY

    @property
    def exit_code(self) -> int | None:
        """Its exit code, the negative number of the signal that ended it; None before it was discarded."""
        return self._child.exit_code

    @property
    def stderr(self) -> str:
        """The end of what it said on stderr; known once it was discarded."""
        return self._child.stderr[-STDERR_LETTERS:]

    def send(self, request: Message) -> None:
        """Raises BrokenPipeError where the child has ended, as it has where it does not take the request."""
        self.files += request.kind != "fingerprint"
        with self._watch.over(self._stall_timeout):
            write_message(self._child.stdin, request)

    def receive(self) -> Message | None:
        """Wait for the next message; None where the child ended or was killed (as it is for nonsense)."""
        return self._receive(self._stall_timeout)

    def reject(self) -> None:
        """Kill it because what it sent makes no sense."""
        self.garbled = True
        self.kill()

    def kill(self) -> None:
        """End it at once, from any thread; a pending `receive` returns None."""
        self._child.kill()

    def close(self) -> None:
        """Ask, wait briefly, kill."""
        self._child.stop(ASK_SECONDS)
        self._watch.stop()

    def settle(self) -> None:
        """Give a child that fell silent the time to end by itself, so that its own exit code is known."""
        with contextlib.suppress(TimeoutError):
            self._child.wait(ASK_SECONDS)

    def discard(self) -> None:
        """Kill it, if it still runs, and clean up. May be called twice."""
        self._child.stop()
        self._watch.stop()

    def _receive(self, patience: float) -> Message | None:
        with self._watch.over(patience):
            try:
                return read_message(self._child.stdout)
            except CutOffError:
                return None
            except WireError:
                self.reject()
                return None


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
