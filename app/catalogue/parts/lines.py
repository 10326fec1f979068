"""What is said and written in videos, and what they are called."""

import logging
from collections.abc import Callable, Collection, Sequence

from sqlite_utils import Database

from app.catalogue.deltas import Delta
from app.catalogue.line_records import FoundLines, LineCounts, LineFailure, StoredLine
from app.catalogue.parts.base import CataloguePart
from app.catalogue.records import Video
from app.catalogue.rows import video_rows
from app.catalogue.rows.lines import line_rows, line_search, name_rows
from app.database.connections import DamagedError
from app.errors import MediaError
from app.lines.asked import AskedWord
from app.lines.line import Line, Source

logger = logging.getLogger(__name__)


class KeepingLines(CataloguePart):
    """Lines of every source wait to be read, are written, counted and read.

    Lines hang on the video whose content they were read from: copies share them. Names hang on each file.
    """

    def without_lines(self, source: Source, reader: str) -> list[Video]:
        """Videos at hand, indexed, of which a source was not read by this reader yet; in order of id.

        Those among them that it failed of are such whose failure may pass; others wait for `retry`.

        Args:
            source: which; names need no reading.
            reader: `LineReader.reader`.
        """
        with self._connections.reading() as database:
            return line_rows.without(database, source, reader)

    def lines_beside(self, source: Source) -> dict[int, str]:
        """By id of the videos of which a source was read, or failed: what lay beside their files then."""
        with self._connections.reading() as database:
            return line_rows.beside(database, source)

    def commit_lines(
        self, video: Video, source: Source, reader: str, lines: Sequence[Line], *, beside: str = ""
    ) -> bool:
        """Write all lines of a video and a source in one transaction; earlier ones are replaced.

        Args:
            video: as it was before its file was opened.
            source: which.
            reader: `LineReader.reader`.
            lines: in order of time. A line's text is kept on one line, without what does not show.
            beside: what lay beside the file, `LineReader.beside`.

        Returns:
            Whether they were written: not where the file changed since, or the video left the library.
        """
        with self._connections.writing() as database:
            if not _is_unchanged(database, video):
                return False
            line_rows.write(database, video.id, source, reader, lines, beside)
            folders = video_rows.folders_of(database, [video.id])
        self._deltas.tell(Delta(folders, changed=frozenset({video.id}), findable=True))
        return True

    def fail_lines(
        self, video: Video, source: Source, reader: str, error: MediaError, *, beside: str = ""
    ) -> None:
        """Note why a source cannot be read from a video; lines that were read before stay.

        Arguments as those of `commit_lines`.
        """
        with self._connections.writing() as database:
            if not _is_unchanged(database, video):
                return
            line_rows.fail(database, video.id, source, reader, error, beside)
            folders = video_rows.folders_of(database, [video.id])
        self._deltas.tell(Delta(folders, changed=frozenset({video.id}), problems=True))

    def retry_lines(self, video_ids: Collection[int] | None = None) -> int:
        """Let sources that failed be read again; returns how many. `retry` does so too.

        Args:
            video_ids: of these videos only; of all where None.
        """
        with self._connections.writing() as database:
            return line_rows.retry(database, video_ids)

    def forget_lines(self, source: Source) -> None:
        """Delete all lines of a source, and that it was read."""
        with self._connections.writing() as database:
            line_rows.forget_source(database, source)
        self._deltas.tell(Delta(findable=True, problems=True))

    def line_counts(self) -> dict[Source, LineCounts]:
        """How far each source was read, whatever it was read with."""
        with self._connections.reading() as database:
            return line_rows.counts(database)

    def line_failures(self, source: Source) -> list[LineFailure]:
        """What could not be read of a source, in order of the videos' ids."""
        with self._connections.reading() as database:
            return line_rows.failures(database, source)

    def lines(self, video_id: int, source: Source | None = None) -> list[StoredLine]:
        """A video's lines in order of source and time, of all sources where None; copies have names only."""
        with self._connections.reading() as database:
            return line_rows.read(
                database, "video_id = ? AND (? IS NULL OR source = ?)", [video_id, source, source]
            )

    def some_lines(self, sources: Collection[Source], limit: int) -> list[tuple[int, str]]:
        """Lines from all over the library, at most so many, each with the id of its video."""
        with self._connections.reading() as database:
            return line_rows.some(database, sources, limit)

    def find_lines(
        self,
        words: Sequence[AskedWord],
        sources: Collection[Source] = tuple(Source),
        *,
        limit: int = 200,
        within: Callable[[int, int], bool] | None = None,
        tolerant: bool = False,
    ) -> FoundLines:
        """Lines that hold words of a query, of videos that are not gone.

        Args:
            words: of the query, those that say something.
            sources: only lines of these.
            limit: lines at most, about.
            within: told a content's id and its folder's: whether it is searched; everything where None.
            tolerant: whether a word that no line holds also stands for longer ones and for those that are a
                slip away.

        Returns:
            What was found; nothing where the index of words is damaged.
        """
        try:
            with self._connections.reading() as database:
                return line_search.find(
                    database, words, sources, limit=limit, within=within, tolerant=tolerant
                )
        except DamagedError as error:  # pictures can be searched
            logger.warning("no line can be searched: %s", error)
            return FoundLines(0, {}, {}, ())

    def refresh_names(self) -> int:
        """Write the names of videos whose names are not known yet; returns of how many.

        Every commit does so by itself; what an earlier version left is done by the next scan.
        """
        with self._connections.writing() as database:
            return name_rows.refresh(database)


def _is_unchanged(database: Database, video: Video) -> bool:
    now = video_rows.by_ids(database, [video.id]).get(video.id)
    return now is not None and (now.size, now.mtime_ns, now.copy_of) == (video.size, video.mtime_ns, None)
