"""Positions on Earth as cameras write them: ISO 6709 in its three widths, and plain numbers."""

import math
import re
from typing import NamedTuple

_ISO_6709 = re.compile(
    r"\s*(?P<latitude>[+-](?:[0-9]{1,2}|[0-9]{4}|[0-9]{6})(?:[.,][0-9]{1,12})?)"
    r"(?P<longitude>[+-](?:[0-9]{1,3}|[0-9]{5}|[0-9]{7})(?:[.,][0-9]{1,12})?)"
    r"(?:[+-][0-9]{1,9}(?:[.,][0-9]{1,12})?)?"  # altitude
    r"(?:CRS[A-Za-z0-9_.:-]{0,40})?"
    r"(?:/.*)?\s*",
    re.DOTALL,
)
"""Degrees; degrees and minutes; degrees, minutes and seconds. What follows the slash may name the place."""

NOWHERE = 1e-3
"""Degrees: what is this near to 0, 0 was written by a camera that did not know where it was."""


class Position(NamedTuple):
    """Degrees on WGS 84: latitude from -90 to 90, longitude from -180 to 180."""

    latitude: float
    longitude: float


def credible(latitude: float, longitude: float) -> Position | None:
    """A position, None where these numbers are none or where a camera without a fix writes them."""
    if not (math.isfinite(latitude) and math.isfinite(longitude)):
        return None
    if abs(latitude) > 90 or abs(longitude) > 180 or max(abs(latitude), abs(longitude)) < NOWHERE:
        return None
    return Position(round(latitude, 6), round(longitude, 6))


def from_iso_6709(text: str) -> Position | None:
    """Read a position such as `+38.7223-009.1393+012.3/`; None where it is none.

    Args:
        text: of any content and length. Minutes and seconds may stand in the digits (ISO 6709, annex H):
            `+3843-00908/`, `+384320.3-0090821.5/`.
    """
    found = _ISO_6709.fullmatch(text) if len(text) <= 200 else None
    if found is None:
        return None
    latitude, longitude = _degrees(found["latitude"], 2), _degrees(found["longitude"], 3)
    return None if latitude is None or longitude is None else credible(latitude, longitude)


def from_numbers(latitude: str, longitude: str) -> Position | None:
    """Read a position of two numbers in degrees, each with or without a letter for its direction."""
    north, east = _signed(latitude, "NS"), _signed(longitude, "EW")
    return None if north is None or east is None else credible(north, east)


def _degrees(text: str, width: int) -> float | None:
    """A signed number whose digits before the point are degrees (`width` of them), minutes and seconds."""
    digits, _, fraction = text[1:].replace(",", ".").partition(".")
    parts = [digits] if len(digits) <= width else [digits[:width]]
    if len(digits) > width:
        parts += [digits[at : at + 2] for at in range(width, len(digits), 2)]
    values = [float(part) for part in parts]
    values[-1] += float(f"0.{fraction or 0}")
    if any(value >= 60 for value in values[1:]):
        return None
    degrees = sum(value / 60.0**power for power, value in enumerate(values))
    return -degrees if text.startswith("-") else degrees


def _signed(text: str, letters: str) -> float | None:
    found = re.fullmatch(
        rf"\s*(?P<number>[+-]?[0-9]{{1,3}}(?:[.,][0-9]{{1,15}})?)\s*°?\s*(?P<letter>[{letters}])?\s*",
        text[:60],
        re.IGNORECASE,
    )
    if found is None:
        return None
    value = float(found["number"].replace(",", "."))
    return -abs(value) if (found["letter"] or "").upper() == letters[1] else value
