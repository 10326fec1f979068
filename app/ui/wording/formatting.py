"""Numbers and foreign words as a person reads them, in the language of the window."""

import re
import unicodedata
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale

from app.text import shown

_LONG_WORD, _PIECE = re.compile(r"\S{40,}"), re.compile(r".{20}(?=\w)")
MINUTE = 60
HOUR = 60 * MINUTE


def clock(seconds: float) -> str:
    """A position in a video: `0:07`, `12:30`, `1:02:03`."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, HOUR)
    minutes, second = divmod(rest, MINUTE)
    if hours:
        return f"{hours}:{minutes:02d}:{second:02d}"
    return f"{minutes}:{second:02d}"


def count(number: int) -> str:
    """A whole number as the language writes it: `1,204`, `1.204`."""
    return QLocale().toString(number)


def decimal(number: float, digits: int = 1) -> str:
    """A number with that many digits behind the point, or the comma where the language has one."""
    return QLocale().toString(number, "f", digits)


def duration(seconds: float) -> str:
    """A length of time: `42 s`, `5 min`, `2 h 14 min`."""
    whole = max(0, round(seconds))
    if whole < MINUTE:
        return _tr("{seconds} s").format(seconds=whole)
    minutes = round(whole / MINUTE)
    if minutes < 60:
        return _tr("{minutes} min").format(minutes=minutes)
    hours, left = divmod(minutes, 60)
    if not left:
        return _tr("{hours} h").format(hours=count(hours))
    return _tr("{hours} h {minutes} min").format(hours=count(hours), minutes=left)


def rate(video_seconds_per_second: float) -> str:
    """Indexing speed: `14× real time`, `0.6× real time`; empty while it is not known."""
    if video_seconds_per_second <= 0:
        return ""
    quick = video_seconds_per_second >= 10
    number = count(round(video_seconds_per_second)) if quick else decimal(video_seconds_per_second)
    return _tr("{number}× real time").format(number=number)


def percent(share: float) -> str:
    """A share of 0..1 as `82 %`."""
    return _tr("{number} %").format(number=round(100 * min(max(share, 0.0), 1.0)))


def provider(name: str) -> str:
    """An execution provider's everyday name: `CUDAExecutionProvider` and `CUDA` are both `CUDA`."""
    return name.removesuffix("ExecutionProvider")


def size(count_of_bytes: int) -> str:
    """An amount of data in decimal units: `640 kB`, `605 MB`, `1.2 GB`."""
    amount = float(max(0, count_of_bytes))
    for unit in ("kB", "MB"):
        amount /= 1000
        if round(amount) < 1000:
            return f"{round(amount)} {unit}"
    return f"{decimal(amount / 1000)} GB"


def frames_per_second(rate: float) -> str:
    """How quickly a model looks at frames: `0.4 frames/s`, `14 frames/s`, `1,200 frames/s`."""
    whole = round(rate) if rate < 100 else 10 * round(rate / 10)
    number = decimal(rate) if rate < 10 else count(whole)
    return _tr("{number} frames/s").format(number=number)


def file_name(path: Path) -> str:
    """The last part of a path, all of it where it has none (`/`), with nothing hidden: `app.text.shown`."""
    return shown(path.name or path)


def full_path(path: Path) -> str:
    """A whole path, with nothing hidden."""
    return shown(path)


def short_path(path: Path) -> str:
    """A whole path with the home folder as `~`, with nothing hidden."""
    home = Path.home()
    return shown(Path("~") / path.relative_to(home) if path.is_relative_to(home) else path)


def brief_name(path: Path, limit: int = 60) -> str:
    """A file's name fit to stand in a sentence of ours: beyond `limit` characters the middle gives way."""
    name = file_name(path)
    if len(name) > limit:
        tail = limit // 3
        name = f"{name[: limit - tail - 1]}…{name[-tail:]}"
    return _isolated(name)


def sentence(text: str) -> str:
    """A sentence that may hold a path or words from elsewhere, with nothing hidden.

    What `one_line` and `brief_name` isolated in it stays so.
    """
    parts = _ISOLATED.split(text)
    return "".join(
        f"\u2068{shown(part)}\u2069"
        if place % 2 and _runs_backwards(part)
        else shown(f"\u2068{part}\u2069" if place % 2 else part)
        for place, part in enumerate(parts)
    )


def breakable(text: str) -> str:
    """A text whose longest words, names and paths, have places (U+200B) where a label can break them."""
    return _LONG_WORD.sub(lambda word: _PIECE.sub("\\g<0>\u200b", word[0]), text)


def one_line(text: str, limit: int = 60) -> str:
    """Words that came from elsewhere (a model's title, a licence), fit to stand in a sentence of ours.

    Line breaks and control characters become spaces, characters that turn the direction of what follows are
    dropped, and beyond `limit` characters the end gives way to `…`. Words that run from right to left are
    isolated (Unicode Standard Annex 9, section 2.1), so that our own words keep their places.
    """
    kept = (" " if _breaks(letter) else letter for letter in text if letter not in _TURNERS)
    line = " ".join("".join(kept).split())
    if len(line) > limit:
        line = line[: limit - 1].rstrip() + "…"
    return _isolated(line)


def _isolated(line: str) -> str:
    return f"\u2068{line}\u2069" if _runs_backwards(line) else line


def _runs_backwards(line: str) -> bool:
    return any(unicodedata.bidirectional(letter) in ("R", "AL", "AN") for letter in line)


_ISOLATED = re.compile("\u2068([^\u2068\u2069]*)\u2069")
_TURNERS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _breaks(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Zl", "Zp", "Cs")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Formatting", text)
