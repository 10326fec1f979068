"""Gallery rows at the times of lines."""

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray

from app.search.words.hits import Hit
from app.vectors.vector_index import Gallery

NEAR = 5.0
"""Seconds around a line in which what is seen goes with it."""


class VideoRows:
    """The rows of some videos, in order of time."""

    def __init__(
        self, gallery: Gallery, contents: Collection[int], among: NDArray[np.intp] | None = None
    ) -> None:
        """Look for the rows.

        Args:
            gallery: where they are.
            contents: ids of the videos.
            among: only these rows, ascending; all where None.
        """
        self._gallery = gallery
        wanted = np.fromiter(contents, np.int64, len(contents))
        rows = np.flatnonzero(np.isin(gallery.video_of_row, wanted)) if len(wanted) else np.empty(0, np.intp)
        if among is not None:
            rows = rows[np.isin(rows, among)]
        videos = gallery.video_of_row[rows]
        self._rows: dict[int, NDArray[np.intp]] = {
            video: rows[videos == video].astype(np.intp) for video in set(videos.tolist())
        }

    def of(self, content: int) -> NDArray[np.intp]:
        """All rows of a video."""
        return self._rows.get(content, np.empty(0, np.intp))

    def at(self, content: int, seconds: float) -> int | None:
        """The row whose frame shows a time, else the nearest; None where the video has none."""
        rows = self.of(content)
        if len(rows) == 0:
            return None
        times = self._gallery.times[rows]
        return int(rows[max(0, int(np.searchsorted(times, seconds, side="right")) - 1)])

    def around(self, hit: Hit) -> NDArray[np.intp]:
        """Rows that are seen while a line is there, or shortly before or after; the nearest at least."""
        rows = self.of(hit.content)
        times = self._gallery.times[rows]
        inside = rows[(times >= hit.start - NEAR) & (times <= hit.end + NEAR)]
        nearest = self.at(hit.content, hit.best)
        if len(inside) == 0 and nearest is not None:
            return np.array([nearest], np.intp)
        return np.asarray(inside, np.intp)
