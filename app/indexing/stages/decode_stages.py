"""The decode stages of the pipeline: each takes videos and hands over frames.

Each volume has one queue of videos; a few decode stages take from it, each with a child process of its own,
and hand frames over a bounded queue. The one encode stage turns them into vectors and commits whole videos.
The bound is the look-ahead: while one video is encoded and committed the next ones are already being decoded,
and no more than that is ever in memory.
"""

import logging
import os
import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from app.bundle.encoder_bundle import EncoderBundle
from app.catalogue.frame_cache import DamagedFramesError
from app.catalogue.records import Video
from app.indexing.pausing import told_to_stop
from app.indexing.stages.cached_frames import KeptFrames
from app.indexing.stages.items import Decoded, Ending, Item, Opened, Sampled, StageEnded, Vanished
from app.indexing.stages.video_reading import ContentRegistry, VideoReading
from app.media.decoder import DecodeCancelled, Decoder
from app.media.frames import Sampling
from app.settings import MOST_CORES

logger = logging.getLogger(__name__)

LOOK_AHEAD = 64
"""Frames between the stages: about 10 MB at 160 px."""

DECODERS_PER_VOLUME = 2
"""Decoding costs more than encoding, and one file alone does not keep two cores busy."""


@dataclass(frozen=True, slots=True)
class StageContext:
    """What the stages of a run have in common."""

    out: "queue.Queue[Item]"
    """Takes what comes of the videos."""
    contents: ContentRegistry
    """Knows which contents need no decoding."""
    wanted: Callable[[Video], bool]
    """Whether a video is still to be decoded."""
    more: Callable[[], bool]
    """Whether another video may be begun."""
    stopping: Callable[[], bool]
    """Whether to end at once."""
    unpaused: threading.Event
    """Waited for."""

    def put(self, item: Item) -> None:
        """Hand over an item; waits for room, and gives up where it is `stopping`."""
        while True:
            try:
                self.out.put(item, timeout=0.1)
                return
            except queue.Full:
                if self.stopping() and not isinstance(item, StageEnded):
                    return


class VideoStage(Protocol):
    """Works on videos in the background; the last that it hands over is `StageEnded`."""

    def start(self) -> None:
        """Begin."""

    def cancel(self) -> None:
        """End what is under way; `StageContext.stopping` must be true before. From any thread."""

    def is_alive(self) -> bool:
        """Whether it still works."""

    def join(self, timeout: float | None = None) -> None:
        """Wait until it does not, at most `timeout` seconds."""


class Workers(Protocol):
    """Who reads videos and encodes their frames in place of this process."""

    def stages(
        self, videos: Sequence[Video], bundle: EncoderBundle, sampling: Sampling, context: StageContext
    ) -> Sequence[VideoStage]:
        """What works on these videos, not started yet; it hands over `Encoded` frames.

        Args:
            videos: to be done, in this order.
            bundle: the model's.
            sampling: how frames are chosen.
            context: of the run.
        """


class DecodeStage(threading.Thread):
    """Decodes videos of one volume, one at a time, in its own child process."""

    def __init__(
        self,
        videos: "queue.SimpleQueue[Video]",
        sampling: Sampling,
        context: StageContext,
        *,
        kept: KeptFrames | None = None,
    ) -> None:
        """Prepare the stage; it is a thread, to be started.

        Args:
            videos: to be decoded.
            sampling: how; a video that was sampled before is sampled at the same rate again.
            context: of the run.
            kept: where frames may be had without decoding.
        """
        super().__init__(name="reelfind-decode", daemon=True)
        self._videos = videos
        self._sampling = sampling
        self._context = context
        self._kept = kept
        self._decoder = Decoder()
        self._reading = VideoReading(
            self._decoder, context.put, stopping=context.stopping, unpaused=context.unpaused
        )

    def cancel(self) -> None:
        """Kill the child; the stage ends soon after. `stopping` must be true before."""
        self._decoder.cancel()

    def run(self) -> None:
        """Take videos until there are no more, or none may be begun, or `stopping()`."""
        error: BaseException | None = None
        try:
            with self._decoder:
                while not self._told_to_stop() and self._context.more():
                    video = self._videos.get_nowait()
                    self._reading.attempt(video, partial(self._decode, video))
        except (queue.Empty, DecodeCancelled):
            pass  # through, or asked to end: videos that were not reached stay pending
        except BaseException as fatal:  # noqa: BLE001 - handed to the owner, who logs it and ends the run
            error = fatal
        self._context.put(StageEnded(error))

    def _decode(self, video: Video) -> None:
        if not self._context.wanted(video):
            self._context.put(Vanished(video))
            return
        sampling = replace(self._sampling, max_rate=video.max_rate or self._sampling.max_rate)
        if self._hand_over_kept(video, sampling):
            return
        due = self._reading.due(video, self._sampling, self._context.contents)
        if due is not None:
            self._reading.read(video, due)

    def _hand_over_kept(self, video: Video, sampling: Sampling) -> bool:
        """Hand over the frames that were kept; returns whether there is nothing left to do."""
        found = self._kept.of(video, sampling) if self._kept is not None else None
        if found is None or self._kept is None or video.facts is None:
            return False
        self._context.put(Opened(video, video.facts, sampling, kept=True))
        try:
            for frame in self._kept.frames(found):
                self._context.put(Sampled(video, frame))
                if self._told_to_stop():
                    return True
        except DamagedFramesError as error:
            logger.warning("the frames kept of %s cannot be used: %s", video.path, error)
            self._kept.forget(video)
            return False
        self._context.put(
            Decoded(video, found.fingerprint, Ending(video.reason, video.cause, video.read_until))
        )
        return True

    def _told_to_stop(self) -> bool:
        return told_to_stop(self._context.stopping, self._context.unpaused)


def local_stages(
    videos: Sequence[Video], sampling: Sampling, cores: int, context: StageContext, kept: KeptFrames | None
) -> list[VideoStage]:
    """The stages of this process, not started yet.

    Args:
        videos: to be done, in this order on each disk.
        sampling: how frames are chosen; the cores are shared out among the decoders.
        cores: that may be used, 0 for as many as is usual.
        context: of the run.
        kept: where frames may be had without decoding.
    """
    cores = min(cores or MOST_CORES, os.cpu_count() or 2)
    queues = [
        waiting
        for waiting in _by_volume(videos)
        for _ in range(min(DECODERS_PER_VOLUME, cores, waiting.qsize()))
    ]
    sampling = replace(sampling, threads=max(1, cores // len(queues)))
    return [DecodeStage(waiting, sampling, context, kept=kept) for waiting in queues]


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
