"""The filters: one table of their names, of what stands behind the colon, and of what is said about them.

A new filter is a member of `FilterName` and a row here; the catalogue knows what it means in SQL.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from app.query.parsed_query import FilterName

Value = str | float | date

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""Years that a video can be of."""

LONGEST = 10_000_000.0
"""Seconds: nearly four months."""

WITHIN_NAME = "within"
"""Looks like a filter and is the span of a chain."""

SHAPES = {
    "portrait": "higher than wide",
    "landscape": "wider than high",
    "square": "as wide as high",
    "hd": "at least 720 pixels on the shorter side",
    "4k": "at least 2160 pixels on the shorter side",
}
"""Values of `is:` that a video's picture meets, and what they mean."""

FAVOURITE = "favourite"

HIDDEN = "hidden"

IS_VALUES = SHAPES | {FAVOURITE: "kept as a favourite", HIDDEN: "hidden from all other searches"}
"""All values of `is:`."""


@dataclass(frozen=True, slots=True)
class FilterSpec:
    """One row of the table."""

    read: Callable[[str], Value | None]
    """Makes a value of what was typed; None where it makes no sense."""
    written: Callable[[Value], str]
    """The inverse: text that `read` makes the same value of."""
    wants: str
    """What has to stand behind the colon, as the end of a sentence."""
    example: str
    help: str
    """What it does, a few words."""


def _text(typed: str) -> str | None:
    value = " ".join(typed.split())
    return value if any(character.isalnum() for character in value) or set(value) & set("/\\~") else None


def _words(typed: str) -> str | None:
    value = " ".join(typed.split())
    return value if any(character.isalnum() for character in value) else None


def _suffix(typed: str) -> str | None:
    value = typed.strip().lower().removeprefix(".")
    return value if re.fullmatch(r"[a-z0-9]{1,8}", value) else None


def _is_value(typed: str) -> str | None:
    value = typed.strip().lower()
    if value in {"favorite", "favourites", "favorites"}:
        value = FAVOURITE
    return value if value in IS_VALUES else None


def _name(typed: str) -> str | None:
    return " ".join(typed.split()) or None


def _day(typed: str) -> date | None:
    """A year, a month or a day; of the first two their first day."""
    found = re.fullmatch(r"([0-9]{4})(?:([-/.])([0-9]{1,2})(?:\2([0-9]{1,2}))?)?", typed.strip())
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    try:
        return date(int(found[1]), int(found[3] or 1), int(found[4] or 1))
    except ValueError:
        return None


