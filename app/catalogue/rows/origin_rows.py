"""With what, where and when videos were filmed: kept so that SQL finds them by the words that people type."""

from collections.abc import Iterable, Sequence

from sqlite_utils import Database

from app.catalogue.records import FileOrigin, Video
from app.catalogue.rows import video_rows
from app.catalogue.rows.lines import name_rows
from app.media.frames import Origin
from app.media.geography.place import Place
from app.text import folded_words

_AWAITED = """presence = 'here' AND online AND copy_of IS NULL AND state = 'indexed'
    AND facts.video_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM origins JOIN descriptions USING (video_id)
        WHERE origins.video_id = videos.id AND (latitude IS NULL OR place IS NOT NULL))"""

_SEPARATOR = ", "
"""Between the names of a place; there is no comma in any."""


def write(database: Database, video_id: int, origin: Origin, place: Place | None) -> None:
    """Replace what is known of a video."""
    database.execute(
        "INSERT OR REPLACE INTO origins VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            video_id,
            origin.camera,
            _words([origin.camera]),
            origin.latitude,
            origin.longitude,
            "" if origin.latitude is None else None if place is None else _SEPARATOR.join(place.names),
            "" if place is None else _words(place.names) + _whole(place.aliases),
        ],
    )
    name_rows.describe(database, video_id, origin.title, origin.description, origin.keywords)


def forget(database: Database, video_id: int) -> None:
    """Delete what is known of a video: its file has another content."""
    for table in ("origins", "descriptions"):
        database.execute(f"DELETE FROM {table} WHERE video_id = ?", [video_id])  # noqa: S608 - our names


def awaited(database: Database) -> list[Video]:
    """Videos at hand that were indexed, and of which nobody has read where they come from."""
    return video_rows.select(database, _AWAITED, [])


def fill(database: Database, found: Sequence[FileOrigin]) -> frozenset[int]:
    """Note what was read behind, of files that are still the same; returns the ids of their videos."""
    now = video_rows.by_ids(database, [each.video.id for each in found])
    filled = set()
    for each in found:
        video = now.get(each.video.id)
        if video is None or video.facts is None or _file(video) != _file(each.video):
            continue
        write(database, video.id, each.origin, each.place)
        if each.created is not None:
            database.execute("UPDATE facts SET created = ? WHERE video_id = ?", [each.created, video.id])
        filled.add(video.id)
    return frozenset(filled)


def cameras(database: Database, start: str) -> list[str]:
    """Cameras with a word that begins so, in order, without twins."""
    rows = database.execute(f"SELECT DISTINCT camera {_SHOWN} AND camera <> ''").fetchall()
    return _beginning((camera for (camera,) in rows), start)


def places(database: Database, start: str) -> list[str]:
    """Names of places with a word that begins so, in order, without twins."""
    rows = database.execute(f"SELECT DISTINCT place {_SHOWN} AND place <> ''").fetchall()
    return _beginning((name for (place,) in rows for name in place.split(_SEPARATOR)), start)


_SHOWN = """FROM origins JOIN videos ON coalesce(copy_of, videos.id) = origins.video_id
    WHERE folder_id <> 0 AND presence <> 'gone'"""

CAMERA = "coalesce(copy_of, videos.id) IN (SELECT video_id FROM origins WHERE instr(camera_words, ?))"
PLACE = """coalesce(copy_of, videos.id) IN (
    SELECT video_id FROM origins WHERE instr(place_words, ?) OR instr(place_words, ?))"""
"""Conditions on a video; their arguments are `arguments_of`."""


def arguments_of(typed: str) -> tuple[str, str]:
    """For `CAMERA` the first, for `PLACE` both: what the typed words look like in `…_words`."""
    words = folded_words(typed)
    return _words([words]) if words else "\0", _whole([words]) if words else "\0"


def _words(names: Iterable[str]) -> str:
    """Names of which any words in a row may be typed."""
    return " " + " | ".join(folded_words(name) for name in names) + " "


def _whole(names: Iterable[str]) -> str:
    """Names that have to be typed whole: “china” is not asked for by a part of another name of Taiwan."""
    return "".join(f"={folded_words(name).replace(' ', '_')}=" for name in names)


def _beginning(names: Iterable[str], start: str) -> list[str]:
    wanted = folded_words(start)
    found = {folded_words(name): name for name in names}
    return [found[words] for words in sorted(found) if f" {words}".find(f" {wanted}") >= 0]


def _file(video: Video) -> tuple[bytes, int, int]:
    return video_rows.to_blob(video.path), video.size, video.mtime_ns
