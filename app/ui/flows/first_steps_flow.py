"""From the first steps with an empty library to the folders and settings that they choose."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths

from app.disk.folder_census import Census, count_videos
from app.paths import is_folder
from app.ui.background.snapshots import LibrarySnapshot
from app.ui.flows.parts import Parts

_PLACES = (QStandardPaths.StandardLocation.MoviesLocation, QStandardPaths.StandardLocation.PicturesLocation)


class FirstStepsFlow(QObject):
    """Offers the system's folders once, where the library has none."""

    def __init__(self, parts: Parts, parent: QObject) -> None:
        super().__init__(parent)
        self._parts = parts
        self._looked = False
        welcome, reading = parts.empty.welcome_step, parts.empty.reading_step
        welcome.tie(lambda step: step.folders_wanted.connect(self._add))
        reading.tie(lambda step: step.changed.connect(parts.settings_control.change))
        parts.settings_control.sources.connect(
            lambda states: reading.tell("sources", lambda step: step.show_sources(states))
        )
        parts.control.contents.connect(self._on_contents)

    def _on_contents(self, contents: LibrarySnapshot) -> None:
        if self._looked or contents.folders or contents.read_only:
            return
        self._looked = True
        places = [Path(place) for each in _PLACES for place in QStandardPaths.standardLocations(each)[:1]]
        looking = self._parts.operations.run("look for videos", lambda: suggested(places))
        looking.finished.connect(self._parts.empty.welcome.suggest)
        self._parts.settings_control.read_sources()

    def _add(self, folders: Sequence[Path]) -> None:
        for folder in folders:
            self._parts.control.add_folder(folder)


def suggested(places: Sequence[Path]) -> list[Census]:
    """The folders that hold videos; the home itself, which stands for those that a system lacks, is none."""
    unique = dict.fromkeys(place for place in places if place != Path.home() and is_folder(place))
    return [census for census in map(count_videos, unique) if census.videos]
