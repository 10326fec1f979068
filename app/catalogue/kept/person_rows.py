"""Rows of what each person of a household keeps for themselves: favourites, of whoever asks a server."""

import time
from collections.abc import Iterable

from sqlite_utils import Database

from app.catalogue.kept import mark_rows
from app.catalogue.kept.kept_records import MarkKind, PersonFavourite, PersonMark, Target, TimeSpan
from app.catalogue.records import Video
from app.errors import UsageError

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


def everybodys(database: Database) -> list[PersonMark]:
    """The favourites of all people, also of contents that nobody has any more, in the order of making."""
    rows = database.execute(
        """SELECT person, fingerprint, start, "end", made FROM person_marks WHERE kind = ? ORDER BY id""",
        [MarkKind.FAVOURITE],
    ).fetchall()
    return [
        PersonMark(person, Target(content, None if start is None else TimeSpan(start, end)), float(made))
        for person, content, start, end, made in rows
    ]


def merge(database: Database, marks: Iterable[PersonMark]) -> int:
    """Keep favourites of people beside what is there, inside the caller's transaction.

    Returns:
        How many were not there.

    Raises:
        UsageError: somebody would have more than can be kept.
    """
    new = sum(_put(database, mark) for mark in marks)
    crowded = "SELECT person FROM person_marks GROUP BY person HAVING count(*) > ?"
    if new and database.execute(crowded, [MOST_OF_ONE]).fetchone() is not None:
        raise too_many()
    return new


def too_many() -> UsageError:
    """The sentence for somebody who has as many as can be kept."""
    return UsageError(f"One person can have {MOST_OF_ONE:,} favourites.", "Forget some first.")


def add(database: Database, person: str, video: Video, target: Target) -> None:
    """Keep a favourite, inside the caller's transaction; nothing where it is kept already."""
    _put(database, PersonMark(person, target, time.time()))
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


def _put(database: Database, mark: PersonMark) -> int:
    """Keep one; returns 1 where it was not there, else 0."""
    span = mark.target.span
    return database.execute(
        """INSERT OR IGNORE INTO person_marks (person, fingerprint, start, "end", kind, folded, made)
        VALUES (?, ?, ?, ?, ?, '', ?)""",
        [
            mark.person,
            mark.target.fingerprint,
            None if span is None else span.start,
            None if span is None else span.end,
            MarkKind.FAVOURITE,
            mark.made,
        ],
    ).rowcount
