"""One pass over videos: decode stages feed one encode stage, which commits whole videos."""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from app.catalogue.catalogue import Catalogue
from app.catalogue.frame_cache import SHORT_SIDE, FrameWriter
from app.catalogue.records import IndexedVideo, Video
from app.errors import Cause, DecoderStartError, EncodingError, LibraryError, ModelError, ReelfindError
from app.indexing.behind.origin_pass import place_of
from app.indexing.events import (
    CopyFound,
    FirstLookTaken,
    IndexingEvent,
    Stage,
    VideoFailed,
    VideoIndexed,
    VideoStarted,
)
from app.indexing.passes import IndexPass
from app.indexing.runs.content_claims import ContentClaims
from app.indexing.runs.partial_video import PartialVideo
from app.indexing.runs.run_progress import ProgressMeter
from app.indexing.runs.video_readings import VideoReadings
from app.indexing.stages.cached_frames import KeptFrames
from app.indexing.stages.decode_stages import LOOK_AHEAD, StageContext, VideoStage, Workers, local_stages
from app.indexing.stages.items import (
    Decoded,
    Deferred,
    Duplicate,
    Encoded,
    Ending,
    Interrupted,
    Item,
    NotStarted,
    Opened,
    Reached,
    Sampled,
    StageEnded,
    Unreadable,
    Vanished,
)
from app.indexing.stages.video_reading import OUR_FAULT
from app.media.frames import Sampling
from app.media.geography.gazetteer import Gazetteer
from app.runtime.frame_encoding import FrameEncoding

logger = logging.getLogger(__name__)

START_FAILURES = 3
"""Videos in a row without a decoder before the run ends: no other video would get one either."""


