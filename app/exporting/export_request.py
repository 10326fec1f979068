"""What is to be exported, and what came of it."""

from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from app.catalogue.records import Presence
from app.errors import ReelfindError


class ExportKind(StrEnum):
    """What moments become."""

    CLIPS = "clips"
    """A video of each."""
    STILLS = "stills"
    """The best frame of each, in full size."""
    GIF = "gif"
    WEBP = "webp"
    """A small picture of each that moves."""
    SHEET = "sheet"
    """Frames with their times on one picture."""
    CSV = "csv"
    JSON = "json"
    OTIO = "otio"
    """A timeline of OpenTimelineIO."""
    FCPXML = "fcpxml"
    """A timeline of Final Cut Pro."""
    XMEML = "xmeml"
    """A timeline of Final Cut Pro 7, which Premiere opens."""
    EDL = "edl"
    """A timeline of CMX 3600."""

    @property
    def is_timeline(self) -> bool:
        """Whether all moments follow each other in it."""
        return self in {ExportKind.OTIO, ExportKind.FCPXML, ExportKind.XMEML, ExportKind.EDL}


class StillFormat(StrEnum):
    """How stills are stored."""

    JPEG = "jpeg"
    PNG = "png"


@dataclass(frozen=True, slots=True)
class ExportMoment:
    """A moment with what an export has to know; times in seconds of the video's running time."""

    path: Path
    start: float
    end: float
    """Above `start`."""
    best: float
    """Time of its best frame."""
    query: str = ""
    """What was searched for; or of which collection it is."""
    reasons: tuple[str, ...] = ()
    """Why it was found, a few words each."""
    rank: int = 0
    """Its place in the answer; 0 where there is none."""
    strength: float | None = None
    """0..1: calibrated probability of a match; None where it was not searched for."""
    presence: Presence = Presence.HERE
    copies: tuple[Path, ...] = ()
    """Other files with the same content."""
    duration: float = 0.0
    """Of the video; 0 where unknown, as all that follows."""
    size: int = 0
    """Bytes of the file."""
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    has_sound: bool = False

    def widened(self, seconds: float) -> tuple[float, float]:
        """Start and end with so much more at both, as far as the video reaches."""
        end = self.end + seconds
        return max(0.0, self.start - seconds), min(end, self.duration) if self.duration else end


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """How it is exported."""

    exact: bool = False
    """Whether clips begin and end to the frame, which takes encoding them anew."""
    handles: float = 0.0
    """Seconds more before and after each moment."""
    still_format: StillFormat = StillFormat.JPEG
    long_side: int = 480
    """Pixels of the longer side of moving pictures."""
    rate: float = 12.0
    """Pictures per second of moving pictures."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What is exported where."""

    kind: ExportKind
    moments: tuple[ExportMoment, ...]
    folder: Path
    name: str = "Reelfind"
    """Of a file that holds all moments, without its suffix."""
    options: ExportOptions = field(default_factory=ExportOptions)


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far an export is."""

    share: float
    """0..1."""
    done: int
    """Moments."""
    total: int
    current: Path | None = None
    """The video that is read."""


@dataclass(frozen=True, slots=True)
class ExportedFile:
    """A file that was written."""

    path: Path
    moment: ExportMoment | None = None
    """None where it holds several."""
    start: float | None = None
    """What it covers in seconds, of clips and moving pictures."""
    end: float | None = None
    left_out: tuple[str, ...] = ()
    """See `Cut`."""


@dataclass(frozen=True, slots=True)
class ExportFailure:
    """A moment that was not exported, and why."""

    moment: ExportMoment
    sentence: str
    advice: str = ""


@dataclass(frozen=True, slots=True)
class ExportReport:
    """What came of an export."""

    kind: ExportKind
    folder: Path
    files: tuple[ExportedFile, ...]
    failures: tuple[ExportFailure, ...] = ()
    stopped: bool = False
    """Whether a person stopped it; the files that were written by then stay."""


class ExportError(ReelfindError):
    """Nothing can be exported there: no folder, no space, no permission."""
