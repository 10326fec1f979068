"""SMPTE timecode: frames counted as hours, minutes, seconds and frames (SMPTE ST 12-1).

At 29.97 and 59.94 frames per second drop-frame timecode leaves out numbers, never frames, so that it keeps up
with the clock: the first two (four) of each minute but every tenth.
"""

import re
from fractions import Fraction

_WRITTEN = re.compile(r"(\d\d):(\d\d):(\d\d)([:;.,])(\d\d\d?)")


def nominal(rate: Fraction) -> int:
    """The whole number of frames that a second of timecode has."""
    return max(1, round(rate))


def can_drop(rate: Fraction) -> bool:
    """Whether there is drop-frame timecode at a rate."""
    return rate.denominator == 1001 and nominal(rate) % 30 == 0


def to_text(frame: int, rate: Fraction, *, drop: bool) -> str:
    """The timecode of a frame, `01:00:00:00`, or `01:00:00;00` where numbers are dropped."""
    base = nominal(rate)
    drop = drop and can_drop(rate)
    if drop:
        frame = _numbered(frame, base)
    seconds, frames = divmod(frame, base)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    mark = ";" if drop else ":"
    return f"{hours % 24:02d}:{minute:02d}:{second:02d}{mark}{frames:02d}"


def to_frame(text: str, rate: Fraction) -> int | None:
    """The frame that a timecode counts to; None where it is none. A `;` (or `.`) says that numbers drop."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        return None
    hour, minute, second, frames = (int(found[place]) for place in (1, 2, 3, 5))
    base = nominal(rate)
    minutes = 60 * hour + minute
    count = (60 * minutes + second) * base + frames
    if found[4] != ":" and can_drop(rate):
        count -= base // 15 * (minutes - minutes // 10)
    return count


def drops(text: str) -> bool:
    """Whether a written timecode is a drop-frame one."""
    found = _WRITTEN.fullmatch(text)
    return found is not None and found[4] != ":"


def _numbered(frame: int, base: int) -> int:
    """The number a frame has when numbers are dropped."""
    dropped = base // 15
    per_minute, per_ten = 60 * base - dropped, 600 * base - 9 * dropped
    tens, rest = divmod(frame, per_ten)
    skipped = 9 * dropped * tens
    if rest >= dropped:
        skipped += dropped * ((rest - dropped) // per_minute)
    return frame + skipped
