"""Files of subtitles that belong to a video: known by their names, never opened here."""

import os
import time
import unicodedata
from collections.abc import Callable, Iterator, Set
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from app.lines.language_codes import language_in_name

SUFFIXES = frozenset(
    {".srt", ".vtt", ".webvtt", ".ass", ".ssa", ".sub", ".smi", ".sami", ".ttml", ".dfxp", ".mpl"}
)
"""With their dot, lower case. `.idx` and `.sup` are pictures; what a `.sub` is, its content says."""
FOLDERS = frozenset({"subs", "sub", "subtitles", "subtitle", "untertitel", "sous-titres", "subtitulos"})
"""Names, lower case, of folders beside a video that hold subtitles."""
MOST_FILES = 40
"""Of one video."""

_MARKS = frozenset(" ._-([")
"""What may stand behind the video's name in a file that belongs to it."""
_MOST_ENTRIES = 100_000
"""Of one folder."""
_REMEMBERED_SECONDS = 10.0
_REMEMBERED_FOLDERS = 256


@dataclass(frozen=True, slots=True, order=True)
class Sidecar:
    """One file of subtitles."""

    path: Path
    language: str
    """ISO 639-1 as the name says, or empty."""
    size: int
    """Bytes."""
    mtime_ns: int


def is_subtitle_name(name: str) -> bool:
    """Whether a file of this name may hold subtitles."""
    return not name.startswith(".") and _suffix(name) in SUFFIXES


class SidecarFinder:
    """Finds the files of subtitles that belong to videos.

    Those called like the video (`Film.srt`, `Film.en.forced.vtt`), in its folder and in one for subtitles in
    there (`Subs/Film.de.ass`, `Subs/Film/2_English.srt`); those called otherwise in such a folder too, where
    the video is the only one. Of two videos whose names begin alike the one with the longer name has the
    file. Links are followed to regular files, as those to videos are.
    """

    def __init__(self, is_video_name: Callable[[str], bool]) -> None:
        """Know nothing yet.

        Args:
            is_video_name: whether a file of this name may be a video.
        """
        self._is_video_name = is_video_name
        self._folders: dict[Path, tuple[float, dict[str, list[Sidecar]]]] = {}

    def of(self, video: Path) -> tuple[Sidecar, ...]:
        """Those of one video, in the order of their paths, as they were some seconds ago at most.

        Raises:
            OSError: its folder cannot be looked into.
        """
        now = time.monotonic()
        looked, found = self._folders.get(video.parent, (float("-inf"), {}))
        if now - looked > _REMEMBERED_SECONDS:
            if len(self._folders) >= _REMEMBERED_FOLDERS:
                self._folders.clear()
            found = _sidecars_in(video.parent, self._is_video_name)
            self._folders[video.parent] = now, found
        return tuple(sorted(found.get(_plain(video.stem), ()))[:MOST_FILES])


def signature(sidecars: tuple[Sidecar, ...]) -> str:
    """A short text that is another one when a file came, went or changed; empty where there is none."""
    if not sidecars:
        return ""
    named = [(os.fsencode(each.path.name), each.size, each.mtime_ns) for each in sidecars]
    return sha256(repr(named).encode()).hexdigest()[:16]


def _sidecars_in(folder: Path, is_video_name: Callable[[str], bool]) -> dict[str, list[Sidecar]]:
    """The files of subtitles in a folder and in those for them, by the plain stem of their video."""
    entries = list(_listing(folder))
    videos = {_plain(_stem(entry.name)) for entry in entries if is_video_name(entry.name)}
    found: dict[str, list[Sidecar]] = {}

    def add(entry: "os.DirEntry[str]", video: str | None, words: str) -> None:
        if video is not None and (sidecar := _sidecar(entry, words)) is not None:
            found.setdefault(video, []).append(sidecar)

    only = next(iter(videos)) if len(videos) == 1 else None
    for entry in entries:
        if is_subtitle_name(entry.name):
            add(entry, *_owner(_plain(_stem(entry.name)), videos))
        elif entry.name.lower() in FOLDERS:
            for inner in _entered(entry):
                plain = _plain(_stem(inner.name))
                if is_subtitle_name(inner.name):
                    video, words = _owner(plain, videos)
                    add(inner, video or only, words if video else plain)
                elif _plain(inner.name) in videos:
                    for own in _entered(inner):
                        if is_subtitle_name(own.name):
                            add(own, _plain(inner.name), _plain(_stem(own.name)))
    return found


def _sidecar(entry: "os.DirEntry[str]", words: str) -> Sidecar | None:
    try:
        if entry.is_file():
            status = entry.stat()
            return Sidecar(Path(entry.path), language_in_name(words), status.st_size, status.st_mtime_ns)
    except OSError:  # a link that leads nowhere; or it has gone
        pass
    return None


def _owner(stem: str, videos: Set[str]) -> tuple[str | None, str]:
    """The video with the longest name that a stem begins with, and what stands behind that."""
    for end in range(len(stem), 0, -1):
        if (end == len(stem) or stem[end] in _MARKS) and stem[:end] in videos:
            return stem[:end], stem[end:]
    return None, ""


def _entered(entry: "os.DirEntry[str]") -> "list[os.DirEntry[str]]":
    """What is in a folder; nothing where it is none, or may not be entered: what lies elsewhere counts."""
    try:
        return list(_listing(Path(entry.path))) if entry.is_dir() else []
    except OSError:
        return []


def _listing(folder: Path) -> Iterator["os.DirEntry[str]"]:
    with os.scandir(folder) as listing:
        for number, entry in enumerate(listing):
            if number >= _MOST_ENTRIES:
                return
            yield entry


def _plain(name: str) -> str:
    """A name as it is compared: file systems differ in case and in how they compose letters."""
    return unicodedata.normalize("NFC", name).casefold()


def _stem(name: str) -> str:
    return os.path.splitext(name)[0]  # noqa: PTH122 (no path per entry)


def _suffix(name: str) -> str:
    return os.path.splitext(name)[1].lower()  # noqa: PTH122
