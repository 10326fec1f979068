"""A child keeps to its limits, and does not outlive the process that started it."""

import ctypes
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from app.processes.child import Child
from app.processes.job_object import ExtendedLimits, extended_limits
from app.processes.launcher import run, start
from app.processes.limits import OUT_OF_MEMORY, Limits
from tests.conftest import ROOT, has_ended, wait_until

pytestmark = pytest.mark.usefixtures("cold_children")
posix = pytest.mark.skipif(sys.platform == "win32", reason="limits and signals of POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the limits of another process")


def ready(child: Child) -> psutil.Process:
    """The decoding child once it waits for requests: with its limits in force."""
    assert b"ready" in child.stdout.readline()
    return psutil.Process(child.pid)


def limited(code: str, limits: Limits) -> int:
    """Exit code of a process that does this under these limits."""
    begin = (
        "from app.processes.limits import Limits, limit_process; import mmap, sys, threading\n"
        f"limit_process(Limits.from_text({limits.to_text()!r}))\n"
    )
    return subprocess.run([sys.executable, "-c", begin + code], check=False, cwd=ROOT, timeout=60).returncode


@linux
def test_limits_are_in_force_before_the_task_begins() -> None:
    with start("decode", limits=Limits(memory=1 << 30, seconds=60)) as child:
        process = ready(child)
        assert process.rlimit(psutil.RLIMIT_DATA) == (1 << 30, 1 << 30)
        assert process.rlimit(psutil.RLIMIT_CPU)[1] == 60 * (os.cpu_count() or 1) + 1
        assert process.rlimit(psutil.RLIMIT_FSIZE) == (1 << 20, 1 << 20)
        assert process.rlimit(psutil.RLIMIT_CORE) == (0, 0)
        assert process.nice() == min(19, psutil.Process().nice() + 5)


@linux
def test_what_is_not_limited_stays_as_it_was() -> None:
    with start("decode") as child:
        process, mine = ready(child), psutil.Process()
        for kind in (psutil.RLIMIT_DATA, psutil.RLIMIT_CPU, psutil.RLIMIT_AS):
            assert process.rlimit(kind) == mine.rlimit(kind)


@posix
def test_a_child_that_may_write_little_leaves_no_half_of_a_compiled_module(tmp_path: Path) -> None:
    (tmp_path / "large.py").write_text(f"words = {'x' * (100 << 10)!r}\n", encoding="utf-8")
    code = (
        "import sys; from app.processes.limits import Limits, limit_process\n"
        f"sys.path.insert(0, {str(tmp_path)!r}); sys.dont_write_bytecode = False\n"
        "limit_process(Limits(), file_bytes=64 << 10)\n"
        "import large"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT, timeout=60)
    assert not list(tmp_path.rglob("*.pyc"))


def test_a_child_ends_itself_when_its_time_is_over() -> None:
    with start("decode", limits=Limits(seconds=1.5)) as child:
        assert child.wait(30) == 1
        child.stop()
        assert "Timeout" in child.stderr


@pytest.mark.nightly  # two seconds of work; that the system was told is the first test's
@posix
def test_processor_time_is_limited_where_nobody_watches() -> None:
    code = "import faulthandler; faulthandler.cancel_dump_traceback_later()\nwhile True: pass"
    assert limited(code, Limits(seconds=0.1)) == -signal.SIGKILL


@linux
def test_allocating_too_much_fails_there() -> None:
    code = "try: bytearray(300 << 20)\nexcept MemoryError: sys.exit(5)"
    assert limited(code, Limits(memory=200 << 20)) == 5


@posix
def test_memory_that_the_system_does_not_count_ends_the_process() -> None:
    code = (
        "shared = mmap.mmap(-1, 300 << 20)\n"
        "for place in range(0, 300 << 20, 4096): shared[place] = 1\n"
        "threading.Event().wait(20)"
    )
    assert limited(code, Limits(memory=200 << 20)) == OUT_OF_MEMORY


@posix
def test_the_memory_of_the_parent_does_not_count() -> None:
    large = b"x" * (500 << 20)
    measured = run("measure-processor", "1", seconds=60, limits=Limits(memory=400 << 20))
    assert len(large) == 500 << 20
    assert measured.code == 0, measured.stderr


PARENT = """
import sys, threading
from app.processes.launcher import start
child = start("decode")
child.stdout.readline()
print(child.pid, flush=True)
threading.Event().wait()
"""


@pytest.mark.parametrize("stopped", [False, pytest.param(True, marks=linux)])
def test_a_child_ends_with_its_parent(stopped: bool) -> None:
    """Even a stopped one, which cannot notice by itself."""
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=ROOT, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    orphan = psutil.Process(int(parent.stdout.readline()))
    if stopped:
        orphan.suspend()
    parent.kill()
    parent.communicate()
    assert wait_until(lambda: has_ended(orphan))


@posix
def test_the_pipe_alone_ends_a_child_whose_parent_is_gone() -> None:
    """As it does where the system has no signal for it."""
    with start("decode") as child:
        process = ready(child)
        assert child._lifeline is not None
        os.close(child._lifeline)
        child._lifeline = None
        assert child.wait(20) == -signal.SIGKILL
    assert has_ended(process)


@posix
def test_no_other_child_holds_the_pipe() -> None:
    with start("decode") as first, start("decode") as second:
        process = ready(first)
        ready(second)
        assert first._lifeline is not None
        os.close(first._lifeline)
        first._lifeline = None
        assert wait_until(lambda: has_ended(process))


def test_words_that_are_no_limits_are_refused() -> None:
    assert Limits.from_text(Limits(5, 1.5, 7).to_text()) == Limits(5, 1.5, 7)
    for text in ("", "[]x", "7", '{"other": 1}'):
        with pytest.raises(ValueError, match="not the limits"):
            Limits.from_text(text)


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the layout of 64-bit Windows")
def test_the_job_object_has_the_layout_that_windows_expects() -> None:
    """From the offsets in the documentation of JOBOBJECT_EXTENDED_LIMIT_INFORMATION."""
    assert ctypes.sizeof(ExtendedLimits) == 144
    assert ExtendedLimits.process_memory.offset == 112
    limits = extended_limits(memory=1 << 30, processor_seconds=2)
    assert (limits.basic.flags, limits.process_memory) == (0x2000 | 0x400 | 0x100 | 0x2, 1 << 30)
    assert limits.basic.process_time == 20_000_000
    assert extended_limits(0, 0).basic.flags == 0x2000 | 0x400
