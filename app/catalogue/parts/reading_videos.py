"""What a library knows of its videos, and what indexing found in each."""

import logging
from collections.abc import Collection, Sequence
from pathlib import Path

from app.catalogue.parts.base import CataloguePart
from app.catalogue.records import (
    FilteredVideos,
    ProblemVideos,
    StoredClip,
    StoredFrame,
    Video,
    VideoState,
)
from app.catalogue.rows import (
    filter_rows,
    index_rows,
    origin_rows,
    video_rows,
)
from app.database.connections import DamagedError
from app.query.parsed_query import Filter

logger = logging.getLogger(__name__)


class ReadingVideos(CataloguePart):
    """Videos, their frames, clips and pictures."""

    def video(self, video_id: int) -> Video | None:
        """One video, None where it is not in the library (any more)."""
        return self.videos_by_id([video_id]).get(video_id)

    def videos_by_id(self, ids: Collection[int]) -> dict[int, Video]:
        """Videos by id; an id that is not in the library, or whose rows are damaged, is left out."""
        try:
            with self._connections.reading() as database:
                return video_rows.by_ids(database, ids)
        except DamagedError:
            if len(ids) <= 1:
                logger.warning("the rows of a video are damaged: %s", ids)
                return {}
        found: dict[int, Video] = {}
        for number in ids:  # those whose rows can be read
            found |= self.videos_by_id([number])
        return found

    def videos(
        self, folder_id: int | None = None, state: VideoState | None = None, *, gone: bool = False
    ) -> list[Video]:
        """Videos of a folder (all where None) in a state (any where None), in order of id.

        Args:
            folder_id: the watched folder.
            state: the state.
            gone: whether those are listed too whose file is gone.
        """
        with self._connections.reading() as database:
            return video_rows.by_state(database, folder_id, state, gone=gone)

    def videos_at(self, path: Path) -> list[Video]:
        """Videos, not gone, with this path, else all whose path ends so (`2023/dog.mp4`)."""
        with self._connections.reading() as database:
            return video_rows.at_path(database, path)

    def filtered(self, filters: Sequence[Filter], below: Path | None = None) -> FilteredVideos:
        """Videos that meet all filters and are not gone.

        Args:
            filters: several `in:`, `type:`, `camera:` or `place:` are alternatives.
            below: only files below this folder; anywhere where None.

        Raises:
            QueryError: no folder, camera or place is called so, or no file is of such a type.
        """
        with self._connections.reading() as database:
            return filter_rows.meeting(database, filters, below)

    def newest_first(self, contents: Collection[int]) -> list[int]:
        """Those of these ids whose videos are indexed, by the day on which they were filmed, newest first."""
        with self._connections.reading() as database:
            return filter_rows.newest_first(database, contents)

    def frames_near(self, wanted: Sequence[tuple[int, float]]) -> list[StoredFrame | None]:
        """For each id of a video with a time, in seconds, its nearest frame; None where it has none."""
        with self._connections.reading() as database:
            return [index_rows.read_nearest_frame(database, number, at) for number, at in wanted]

    def folders_named(self, start: str) -> list[str]:
        """Names of the folders with videos, and of those above within the library, that begin so."""
        with self._connections.reading() as database:
            return filter_rows.folders_named(database, start)

    def file_types(self, start: str = "") -> list[str]:
        """Types of the library's files (`mp4`) that begin so, in order."""
        with self._connections.reading() as database:
            return filter_rows.suffixes(database, start)

    def file_names(self, start: str, limit: int) -> list[str]:
        """Names of the library's files that begin so, whatever their case, in order; at most so many."""
        with self._connections.reading() as database:
            return filter_rows.file_names(database, start, limit)

    def years(self) -> list[int]:
        """In which years the library's videos were filmed, in order."""
        with self._connections.reading() as database:
            return filter_rows.years(database)

    def cameras(self, start: str) -> list[str]:
        """What the library's videos were filmed with, where a word of it begins so; in order."""
        with self._connections.reading() as database:
            return origin_rows.cameras(database, start)

    def places(self, start: str) -> list[str]:
        """Quarters, cities, regions and countries of the library's videos, likewise."""
        with self._connections.reading() as database:
            return origin_rows.places(database, start)

    def problems(self, limit: int) -> ProblemVideos:
        """The first `limit` videos of each kind that could not be (wholly) read; see `Folder.problems`."""
        with self._connections.reading() as database:
            return video_rows.problems(database, limit)

    def failures(self) -> list[Video]:
        """Videos that cannot be indexed, each with reason and advice."""
        return self.videos(state=VideoState.FAILED)

    def incomplete(self) -> list[Video]:
        """Videos that are indexed as far as they could be read; `Video.reason` says what is missing."""
        return [video for video in self.videos(state=VideoState.INDEXED) if video.reason]

    def copies(self, ids: Collection[int]) -> dict[int, list[Video]]:
        """The copies of these videos that are not gone, by the id of the original."""
        with self._connections.reading() as database:
            return video_rows.copies_of(database, ids)

    def copied_into(self, folder_id: int) -> frozenset[int]:
        """Ids of the originals elsewhere that have a copy in this watched folder."""
        with self._connections.reading() as database:
            rows = database.execute(
                """SELECT copy_of FROM videos
                WHERE folder_id = ? AND copy_of IS NOT NULL AND presence <> 'gone'""",
                [folder_id],
            ).fetchall()
        return frozenset(number for (number,) in rows)

    def fingerprints(self) -> set[str]:
        """Fingerprints of everything that is in the library."""
        with self._connections.reading() as database:
            rows = database.execute("SELECT fingerprint FROM videos WHERE fingerprint IS NOT NULL").fetchall()
        return {fingerprint for (fingerprint,) in rows}

    def frames(self, video_id: int) -> list[StoredFrame]:
        """A video's sampled frames in order of time."""
        with self._connections.reading() as database:
            return index_rows.read_frames(database, video_id)

    def clips(self, video_id: int) -> list[StoredClip]:
        """A video's clips in order of time."""
        with self._connections.reading() as database:
            return index_rows.read_clips(database, video_id)

    def bytes_of_pictures_and_vectors(self) -> tuple[int, int]:
        """Bytes of all thumbnails and of all vectors; looks at every row, not at what is in it."""
        with self._connections.reading() as database:
            pictures = database.execute("SELECT coalesce(sum(length(image)), 0) FROM thumbnails").fetchone()
            vectors = database.execute("SELECT coalesce(sum(length(vectors)), 0) FROM embeddings").fetchone()
        return int(pictures[0]), int(vectors[0])

    def thumbnail(self, frame_id: int) -> bytes | None:
        """A frame's picture as WebP, None where the frame is gone."""
        with self._connections.reading() as database:
            return index_rows.read_thumbnail(database, frame_id)
