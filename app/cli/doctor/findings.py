"""What `reelfind doctor` finds wrong on a user's machine, each with what to do about it."""

import ctypes
import errno
import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Presence, Video
from app.errors import Cause, LibraryError, MediaError, ReelfindError
from app.extras import install_command
from app.media.decoder import Decoder
from app.vectors.graph.graph_process import EXTRA, graph_is_available

LEAST_FREE = 200 << 20
"""Bytes free below which a disk is nearly full."""
_QUICK = 256 << 20
"""Bytes of a library up to which every page is read without being asked for."""
_OURS = re.compile(
    r"library\.db(-wal|-shm|-journal)?|library\.damaged-[\d-]+\.db(-wal|-shm|-journal)?"
    r"|\.library\.repaired-[\d-]+\.db(-journal)?|(reelfind-)?frames\.db(-journal)?"
    r"|window\.ini(\.lock)?|(reelfind-)?indexing\.lock|\.?(reelfind-)?vectors-[0-9a-f]{16}(-[a-z0-9_]{8})?\.(hnsw|json|gallery|rows|lock|part|tmp)"
    r"|thumbnails"
)
_DONE = "Try again with: reelfind index --retry"


@dataclass(frozen=True, slots=True)
class Finding:
    """One state that a person should know of."""

    kind: str
    """In a word or two, for scripts."""
    sentence: str
    advice: str = ""
    needs_person: bool = True
    """Whether nothing gets better by itself."""


def reads_all(folder: Path, *, full: bool) -> bool:
    """Whether the check reads the whole library: when asked to, or where that is quick."""
    try:
        return full or (folder / "library.db").stat().st_size <= _QUICK
    except OSError:
        return full


def of_library(
    catalogue: Catalogue, *, full: bool, report: Callable[[str], None] = lambda _: None
) -> Iterator[Finding]:
    """What is wrong with the library's file and folder, and with the files in its folders.

    Args:
        catalogue: the library.
        full: see `Catalogue.check`.
        report: see `Catalogue.check`.
    """
    repair = "Repair it with: reelfind doctor --repair"
    for sentence in catalogue.mended:
        yield Finding("structure", sentence, "Index again what is missing: reelfind index")
    try:
        for problem in catalogue.check(full=full, report=report):
            yield Finding(f"damaged {problem.kind}", problem.sentence, repair)
    except LibraryError as error:
        yield Finding("damaged", error.sentence, error.advice)
    if catalogue.read_only:
        yield Finding("read-only library", catalogue.read_only_reason, catalogue.read_only_advice)
    yield from _folders(catalogue)
    yield from _videos(catalogue)
    foreign = _foreign(catalogue.folder)
    if foreign:
        names = ", ".join(foreign[:5]) + (" …" if len(foreign) > 5 else "")
        yield Finding(
            "foreign files",
            f"The library's folder holds files that are not Reelfind's: {names}.",
            "They are left alone; a folder of its own is better for a library.",
            needs_person=False,
        )


def of_machine(folder: Path) -> Iterator[Finding]:
    """What is wrong around the library: disk, temporary folder, packages, decoder, limits of the system.

    Args:
        folder: the library's.
    """
    with suppress(OSError):
        free = shutil.disk_usage(folder).free
        if free < LEAST_FREE:
            yield Finding(
                "disk nearly full",
                f"The disk that holds the library has {free / 2**20:,.0f} MiB free.",
                "Free some space there before you index.",
            )
    try:
        with tempfile.TemporaryFile() as file:
            file.write(b"x" * 4096)
    except OSError as error:
        yield Finding(
            "temporary folder",
            f"No temporary file can be written ({error.strerror or error}).",
            "See that the system's temporary folder exists and has room, or name another one in TMPDIR.",
        )
    if not graph_is_available():
        yield Finding(
            "search graph",
            "hnswlib is not installed: more than 100,000 frames are compared one by one, which takes longer.",
            f"Install it, which takes a C++ compiler and Python's headers: {install_command(EXTRA)}",
            needs_person=False,
        )
    yield from _decoder(folder)
    yield from _watching()


