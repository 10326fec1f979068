"""A video on its way through the encoder: frames come in, the rows to commit come out."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from app.catalogue.frame_cache import FrameWriter
from app.catalogue.records import FrameRecord, IndexedVideo, Video
from app.indexing.stages.items import Ending
from app.media.frames import Frame, Sampling, VideoFacts
from app.runtime.frame_encoding import FrameEncoding


@dataclass(slots=True)
class PartialVideo:
    """A video on its way through the encoder."""

    video: Video
    facts: VideoFacts
    sampling: Sampling
    encoder: FrameEncoding
    recording: FrameWriter | None = None
    """Where its frames are kept, None where they are not, or are there already."""
    started: float = field(default_factory=time.monotonic)
    position: float = 0.0
    _records: list[FrameRecord] = field(default_factory=list)
    _waiting: list[NDArray[np.uint8]] = field(default_factory=list)
    _vectors: list[NDArray[np.float32]] = field(default_factory=list)

    def add(self, frame: Frame) -> float:
        """Take one frame, encoding when a batch is full; returns the seconds of video it adds."""
        self._records.append(FrameRecord(frame.time, frame.key, frame.clip, frame.thumbnail, frame.area))
        self._waiting.append(frame.image)
        if self.recording is not None:
            self.recording.add(frame)
        if len(self._waiting) >= self.encoder.batch:
            self._encode()
        step = max(0.0, frame.time - self.position)
        self.position = max(self.position, frame.time)
        return step

    def take(self, frames: Sequence[FrameRecord], vectors: NDArray[np.float32]) -> float:
        """Take frames that were encoded elsewhere, with their vectors (N, D); returns what `add` does."""
        self._records += frames
        self._vectors.append(vectors)
        before = self.position
        self.position = max(before, *(frame.time for frame in frames))
        return self.position - before

    def finish(self, ending: Ending) -> IndexedVideo:
        """Encode what waits and return the rows to commit."""
        if self._waiting:
            self._encode()
        if ending.duration is not None:
            self.facts = replace(self.facts, duration=ending.duration)
        return IndexedVideo(
            facts=self.facts,
            frames=tuple(self._records),
            embeddings=np.concatenate(self._vectors),
            model=self.encoder.bundle.identity,
            warning=ending.warning,
            max_rate=self.sampling.max_rate,
            cause=ending.cause,
            read_until=ending.read_until,
        )

    def abandon(self) -> None:
        """Give up the frames that were to be kept."""
        if self.recording is not None:
            self.recording.abandon()

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
