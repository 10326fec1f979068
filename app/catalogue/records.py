"""The values that enter and leave the library."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Self

from app.errors import Cause
from app.media.area import WHOLE, Area
from app.media.geography.place import Place

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from app.media.frames import Origin, VideoFacts


class VideoState(StrEnum):
    """Where one video stands."""

    PENDING = "pending"
    INDEXED = "indexed"
    FAILED = "failed"


class Presence(StrEnum):
    """Where a video's file was at the last scan."""

    HERE = "here"
    GONE = "gone"
    """Its folder is there, the file is not: no result, not counted, purged after a while."""
    AWAY = "away"
    """Its disk or share is not connected: searchable, does not play."""
    UNREACHABLE = "unreachable"
    """A folder on the way to it cannot be listed or entered: what was known stays."""


@dataclass(frozen=True, slots=True)
class ProblemCounts:
    """How many videos could not be read, or in part only."""

    failed: int = 0
    partial: int = 0
    """Indexed as far as they could be read."""
    failed_retried: int = 0
    """Those of `failed` that every run tries again."""
    partial_retried: int = 0
    """Those of `partial` that every run tries again."""

    def __add__(self, other: Self) -> ProblemCounts:
        return ProblemCounts(
            self.failed + other.failed,
            self.partial + other.partial,
            self.failed_retried + other.failed_retried,
            self.partial_retried + other.partial_retried,
        )

    @property
    def total(self) -> int:
        """All of them."""
        return self.failed + self.partial

    @property
    def retried(self) -> int:
        """Those that every run tries again."""
        return self.failed_retried + self.partial_retried


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A watched folder."""

    id: int
    path: Path
    online: bool
    """False when the folder cannot be reached (disk unplugged): its results stay searchable."""
    volume: int
    """Row of the volume it lies on: folders with the same number share one disk, hence one queue."""


@dataclass(frozen=True, slots=True)
class Folder(WatchedFolder):
    """A watched folder with the counts of its videos; those that are gone are not counted."""

    videos: int = 0
    indexed: int = 0
    failed: int = 0
    pending: int = 0
    seconds: float = 0.0
    """Total duration of the indexed videos."""
    problems: ProblemCounts = ProblemCounts()


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
    presence: Presence
    """`AWAY` too where its watched folder is offline."""
    reason: str
    """Why it failed, or what is missing where it broke part-way; a plain sentence, empty otherwise."""
    advice: str
    facts: VideoFacts | None
    max_rate: float | None = None
    """Frames per second at most at which the stored frames were sampled, None where that was not noted."""
    cause: Cause | None = None
    """What `reason` lies in; None where there is none."""
    attempts: int = 0
    """How often indexing was tried and did not (wholly) succeed since the content last changed."""
    read_until: float | None = None
    """Seconds up to which it could be read, where it was read in part only."""
    copy_of: int | None = None
    """Id of the video with the same content whose frames stand for this one too; None for all others."""
    volume: int | None = None
    """Row of the volume its file was last seen on; None where no scan has noted it yet."""

    @property
    def is_playable(self) -> bool:
        """Whether its file can be opened now, as far as the last scan knows."""
        return self.presence is Presence.HERE

    @property
    def filmed(self) -> float:
        """When, in seconds since 1970: as its data says, by this computer's clock where that names no offset;
        else when the file was last changed."""
        with suppress(ValueError, OverflowError, OSError):
            if self.facts is not None and self.facts.created:
                return datetime.fromisoformat(self.facts.created).timestamp()
        return self.mtime_ns / 1e9

    @property
    def will_be_retried(self) -> bool:
        """Whether every run tries again what failed, or was read in part only."""
        return self.cause is not None and self.cause.is_passing


@dataclass(frozen=True, slots=True)
class ProblemVideos:
    """The first videos with a problem, by what becomes of them; each in order of id."""

    retried: tuple[Video, ...] = ()
    """Every run tries them again; those that failed come before those that were read in part."""
    failed: tuple[Video, ...] = ()
    partial: tuple[Video, ...] = ()


@dataclass(frozen=True, slots=True)
class VideoParts:
    """Moments that alone meet a filter, of videos of which the whole does not."""

    spans: Mapping[int, tuple[tuple[float, float], ...]]
    """By the content: from second to second."""
    excluded: bool = False
    """Whether these moments are left out, and the rest of the videos is meant."""


@dataclass(frozen=True, slots=True)
class FilteredVideos:
    """What meets a query's filters."""

    contents: frozenset[int]
    """Ids of the videos whose frames stand for it: of originals."""
    files: frozenset[int]
    """Ids of the videos, copies too, that meet the filters themselves."""
    parts: tuple[VideoParts, ...] = ()
    """Of some of them only moments meet a filter; each has to be met."""


