"""Windows: a child process in a job object, which limits it and ends it with whoever holds the job.

A child runs for some milliseconds before it is in its job, while Python starts: it has touched nothing of
somebody else's yet. Memory is what it commits, which is a little more than what it holds.
"""

import ctypes
import sys

_PROCESS_TIME, _PROCESS_MEMORY, _DIE_ON_EXCEPTION, _KILL_ON_CLOSE = 0x2, 0x100, 0x400, 0x2000
_EXTENDED_LIMITS = 9
_SET_QUOTA_AND_TERMINATE = 0x0100 | 0x0001
_TICKS = 10_000_000
"""Of a second, in which Windows counts processor time."""


class _BasicLimits(ctypes.Structure):
    """JOBOBJECT_BASIC_LIMIT_INFORMATION."""

    _fields_ = (
        ("process_time", ctypes.c_int64),
        ("job_time", ctypes.c_int64),
        ("flags", ctypes.c_uint32),
        ("least_working_set", ctypes.c_size_t),
        ("most_working_set", ctypes.c_size_t),
        ("processes", ctypes.c_uint32),
        ("affinity", ctypes.c_size_t),
        ("priority", ctypes.c_uint32),
        ("scheduling", ctypes.c_uint32),
    )


class ExtendedLimits(ctypes.Structure):
    """JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""

    _fields_ = (
        ("basic", _BasicLimits),
        ("io_counters", ctypes.c_uint64 * 6),
        ("process_memory", ctypes.c_size_t),
        ("job_memory", ctypes.c_size_t),
        ("peak_process_memory", ctypes.c_size_t),
        ("peak_job_memory", ctypes.c_size_t),
    )


def extended_limits(memory: int, processor_seconds: int) -> ExtendedLimits:
    """What a job is to hold its processes to.

    Args:
        memory: bytes that each may commit; unlimited where 0.
        processor_seconds: processor time that each may use; unlimited where 0.
    """
    limits = ExtendedLimits()
    limits.basic.flags = _KILL_ON_CLOSE | _DIE_ON_EXCEPTION  # no dialogue about a crash
    if memory:
        limits.basic.flags |= _PROCESS_MEMORY
        limits.process_memory = memory
    if processor_seconds:
        limits.basic.flags |= _PROCESS_TIME
        limits.basic.process_time = processor_seconds * _TICKS
    return limits


if sys.platform == "win32":
    from ctypes import wintypes

    _kernel32 = ctypes.WinDLL("kernel32", use_last_error=True)
    _kernel32.CreateJobObjectW.restype = wintypes.HANDLE
    _kernel32.CreateJobObjectW.argtypes = (wintypes.LPVOID, wintypes.LPCWSTR)
    _kernel32.SetInformationJobObject.argtypes = (
        wintypes.HANDLE,
        ctypes.c_int,
        wintypes.LPVOID,
        wintypes.DWORD,
    )
    _kernel32.OpenProcess.restype = wintypes.HANDLE
    _kernel32.OpenProcess.argtypes = (wintypes.DWORD, wintypes.BOOL, wintypes.DWORD)
    _kernel32.AssignProcessToJobObject.argtypes = (wintypes.HANDLE, wintypes.HANDLE)
    _kernel32.TerminateJobObject.argtypes = (wintypes.HANDLE, wintypes.UINT)
    _kernel32.CloseHandle.argtypes = (wintypes.HANDLE,)


class JobObject:
    """A running process in a job of its own, with whatever it starts. On other systems nothing at all.

    Args:
        process: its id.
        memory: see `extended_limits`.
        processor_seconds: see `extended_limits`.

    Raises:
        OSError: Windows refuses.
    """

    def __init__(self, process: int, memory: int = 0, processor_seconds: int = 0) -> None:
        self._job: int | None = None
        if sys.platform == "win32":
            self._job = _checked(_kernel32.CreateJobObjectW(None, None))
            try:
                limits = extended_limits(memory, processor_seconds)
                size = ctypes.sizeof(limits)
                _checked(
                    _kernel32.SetInformationJobObject(self._job, _EXTENDED_LIMITS, ctypes.byref(limits), size)
                )
                handle = _checked(_kernel32.OpenProcess(_SET_QUOTA_AND_TERMINATE, False, process))
                try:
                    _checked(_kernel32.AssignProcessToJobObject(self._job, handle))
                finally:
                    _kernel32.CloseHandle(handle)
            except OSError:
                self.close()
                raise

    def kill(self) -> None:
        """End every process in it."""
        if sys.platform == "win32" and self._job is not None:
            _kernel32.TerminateJobObject(self._job, 1)

    def close(self) -> None:
        """Let go of it, which ends what is still in it. May be called twice."""
        job, self._job = self._job, None
        if sys.platform == "win32" and job is not None:
            _kernel32.CloseHandle(job)


if sys.platform == "win32":

    def _checked(result: int | None) -> int:
        if not result:
            raise ctypes.WinError(ctypes.get_last_error())
        return result
