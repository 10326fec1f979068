"""The values the library keeps and gives back."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.media.frames import VideoFacts


class VideoState(StrEnum):
    """Where one video stands."""

    PENDING = "pending"
    INDEXED = "indexed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Folder:
    """A watched folder with the counts of its videos."""

    id: int
    path: Path
    online: bool
    """False when the folder cannot be reached (disk unplugged): its results stay searchable."""
    videos: int
    indexed: int
    failed: int
    pending: int
    seconds: float
    """Total duration of the indexed videos."""


@dataclass(frozen=True, slots=True)
class Video:
    """One video of a watched folder."""

    id: int
    folder_id: int
    path: Path
    size: int
    mtime_ns: int
    fingerprint: str | None
    state: VideoState
    present: bool
    """False when the file was not there at the last scan."""
    reason: str
    """Why it failed, a plain sentence; empty otherwise."""
    advice: str
    facts: VideoFacts | None


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """One sampled frame as it is stored."""

    time: float
    key: bool
    clip: int
    thumbnail: bytes


@dataclass(frozen=True, slots=True)
class IndexedVideo:
    """Everything one indexed video adds to the library; written in one transaction."""

    facts: VideoFacts
    frames: tuple[FrameRecord, ...]
    embeddings: NDArray[np.float32]
    """(len(frames), D) float32, raw (not normalised), one row per frame in the same order."""
    model: str
    """Identity of the encoder bundle: `EncoderBundle.identity`."""
