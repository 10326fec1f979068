"""Limits for a process that runs what somebody else made: memory, time, files; and it ends with its parent.

What a system cannot do:

- **Linux** counts what a process allocates (`RLIMIT_DATA`): beyond the limit an allocation fails. Memory that
  is shared is not counted; a thread of the child watches what it holds in fact, every 0.05 s.
- **macOS** takes `RLIMIT_DATA` and does not enforce it. Only that thread is left: a child that allocates very
  fast gets beyond the limit before it is ended, and one whose native code keeps Python's lock is not ended.
- **Windows** has none of this; the parent puts the child into a job object (`job_object.py`), which limits
  memory and processor time and ends the child with its parent. There is no limit for the files it writes.
"""

import ctypes
import faulthandler
import json
import math
import os
import select
import signal
import sys
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NoReturn, Self

OUT_OF_MEMORY = 77
"""Exit code of a process that `limit_process` ended because it held too much memory."""

OWN_WATCH_SECONDS = 2.0
"""That a child's own watch gives it beyond what its parent does: the parent says what happened."""

_LOOK_MILLISECONDS = 50
_PR_SET_PDEATHSIG = 1
_CURRENT_THREAD, _THREAD_PRIORITY_BELOW_NORMAL = -2, -1


@dataclass(frozen=True, slots=True)
class Limits:
    """What one child may use."""

    memory: int = 0
    """Bytes that it may hold; unlimited where 0."""
    seconds: float = 0.0
    """After which it ends itself, with a traceback on stderr and exit code 1; unlimited where 0."""
    lifeline: int = -1
    """Descriptor of a pipe whose other end only the parent holds (POSIX); none where negative."""

    def to_text(self) -> str:
        """As an argument of the child."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read what `to_text` wrote.

        Raises:
            ValueError: it is something else.
        """
        try:
            return cls(**json.loads(text))
        except (TypeError, ValueError) as error:
            raise ValueError(f"not the limits of a process: {text}") from error

    @property
    def processor_seconds(self) -> int:
        """Processor time that it cannot use up before `seconds` are over; 0 where unlimited.

        The system counts this one, so that it holds where the child's own watch has been overwritten.
        """
        return math.ceil(self.seconds * (os.cpu_count() or 1)) + 1 if self.seconds else 0


_BELOW_NORMAL = -1  # THREAD_PRIORITY_BELOW_NORMAL
_granted_less = False


def limit_process(limits: Limits, *, niceness: int = 0, file_bytes: int | None = None) -> None:
    """Limit this process as far as the system can, and end it when the process that started it is gone.

    On Linux that is also when the thread that started it ends. A process that held too much memory ends with
    `OUT_OF_MEMORY`.

    Args:
        limits: what it may use.
        niceness: how much more it lets others go first.
        file_bytes: largest file that it may write; None where there is no limit.
    """
    if limits.seconds:
        faulthandler.dump_traceback_later(limits.seconds, exit=True)
    if sys.platform != "win32":
        _limit_by_system(limits, niceness, file_bytes)


def lower_thread_priority(niceness: int) -> None:
    """Let others go before the calling thread, where the system has priorities of threads: Linux, Windows."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), niceness)
    elif sys.platform == "win32":
        ctypes.windll.kernel32.SetThreadPriority(
            ctypes.c_void_p(_CURRENT_THREAD), _THREAD_PRIORITY_BELOW_NORMAL
        )


def let_others_go_first(niceness: int) -> None:
    """Lower the calling thread's priority for good, and that of the threads and processes that it starts.

    Linux and Windows have a priority per thread; elsewhere nothing happens. On Windows it is below normal,
    and not inherited.

    Args:
        niceness: how much more it lets others go first, on the scale of `nice`.
    """
    if sys.platform == "win32":
        system = ctypes.windll.kernel32
        system.SetThreadPriority(ctypes.c_void_p(system.GetCurrentThread()), _BELOW_NORMAL)
    elif sys.platform == "linux":
        thread = threading.get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, os.getpriority(os.PRIO_PROCESS, thread) + niceness)


def keep_to_cores(count: int) -> None:
    """Let the calling thread, and the threads and processes that it starts, run on so many cores only.

    Only Linux can: elsewhere nothing happens.

    Args:
        count: of those that this process may use; all of them where 0.
    """
    if sys.platform == "linux":
        allowed = sorted(os.sched_getaffinity(os.getpid()))
        os.sched_setaffinity(0, allowed[-count:] if count else allowed)


def memory_is_short() -> bool:
    """Whether the system lets this process have less memory than `limit_process` was told."""
    return _granted_less


def cpu_seconds(process: int) -> float | None:
    """Processor time that a running process has used, None where the system does not say."""
    try:
        with open(f"/proc/{process}/stat", encoding="ascii", errors="replace") as stream:  # noqa: PTH123
            fields = stream.read().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


if sys.platform != "win32":
    import resource

    def _limit_by_system(limits: Limits, niceness: int, file_bytes: int | None) -> None:
        os.nice(niceness)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's business: it ends this one
        _lower(resource.RLIMIT_CORE, 0)
        if file_bytes is not None:
            # Python would keep what fits of a compiled module, and nothing could load that module any more.
            sys.dont_write_bytecode = True
            _lower(resource.RLIMIT_FSIZE, file_bytes)
        if limits.seconds:
            _lower(resource.RLIMIT_CPU, limits.processor_seconds)
        if limits.memory:
            _limit_memory(limits.memory)
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if limits.memory or limits.lifeline >= 0:
            threading.Thread(target=_watch, args=(limits,), name="limits", daemon=True).start()

    def _limit_memory(memory: int) -> None:
        global _granted_less  # noqa: PLW0603 (of this process, as the limit is)
        # RLIMIT_DATA counts heap and stacks; RLIMIT_AS would also count libraries and reserved addresses.
        granted = _lower(resource.RLIMIT_DATA, memory)
        reserved = resource.getrlimit(resource.RLIMIT_AS)[0]
        _granted_less = granted < memory or (reserved != resource.RLIM_INFINITY and reserved < memory)

    def _lower(which: int, value: int) -> int:
        """Set a limit for good, as far as the hard one allows; returns what it is now."""
        hard = resource.getrlimit(which)[1]
        granted = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (granted, granted))
        return granted

    def _watch(limits: Limits) -> NoReturn:
        poll = select.poll()
        if limits.lifeline >= 0:
            poll.register(limits.lifeline, select.POLLIN)
        while True:
            if poll.poll(_LOOK_MILLISECONDS if limits.memory else None):  # its other end is closed
                _end()
            if limits.memory and _peak_memory() > limits.memory:
                os._exit(OUT_OF_MEMORY)

    def _end() -> NoReturn:
        """End this process, with what it started where they are a group of their own."""
        if os.getpgrp() == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    def _peak_memory() -> int:
        """Most bytes of real memory that this process has held at once.

        Linux' `ru_maxrss` would begin with that of the process that started this one.
        """
        try:
            for line in Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) << 10
        except (OSError, ValueError, IndexError, MemoryError):
            pass
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else 0
