"""Reads the lines of one source from the videos that lack them, behind the pictures."""

import logging
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path

from app.catalogue.catalogue import Catalogue
from app.catalogue.records import Video, VideoState
from app.errors import Cancelled, Cause, DecoderStartError, LibraryError, MediaError, ModelError
from app.indexing.behind.line_sources import LineSource
from app.indexing.behind.origin_pass import has_changed
from app.indexing.events import IndexingEvent, LinesFailed, LinesProgress, LinesRead, SourceFailed
from app.indexing.pausing import told_to_stop
from app.lines.reader import LineReader
from app.media import reasons

logger = logging.getLogger(__name__)

MOST_TROUBLE = 5
"""Files in a row of which something around them got in the way: the others wait for the next run."""
_INTERVAL = 0.1
"""Seconds between two events of progress."""


class LinePass:
    """One source, read video after video. Used once, driven by one thread.

    Each video's lines are written at once: what is not reached is read by the next run.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        source: LineSource,
        tell: Callable[[IndexingEvent], None],
        *,
        stopping: Callable[[], bool],
        unpaused: threading.Event,
        more: Callable[[], bool],
    ) -> None:
        """Prepare the pass; `drive` does it.

        Args:
            catalogue: where rows are kept.
            source: what is read; it can be.
            tell: takes events.
            stopping: whether the run is to end at once.
            unpaused: cleared while the run is to wait.
            more: whether another file may be opened.
        """
        self._catalogue = catalogue
        self._source = source
        self._tell = tell
        self._stopping = stopping
        self._unpaused = unpaused
        self._more = more
        self._lock = threading.Lock()
        self._reader: LineReader | None = None
        self._progress = _Progress()

    def drive(self, folders: Collection[int] | None) -> None:
        """Work until all that is at hand is done.

        Args:
            folders: only videos of the folders with these ids, of all where None.

        Raises:
            LibraryError: rows cannot be written; those that were written stay.
        """
        if self._source.open is None:
            return
        reader = self._source.open()
        videos = self._waiting(reader, folders)
        if not videos or self._stopping():
            return
        logger.info("reading %s of %d videos", self._source.source, len(videos))
        self._progress = _Progress(videos)
        try:
            with reader:
                with self._lock:
                    self._reader = reader
                self._read_all(reader, videos)
        except Cancelled:
            logger.info("reading %s was stopped", self._source.source)
        except (DecoderStartError, ModelError) as error:  # no other file could be read either
            logger.warning("%s cannot be read: %s", self._source.source, error)
            self._tell(SourceFailed(self._source.source, error.sentence, error.advice))
        finally:
            with self._lock:
                self._reader = None
            self._tell(self._progress.event(self._source, None))

    def cancel(self) -> None:
        """Kill the reader; `drive` returns soon after. From any thread."""
        with self._lock:
            if self._reader is not None:
                self._reader.cancel()

    def _waiting(self, reader: LineReader, folders: Collection[int] | None) -> list[Video]:
        """Videos to be read: those that lack lines, then those beside which something changed; what failed
        comes last, for it may take its time to fail again.
        """
        source = self._source.source
        lacking = {video.id: video for video in self._catalogue.without_lines(source, reader.reader)}
        known = self._catalogue.lines_beside(source)
        videos = self._catalogue.videos_by_id(known.keys() - lacking.keys())
        for number, video in sorted(videos.items()):
            if folders is not None and video.folder_id not in folders:
                continue
            try:
                here = video.state is VideoState.INDEXED and video.is_playable
                if here and reader.beside(video.path) != known[number]:
                    lacking[number] = video
            except OSError as error:
                logger.info("it is not known what lies beside %s: %s", video.path, error)
        failed = {failure.video.id for failure in self._catalogue.line_failures(source)}
        wanted = [v for v in lacking.values() if folders is None or v.folder_id in folders]
        return sorted(self._catalogue.by_use(wanted), key=lambda video: video.id in failed)

    def _read_all(self, reader: LineReader, videos: list[Video]) -> None:
        trouble = 0
        for video in videos:
            if told_to_stop(self._stopping, self._unpaused) or not self._more():
                return
            if trouble >= MOST_TROUBLE:
                logger.info("%s of the others is read by the next run", self._source.source)
                return
            self._tell(self._progress.event(self._source, video.path))
            trouble = trouble + 1 if self._read(reader, video) else 0
            self._progress.finish(video)

    def _read(self, reader: LineReader, video: Video) -> bool:
        """Read one video; returns whether something around it got in the way.

        Raises:
            Cancelled, DecoderStartError, ModelError: no other file can be read either.
            LibraryError: nothing can be written.
        """
        started = time.monotonic()
        try:
            if has_changed(video):
                return False  # the next scan sees it
            beside = reader.beside(video.path)
            lines = reader.read(video.path, progress=lambda at: self._reached(video, at))
            if has_changed(video):
                return False
        except (Cancelled, DecoderStartError, ModelError, LibraryError):
            raise
        except MediaError as error:
            self._fail(video, error, _beside(reader, video.path))
            return error.cause is Cause.ENVIRONMENT
        except OSError as error:
            logger.info("%s is read by a later run: %s", video.path, error)
            return True
        except Exception:
            logger.exception("reading %s of %s failed", self._source.source, video.path)
            self._fail(video, reasons.own_error(), "")
            return False
        if self._catalogue.commit_lines(video, self._source.source, reader.reader, lines, beside=beside):
            took = time.monotonic() - started
            self._tell(LinesRead(video.path, self._source.source, len(lines), _duration(video), took))
        return False

    def _fail(self, video: Video, error: MediaError, beside: str) -> None:
        source = self._source
        logger.warning("%s: %s cannot be read: %s", video.path, source.source, error)
        self._catalogue.fail_lines(video, source.source, source.reader, error, beside=beside)
        self._tell(LinesFailed(video.path, source.source, error.sentence, error.advice, error.cause))

    def _reached(self, video: Video, at: float) -> None:
        """Take note of how far a video is; waits here while the run is paused."""
        if self._progress.reach(at):
            self._tell(self._progress.event(self._source, video.path))
        if told_to_stop(self._stopping, self._unpaused):
            self.cancel()


class _Progress:
    """Counts seconds of video."""

    def __init__(self, videos: Collection[Video] = ()) -> None:
        self._total = len(videos)
        self._seconds = sum(map(_duration, videos))
        self._started = time.monotonic()
        self._told = float("-inf")
        self._done = 0
        self._before = self._here = 0.0

    def reach(self, at: float) -> bool:
        """`at` seconds of the current video are read; returns whether an event is due."""
        self._here = max(self._here, at)
        now = time.monotonic()
        if now - self._told < _INTERVAL:
            return False
        self._told = now
        return True

    def finish(self, video: Video) -> None:
        """A video is done with."""
        self._done += 1
        self._before += _duration(video)
        self._here = 0.0

    def event(self, source: LineSource, current: Path | None) -> LinesProgress:
        """The state; `current` is None at the end."""
        read, took = self._before + self._here, time.monotonic() - self._started
        fraction = min(1.0, read / self._seconds) if self._seconds else 1.0
        rate = read / took if took > 0 else 0.0
        eta = (self._seconds - read) / rate if rate > 0 and took > 1.0 else None
        done = self._total if current is None else self._done
        return LinesProgress(source.source, done, self._total, current, fraction, rate, eta)


def _beside(reader: LineReader, path: Path) -> str:
    try:
        return reader.beside(path)
    except OSError:
        return ""


def _duration(video: Video) -> float:
    return video.facts.duration if video.facts is not None else 0.0
