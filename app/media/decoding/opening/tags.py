"""What a container's tags say of the camera, the day and the place. Nobody vouches for any of it."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from av.container import InputContainer

from app.media.decoding.opening.container import open_header
from app.media.frames import Origin
from app.media.geography.coordinates import Position, from_iso_6709, from_numbers

_EARLIEST_YEAR = 1971
"""Cameras without a clock write 1904 or 1970."""

_DATES = (
    "com.apple.quicktime.creationdate",
    "datetimeoriginal",
    "creation_time",
    "date_recorded",
    "datetime",
    "date",
    "icrd",
)
_MAKERS = (
    "com.apple.quicktime.make",
    "com.android.manufacturer",
    "make",
    "manufacturer",
    "maker",
    "company_name",
)
_MODELS = (
    "com.apple.quicktime.model",
    "com.android.model",
    "model",
    "camera_model_name",
    "device_model",
    "product_name",
)
_PLACES = ("com.apple.quicktime.location.iso6709", "location", "location_iso6709", "recording_location")
"""`location` is also what libav calls `©xyz`, with a language behind it, and the box `loci` of 3GPP."""
_PAIRS = (("gpslatitude", "gpslongitude"), ("gps_latitude", "gps_longitude"), ("latitude", "longitude"))

_TITLES = ("com.apple.quicktime.title", "com.apple.quicktime.displayname", "title")
_DESCRIPTIONS = (
    "com.apple.quicktime.description",
    "description",
    "synopsis",
    "com.apple.quicktime.comment",
    "comment",
    "caption",
    "summary",
)
_KEYWORDS = ("com.apple.quicktime.keywords", "keywords", "keyword", "tags", "subject", "genre")

_LETTERS = 80
"""Of a camera's name at most."""
_TITLE_LETTERS = 200
_VALUE_LETTERS = 1000
_TAGS = 5000

_GOPRO_FIRMWARE = re.compile(r"(?:HD[0-9]{1,2}|H[0-9]{2})\.[0-9]{2}\.[0-9.]+")
_EXIF_DATE = re.compile(r"([0-9]{4}):([0-9]{2}):([0-9]{2})(?:[ T](.+))?", re.DOTALL)

Tags = Mapping[str, str]
"""Lower-case names and their values."""


def read_tags(path: Path) -> tuple[str | None, Origin]:
    """Read a file's headers: its date of recording as `creation_date` gives it, and its origin.

    Raises:
        MediaError: the file cannot be opened.
    """
    with open_header(path) as container:
        return creation_date(container), origin(container)


def creation_date(container: InputContainer) -> str | None:
    """The date of recording, ISO 8601; None where absent, unreadable or a clock that was never set."""
    for tags in _all_tags(container):
        for key in _DATES:
            when = _date(tags.get(key, ""))
            if when is not None and _EARLIEST_YEAR <= when.year <= datetime.now(UTC).year + 1:
                return when.isoformat()
    return None


def origin(container: InputContainer) -> Origin:
    """What it was filmed with, and where."""
    levels = _all_tags(container)
    position = next((found for tags in levels if (found := _position(tags)) is not None), None)
    latitude, longitude = position or (None, None)
    return Origin(
        camera_of(levels),
        latitude,
        longitude,
        title=_text(levels[0], _TITLES, _TITLE_LETTERS),
        description=_text(levels[0], _DESCRIPTIONS, _VALUE_LETTERS),
        keywords=_text(levels[0], _KEYWORDS, _VALUE_LETTERS),
    )


def _text(tags: Tags, names: Iterable[str], letters: int) -> str:
    """The first of these tags that says something, on one line; else empty."""
    return next((text for name in names if (text := _on_one_line(tags.get(name, ""), letters))), "")


def camera_of(levels: Iterable[Tags]) -> str:
    """Make and model as they can be shown, empty where nothing says so.

    Args:
        levels: tags of the container and of its tracks.
    """
    levels = list(levels)
    for tags in levels:
        maker = next((name for key in _MAKERS if (name := _name(tags.get(key, "")))), "")
        model = next((name for key in _MODELS if (name := _name(tags.get(key, "")))), "")
        if maker.lower() == "ffmpeg":  # what libav calls itself in MXF
            maker = model = ""
        if model:
            known = not maker or model.lower().startswith(maker.split()[0].lower())
            return (model if known else f"{maker} {model}")[:_LETTERS].strip()
        if maker:
            return maker
    return next((name for tags in levels if (name := _hinted(tags))), "")


def _hinted(tags: Tags) -> str:
    """Makers that leave no name, but other traces."""
    traces = f"{tags.get('handler_name', '')} {tags.get('encoder', '')}".strip()
    if "gopro" in traces.lower() or _GOPRO_FIRMWARE.fullmatch(tags.get("firmware", "").strip()):
        return "GoPro"
    encoder = _name(tags.get("encoder", ""))
    if encoder.lower().startswith(("dji", "canonmvi")):
        return "Canon" if encoder.lower().startswith("canon") else encoder
    if tags.get("handler_name", "").strip().upper().startswith("DJI"):
        return "DJI"
    if tags.get("major_brand", "").strip() == "XAVC":
        return "Sony"
    return "Android" if "com.android.version" in tags else ""


def _name(value: str) -> str:
    """A tag's value on one line, without what does not show."""
    return _on_one_line(value, _LETTERS)


def _on_one_line(value: str, letters: int) -> str:
    plain = "".join(letter if letter.isprintable() and letter != "\ufffd" else " " for letter in value)
    words = " ".join(plain.split())
    return words[:letters].strip() if any(letter.isalnum() for letter in words) else ""


def _position(tags: Tags) -> Position | None:
    for wanted in _PLACES:
        for key, value in tags.items():
            if (key == wanted or key.startswith(f"{wanted}-")) and (found := from_iso_6709(value)):
                return found
    for latitude, longitude in _PAIRS:
        north = tags.get(latitude, "") + tags.get(f"{latitude}ref", "")[:1]
        east = tags.get(longitude, "") + tags.get(f"{longitude}ref", "")[:1]
        if found := from_numbers(north, east):
            return found
    return None


def _date(value: str) -> datetime | None:
    """ISO 8601, or EXIF's with colons (Exif 2.32, 4.6.5)."""
    text = value.strip()[:64]
    if exif := _EXIF_DATE.fullmatch(text):
        text = f"{exif[1]}-{exif[2]}-{exif[3]}" + (f"T{exif[4].strip()}" if exif[4] else "")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _all_tags(container: InputContainer) -> list[Tags]:
    """The container's tags, then those of each track, pictures first."""
    tracks = [*container.streams.video, *(s for s in container.streams if s.type != "video")]
    found: list[Tags] = []
    left = _TAGS
    for metadata in (container.metadata, *(track.metadata for track in tracks)):
        some = list(metadata.items())[:left]
        left -= len(some)
        found.append({key.lower(): value[:_VALUE_LETTERS] for key, value in some})
    return found
