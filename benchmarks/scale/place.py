"""Where a measurement works, and how much work it makes of it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.indexing.passes import MANY
from benchmarks.retrieval import CLIPS


class NotMeasuredError(Exception):
    """Something cannot be measured here; the message says why."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How often and on what is measured."""

    runs: int = 3
    """New processes, removals, indexing runs: medians are taken over so many."""
    untimed: int = 1
    """New processes before those: the first finds out which device is used."""
    queries: int = 200
    """Warm queries, each another text; of recall too."""
    pictures: int = 600
    """Pictures around which the library's vectors lie."""
    thumbnail: tuple[int, int] = (32, 18)
    """Width and height of the thumbnails in it."""
    hd: tuple[int, int] = (1920, 1080)
    """Width and height of the h264 videos that are made."""
    uhd: tuple[int, int] = (3840, 2160)
    """Width and height of the 10-bit HEVC video that is made."""
    videos: int = 10
    """h264 videos."""
    many: int = MANY
    """h264 videos that are new at once, so many that a first look is taken at them."""
    seconds: int = 60
    """Length of every made video."""
    patience: float = 120.0
    """Seconds of an indexing run beside which is searched."""
    clips: Path | None = CLIPS
    """Real clips that are indexed beside the made ones; none where None or absent."""


@dataclass(frozen=True, slots=True)
class Place:
    """A folder with a synthetic library in it."""

    folder: Path
    frames: int
    effort: Effort = field(default_factory=Effort)

    @property
    def library(self) -> Path:
        """The library's folder; nothing that is measured changes it."""
        return self.folder / "library"

    @property
    def videos(self) -> Path:
        """Parent of the watched folders."""
        return self.folder / "videos"

    @property
    def made(self) -> Path:
        """Parent of the videos that can be decoded."""
        return self.folder / "made"

    @contextmanager
    def scratch(self, name: str) -> Iterator[Path]:
        """An empty folder, deleted afterwards; what an earlier run left in it is deleted first."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder)

    @contextmanager
    def library_copy(self) -> Iterator[Path]:
        """A copy of the library for what changes it, deleted afterwards."""
        with self.scratch("scratch") as folder:
            yield Path(shutil.copytree(self.library, folder / "library"))
