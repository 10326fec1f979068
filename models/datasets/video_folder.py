"""Finding a data set's videos: by name, wherever in the folder and with whatever suffix they were saved."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from app.errors import UsageError

# fmt: off
SUFFIXES = frozenset({
    ".3g2", ".3gp", ".asf", ".avi", ".flv", ".gif", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg",
    ".mts", ".ogv", ".ts", ".webm", ".wmv",
})
# fmt: on


class VideoFolder:
    """An index of a folder. What it does not list cannot be reached, whatever a name looks like.

    Args:
        folder: searched with all its folders; links to folders are not followed.

    Raises:
        UsageError: it is no folder.
    """

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise UsageError(
                f"There is no folder “{folder.name}” with videos.", "Give the folder they are in."
            )
        files = sorted(
            Path(place, name).relative_to(folder).as_posix()
            for place, _, names in os.walk(folder)
            for name in names
        )
        self._paths: dict[str, Path] = {}
        # A name that says more wins: the whole path, then the name alone; with its suffix, then without.
        self._add(folder, {file: file for file in files})
        self._add(folder, {PurePosixPath(file).name: file for file in reversed(files)})
        videos = [file for file in reversed(files) if PurePosixPath(file).suffix.lower() in SUFFIXES]
        self._add(folder, {str(PurePosixPath(file).with_suffix("")): file for file in videos})
        self._add(folder, {PurePosixPath(file).stem: file for file in videos})

    def find(self, names: Iterable[str]) -> Path | None:
        """Return the file that has the first of `names`, or one with another suffix; None where none has."""
        for name in names:
            bare = PurePosixPath(name)
            found = self._paths.get(name)
            if found is None and bare.suffix.lower() in SUFFIXES:
                found = self._paths.get(str(bare.with_suffix("")))
            if found is not None:
                return found
        return None

    def _add(self, folder: Path, names: dict[str, str]) -> None:
        for name, file in names.items():
            self._paths.setdefault(name, folder / file)
