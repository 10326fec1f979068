"""Which part of a clip's frames is picture and was encoded; a clip without a row is all picture."""

from contextlib import suppress

from sqlite_utils import Database

from app.catalogue.records import IndexedVideo
from app.media.area import WHOLE, Area


def of(indexed: IndexedVideo) -> dict[int, Area]:
    """By clip of a video the area of its frames, where that is not all of them."""
    return {frame.clip: frame.area for frame in indexed.frames if frame.area != WHOLE}


def read(database: Database, video_id: int) -> dict[int, Area]:
    """What `of` gave when the video was written; a row that is damaged counts as none."""
    rows = database.execute(
        'SELECT clip, "left", top, "right", bottom FROM picture_areas WHERE video_id = ?', [video_id]
    )
    found = {}
    for clip, *sides in rows:
        with suppress(TypeError, ValueError):
            found[clip] = Area(*sides)
    return found


def write(database: Database, video_id: int, indexed: IndexedVideo) -> None:
    """Replace a video's rows."""
    database.execute("DELETE FROM picture_areas WHERE video_id = ?", [video_id])
    database.conn.executemany(
        "INSERT INTO picture_areas VALUES (?, ?, ?, ?, ?, ?)",
        ((video_id, clip, *area.sides) for clip, area in of(indexed).items()),
    )
