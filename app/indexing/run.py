"""One pass over videos: decode stages feed one encode stage, which commits whole videos."""

import contextlib
import os
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence

from app.encoders import FrameEncoder
from app.indexing.events import IndexingEvent, VideoFailed, VideoIndexed, VideoStarted
from app.indexing.jobs import Job
from app.indexing.kept import KeptFrames
from app.indexing.progress import ProgressMeter
from app.indexing.stages import (
    LOOK_AHEAD,
    Decoded,
    DecodeStage,
    Item,
    Opened,
    PartialVideo,
    Sampled,
    StageEnded,
    Unreadable,
    Vanished,
)
from app.library.catalogue import Catalogue
from app.library.frame_cache import SHORT_SIDE, Recording
from app.library.records import Video
from app.media.frames import Sampling

DECODERS_PER_VOLUME = 2
"""Decoding costs more than encoding, and one file alone does not keep two cores busy."""


class Run:
    """Indexes a given list of videos for one model. Used once, driven by one thread."""

    def __init__(
        self,
        catalogue: Catalogue,
        job: Job,
        encoder: FrameEncoder,
        videos: Sequence[Video],
        tell: Callable[[IndexingEvent], None],
        *,
        more: Callable[[], bool],
        stopping: threading.Event,
        unpaused: threading.Event,
    ) -> None:
        """Args:
        catalogue: where rows are kept.
        job: what the videos are indexed for.
        encoder: the model's, open.
        videos: to be done, in this order on each disk.
        tell: takes events.
        more: whether another video may be begun; those under way are finished.
        stopping: set when the run is to end at once.
        unpaused: cleared while the run is to wait.
        """
        self._catalogue = catalogue
        self._encoder = encoder
        self._tell = tell
        self._wanted = job.wanted
        self._committed = job.committed
        self._stopping = stopping
        self._aborted = False
        self._queue: queue.Queue[Item] = queue.Queue(maxsize=LOOK_AHEAD)
        self._partial: dict[int, PartialVideo] = {}
        self._cache = job.cache
        self._meter = ProgressMeter(model=job.bundle.title if job.coming else "")
        self._meter.expect([video.size for video in videos])
        queues = [
            waiting
            for waiting in _by_volume(videos)
            for _ in range(min(DECODERS_PER_VOLUME, waiting.qsize()))
        ]
        size = job.bundle.image.size
        sampling = Sampling(
            short_side=size if job.cache is None else max(size, SHORT_SIDE),
            max_rate=job.max_rate,
            threads=max(1, (os.cpu_count() or 2) // len(queues)),
        )
        self._stages = [
            DecodeStage(
                waiting,
                sampling,
                self._queue,
                wanted=self._is_wanted,
                more=lambda: more() and job.more(),
                stopping=self._is_over,
                unpaused=unpaused,
                kept=None if job.cache is None else KeptFrames(catalogue, job.cache),
            )
            for waiting in queues
        ]
        self.indexed = 0
        self.failed = 0

    def drive(self) -> None:
        """Work until every stage is through; on `stopping`, what is not yet committed stays pending.

        Raises:
            LibraryError: rows cannot be written (disk full); the run is over, committed videos stay.
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
                    if item.bug is not None:
                        raise item.bug
                else:
                    self._take(item)
            self._tell(self._meter.report())
        finally:
            self._aborted = True
            self._drain()
            for partial in self._partial.values():
                _abandon(partial)

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
        match item:
            case Opened(video, facts, sampling, kept):
                _abandon(self._partial.pop(video.id, None))
                recording = None if kept or self._cache is None else Recording(self._cache)
                self._partial[video.id] = PartialVideo(video, facts, sampling, self._encoder, recording)
                self._tell(VideoStarted(video.path, facts.duration))
            case Sampled(video, frame):
                partial = self._partial[video.id]
                gained = partial.add(frame)
                fraction = partial.position / max(partial.facts.duration, 1e-3)
                self._meter.advance(video.path, video.size, fraction, gained)
            case Decoded(video, identity, warning):
                self._commit(self._partial.pop(video.id), identity, warning)
            case Unreadable(video, reason, advice):
                _abandon(self._partial.pop(video.id, None))
                self._catalogue.commit_failed(video.id, reason, advice)
                self.failed += 1
                self._meter.finish(video.path, video.size)
                self._tell(VideoFailed(video.path, reason, advice))
            case Vanished(video):
                _abandon(self._partial.pop(video.id, None))
                self._meter.finish(video.path, video.size)
        if self._meter.due():
            self._tell(self._meter.report())

    def _commit(self, partial: PartialVideo, identity: str, warning: str) -> None:
        video, rows = partial.video, partial.finish(warning)
        current = self._catalogue.commit_indexed(
            video.id, rows, fingerprint=identity, mtime_ns=video.mtime_ns
        )
        if partial.recording is not None and current:
            partial.recording.finish(identity, partial.sampling)
        else:
            _abandon(partial)
        self._committed(video.id)
        self.indexed += 1
        rest = max(0.0, rows.facts.duration - partial.position)
        self._meter.advance(video.path, video.size, 1.0, rest)
        self._meter.finish(video.path, video.size)
        took = time.monotonic() - partial.started
        self._tell(
            VideoIndexed(video.path, len(rows.frames), partial.clips, rows.facts.duration, took, warning)
        )


def _abandon(partial: PartialVideo | None) -> None:
    if partial is not None and partial.recording is not None:
        partial.recording.abandon()


def _by_volume(videos: Sequence[Video]) -> list["queue.SimpleQueue[Video]"]:
    """One queue per disk, so that disks are read side by side and no disk in too many places at once."""
    volumes: defaultdict[int, queue.SimpleQueue[Video]] = defaultdict(queue.SimpleQueue)
    for video in videos:
        try:
            device = video.path.stat().st_dev
        except OSError:
            device = -1
        volumes[device].put(video)
    return list(volumes.values())
