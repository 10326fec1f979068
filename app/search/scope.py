"""Where a search looks: in a folder, or in the videos that meet the query's filters."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import FilteredVideos, Video, WatchedFolder
from app.vectors.vector_index import Gallery


@dataclass(frozen=True, slots=True)
class Scope:
    """Which contents are searched, and which of a content's files are shown for it."""

    video_ids: frozenset[int]
    """Contents to search, beside those of the folder."""
    folder_id: int | None = None
    """A watched folder, where all of it is meant."""
    path: Path | None = None
    """Files below it are shown rather than their copies elsewhere."""
    files: frozenset[int] | None = None
    """Likewise these; None where all may be."""

    @classmethod
    def below(cls, path: Path, folder: WatchedFolder, catalogue: Catalogue) -> Self:
        """What lies in `path`, which is a watched folder or one below it."""
        if path == folder.path:
            return cls(catalogue.copied_into(folder.id), folder.id, path)
        inside = [video for video in catalogue.videos(folder.id) if video.path.is_relative_to(path)]
        return cls(frozenset(video.copy_of or video.id for video in inside), path=path)

    @classmethod
    def of(cls, found: FilteredVideos) -> Self:
        """The videos that meet a query's filters."""
        return cls(found.contents, files=found.files)

    def rows(self, gallery: Gallery) -> NDArray[np.intp]:
        """Rows of the gallery that lie within, ascending."""
        inside = np.isin(gallery.video_of_row, list(self.video_ids))
        if self.folder_id is not None:
            inside |= gallery.folder_of_row == self.folder_id
        return np.flatnonzero(inside)

    def shows(self, file: Video) -> bool:
        """Whether a file is one that was asked for, and not only a copy of one."""
        if self.path is not None and not file.path.is_relative_to(self.path):
            return False
        return self.files is None or file.id in self.files