_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0}
_DURATION = re.compile(
    r"(?:(?P<h>[0-9]{1,6}(?:\.[0-9]{1,3})?)h(?:ours?)?)?"
    r"(?:(?P<m>[0-9]{1,6}(?:\.[0-9]{1,3})?)m(?:in(?:utes?)?)?)?"
    r"(?:(?P<s>[0-9]{1,8}(?:\.[0-9]{1,3})?)(?:s(?:ec(?:onds?)?)?)?)?",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(?:(?P<h>[0-9]{1,4}):)?(?P<m>[0-9]{1,3}):(?P<s>[0-5][0-9])")


def _seconds(typed: str) -> float | None:
    """30s, 90, 2m, 1h30m, 1:30 or 1:02:03; to the millisecond, above 0."""
    value = "".join(typed.split())
    found = _CLOCK.fullmatch(value) or _DURATION.fullmatch(value)
    if found is None:
        return None
    seconds = round(sum(float(found[unit] or 0) * factor for unit, factor in _UNITS.items()), 3)
    return seconds if 0 < seconds <= LONGEST else None


def seconds_written(value: Value) -> str:
    """Seconds as they can be typed: `90s`."""
    return f"{value:.3f}".rstrip("0").rstrip(".") + "s" if isinstance(value, float) else str(value)


_DAY = "a year, a month or a day, such as 2023, 2023-05 or 2023-05-14"
_DURATION_WANTED = "a length of time, such as 30s, 2m or 1h30m"

FILTERS: dict[FilterName, FilterSpec] = {
    FilterName.IN: FilterSpec(
        _text, str, "the name of a folder, or the end of its path", "in:holiday", "in this folder or below it"
    ),
    FilterName.AFTER: FilterSpec(_day, str, _DAY, "after:2023-05", "filmed on this day or later"),
    FilterName.BEFORE: FilterSpec(_day, str, _DAY, "before:2024", "filmed before this day"),
    FilterName.LONGER: FilterSpec(
        _seconds, seconds_written, _DURATION_WANTED, "longer:30s", "videos at least this long"
    ),
    FilterName.SHORTER: FilterSpec(
        _seconds, seconds_written, _DURATION_WANTED, "shorter:5m", "videos at most this long"
    ),
    FilterName.IS: FilterSpec(
        _is_value,
        str,
        f"one of {', '.join(IS_VALUES)}",
        "is:portrait",
        "of this shape or size, a favourite, or hidden",
    ),
    FilterName.TYPE: FilterSpec(
        _suffix, str, "the ending of a file, such as mov", "type:mov", "files of this type"
    ),
    FilterName.NAME: FilterSpec(
        _text,
        str,
        "a part of the file's name, or words of its folders or title",
        "name:graduation",
        "files with this in their name",
    ),
    FilterName.CAMERA: FilterSpec(
        _words,
        str,
        "words of a camera's or phone's name",
        "camera:iphone",
        "filmed with this camera",
    ),
    FilterName.PLACE: FilterSpec(
        _words, str, "the name of a city, a region or a country", "place:lisbon", "filmed in this place"
    ),
    FilterName.TAG: FilterSpec(_name, str, "the name of a tag", "tag:birthday", "with this tag"),
    FilterName.IN_COLLECTION: FilterSpec(
        _name, str, "the name of a collection", "in-collection:holidays", "in this collection"
    ),
}

WITHIN_SPEC = FilterSpec(
    _seconds,
    seconds_written,
    _DURATION_WANTED,
    "within:60s",
    "in a chain: from one moment to the next at most",
)

INSTEAD = {
    "speech": "said:",
    "spoken": "said:",
    "subtitle": "said:",
    "subtitles": "said:",
    "transcript": "said:",
    "written": "text:",
    "ocr": "text:",
    "model": "camera:",
    "make": "camera:",
    "device": "camera:",
    "city": "place:",
    "town": "place:",
    "country": "place:",
    "region": "place:",
    "location": "place:",
    "gps": "place:",
    "date": "after: or before:",
    "since": "after:",
    "from": "after:",
    "until": "before:",
    "folder": "in:",
    "path": "in:",
    "dir": "in:",
    "directory": "in:",
    "file": "name:",
    "filename": "name:",
    "ext": "type:",
    "extension": "type:",
    "filetype": "type:",
    "format": "type:",
    "duration": "longer: or shorter:",
    "length": "longer: or shorter:",
    "resolution": "is:",
    "orientation": "is:",
    "shape": "is:",
    "size": "is:",
    "span": "within:",
    "tags": "tag:",
    "label": "tag:",
    "collection": "in-collection:",
    "album": "in-collection:",
}
"""Names that are no filters and look like one, with what to type instead."""

NAMES: tuple[str, ...] = (*(name.value for name in FilterName), WITHIN_NAME)


def spec_of(name: str) -> FilterSpec:
    """The row of a name of `NAMES`."""
    return WITHIN_SPEC if name == WITHIN_NAME else FILTERS[FilterName(name)]


def misspelt(name: str) -> str | None:
    """The name that another one is one slip away from; None where there is none.

    Only of long names: four letters are too soon another word (game, name).
    """
    return next((known for known in NAMES if len(known) > 4 and _one_slip(name, known)), None)


def _one_slip(typed: str, known: str) -> bool:
    """Whether a letter is missing, too much, another one, or two neighbours are exchanged."""
    if typed == known:
        return False
    start = 0
    while start < min(len(typed), len(known)) and typed[start] == known[start]:
        start += 1
    rest, wanted = typed[start:], known[start:]
    return (
        rest[1:] == wanted[1:]
        or rest[1:] == wanted
        or rest == wanted[1:]
        or (rest[:2] == wanted[:2][::-1] and rest[2:] == wanted[2:])
    )
