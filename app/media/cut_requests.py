"""What the cutting child is asked for and what it answers; no libav here."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.processes.wire import Message, WireError


@dataclass(frozen=True, slots=True)
class Cut:
    """A part of a video that was written into a file; times in seconds of the video's running time."""

    suffix: str
    """Of the file's name: `.mp4`."""
    start: float
    """Where what was written begins: of a copy the key frame at or before the wanted start."""
    end: float
    left_out: tuple[str, ...] = ()
    """Kinds of tracks that the format cannot hold: `subtitles`, `sound`."""


@dataclass(frozen=True, slots=True)
class MovingPicture:
    """How a GIF or a WebP is to look."""

    kind: str = "gif"
    """`gif` or `webp`."""
    long_side: int = 480
    """Pixels of the longer side at most."""
    rate: float = 12.0
    """Pictures per second at most."""


@dataclass(frozen=True, slots=True)
class TimelineFacts:
    """What an editing program has to be told of a file."""

    rate: Fraction
    """Frames per second, as the container declares it: of a variable rate its nominal one."""
    variable: bool
    """Whether the frames do not follow each other at that rate."""
    timecode: str
    """Of the first frame as a camera wrote it, `01:00:00;00`; empty where there is none."""
    duration: float
    width: int
    """Displayed, as all sizes are."""
    height: int
    sound_channels: int
    """Of the first track of sound; 0 without one."""
    sound_rate: int


def cut_of(message: Message) -> Cut:
    """What a child answers, checked. Raises WireError."""
    left_out = message.fields.get("left_out")
    if not isinstance(left_out, list) or not all(isinstance(each, str) for each in left_out):
        raise WireError("kinds of tracks that are none")
    suffix = message.text("suffix")
    if not suffix.startswith(".") or not suffix[1:].isalnum():
        raise WireError("a suffix that is none")
    return Cut(suffix, message.number("start"), message.number("end"), tuple(left_out))


def facts_message(facts: TimelineFacts) -> Message:
    """Facts as they are sent."""
    fields: dict[str, Any] = {name: getattr(facts, name) for name in TimelineFacts.__slots__}
    return Message("facts", fields | {"rate": [facts.rate.numerator, facts.rate.denominator]})


def timeline_facts_of(message: Message) -> TimelineFacts:
    """What `facts_message` sent. Raises WireError."""
    rate = message.fields.get("rate")
    whole = isinstance(rate, list) and all(type(part) is int and part > 0 for part in rate)
    if not isinstance(rate, list) or not whole or len(rate) != 2:
        raise WireError("a rate that is none")
    return TimelineFacts(
        rate=Fraction(rate[0], rate[1]),
        variable=message.fields.get("variable") is True,
        timecode=message.text("timecode"),
        duration=message.number("duration"),
        width=message.count("width"),
        height=message.count("height"),
        sound_channels=message.count("sound_channels"),
        sound_rate=message.count("sound_rate"),
    )
