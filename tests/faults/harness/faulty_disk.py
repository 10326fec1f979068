"""A disk that fails where it is told to: a small read-only FUSE file system that shows another folder.

`python -m tests.faults.harness.faulty_disk BACKING MOUNT FAULTS` serves until its stdin ends. FAULTS is a
JSON file, read at every request: {"name": {"read" | "list" | "stat" | "open": ["EIO", offset]}}. An error is
given from that offset on (0 for anything but a read); "HANG" in place of an error does not answer, as a share
does whose server is gone, until a signal interrupts whoever asked. It speaks the kernel's protocol itself
(fuse(4)), because the libraries for it are seldom installed; only mounting needs root.
"""

import ctypes
import errno
import json
import os
import signal
import stat
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, wait_until

LOOKUP, GETATTR, OPEN, READ, STATFS, RELEASE, FLUSH, INIT = 1, 3, 14, 15, 17, 18, 25, 26
OPENDIR, READDIR, RELEASEDIR = 27, 28, 29
FORGET, INTERRUPT, BATCH_FORGET = 2, 36, 42
HEADER = struct.Struct("<IIQQIIIHH")
DIRECT_IO = 1
MS_NOSUID, MS_NODEV = 2, 4
ROOT_NODE = 1
NOT_ALLOWED = 77
"""Exit code where the system lets nobody mount."""


class FaultyDisk:
    """A mounted one, seen from the test."""

    def __init__(self, mount: Path, backing: Path, faults: Path) -> None:
        self.mount = mount
        self.backing = backing
        """The same files without any fault: put files here."""
        self._faults = faults
        self.heal()

    def fail(self, name: str, operation: str, error: str = "EIO", offset: int = 0) -> None:
        """From now on `operation` on `name` (below the mount) fails."""
        faults = json.loads(self._faults.read_text())
        faults.setdefault(name, {})[operation] = [error, offset]
        self._write(faults)

    def heal(self) -> None:
        """No fault from now on."""
        self._write({})

    def _write(self, faults: dict[str, Any]) -> None:
        part = self._faults.with_suffix(".part")
        part.write_text(json.dumps(faults))
        part.replace(self._faults)


@contextmanager
def mounted(folder: Path) -> Iterator[FaultyDisk]:
    """A faulty disk at `folder`/mount; skips the test where mounting is not allowed."""
    mount, backing, faults = folder / "mount", folder / "backing", folder / "faults.json"
    for path in (mount, backing):
        path.mkdir(parents=True)
    disk = FaultyDisk(mount, backing, faults)
    command = [
        sys.executable,
        "-m",
        "tests.faults.harness.faulty_disk",
        str(backing),
        str(mount),
        str(faults),
    ]
    server = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        wait_until(lambda: os.path.ismount(mount) or server.poll() is not None)
        if server.poll() is not None:
            assert server.stderr is not None
            complaint = server.stderr.read().decode()
            assert server.returncode == NOT_ALLOWED, complaint
            pytest.skip(f"no FUSE file system can be mounted here: {complaint}")
        yield disk
    finally:
        disk.heal()
        subprocess.run(["umount", "-l", str(mount)], capture_output=True, check=False)
        server.send_signal(signal.SIGKILL)
        server.communicate()


