"""The two stages of the pipeline and what passes between them.

Each volume has one queue of videos; a few decode stages take from it, each with a child process of its own,
and hand frames over a bounded queue. The one encode stage turns them into vectors and commits whole videos.
The bound is the look-ahead: while one video is encoded and committed the next ones are already being decoded,
and no more than that is ever in memory.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.encoders import FrameEncoder
from app.errors import MediaError
from app.indexing.kept import KeptFrames
from app.library.fingerprints import fingerprint
from app.library.frame_cache import DamagedError, Recording
from app.library.records import FrameRecord, IndexedVideo, Video
from app.media.decoder import DecodeCancelled, Decoder
from app.media.frames import Frame, Sampling, VideoFacts

log = logging.getLogger(__name__)

LOOK_AHEAD = 64
"""Frames between the stages: about 10 MB at 160 px."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A video is readable; its frames follow. It may be opened twice: what came before counts no more."""

    video: Video
    facts: VideoFacts
    sampling: Sampling
    kept: bool = False
    """Whether its frames come from those that were kept."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """One frame of an opened video."""

    video: Video
    frame: Frame


@dataclass(frozen=True, slots=True)
class Decoded:
    """All frames of an opened video were handed over."""

    video: Video
    fingerprint: str
    warning: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A video cannot be decoded."""

    video: Video
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Vanished:
    """A video was gone when its turn came, or went while it was read; the next scan says more."""

    video: Video


@dataclass(frozen=True, slots=True)
class StageEnded:
    """A decode stage is through; `bug` is set when it died of an error that is ours."""

    bug: BaseException | None


Item = Opened | Sampled | Decoded | Unreadable | Vanished | StageEnded


class DecodeStage(threading.Thread):
    """Decodes videos of one volume, one at a time, in its own child process."""

    def __init__(
        self,
        videos: "queue.SimpleQueue[Video]",
        sampling: Sampling,
        out: "queue.Queue[Item]",
        *,
        wanted: Callable[[Video], bool],
        more: Callable[[], bool],
        stopping: Callable[[], bool],
        unpaused: threading.Event,
        kept: KeptFrames | None = None,
    ) -> None:
        """Args:
        videos: to be decoded.
        sampling: how; a video that was sampled before is sampled at the same rate again.
        out: takes what comes of it.
        wanted: whether a video is still to be decoded.
        more: whether another video may be begun.
        stopping: whether to end at once.
        unpaused: waited for.
        kept: where frames may be had without decoding.
        """
        super().__init__(name="reelfind-decode", daemon=True)
        self._videos = videos
        self._sampling = sampling
        self._out = out
        self._wanted = wanted
        self._more = more
        self._stopping = stopping
        self._unpaused = unpaused
        self._kept = kept
        self._decoder = Decoder()

    def cancel(self) -> None:
        """Kill the child; the stage ends soon after. `stopping` must be true before."""
        self._decoder.cancel()

    def run(self) -> None:
        """Take videos until there are no more, or none may be begun, or `stopping()`."""
        bug: BaseException | None = None
        try:
            with self._decoder:
                while not self._told_to_stop() and self._more():
                    self._decode(self._videos.get_nowait())
        except (queue.Empty, DecodeCancelled):
            pass  # through, or asked to end: videos that were not reached stay pending
        except BaseException as error:  # noqa: BLE001 - handed to the owner, who logs it and ends the run
            bug = error
        self._put(StageEnded(bug))

    def _decode(self, video: Video) -> None:
        if not self._wanted(video):
            self._put(Vanished(video))
            return
        sampling = replace(self._sampling, max_rate=video.max_rate or self._sampling.max_rate)
        if self._hand_over_kept(video, sampling):
            return
        try:
            identity = fingerprint(video.path)
            if video.fingerprint != identity:
                sampling = self._sampling
            with self._decoder.open(video.path, sampling) as stream:
                self._put(Opened(video, stream.facts, sampling))
                for frame in stream:
                    self._put(Sampled(video, frame))
                    if self._told_to_stop():
                        return
                # A disk that was unplugged ends a stream like a damaged file does, but says nothing of it.
                unplugged = bool(stream.warning) and not video.path.exists()
                self._put(Vanished(video) if unplugged else Decoded(video, identity, stream.warning))
        except MediaError as error:
            there = video.path.exists()
            self._put(Unreadable(video, error.sentence, error.advice) if there else Vanished(video))
        except FileNotFoundError:
            self._put(Vanished(video))
        except OSError as error:
            reason = f"The file cannot be read: {error.strerror or 'the disk gave an error'}."
            self._put(Unreadable(video, reason, "Check its permissions and the disk, then try again."))

    def _hand_over_kept(self, video: Video, sampling: Sampling) -> bool:
        """Hand over the frames that were kept; returns whether there is nothing left to do."""
        found = self._kept.of(video, sampling) if self._kept is not None else None
        if found is None or self._kept is None or video.facts is None:
            return False
        self._put(Opened(video, video.facts, sampling, kept=True))
        try:
            for frame in self._kept.frames(found):
                self._put(Sampled(video, frame))
                if self._told_to_stop():
                    return True
        except DamagedError as error:
            log.warning("the frames kept of %s cannot be used: %s", video.path, error)
            self._kept.forget(video)
            return False
        self._put(Decoded(video, found.fingerprint, video.reason))
        return True

    def _put(self, item: Item) -> None:
        while True:
            try:
                self._out.put(item, timeout=0.1)
                return
            except queue.Full:
                if self._stopping() and not isinstance(item, StageEnded):
                    return

    def _told_to_stop(self) -> bool:
        while not self._unpaused.wait(0.2):
            if self._stopping():
                break
        return self._stopping()


