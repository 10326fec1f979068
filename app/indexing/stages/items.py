"""What passes between the stages of the pipeline."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.catalogue.records import FrameRecord, Video
from app.errors import Cause, DecoderStartError
from app.media.frames import Frame, Sampling, VideoFacts


@dataclass(frozen=True, slots=True)
class Opened:
    """A video is readable; its frames follow. It may be opened twice: what came before counts no more."""

    video: Video
    facts: VideoFacts
    sampling: Sampling
    kept: bool = False
    """Whether its frames come from those that were kept, or come without pictures: none is kept of them."""
    began: float | None = None
    """When its reading began, by `time.monotonic`; None where it did just now."""


@dataclass(frozen=True, slots=True)
class Sampled:
    """One frame of an opened video."""

    video: Video
    frame: Frame


@dataclass(frozen=True, slots=True)
class Encoded:
    """Frames of an opened video that were encoded elsewhere, in order of time."""

    video: Video
    frames: tuple[FrameRecord, ...]
    vectors: NDArray[np.float32]
    """(N, D), raw."""


@dataclass(frozen=True, slots=True)
class Reached:
    """How far another computer is with a video of which nothing was handed over yet."""

    video: Video
    fraction: float
    """0..1."""


@dataclass(frozen=True, slots=True)
class Ending:
    """How the reading of a video ended; all defaults where the whole of it was read."""

    warning: str = ""
    """What is missing, one sentence."""
    cause: Cause | None = None
    """What the warning lies in."""
    read_until: float | None = None
    """Seconds up to which it was read, None where all of it was."""
    duration: float | None = None
    """Seconds the video lasts, now that all of it was read; None where what was known at first holds."""
    first_look: bool = False
    """Whether none but key frames were read: the rest is still to come."""

    @property
    def reach(self) -> float:
        """Seconds up to which it was read; infinity where all of it was."""
        return float("inf") if self.read_until is None else self.read_until


@dataclass(frozen=True, slots=True)
class Decoded:
    """All frames of an opened video that could be had were handed over."""

    video: Video
    fingerprint: str
    ending: Ending


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Something around the file ended its reading part-way: it is opened once more, from its start."""

    video: Video
    fingerprint: str
    ending: Ending


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A video cannot be decoded."""

    video: Video
    reason: str
    advice: str
    cause: Cause
    stalled: bool = False
    """Whether it was waited for in vain."""


@dataclass(frozen=True, slots=True)
class NotStarted:
    """There was no decoder for a video."""

    video: Video
    error: DecoderStartError


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A video has the content of another that is indexed."""

    video: Video
    original: Video
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Deferred:
    """A video has the content of one that is being indexed in this run; what comes of that decides."""

    video: Video
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Vanished:
    """A video was gone when its turn came, or went while it was read; the next scan says more."""

    video: Video


@dataclass(frozen=True, slots=True)
class StageEnded:
    """A decode stage is through; `error` is set where it could not go on with any video."""

    error: BaseException | None


Item = (
    Opened
    | Sampled
    | Encoded
    | Reached
    | Decoded
    | Interrupted
    | Unreadable
    | NotStarted
    | Duplicate
    | Deferred
    | Vanished
    | StageEnded
)
