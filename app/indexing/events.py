"""What the indexing pipeline says while it works; the command line prints these, the window shows them."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class ScanFinished:
    """One folder was compared with the library."""

    folder: Path
    found: int
    added: int
    changed: int
    moved: int
    missing: int


@dataclass(frozen=True, slots=True)
class VideoStarted:
    """Decoding of a video began."""

    path: Path
    duration: float
    """Seconds."""


@dataclass(frozen=True, slots=True)
class VideoIndexed:
    """A video's rows were committed."""

    path: Path
    frames: int
    clips: int
    duration: float
    """Seconds of video."""
    took: float
    """Wall-clock seconds."""
    warning: str = ""
    """What is missing, where the file broke part-way; a plain sentence."""


@dataclass(frozen=True, slots=True)
class VideoFailed:
    """A video cannot be indexed; the others go on."""

    path: Path
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the current run is; sent at most ten times a second."""

    done: int
    """Videos finished in this run, failed ones included."""
    total: int
    current: Path | None
    fraction: float
    """0..1, weighted by the videos' sizes."""
    rate: float
    """Seconds of video indexed per second of wall clock, over the last half minute; 0 until known."""
    eta: float | None
    """Seconds left, None until known."""
    model: str = ""
    """Title of the model that is being made ready, where this pass is for one that does not answer yet."""


@dataclass(frozen=True, slots=True)
class RunFinished:
    """Nothing is left to do (or the run was stopped)."""

    indexed: int
    failed: int
    stopped: bool
    took: float


@dataclass(frozen=True, slots=True)
class RunFailed:
    """The whole run cannot go on (disk full, another Reelfind is indexing); `RunFinished` follows."""

    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class ModelSwitched:
    """Another model answers from now on. Comes before `RunFinished`, or from whoever asked for it."""

    title: str


IndexingEvent = (
    ScanFinished
    | VideoStarted
    | VideoIndexed
    | VideoFailed
    | Progress
    | ModelSwitched
    | RunFailed
    | RunFinished
)
