"""`like:`: pictures, moments and whole videos that what is looked for is like."""

import re

from app.query.parsed_query import Area, Likeness
from app.query.query_error import QueryError

_TYPED = re.compile(
    r"(?P<path>.+?)(?:@(?P<at>(?:[0-9]{1,4}:){0,2}[0-9]{1,7}(?:\.[0-9]{1,6})?)s?)?"
    r"(?:#(?P<crop>[0-9.]{1,8}(?:,[0-9.]{1,8}){3}))?",
    re.DOTALL,
)


def read_likeness(typed: str, weight: float, at: int) -> Likeness:
    """Read what stands behind `like:`.

    Args:
        typed: `PATH`, `PATH@SECONDS`, with `#LEFT,TOP,WIDTH,HEIGHT` in percent behind it.
        weight: how much it counts.
        at: where in the query it stands, for errors.

    Raises:
        QueryError: it names no file, or a part that is none.
    """
    found = _TYPED.fullmatch(typed)
    if found is None or not any(character.isalnum() for character in found["path"]) or "\0" in typed:
        raise QueryError(
            "“like:” names no file.",
            'Name a picture, or a video and a moment: like:"photo.jpg", like:"dog.mp4@12.5".',
            at=at,
        )
    moment = None if found["at"] is None else _seconds(found["at"])
    crop = None if found["crop"] is None else _area(found["crop"], at)
    return Likeness(found["path"], moment, crop, weight, at)


def written(likeness: Likeness) -> str:
    """The inverse: text that `read_likeness` makes the same of."""
    text = likeness.path
    if likeness.at is not None:
        text += f"@{_number(likeness.at)}"
    if likeness.crop is not None:
        left, top, right, bottom = likeness.crop
        sides = (left, top, right - left, bottom - top)
        text += "#" + ",".join(_number(100 * side) for side in sides)
    return text


def _seconds(typed: str) -> float:
    """12.5, 1:02.5 or 1:02:03."""
    seconds = 0.0
    for part in typed.split(":"):
        seconds = 60 * seconds + float(part)
    return round(seconds, 6)


def _area(typed: str, at: int) -> Area:
    try:
        left, top, width, height = (float(part) / 100 for part in typed.split(","))
    except ValueError:
        left, top, width, height = 0.0, 0.0, 0.0, 0.0
    right, bottom = round(left + width, 9), round(top + height, 9)
    if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
        raise QueryError(
            f"“#{typed}” is no part of a picture.",
            "Behind # stand left, top, width and height in percent: #25,0,50,100.",
            at=at,
        )
    return left, top, right, bottom


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")
