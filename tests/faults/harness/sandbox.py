"""Words before a command that take something away from it: powers, memory, descriptors, a writable disk."""

import os
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NOBODY = 65534


def without_powers() -> list[str]:
    """A command that may not read what its user may not: root's own power to do so is dropped."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root can read everything here, and there is no setpriv to drop that")
    dropped = "-dac_override,-dac_read_search"
    return ["setpriv", f"--bounding-set={dropped}", f"--inh-caps={dropped}"]


def as_nobody() -> list[str]:
    """A command of another user, who may read what root may (Python may be root's own); root only."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        pytest.skip("only root can start a command as another user")
    powers = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", *powers]


def limited(limits: str) -> list[str]:
    """A command under `ulimit LIMITS`, the shell's own words."""
    return ["bash", "-c", f'ulimit {limits} && exec "$@"', "bash"]


def read_only(path: Path) -> list[str]:
    """A command that sees `path` on read-only storage."""
    return in_namespace(
        f"mount --bind {_quoted(path)} {_quoted(path)} && mount -o remount,ro,bind {_quoted(path)}"
    )


def in_namespace(preparation: str) -> list[str]:
    """A command in a mount namespace of its own, after the shell did `preparation`."""
    prefix = ["unshare", "-m", "sh", "-c", f'{preparation} && exec "$@"', "sh"]
    tried = subprocess.run([*prefix, "true"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        pytest.skip(f"mounting is not allowed here: {tried.stderr.strip()}")
    return prefix


@contextmanager
def small_disk(path: Path, size: str) -> Iterator[Path]:
    """A disk of so many bytes ("2m") mounted at `path`."""
    path.mkdir(parents=True, exist_ok=True)
    words = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(path)]
    mounting = subprocess.run(words, capture_output=True, text=True, check=False)
    if mounting.returncode != 0:
        pytest.skip(f"mounting is not allowed here: {mounting.stderr.strip()}")
    try:
        yield path
    finally:
        unmount(path)


def unmount(path: Path) -> None:
    """Take a disk away, whoever uses it."""
    subprocess.run(["umount", "-l", str(path)], capture_output=True, check=False)


def _quoted(path: Path) -> str:
    return shlex.quote(str(path))
