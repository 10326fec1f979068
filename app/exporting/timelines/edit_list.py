"""Moments in frames: which part of which file stands where on a timeline."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from app.errors import DecoderStartError, MediaError
from app.exporting.export_request import ExportMoment
from app.exporting.timelines import timecode
from app.media.cut_requests import TimelineFacts
from app.media.cutter import Cutter

START_HOUR = 1
"""Timelines begin at 01:00:00:00, as is usual: there is room for a leader."""
_USUAL_RATE = Fraction(25)
_KNOWN_RATES = tuple(Fraction(base * 1000, 1001) for base in (24, 30, 60, 120))


@dataclass(frozen=True, slots=True)
class Edit:
    """One moment on the timeline."""

    moment: ExportMoment
    media: TimelineFacts
    start: int
    """First frame in the file, counted from 0 at the file's own rate."""
    frames: int
    """In the file, at its rate."""
    place: int
    """First frame on the timeline, counted from 0 at the timeline's rate."""
    length: int
    """On the timeline, at its rate."""

    @property
    def first_timecode(self) -> int:
        """The frame that the file's own timecode begins with; 0 where it has none."""
        return timecode.to_frame(self.media.timecode, self.media.rate) or 0

    @property
    def media_frames(self) -> int:
        """Length of the file in frames."""
        return max(self.start + self.frames, round(self.media.duration * self.media.rate))

    @property
    def best(self) -> int:
        """The best frame of the moment in the file; inside the part that is used."""
        best = round(self.moment.best * self.media.rate)
        return min(max(best, self.start), self.start + self.frames - 1)

    @property
    def note(self) -> str:
        """What to say of the moment: what was searched for, and why it was found."""
        return "; ".join(filter(None, [self.moment.query, *self.moment.reasons]))


@dataclass(frozen=True, slots=True)
class EditList:
    """All moments of an export, one after the other."""

    name: str
    rate: Fraction
    """Frames per second of the timeline: the rate that most of the files have."""
    drop: bool
    """Whether its timecode leaves out numbers."""
    width: int
    height: int
    edits: tuple[Edit, ...]

    @classmethod
    def of(
        cls,
        name: str,
        moments: Sequence[ExportMoment],
        media: Mapping[Path, TimelineFacts],
        handles: float = 0.0,
    ) -> "EditList":
        """Put moments on a timeline.

        Args:
            name: of the timeline.
            moments: in their order.
            media: what is known of each file.
            handles: seconds more before and after each.
        """
        files = [media[moment.path] for moment in moments]
        rate = Counter(each.rate for each in files).most_common(1)[0][0]
        width, height = Counter((each.width, each.height) for each in files).most_common(1)[0][0]
        coded = [each.timecode for each in files if each.rate == rate and each.timecode]
        drop = timecode.can_drop(rate) and (not coded or any(map(timecode.drops, coded)))
        edits: list[Edit] = []
        place = 0
        for moment, facts in zip(moments, files, strict=True):
            start, end = moment.widened(handles)
            first = round(start * facts.rate)
            frames = max(1, round(end * facts.rate) - first)
            length = max(1, round(frames / facts.rate * rate))
            edits.append(Edit(moment, facts, first, frames, place, length))
            place += length
        return cls(name, rate, drop, width, height, tuple(edits))

    @property
    def length(self) -> int:
        """Frames of the whole timeline."""
        return sum(edit.length for edit in self.edits)

    @property
    def first_frame(self) -> int:
        """The frame that its timecode begins with."""
        mark = ";" if self.drop else ":"
        return timecode.to_frame(f"{START_HOUR:02d}:00:00{mark}00", self.rate) or 0


def media_of(moment: ExportMoment, cutter: Cutter) -> TimelineFacts:
    """What is to be told of a moment's file: as the file says; where it is not there, as the catalogue knows.

    Raises:
        DecoderStartError, Cancelled: as `Cutter.facts`.
    """
    for path in (moment.path, *moment.copies):
        try:
            if path.is_file():
                return cutter.facts(path)
        except DecoderStartError:
            raise
        except (MediaError, OSError):
            continue
    return TimelineFacts(
        rate=_rate_of(moment.frame_rate),
        variable=False,
        timecode="",
        duration=moment.duration or moment.end,
        width=moment.width or 1920,
        height=moment.height or 1080,
        sound_channels=2 if moment.has_sound else 0,
        sound_rate=48_000 if moment.has_sound else 0,
    )


def _rate_of(rate: float) -> Fraction:
    if not 1 <= rate <= 240:
        return _USUAL_RATE
    near = (*_KNOWN_RATES, Fraction(round(rate)))
    closest = min(near, key=lambda known: abs(float(known) - rate))
    return closest if abs(float(closest) - rate) < 0.02 else Fraction(rate).limit_denominator(1001)
