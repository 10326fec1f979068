"""The libraries that scenarios are played in: made once by the program's own paths, and kept."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.disk.formats import is_video_name
from app.session import Session
from benchmarks.responsiveness.scenarios import LibraryKind, Scenario
from benchmarks.responsiveness.stage import Material
from benchmarks.scale.made_videos import hd_videos
from benchmarks.scale.place import Effort, Place
from benchmarks.scale.synthetic_library import fill

_THUMBNAIL = (320, 180)
"""As large as those of real videos."""


@dataclass(frozen=True, slots=True)
class Libraries:
    """Everything lies in one folder."""

    folder: Path
    clips: Path
    """Real clips; where there are none, videos are made."""
    count: int
    """How many clips are indexed; as many as are left of them are added later."""
    frames: int
    """Of the large library."""
    pictures: int = Effort().pictures
    """Pictures around which its vectors lie."""

    def material(self, results: int, seconds: float) -> Material:
        """What scenarios work with; made where it is not there yet."""
        clips, more = self.folder / "clips", self.folder / "more clips"
        names = self._names()
        _copy(names[: self.count], clips)
        _copy(names[self.count :], more)
        scratch = self.folder / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        return Material(clips, more, scratch, results, seconds)

    @contextmanager
    def opened_for(self, scenario: Scenario, material: Material) -> Iterator[Path]:
        """The folder of the library for one run of a scenario."""
        with tempfile.TemporaryDirectory(dir=material.scratch) as name:
            library = Path(name) / "library"
            match scenario.library:
                case LibraryKind.NONE:
                    pass
                case LibraryKind.CLIPS if scenario.alters:
                    shutil.copytree(self._of_clips(material), library)
                case LibraryKind.CLIPS:
                    library = self._of_clips(material)
                case LibraryKind.LARGE:
                    library = self._large()
            yield library

    def _names(self) -> list[Path]:
        if self.clips.is_dir():
            return sorted(path for path in self.clips.iterdir() if is_video_name(path.name))
        effort = Effort(hd=(640, 360), videos=2 * self.count, seconds=10)
        return sorted(hd_videos(Place(self.folder, 0, effort)).iterdir())

    def _of_clips(self, material: Material) -> Path:
        library = self.folder / "library of clips"
        if not library.exists():
            with tempfile.TemporaryDirectory(dir=material.scratch) as name:
                made = Path(name) / "library"
                with Session(made) as session:
                    session.add_folder(material.clips)
                    session.indexer.start()
                    session.indexer.wait()
                made.rename(library)
        return library

    def _large(self) -> Path:
        effort = Effort(thumbnail=_THUMBNAIL, pictures=self.pictures)
        place = Place(self.folder / str(self.frames), self.frames, effort)
        if not place.library.exists():
            place.folder.mkdir(parents=True, exist_ok=True)
            fill(place)
        return place.library


def _copy(videos: list[Path], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for video in videos:
        if not (folder / video.name).exists():
            shutil.copy2(video, folder)
