"""Where a search looks: in a folder, or in the videos that meet the query's filters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import FilteredVideos, Video, VideoParts, WatchedFolder
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
    parts: tuple[VideoParts, ...] = ()
    """Of some contents only these moments are searched, or all but these."""

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
        return cls(found.contents, files=found.files, parts=found.parts)

    def among(self, contents: frozenset[int]) -> Self:
        """The same, of these contents only."""
        return replace(self, video_ids=self.video_ids & contents, folder_id=None)

    def rows(self, gallery: Gallery) -> NDArray[np.intp]:
        """Rows of the gallery that lie within, ascending."""
        inside = np.isin(gallery.video_of_row, list(self.video_ids))
        if self.folder_id is not None:
            inside |= gallery.folder_of_row == self.folder_id
        for part in self.parts:
            for content, spans in part.spans.items():
                places = np.flatnonzero(gallery.video_of_row == content)
                met = _shown_in(spans, gallery.times[places])
                inside[places] &= ~met if part.excluded else met
        return np.flatnonzero(inside)

    @property
    def cuts_videos(self) -> bool:
        """Whether of some videos only a part is searched, which need not end where clips do."""
        return bool(self.parts)

    def holds(self, video_id: int, folder_id: int) -> bool:
        """Whether a content is searched."""
        return video_id in self.video_ids or folder_id == self.folder_id

    def meets(self, video_id: int, start: float, end: float) -> bool:
        """Whether a time of a content that is searched is in the part of it that is."""
        for part in self.parts:
            if video_id in part.spans:
                met = any(start < until and first <= end for first, until in part.spans[video_id])
                if met is part.excluded:
                    return False
        return True

    def shows(self, file: Video) -> bool:
        """Whether a file is one that was asked for, and not only a copy of one."""
        if self.path is not None and not file.path.is_relative_to(self.path):
            return False
        return self.files is None or file.id in self.files


def _shown_in(spans: Sequence[tuple[float, float]], times: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which frames (n,) of a video are to be seen in one of some spans, each until the next one comes."""
    until = np.append(times[1:], np.inf)
    met = np.zeros(len(times), np.bool_)
    for start, end in spans:
        met |= (times < end) & (until > start)
    return met
