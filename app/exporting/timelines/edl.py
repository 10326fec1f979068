"""An edit list as CMX 3600: cuts only, one track, at most 999 events in a file.

Files are told apart by their reels, names of eight letters; the comments below an event say the whole name.
All timecodes of an EDL are at one rate: those of a file with another one mean the same second.
"""

from collections.abc import Sequence
from fractions import Fraction

from app.exporting.timelines import timecode
from app.exporting.timelines.edit_list import Edit, EditList
from app.text import PLAIN_LETTERS, folded_words, shown

MOST_EVENTS = 999
REEL_LETTERS = 8


def as_edls(edits: EditList) -> list[bytes]:
    """The files of a timeline: further ones go on where the one before is full."""
    reels = _reels(edits.edits)
    parts = [edits.edits[first : first + MOST_EVENTS] for first in range(0, len(edits.edits), MOST_EVENTS)]
    return [_edl(edits, part, reels, number, len(parts)) for number, part in enumerate(parts, start=1)]


def _edl(edits: EditList, part: Sequence[Edit], reels: dict[str, str], number: int, count: int) -> bytes:
    title = shown(edits.name) if count == 1 else f"{shown(edits.name)} {number} of {count}"
    lines = [f"TITLE: {title}", f"FCM: {'DROP FRAME' if edits.drop else 'NON-DROP FRAME'}"]
    begin = part[0].place
    for event, edit in enumerate(part, start=1):
        lines += ["", *_event(edits, edit, event, edits.first_frame + edit.place - begin, reels)]
    return ("\r\n".join(lines) + "\r\n").encode("utf-8", "replace")


def _event(edits: EditList, edit: Edit, event: int, place: int, reels: dict[str, str]) -> list[str]:
    rate, drop = edits.rate, edits.drop
    first = _on_timeline(edit.first_timecode + edit.start, edit.media.rate, rate)
    if edit.media.rate == rate:
        first = edit.first_timecode + edit.start
    best = place + min(edit.length - 1, _on_timeline(edit.best - edit.start, edit.media.rate, rate))
    times = (first, first + edit.length, place, place + edit.length)
    codes = " ".join(timecode.to_text(frame, rate, drop=drop) for frame in times)
    channels = {0: "V", 1: "A/V"}.get(edit.media.sound_channels, "AA/V")
    reel = reels[str(edit.moment.path)]
    name = shown(edit.moment.path.name)
    lines = [
        f"{event:03d}  {reel:<{REEL_LETTERS}} {channels:<5} C        {codes}",
        f"* FROM CLIP NAME: {name}",
        f"* SOURCE FILE: {shown(edit.moment.path)}",
    ]
    if edit.media.rate != rate:
        lines.append(f"* SOURCE RATE: {float(edit.media.rate):.3f}")
    if edit.note:
        mark = timecode.to_text(best, rate, drop=drop)
        lines.append(f"* LOC: {mark} GREEN   {shown(edit.note)}")
    return lines


def _on_timeline(frames: int, own: Fraction, rate: Fraction) -> int:
    return round(frames / own * rate)


def _reels(edits: Sequence[Edit]) -> dict[str, str]:
    """A name of at most eight letters and digits for each file, unlike that of any other."""
    reels: dict[str, str] = {}
    taken: set[str] = set()
    for edit in edits:
        path = str(edit.moment.path)
        if path in reels:
            continue
        plain = folded_words(edit.moment.path.stem.translate(PLAIN_LETTERS)).upper()
        letters = "".join(letter for letter in plain if letter.isascii() and letter.isalnum()) or "REEL"
        name, number = letters[:REEL_LETTERS], 1
        while name in taken or name in {"BL", "AX"}:  # black and auxiliary
            number += 1
            name = f"{letters[: REEL_LETTERS - len(str(number))]}{number}"
        taken.add(name)
        reels[path] = name
    return reels