def of_sources(sources: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    """What is wrong with the sources of words that are on.

    Args:
        sources: each as `reelfind sources --json` has it.
    """
    for source in sources:
        if source["on"] and source["problem"]:
            yield Finding(f"{source['name']} cannot be read", source["problem"], source["advice"])
        if source["failed"]:
            yield Finding(
                f"{source['name']} not read",
                f"The {source['name']} of {_counted(source['failed'])} could not be read.",
                _DONE,
                needs_person=False,
            )


def _folders(catalogue: Catalogue) -> Iterator[Finding]:
    for folder in catalogue.watched():
        if not folder.online:
            yield Finding(
                "folder away",
                f"The folder {folder.path} is not connected; its videos can be found, but not played.",
                "Connect its disk or share.",
                needs_person=False,
            )
    for unreachable in catalogue.unreachable():
        yield Finding(
            "unreachable",
            f"{unreachable.path} cannot be looked into: {unreachable.reason}",
            "Mend its permissions or its disk; what is known of it stays, and every run tries again.",
        )


def _videos(catalogue: Catalogue) -> Iterator[Finding]:
    failed = Counter(video.cause or Cause.FILE for video in catalogue.failures())
    for cause, kind, why, advice in (
        (Cause.FILE, "failed files", "because of what is in them", f"Replace them. {_DONE}"),
        (
            Cause.ENVIRONMENT,
            "failed by circumstances",
            "because of permissions, disks or memory",
            "Every run tries them again; mend what their reasons name.",
        ),
        (
            Cause.PROGRAM,
            "failed by Reelfind",
            "because of an error in Reelfind",
            "Every run tries them again; the log has the details.",
        ),
    ):
        if failed[cause]:
            yield Finding(kind, f"{_counted(failed[cause])} could not be read {why}.", advice)
    partial = catalogue.incomplete()
    if partial:
        advice = "Every run tries again where that may help."
        yield Finding("partly indexed", f"{_counted(len(partial))} could only be read in part.", advice)
    everything = catalogue.videos(gone=True)
    gone = sum(video.presence is Presence.GONE for video in everything)
    if gone:
        yield Finding(
            "gone files",
            f"{_counted(gone)} {'is' if gone == 1 else 'are'} gone from the folders.",
            "What was indexed is kept for a while, for the case that they come back.",
            needs_person=False,
        )


def _decoder(folder: Path) -> Iterator[Finding]:
    """Start a decoder; the file it is asked for does not exist."""
    try:
        with Decoder() as decoder:
            decoder.probe(folder / "no such video.mp4")
    except MediaError:  # it runs, and says so of a file that is not there
        return
    except ReelfindError as error:
        yield Finding("decoder", error.sentence, error.advice)
    except OSError as error:
        yield Finding(
            "decoder",
            f"The process that reads videos cannot be started ({error.strerror or error}).",
            "Close other programs and try again.",
        )


def _watching() -> Iterator[Finding]:
    """Whether the system lets folders be watched for changes."""
    if sys.platform != "linux":
        return
    with suppress(OSError, AttributeError):
        system = ctypes.CDLL(None, use_errno=True)
        descriptor = system.inotify_init()
        if descriptor >= 0:
            os.close(descriptor)
        elif ctypes.get_errno() in {errno.EMFILE, errno.ENFILE}:
            yield Finding(
                "watching",
                "The system lets no more programs watch folders, so changes are noticed late.",
                "Raise fs.inotify.max_user_instances, or close other programs.",
            )
    with suppress(OSError, ValueError):
        limit = int(Path("/proc/sys/fs/inotify/max_user_watches").read_text(encoding="ascii"))
        if limit < 8192:
            yield Finding(
                "watching",
                f"The system lets {limit:,} folders be watched; in others changes are noticed late.",
                "Raise fs.inotify.max_user_watches.",
                needs_person=False,
            )


def _foreign(folder: Path) -> list[str]:
    try:
        return sorted(entry.name for entry in os.scandir(folder) if not _OURS.fullmatch(entry.name))
    except OSError:
        return []


def _counted(number: int) -> str:
    return "1 video" if number == 1 else f"{number:,} videos"


def described(video: Video) -> dict[str, object]:
    """A video that failed, or was read in part, as plain values."""
    return {
        "path": str(video.path),
        "reason": video.reason,
        "advice": video.advice,
        "cause": video.cause.value if video.cause else None,
        "attempts": video.attempts,
        "will_be_retried": video.will_be_retried,
        "read_until": video.read_until,
    }