@dataclass(frozen=True, slots=True)
class FrameRecord:
    """One sampled frame as it is stored."""

    time: float
    key: bool
    clip: int
    thumbnail: bytes
    area: Area = WHOLE
    """`Frame.area`."""


@dataclass(frozen=True, slots=True)
class IndexedVideo:
    """Everything one indexed video adds to the library; written in one transaction."""

    facts: VideoFacts
    frames: tuple[FrameRecord, ...]
    embeddings: NDArray[np.float32]
    """(len(frames), D) float32, raw (not normalised), one row per frame in the same order."""
    model: str
    """Identity of the encoder bundle: `EncoderBundle.identity`."""
    warning: str = ""
    """What is missing, where the file broke part-way; a plain sentence."""
    max_rate: float | None = None
    """`Sampling.max_rate` of the frames, where known."""
    cause: Cause | None = None
    """What `warning` lies in; None where there is none."""
    read_until: float | None = None
    """Seconds up to which the file could be read; None where all of it was."""
    place: Place | None = None
    """What the position in its facts is called; None where that was not looked up."""


@dataclass(frozen=True, slots=True)
class FileOrigin:
    """What the headers of a video's file say, where it was indexed by a version that did not read them."""

    video: Video
    """As it was when its file was opened."""
    created: str | None
    """`VideoFacts.created`."""
    origin: Origin
    place: Place | None
    """What its position is called; None where that was not looked up."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """How far a library is indexed for a model that does not answer yet; numbers of videos."""

    ready: int
    total: int
    """Those that are indexed, can be found now, and did not fail."""
    offline: int
    """Those that lack the model and cannot be reached now: in no folder at hand."""


@dataclass(frozen=True, slots=True)
class UnreachablePath:
    """A folder or file that the last scan could not look into; what is known below it stays."""

    folder_id: int
    """The watched folder it lies in."""
    path: Path
    reason: str
    """One plain sentence."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What one scan changed in the library."""

    found: int
    """Video files on disk."""
    added: int
    changed: int
    moved: int
    """Files that kept their content under another name or in another folder."""
    missing: int
    """Videos that were there at the last scan and are gone now."""
    online: bool
    """False when the folder could not be reached: then nothing was changed."""
    away: int = 0
    """Videos that were there at the last scan and lie on a volume that is not connected now."""
    unreachable: tuple[UnreachablePath, ...] = ()
    """What could not be looked into."""
    unsettled: tuple[Path, ...] = ()
    """Files that are still being written, as far as their time of change tells: left for a later scan."""


@dataclass(frozen=True, slots=True)
class StoredFrame:
    """One sampled frame of the library, without its picture."""

    id: int
    time: float
    """Seconds."""
    key: bool
    clip: int


@dataclass(frozen=True, slots=True)
class StoredClip:
    """A run of neighbouring frames of one video; times in seconds of its first and last frame."""

    number: int
    start: float
    end: float
    area: Area = WHOLE
    """The part of the video's frames that was encoded: all but the bars beside the picture."""


@dataclass(frozen=True, slots=True)
class StoredHubness:
    """How near the C clips of one video are to a bank of B typical queries."""

    video_id: int
    levels: NDArray[np.float32]
    """(C,) per clip, what all queries of the bank together give it; higher = answers to everything."""
    peaks: NDArray[np.float32]
    """(B,) the highest cosine of each query with a clip of the video; -inf where it has none."""
    places: NDArray[np.int32]
    """(B,) which of the video's clips that is, 0 .. C - 1."""
