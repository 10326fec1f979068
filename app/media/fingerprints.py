"""A file's content in a short string, cheap enough to take of a whole disk."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

VERSION = 2
WHOLE = 32 << 20
"""Bytes up to which all of a file is read."""

_EDGE = 1 << 20
_SAMPLES = 126
_SAMPLE = 64 << 10

_V1_TAIL = 1 << 10


def fingerprint(path: Path, version: int = VERSION, heartbeat: Callable[[], object] = lambda: None) -> str:
    """Return the content fingerprint of a file: `2:` and 64 hex digits.

    SHA-256 over the size and the content: all of it up to 32 MiB; of a longer file the first and the last MiB
    and 126 pieces of 64 KiB evenly between them. A recorder or a download that fills a file of fixed size
    changes the middle only, which must be noticed; a 50 GB file still costs 10 MB.

    Args:
        path: the file.
        version: 1 for what libraries of earlier versions hold: the size, the first MiB and the last KiB,
            64 hex digits without a prefix.
        heartbeat: called at least after each MiB.

    Raises:
        OSError: the file cannot be read.
    """
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        digest.update(size.to_bytes(8, "little"))
        for start, count in _pieces(size) if version == VERSION else _pieces_v1(size):
            file.seek(start)
            _feed(digest, file.fileno(), count, heartbeat)
    return digest.hexdigest() if version == 1 else f"{version}:{digest.hexdigest()}"


def version_of(fingerprint: str) -> int:
    """Which version of the formula made a fingerprint."""
    version, separator, _ = fingerprint.partition(":")
    return int(version) if separator else 1


def is_content(path: Path, stored: str, taken: str) -> bool:
    """Whether a stored fingerprint, of whatever version, is that of a file.

    Args:
        path: the file.
        stored: the fingerprint to compare with.
        taken: the file's own, of the current version: where the versions are the same no file is read.

    Raises:
        OSError: the file cannot be read.
    """
    version = version_of(stored)
    return stored == (taken if version == VERSION else fingerprint(path, version))


def _pieces(size: int) -> list[tuple[int, int]]:
    """What is read of a file: starts and lengths in bytes."""
    if size <= WHOLE:
        return [(0, size)]
    between = size - 2 * _EDGE - _SAMPLE
    samples = [(_EDGE + between * i // (_SAMPLES - 1), _SAMPLE) for i in range(_SAMPLES)]
    return [(0, _EDGE), *samples, (size - _EDGE, _EDGE)]


def _pieces_v1(size: int) -> list[tuple[int, int]]:
    return [(0, _EDGE), (max(0, size - _V1_TAIL), _V1_TAIL)]


def _feed(digest: "hashlib._Hash", descriptor: int, count: int, heartbeat: Callable[[], object]) -> None:
    # One read may give less than asked for (network shares, signals).
    while count > 0 and (block := os.read(descriptor, min(count, _EDGE))):
        digest.update(block)
        count -= len(block)
        heartbeat()
