"""From what stands in single frames to lines with their times."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.lines.line import Line
from app.writing.plausible import clean, is_plausible, language_of, letters_of
from app.writing.readings import Sight, Written
from app.writing.tracks import ALIKE, RUNNING_MOST, Track, same_row

_GONE = 4.0
"""Seconds without being seen after which a text is over; before, somebody walked past it."""
_TAIL = 1.5
"""Seconds after it was seen last that a text may still have been there, where the next frame is later."""
_GAP = 1.2
"""Pieces of a row are one line where the space between them is no wider than so many times their height."""
_SAME_SIZE = 1.6
_MOST_ROWS, _MOST_LETTERS = 4, 200
"""Of rows below each other that make one line: a sign, a caption."""
_TOGETHER = 1.1
"""Seconds by which their ends may differ; they begin in one frame, as rows of credits that rise do not."""
_RECENT = 100
"""Blocks that a row is compared with."""
_ROW_GAP = 0.9
"""Of their height."""
MOST_LINES = 10_000
"""Of one video; what comes after is left out."""


class LineMerger:
    """Follows the texts of one video through its frames."""

    def __init__(self) -> None:
        self._open: list[Track] = []
        self._closed: list[tuple[Track, float]] = []

    def see(self, time: float, sight: Sight) -> None:
        """Take the next frame.

        Args:
            time: seconds, ascending.
            sight: what stands in it.
        """
        if sight is None:
            for track in self._open:
                if track.gone is None:
                    track.last = time
        else:
            self._follow(time, rows(sight))

    def finish(self, end: float) -> tuple[Line, ...]:
        """The video ends at `end` seconds; returns its lines in the order of their beginnings."""
        while self._open:
            track = self._open[-1]
            self._close(track, end if track.gone is None else track.gone, end)
        kept = [
            (track, until)
            for track, until in self._closed
            if is_plausible(track.text, track.confidence, track.sights)
        ]
        kept.sort(key=lambda item: (item[0].start, item[0].first.top, item[0].first.left))
        return tuple(_line(block) for block in blocks(kept))[:MOST_LINES]

    def _follow(self, time: float, pieces: Sequence[Written]) -> None:
        letters = [letters_of(piece.text) for piece in pieces]
        pairs = [
            (alike, number, track)
            for number, piece in enumerate(pieces)
            for track in self._open
            if (alike := track.likeness(piece, letters[number])) >= ALIKE
        ]
        pairs.sort(key=lambda pair: -pair[0])
        left = dict(enumerate(pieces))
        taken: set[int] = set()
        for _, number, track in pairs:
            if number in left and id(track) not in taken:
                taken.add(id(track))
                track.take(time, left.pop(number))
        for track in [track for track in self._open if id(track) not in taken]:
            track.gone = time if track.gone is None else track.gone
            if time - track.last > _GONE:
                self._close(track, track.gone, time)
        for track in [track for track in self._open if len(track.running) > RUNNING_MOST]:
            self._close(track, time, time)
            left[-len(left) - 1] = track.piece
        for piece in left.values():
            self._open.append(Track(time, time, piece))

    def _close(self, track: Track, until: float, latest: float) -> None:
        self._open.remove(track)
        self._closed.append((track, max(track.start, min(until, latest, track.last + _TAIL))))


def rows(sight: Iterable[Written]) -> list[Written]:
    """Join the pieces of a frame that stand beside each other in one row, from left to right."""
    joined: list[Written] = []
    for piece in sorted(sight, key=lambda each: each.left):
        cleaned = replace(piece, text=clean(piece.text))
        if not cleaned.text:
            continue
        for number, before in enumerate(joined):
            if _goes_on(before, cleaned):
                joined[number] = _together(before, cleaned)
                break
        else:
            joined.append(cleaned)
    return sorted(joined, key=lambda each: (each.top, each.left))


def blocks(tracks: Iterable[tuple[Track, float]]) -> list[list[tuple[Track, float]]]:
    """Put rows below each other together that come and go at the same time: a sign, a caption."""
    found: list[list[tuple[Track, float]]] = []
    for track, until in tracks:
        recent = [block for block in found[-_RECENT:] if block[0][0].start == track.start]
        block = next((block for block in reversed(recent) if _goes_below(block, track, until)), None)
        if block is None:
            found.append([(track, until)])
        else:
            block.append((track, until))
    return found


def _line(block: list[tuple[Track, float]]) -> Line:
    text = " ".join(track.text for track, _ in block)
    start, end = min(track.start for track, _ in block), max(until for _, until in block)
    return Line(start, end, text, language_of(text))


def _goes_on(before: Written, piece: Written) -> bool:
    lower, higher = sorted((before.height, piece.height))
    gap = piece.left - before.right
    alike = higher <= _SAME_SIZE * lower and same_row(before, piece)
    return alike and -lower <= gap <= _GAP * lower


def _together(before: Written, piece: Written) -> Written:
    return Written(
        f"{before.text} {piece.text}",
        min(before.confidence, piece.confidence),
        before.left,
        min(before.top, piece.top),
        max(before.right, piece.right),
        max(before.bottom, piece.bottom),
    )


def _below(upper: Track, lower: Track) -> bool:
    one, two = upper.first, lower.first
    small, large = sorted((one.height, two.height))
    shared = min(one.right, two.right) - max(one.left, two.left)
    near = -small / 2 <= two.top - one.bottom <= _ROW_GAP * small
    beneath = shared >= min(one.right - one.left, two.right - two.left) / 2
    return near and beneath and large <= _SAME_SIZE * small


def _goes_below(block: list[tuple[Track, float]], track: Track, until: float) -> bool:
    """Whether a row is the next one of a block."""
    last, its_end = block[-1]
    letters = sum(len(each.text) + 1 for each, _ in block) + len(track.text)
    if len(block) >= _MOST_ROWS or letters > _MOST_LETTERS or track.running:
        return False
    return _below(last, track) and abs(its_end - until) <= _TOGETHER