class Run:
    """Indexes a given list of videos for one model. Used once, driven by one thread."""

    def __init__(
        self,
        catalogue: Catalogue,
        index_pass: IndexPass,
        encoder: FrameEncoding,
        videos: Sequence[Video],
        tell: Callable[[IndexingEvent], None],
        *,
        more: Callable[[], bool],
        stopping: threading.Event,
        unpaused: threading.Event,
        gazetteer: Gazetteer | None = None,
        workers: Workers | None = None,
    ) -> None:
        """Prepare one pass; `run` does it.

        Args:
            catalogue: where rows are kept.
            index_pass: what the videos are indexed for.
            encoder: the model's, open.
            videos: to be done, in this order on each disk.
            tell: takes events.
            more: whether another video may be begun; those under way are finished.
            stopping: set when the run is to end at once.
            unpaused: cleared while the run is to wait.
            gazetteer: names places; one of its own where None.
            workers: who reads and encodes in place of this process, which then keeps no frames.
        """
        self._catalogue = catalogue
        self._encoder = encoder
        self._tell = tell
        self._gazetteer = gazetteer or Gazetteer()
        self._wanted = index_pass.wanted
        self._committed = index_pass.committed
        self._given_up = index_pass.given_up
        self._stopping = stopping
        self._aborted = False
        self._queue: queue.Queue[Item] = queue.Queue(maxsize=LOOK_AHEAD)
        self._readings = VideoReadings()
        self._contents = ContentClaims(catalogue, index_pass.bundle.identity)
        self._cache = index_pass.cache if workers is None else None
        self._first_look = index_pass.stage is Stage.FIRST_LOOK
        model = index_pass.bundle.title if index_pass.pending_model else ""
        self._meter = ProgressMeter(model=model, stage=index_pass.stage)
        self._meter.expect([video.size for video in videos])
        context = StageContext(
            self._queue,
            self._contents,
            wanted=self._is_wanted,
            more=lambda: more() and index_pass.more(),
            stopping=self._is_over,
            unpaused=unpaused,
        )
        sampling = self._sampling(index_pass)
        kept = None if self._cache is None else KeptFrames(catalogue, self._cache)
        self._stages: Sequence[VideoStage] = (
            local_stages(videos, sampling, index_pass.cores, context, kept)
            if workers is None
            else workers.stages(videos, index_pass.bundle, sampling, context)
        )
        self._start_failures = 0
        self.indexed = 0
        self.failed = 0

    def _sampling(self, index_pass: IndexPass) -> Sampling:
        size = index_pass.bundle.image.size
        return Sampling(
            short_side=size if self._cache is None else max(size, SHORT_SIDE),
            max_rate=index_pass.max_rate,
            first_look=self._first_look,
        )

    @property
    def left_over(self) -> list[Video]:
        """After `drive`: videos whose content another one had, that was not wholly indexed after all."""
        return [] if self._first_look else self._contents.unresolved

    def drive(self) -> None:
        """Work until every stage is through; on `stopping`, what is not yet committed stays pending.

        Raises:
            LibraryError: rows cannot be written (disk full); the run is over, committed videos stay.
            ModelError: the encoder cannot run; as above.
            DecoderStartError: no decoder can be started; as above.
        """
        try:
            for stage in self._stages:
                stage.start()
            alive = len(self._stages)
            while alive and not self._is_over():
                try:
                    item = self._queue.get(timeout=0.2)
                except queue.Empty:
                    continue
                if isinstance(item, StageEnded):
                    alive -= 1
                    if item.error is not None:
                        raise item.error
                else:
                    self._take(item)
                    if self._meter.due():
                        self._tell(self._meter.report())
            self._tell(self._meter.report())
        finally:
            self._aborted = True
            self._drain()
            self._readings.close()

    def cancel(self) -> None:
        """Kill the decoders; `drive` returns soon after. From any thread."""
        for stage in self._stages:
            stage.cancel()

    def _is_over(self) -> bool:
        return self._aborted or self._stopping.is_set() or not self._wanted()

    def _is_wanted(self, video: Video) -> bool:
        """Whether a video is still in the library: its folder may have been removed since the run began."""
        return self._catalogue.video(video.id) is not None

    def _drain(self) -> None:
        """End every stage. One may be waiting to put its last item, or be opening a video, where there is
        nothing to cancel yet: both are seen to until it is gone.
        """
        for stage in self._stages:
            while stage.is_alive():
                stage.cancel()
                with contextlib.suppress(queue.Empty):
                    self._queue.get_nowait()
                stage.join(0.05)

    def _take(self, item: Item) -> None:
        """Take one item; an error that concerns its video alone is that video's failure.

        Raises:
            LibraryError, ModelError, DecoderStartError: nothing can be written, encoded, or decoded any more.
        """
        if isinstance(item, StageEnded):
            return
        try:
            self._handle(item)
        except EncodingError as error:  # another model may have a vector: it is tried again
            logger.warning("%s: %s", item.video.path, error.sentence)
            self._fail(Unreadable(item.video, error.sentence, error.advice, Cause.PROGRAM))
        except (LibraryError, ModelError, DecoderStartError):
            raise
        except Exception as error:
            logger.exception("Indexing %s failed because of an error in Reelfind", item.video.path)
            reason, advice = OUR_FAULT
            if isinstance(error, ReelfindError):
                reason, advice = error.sentence, error.advice
            self._fail(Unreadable(item.video, reason, advice, Cause.PROGRAM))

    def _handle(self, item: Item) -> None:
        match item:
            case Opened() | Sampled() | Encoded() | Reached():
                self._gather(item)
            case Decoded(video, fingerprint, ending):
                self._decoded(video, fingerprint, ending)
            case Interrupted():
                self._readings.interrupt(item)
            case Unreadable():
                self._start_failures = 0
                self._unreadable(item)
            case NotStarted(video, error):
                self._not_started(video, error)
            case Duplicate(video, original, fingerprint):
                self._commit_copy(video, original, fingerprint)
            case Deferred(video, fingerprint):
                found = self._contents.defer(video, fingerprint)
                if found is not None:
                    self._commit_copy(video, found, fingerprint)
            case Vanished(video):
                self._finish(video)

    def _gather(self, item: Opened | Sampled | Encoded | Reached) -> None:
        """Frames of a video come in."""
        partial = self._readings.of(item.video.id)
        match item:
            case Opened(video, facts, sampling, kept, began):
                self._start_failures = 0
                recording = None if kept or self._cache is None else FrameWriter(self._cache)
                started = time.monotonic() if began is None else began
                self._readings.begin(PartialVideo(video, facts, sampling, self._encoder, recording, started))
                self._tell(VideoStarted(video.path, facts.duration))
            case Sampled(_, frame) if partial is not None:  # else it failed here: the decoder knows later
                self._advance(partial, partial.add(frame))
            case Encoded(_, frames, vectors) if partial is not None:
                self._advance(partial, partial.take(frames, vectors))
            case Reached(video, fraction):
                self._meter.advance(video.path, video.size, fraction, 0.0)

    def _advance(self, partial: PartialVideo, gained: float) -> None:
        fraction = partial.position / max(partial.facts.duration, 1e-3)
        self._meter.advance(partial.video.path, partial.video.size, fraction, gained)

    def _not_started(self, video: Video, error: DecoderStartError) -> None:
        self._fail(Unreadable(video, error.sentence, error.advice, Cause.ENVIRONMENT))
        self._start_failures += 1
        if self._start_failures >= START_FAILURES:
            raise error

    def _decoded(self, video: Video, fingerprint: str, ending: Ending) -> None:
        read = self._readings.end(video.id, ending)
        if read is not None:
            partial, ending = read
            self._commit(partial, fingerprint, ending)

    def _unreadable(self, item: Unreadable) -> None:
        """A second try that failed wholly does not take away what the first one gave."""
        earlier = self._readings.first(item.video.id) if item.cause.is_passing else None
        if earlier is None:
            self._fail(item)
            return
        first, interrupted = earlier
        self._commit(first, interrupted.fingerprint, interrupted.ending)

    def _commit(self, partial: PartialVideo, fingerprint: str, ending: Ending) -> None:
        if self._first_look and (ending.first_look or ending.cause is not None):
            self._commit_first_look(partial, fingerprint, ending)
            return
        video, rows = partial.video, self._rows(partial, ending)
        if ending.cause is not None and self._has_more(video, fingerprint, ending):
            partial.abandon()
            self._fail(Unreadable(video, ending.warning, "", ending.cause), keep_rows=True)
            return
        current = self._catalogue.commit_indexed(
            video.id, rows, fingerprint=fingerprint, mtime_ns=video.mtime_ns
        )
        if partial.recording is not None and current and ending.cause is None:
            partial.recording.finish(fingerprint, partial.sampling)
        else:
            partial.abandon()
        self._committed(video.id)
        self.indexed += 1
        rest = max(0.0, rows.facts.duration - partial.position)
        self._meter.advance(video.path, video.size, 1.0, rest)
        took = time.monotonic() - partial.started
        self._tell(
            VideoIndexed(
                video.path,
                len(rows.frames),
                partial.clips,
                rows.facts.duration,
                took,
                ending.warning,
                ending.cause,
                ending.read_until,
            )
        )
        self._finish(video, whole=current and ending.cause is None)

    def _rows(self, partial: PartialVideo, ending: Ending) -> IndexedVideo:
        """What to commit of a video, with the name of the place where it was filmed."""
        rows = partial.finish(ending)
        return replace(rows, place=place_of(rows.facts.origin, self._gazetteer))

    def _commit_first_look(self, partial: PartialVideo, fingerprint: str, ending: Ending) -> None:
        """Let a video be found by its key frames; it stays pending, and what is odd about it untold."""
        partial.abandon()
        video = partial.video
        if ending.cause is None:
            rows = self._rows(partial, ending)
            self._catalogue.commit_indexed(
                video.id, rows, fingerprint=fingerprint, mtime_ns=video.mtime_ns, first_look=True
            )
            took = time.monotonic() - partial.started
            self._tell(FirstLookTaken(video.path, len(rows.frames), rows.facts.duration, took))
        rest = max(0.0, partial.facts.duration - partial.position)
        self._meter.advance(video.path, video.size, 1.0, rest)
        self._finish(video)

    def _has_more(self, video: Video, fingerprint: str | None, ending: Ending) -> bool:
        """Whether an earlier run got at least as far in a video; of a content not known here, any."""
        if video.read_until is None or fingerprint not in {None, video.fingerprint}:
            return False
        embedded = self._catalogue.is_embedded(self._encoder.bundle.identity, video.id)
        return embedded and video.read_until >= ending.reach

    def _commit_copy(self, video: Video, original: Video, fingerprint: str) -> None:
        self._catalogue.commit_copy(video.id, original.id, fingerprint)
        self.indexed += 1
        self._tell(CopyFound(video.path, original.path))
        self._finish(video)

    def _fail(self, item: Unreadable, *, keep_rows: bool = False) -> None:
        video = item.video
        if item.stalled:
            self._given_up(video.id)
        elif self._first_look:  # the pass that reads everything tries it too, and says so
            self._finish(video)
            return
        if item.cause.is_passing and (keep_rows or self._has_more(video, None, Ending(read_until=0.0))):
            self._catalogue.commit_attempt(video.id, item.reason, item.advice, item.cause)
        else:
            self._catalogue.commit_failed(video.id, item.reason, item.advice, item.cause)
        self.failed += 1
        self._tell(VideoFailed(video.path, item.reason, item.advice, item.cause, video.attempts + 1))
        self._finish(video)

    def _finish(self, video: Video, *, whole: bool = False) -> None:
        """A video is done with, one way or the other; those that waited for its content are seen to."""
        self._readings.drop(video.id)
        self._meter.finish(video.path, video.size)
        for other, fingerprint in self._contents.finish(video, whole=whole):
            self._commit_copy(other, video, fingerprint)