class _Server:
    def __init__(self, backing: Path, faults: Path, device: int) -> None:
        self._backing = backing
        self._faults = faults
        self._device = device
        self._names = {ROOT_NODE: ""}
        self._nodes = {"": ROOT_NODE}
        self._hanging: set[int] = set()

    def serve(self) -> None:
        """Answer until unmounted."""
        while True:
            try:
                request = os.read(self._device, 1 << 18)
            except OSError as error:
                if error.errno in {errno.EINTR, errno.ENOENT}:
                    continue
                return
            _, operation, unique, node, *_ = HEADER.unpack_from(request)
            if operation == INTERRUPT:
                self._interrupt(request)
            if operation in {FORGET, INTERRUPT, BATCH_FORGET}:
                continue
            try:
                answer, code = self._answer(operation, self._names.get(node, ""), request[HEADER.size :]), 0
            except OSError as error:
                answer, code = b"", error.errno or errno.EIO
            except _HangError:
                self._hanging.add(unique)
                continue
            self._reply(unique, answer, code)

    def _interrupt(self, request: bytes) -> None:
        """End a request that hangs: whoever made it got a signal, perhaps to be killed."""
        (interrupted,) = struct.unpack_from("<Q", request, HEADER.size)
        if interrupted in self._hanging:
            self._hanging.remove(interrupted)
            self._reply(interrupted, b"", errno.EINTR)

    def _reply(self, unique: int, answer: bytes, code: int) -> None:
        with suppress(OSError):  # whoever asked was killed meanwhile
            os.write(self._device, struct.pack("<IiQ", 16 + len(answer), -code, unique) + answer)

    def _answer(self, operation: int, name: str, body: bytes) -> bytes:  # noqa: PLR0911 - one per request
        if operation == INIT:
            return struct.pack("<IIIIHHIIHHI", 7, 31, 1 << 17, 0, 16, 12, 1 << 17, 1, 32, 0, 0) + bytes(28)
        if operation == LOOKUP:
            return self._lookup(f"{name}/{os.fsdecode(body[:-1])}".lstrip("/"))
        if operation == GETATTR:
            self._trip(name, "stat")
            return struct.pack("<QII", 0, 0, 0) + self._attributes(name)
        if operation in {OPEN, OPENDIR}:
            self._trip(name, "open")
            return struct.pack("<QII", 0, DIRECT_IO if operation == OPEN else 0, 0)
        if operation in {READ, READDIR}:
            _, offset, size = struct.unpack_from("<QQI", body)
            return self._read(name, offset, size) if operation == READ else self._list(name, offset, size)
        if operation == STATFS:
            return struct.pack("<QQQQQIII", 1 << 20, 1 << 19, 1 << 19, 1000, 500, 4096, 255, 4096) + bytes(28)
        if operation in {RELEASE, RELEASEDIR, FLUSH}:
            return b""
        raise OSError(errno.ENOSYS, "not served")

    def _trip(self, name: str, operation: str, reached: int = 0) -> None:
        wanted = json.loads(self._faults.read_text()).get(name, {}).get(operation)
        if wanted is None or reached < wanted[1]:
            return
        if wanted[0] == "HANG":
            raise _HangError
        raise OSError(getattr(errno, wanted[0]), "as told")

    def _lookup(self, name: str) -> bytes:
        self._trip(name, "stat")
        attributes = self._attributes(name)
        node = self._nodes.setdefault(name, len(self._nodes) + 1)
        self._names[node] = name
        return struct.pack("<QQQQII", node, 0, 0, 0, 0, 0) + attributes

    def _attributes(self, name: str) -> bytes:
        found = os.lstat(self._backing / name)
        times = [divmod(ns, 10**9) for ns in (found.st_atime_ns, found.st_mtime_ns, found.st_ctime_ns)]
        return struct.pack(
            "<QQQqqqIIIIIIIIII",
            self._nodes.get(name, len(self._nodes) + 1),
            found.st_size,
            found.st_blocks,
            *(seconds for seconds, _ in times),
            *(rest for _, rest in times),
            found.st_mode,
            found.st_nlink,
            found.st_uid,
            found.st_gid,
            0,
            4096,
            0,
        )

    def _read(self, name: str, offset: int, size: int) -> bytes:
        self._trip(name, "read", offset + size)
        with (self._backing / name).open("rb") as file:
            file.seek(offset)
            return file.read(size)

    def _list(self, name: str, offset: int, size: int) -> bytes:
        self._trip(name, "list")
        answer = b""
        entries = sorted(path.name for path in (self._backing / name).iterdir())
        for number, entry in enumerate(entries, start=1):
            if number <= offset:
                continue
            encoded = os.fsencode(entry)
            kind = stat.S_IFMT(os.lstat(self._backing / name / entry).st_mode) >> 12
            packed = struct.pack("<QQII", number + 1, number, len(encoded), kind) + encoded
            packed += bytes(-len(packed) % 8)
            if len(answer) + len(packed) > size:
                break
            answer += packed
        return answer


class _HangError(Exception):
    """This request is not answered."""


def main() -> None:
    """Mount and serve."""
    backing, mount, faults = map(Path, sys.argv[1:])
    try:
        device = os.open("/dev/fuse", os.O_RDWR)
    except OSError as error:
        sys.stderr.write(f"{error}")
        sys.exit(NOT_ALLOWED)
    options = f"fd={device},rootmode=40000,user_id=0,group_id=0,allow_other".encode()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(b"faulty", os.fsencode(mount), b"fuse", MS_NOSUID | MS_NODEV, options):
        sys.stderr.write(f"mount: {os.strerror(ctypes.get_errno())}")
        sys.exit(NOT_ALLOWED)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _Server(backing, faults, device).serve()


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
