"""What the indexing pipeline says while it works; the command line prints these, the window shows them."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from app.errors import Cause
from app.indexing.waiting.conditions import WaitReason
from app.lines.line import Source


@dataclass(frozen=True, slots=True)
class ScanFinished:
    """One folder was compared with the library."""

    folder: Path
    found: int
    added: int
    changed: int
    moved: int
    missing: int
    unreachable: tuple[Path, ...] = ()
    """Folders and files in it that could not be looked into; what is known of them stays."""


@dataclass(frozen=True, slots=True)
class ScanFailed:
    """One folder could not be compared with the library because of an error in Reelfind; the others go on."""

    folder: Path
    reason: str
    advice: str


class Stage(StrEnum):
    """What a pass over new videos does."""

    FIRST_LOOK = "first look"
    """Reads key frames only, so that much can be found soon."""
    REFINING = "refining"
    """Reads everything, after a first look."""
    WHOLE = "whole"
    """Reads everything."""


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
    cause: Cause | None = None
    """What the warning lies in."""
    read_until: float | None = None
    """Seconds up to which it could be read, where it was read in part only."""


@dataclass(frozen=True, slots=True)
class FirstLookTaken:
    """A video can be found by its key frames; the frames between them follow later in the run."""

    path: Path
    frames: int
    duration: float
    """Seconds of video."""
    took: float
    """Wall-clock seconds."""


@dataclass(frozen=True, slots=True)
class CopyFound:
    """A video has the content of another one, which stands for both: nothing was decoded."""

    path: Path
    original: Path


@dataclass(frozen=True, slots=True)
class VideoFailed:
    """A video cannot be indexed; the others go on."""

    path: Path
    reason: str
    advice: str
    cause: Cause = Cause.FILE
    """What it lies in: whether every run tries again."""
    attempts: int = 1
    """Tries so far, this one included."""


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
    """Title of the pending model, where this pass is for one that does not answer yet."""
    stage: Stage = Stage.WHOLE
    """Whether this pass reads key frames only, or what lies between those of an earlier one."""


@dataclass(frozen=True, slots=True)
class LinesRead:
    """The lines of one source were read from a video and committed."""

    path: Path
    source: Source
    lines: int
    duration: float
    """Seconds of video."""
    took: float
    """Wall-clock seconds."""


@dataclass(frozen=True, slots=True)
class LinesFailed:
    """A source cannot be read from a video; everything else of it stays."""

    path: Path
    source: Source
    reason: str
    advice: str
    cause: Cause
    """What it lies in: whether every run tries again."""


@dataclass(frozen=True, slots=True)
class LinesProgress:
    """How far one source is in this run; sent at most ten times a second, and at its end."""

    source: Source
    done: int
    """Videos finished, failed ones included."""
    total: int
    current: Path | None
    """None at the end."""
    fraction: float
    """0..1, weighted by the videos' durations."""
    rate: float
    """Seconds of video read per second of wall clock; 0 until known."""
    eta: float | None
    """Seconds left, None until known."""


@dataclass(frozen=True, slots=True)
class SourceFailed:
    """A source cannot be read from any video now; the run goes on without it."""

    source: Source
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class RunWaiting:
    """The run waits for what the settings want: hours of the day, or power; `RunResumed` follows."""

    reason: WaitReason
    until: str = ""
    """When the hours begin, like `22:00`, by the local clock."""


@dataclass(frozen=True, slots=True)
class RunResumed:
    """The run does not wait any more: it goes on, or ends."""


@dataclass(frozen=True, slots=True)
class RunFinished:
    """Nothing is left to do (or the run was stopped)."""

    indexed: int
    failed: int
    stopped: bool
    took: float
    growing: tuple[Path, ...] = ()
    """Files that are still being written; they are looked at when they have been left alone for a while."""


@dataclass(frozen=True, slots=True)
class RunFailed:
    """The whole run cannot go on (disk full, another Reelfind is indexing); `RunFinished` follows."""

    reason: str
    advice: str
    elsewhere: bool = False
    """Whether nothing is wrong: another Reelfind does it."""


@dataclass(frozen=True, slots=True)
class ModelSwitched:
    """Another model answers from now on. Comes before `RunFinished`, or from whoever asked for it."""

    title: str


IndexingEvent = (
    ScanFinished
    | ScanFailed
    | VideoStarted
    | VideoIndexed
    | FirstLookTaken
    | CopyFound
    | VideoFailed
    | Progress
    | LinesRead
    | LinesFailed
    | LinesProgress
    | SourceFailed
    | ModelSwitched
    | RunWaiting
    | RunResumed
    | RunFailed
    | RunFinished
)
