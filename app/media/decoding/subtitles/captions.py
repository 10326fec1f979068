"""Captions become lines: repeated, rolling and growing ones are one line each, with the time it was there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.lines.line import Line

GAP = 1.0
"""Seconds between two captions up to which the second may go on with the first."""
SAME = 1.0
"""Seconds by which the beginnings of one line in two tracks may differ."""
UNTIL_NEXT = 5.0
"""Seconds a caption stays whose end nobody says, where no other one follows sooner."""
LONGEST = 3600.0
"""Seconds that one caption stays at most: what is longer is a wrong time."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What is shown at one time.

    Attributes:
        start: seconds of running time.
        end: seconds; None where it stays until something else is shown.
        lines: as they stand in the picture, not empty.
    """

    start: float
    end: float | None
    lines: tuple[str, ...]


@dataclass(slots=True)
class _Open:
    start: float
    end: float
    text: str


def lines_of(captions: Iterable[Caption], language: str, duration: float) -> list[Line]:
    """The lines of one track, by their starts.

    Args:
        captions: in any order.
        language: ISO 639-1, or empty.
        duration: seconds of the video, behind which nothing is shown; 0 where unknown.
    """
    ordered = sorted(captions, key=lambda caption: caption.start)
    found: list[_Open] = []
    recent: dict[str, _Open] = {}
    shown: tuple[str, ...] = ()
    current: _Open | None = None
    until = float("-inf")
    for number, caption in enumerate(ordered):
        start = max(0.0, caption.start)
        end = _end(caption, ordered[number + 1].start if number + 1 < len(ordered) else None)
        if not caption.lines or end < 0 or (duration and start > duration):
            continue
        follows = start <= until + GAP
        grown = _growth(shown, caption.lines) if follows and current is not None else None
        new = caption.lines[_overlap(shown, caption.lines) :] if follows else caption.lines
        text = " ".join(new)
        before = recent.get(text)
        if not new or (before is not None and start <= before.end + GAP):
            kept = before or current
            if kept is not None:
                kept.end = max(kept.end, end)
        elif grown is not None and current is not None:
            current.text += grown
            current.end = max(current.end, end)
            recent[current.text] = current
        else:
            current = recent[text] = _Open(start, end, text)
            found.append(current)
        shown, until = caption.lines, max(until, end) if follows else end
    last = duration or float("inf")
    return [Line(each.start, max(each.start, min(each.end, last)), each.text, language) for each in found]


def merged(tracks: Sequence[Sequence[Line]], most: int) -> list[Line]:
    """The lines of all tracks by their times; one that another track has too comes once.

    Args:
        tracks: the lines of each, the best track first.
        most: lines at most.
    """
    found: list[Line] = []
    starts: dict[tuple[str, int], None] = {}
    for track in tracks:
        places = [(line, (line.text, int(line.start // SAME))) for line in track]
        for line, (text, place) in places:
            if not any((text, near) in starts for near in (place - 1, place, place + 1)):
                found.append(line)
        starts |= dict.fromkeys(key for _, key in places)
    return sorted(found[:most], key=lambda line: (line.start, line.end))


def _end(caption: Caption, following: float | None) -> float:
    if caption.end is not None:
        return min(max(caption.start, caption.end), caption.start + LONGEST)
    end = caption.start + UNTIL_NEXT
    return end if following is None else max(caption.start, min(end, following))


def _overlap(shown: tuple[str, ...], lines: tuple[str, ...]) -> int:
    """How many of the lines stood there already, the last ones of those: they have rolled up."""
    for count in range(min(len(shown), len(lines)), 0, -1):
        if shown[-count:] == lines[:count]:
            return count
    return 0


def _growth(shown: tuple[str, ...], lines: tuple[str, ...]) -> str | None:
    """What was typed behind the last line since; None where something else happened."""
    before, after = " ".join(shown), " ".join(lines)
    grown = len(after) > len(before) and after.startswith(before) and len(lines) == len(shown)
    return after[len(before) :] if grown else None
