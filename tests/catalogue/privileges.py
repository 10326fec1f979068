"""Read-only and full disks as they really are, where the machine lets a test make them."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

WITHOUT_ROOTS_POWER = [
    "setpriv",
    "--bounding-set=-dac_override,-dac_read_search",
    "--inh-caps=-dac_override,-dac_read_search",
]


def as_anybody() -> list[str]:
    """What to put before a command so that permissions count for it, also where tests run as root."""
    if os.name == "nt":
        pytest.skip("permissions as POSIX has them")
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("setpriv is not installed, and root may write everything")
    done = subprocess.run([*WITHOUT_ROOTS_POWER, "true"], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"root's power cannot be dropped here: {done.stderr!r}")
    return WITHOUT_ROOTS_POWER


def with_mounts(script: str, *arguments: str | Path) -> list[str]:
    """A command that runs a shell script with mounts of its own; `$1` and on are the arguments."""
    if sys.platform != "linux" or shutil.which("unshare") is None:
        pytest.skip("needs Linux's mount namespaces")
    tried = subprocess.run(
        ["unshare", "-m", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"],
        capture_output=True,
        check=False,
    )
    if tried.returncode:
        pytest.skip(f"mounting is not allowed here: {tried.stderr.decode(errors='replace').strip()}")
    return ["unshare", "-m", "sh", "-ec", script, "sh", *map(str, arguments)]


def run(command: list[str], *, timeout: float = 120) -> "subprocess.CompletedProcess[str]":
    """Run a command from the root of the project, with this Python's modules."""
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHON": sys.executable}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=timeout, check=False, cwd=ROOT, env=environment
    )
