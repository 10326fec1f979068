"""What is wrong with a library's file, said in sentences; nothing is changed here."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from sqlite_utils import Database

from app.catalogue.kept import kept_texts
from app.catalogue.records import Presence, VideoState
from app.catalogue.rows.index_rows import NOT_FINITE, is_damage
from app.database import folder_counts

_BAD_LENGTH = """
    SELECT video_id, model FROM embeddings WHERE typeof(vectors) <> 'blob' OR typeof(width) <> 'integer'
        OR width <= 0 OR length(vectors) <> 2 * width * (
            SELECT count(*) FROM frames WHERE frames.video_id = embeddings.video_id)
"""
_BLOBS = """
    SELECT video_id, vectors FROM embeddings WHERE typeof(vectors) = 'blob' AND length(vectors) % 2 = 0
"""
_NO_FACTS = """
    SELECT id FROM videos WHERE state = 'indexed' AND copy_of IS NULL
        AND NOT EXISTS (SELECT 1 FROM facts WHERE video_id = videos.id)
"""
_NO_PICTURES = """
    SELECT DISTINCT video_id FROM frames
    WHERE NOT EXISTS (SELECT 1 FROM thumbnails WHERE frame_id = frames.id AND typeof(image) = 'blob')
"""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a library's file that is not as it should be."""

    kind: str
    """pages, orphans, rows, facts, pictures, videos, counts, settings or kept."""
    sentence: str
    videos: tuple[int, ...] = ()
    """Ids of the videos whose rows are meant."""


_Part = Callable[[Database], Iterator[Problem]]


def check(database: Database, *, full: bool, report: Callable[[str], None] = lambda _: None) -> list[Problem]:
    """Everything that is wrong; empty where nothing is.

    Args:
        database: a connection for reading.
        full: also read every page, vector, frame and reference, which takes as long as reading the file.
        report: told what is checked next, in a few words.
    """
    problems: list[Problem] = []
    for what, part in (_FULL if full else ()) + _QUICK:
        report(what)
        problems += _tried(part, database)
    return problems


def _tried(part: _Part, database: Database) -> list[Problem]:
    try:
        return list(part(database))
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return [Problem("pages", "Pages of the library file are damaged.")]


def _pages(database: Database) -> Iterator[Problem]:
    found = [line for (line,) in database.execute("PRAGMA quick_check(50)")]
    if found != ["ok"]:
        many = f"{len(found)} places" if len(found) > 1 else "one place"
        yield Problem("pages", f"The library file is damaged in {many}.")


def _orphans(database: Database) -> Iterator[Problem]:
    count = len(database.execute("PRAGMA foreign_key_check").fetchall())
    if count:
        yield Problem("orphans", f"{count:,} rows of the library belong to nothing.")


def _lengths(database: Database) -> Iterator[Problem]:
    ids = tuple(sorted({video for video, _ in database.execute(_BAD_LENGTH)}))
    if ids:
        yield Problem("rows", f"What was indexed of {_videos_of(ids)} is damaged.", ids)


def _vectors(database: Database) -> Iterator[Problem]:
    bad = set()
    for video_id, vectors in database.execute(_BLOBS):
        numbers = np.frombuffer(vectors, "<u2")
        if ((numbers & NOT_FINITE) == NOT_FINITE).any():
            bad.add(video_id)
    if bad:
        ids = tuple(sorted(bad))
        yield Problem("rows", f"What was indexed of {_videos_of(ids)} holds what is no number.", ids)


def _facts(database: Database) -> Iterator[Problem]:
    ids = tuple(number for (number,) in database.execute(_NO_FACTS))
    if ids:
        yield Problem("facts", f"Length and size of {_videos_of(ids)} are missing.", ids)


def _pictures(database: Database) -> Iterator[Problem]:
    ids = tuple(number for (number,) in database.execute(_NO_PICTURES))
    if ids:
        yield Problem("pictures", f"Pictures of {_videos_of(ids)} are missing.", ids)


def _videos(database: Database) -> Iterator[Problem]:
    states = ",".join(f"'{state}'" for state in VideoState)
    places = ",".join(f"'{presence}'" for presence in Presence)
    rows = database.execute(
        f"""SELECT id FROM videos WHERE state NOT IN ({states}) OR presence NOT IN ({places})
            OR typeof(path) <> 'blob' OR typeof(size) <> 'integer' OR typeof(mtime_ns) <> 'integer'"""  # noqa: S608
    )
    ids = tuple(sorted({number for (number,) in rows} | _unreadable(database)))
    if ids:
        yield Problem("videos", f"What is noted about {_videos_of(ids)} is damaged.", ids)


def _unreadable(database: Database) -> set[int]:
    """Ids of videos with a text that is no UTF-8: where it is met, nothing of the library can be read."""
    texts = ("fingerprint", "reason", "advice")
    blobs = ", ".join(f"CAST({name} AS BLOB)" for name in texts)
    odd = " OR ".join(f"{name} GLOB '*[^ -~]*'" for name in texts)
    rows = database.execute(f"SELECT id, {blobs} FROM videos WHERE {odd}").fetchall()  # noqa: S608 - our names
    return {number for number, *values in rows if not all(_is_text(value) for value in values if value)}


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _counts(database: Database) -> Iterator[Problem]:
    if folder_counts.wrong(database):
        yield Problem("counts", "The counts of videos are not those of the videos.")


def _settings(database: Database) -> Iterator[Problem]:
    for name, value in database.execute("SELECT name, value FROM settings"):
        try:
            json.loads(value)
        except (ValueError, TypeError, RecursionError):
            yield Problem("settings", f"The stored setting “{name}” is damaged and counts as not set.")


def _kept(database: Database) -> Iterator[Problem]:
    if not kept_texts.is_readable(database):
        yield Problem("kept", "Names or notes that were kept are damaged in part.")


def _videos_of(ids: tuple[int, ...]) -> str:
    return "1 video" if len(ids) == 1 else f"{len(ids):,} videos"


_FULL: tuple[tuple[str, _Part], ...] = (
    ("pages of the file", _pages),
    ("vectors", _vectors),
    ("references between rows", _orphans),
    ("pictures", _pictures),
)
_QUICK: tuple[tuple[str, _Part], ...] = (
    ("lengths of vectors", _lengths),
    ("facts about videos", _facts),
    ("videos", _videos),
    ("counts", _counts),
    ("settings", _settings),
    ("what was kept", _kept),
)
UNCHECKED = tuple(what for what, _ in _FULL)
"""What only a full check looks at, in a few words each."""