@dataclass(slots=True)
class PartialVideo:
    """A video on its way through the encoder."""

    video: Video
    facts: VideoFacts
    sampling: Sampling
    encoder: FrameEncoder
    recording: Recording | None = None
    """Where its frames are kept, None where they are not, or are there already."""
    started: float = field(default_factory=time.monotonic)
    position: float = 0.0
    _records: list[FrameRecord] = field(default_factory=list)
    _waiting: list[NDArray[np.uint8]] = field(default_factory=list)
    _vectors: list[NDArray[np.float32]] = field(default_factory=list)

    def add(self, frame: Frame) -> float:
        """Take one frame, encoding when a batch is full; returns the seconds of video it adds."""
        self._records.append(FrameRecord(frame.time, frame.key, frame.clip, frame.thumbnail))
        self._waiting.append(frame.image)
        if self.recording is not None:
            self.recording.add(frame)
        if len(self._waiting) >= self.encoder.batch:
            self._encode()
        step = max(0.0, frame.time - self.position)
        self.position = max(self.position, frame.time)
        return step

    def finish(self, warning: str) -> IndexedVideo:
        """Encode what waits and return the rows to commit."""
        if self._waiting:
            self._encode()
        return IndexedVideo(
            facts=self.facts,
            frames=tuple(self._records),
            embeddings=np.concatenate(self._vectors),
            model=self.encoder.bundle.identity,
            warning=warning,
            max_rate=self.sampling.max_rate,
        )

    @property
    def clips(self) -> int:
        """Number of clips so far."""
        return len({record.clip for record in self._records})

    def _encode(self) -> None:
        for group in _same_size(self._waiting):
            self._vectors.append(self.encoder.encode(np.stack(group)))
        self._waiting.clear()


def _same_size(images: Sequence[NDArray[np.uint8]]) -> Iterator[list[NDArray[np.uint8]]]:
    """Runs of neighbouring pictures of one size: a few streams change their size midway."""
    group: list[NDArray[np.uint8]] = []
    for image in images:
        if group and image.shape != group[0].shape:
            yield group
            group = []
        group.append(image)
    if group:
        yield group
