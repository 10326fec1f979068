"""Rows of what each person of a household keeps for themselves: favourites, of whoever asks a server."""

import time

from sqlite_utils import Database

from app.catalogue.kept import mark_rows
from app.catalogue.kept.kept_records import MarkKind, PersonFavourite, Target, TimeSpan
from app.catalogue.records import Video

MOST_OF_ONE = 10_000
"""Favourites of one person."""


def favourites(database: Database, person: str, fingerprint: str | None = None) -> list[PersonFavourite]:
    """A person's favourites in the order in which they were made; only of one content where given."""
    rows = database.execute(
        """SELECT fingerprint, start, "end", made, (
            SELECT coalesce(copy_of, videos.id) FROM videos WHERE videos.fingerprint = mine.fingerprint
            AND folder_id <> 0 AND presence <> 'gone' ORDER BY videos.id LIMIT 1)
        FROM person_marks AS mine
        WHERE person = ? AND kind = ? AND (? IS NULL OR fingerprint = ?) ORDER BY id""",
        [person, MarkKind.FAVOURITE, fingerprint, fingerprint],
    ).fetchall()
    return [
        PersonFavourite(Target(content, None if start is None else TimeSpan(start, end)), float(made), number)
        for content, start, end, made, number in rows
    ]


def add(database: Database, person: str, video: Video, target: Target) -> None:
    """Keep a favourite, inside the caller's transaction; nothing where it is kept already."""
    span = target.span
    database.execute(
        """INSERT OR IGNORE INTO person_marks (person, fingerprint, start, "end", kind, folded, made)
        VALUES (?, ?, ?, ?, ?, '', ?)""",
        [
            person,
            target.fingerprint,
            None if span is None else span.start,
            None if span is None else span.end,
            MarkKind.FAVOURITE,
            time.time(),
        ],
    )
    mark_rows.note_content(database, video)


def remove(database: Database, person: str, target: Target) -> None:
    """Forget a favourite, likewise."""
    span = target.span
    database.execute(
        """DELETE FROM person_marks WHERE person = ? AND fingerprint = ? AND kind = ?
        AND start IS ? AND "end" IS ?""",
        [
            person,
            target.fingerprint,
            MarkKind.FAVOURITE,
            None if span is None else span.start,
            None if span is None else span.end,
        ],
    )
