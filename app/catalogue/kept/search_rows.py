"""Rows of saved searches and of past ones."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlite_utils import Database

from app.catalogue.kept.kept_names import LONGEST_NAME, folded_name
from app.catalogue.kept.kept_records import PastSearch, SavedSearch

MOST_PAST = 1000
"""Past searches that are remembered; the oldest go."""


@dataclass(frozen=True, slots=True)
class StoredSearch:
    """A saved search with what was there when it was last looked at."""

    search: SavedSearch
    seen: int
    """The highest number of a content that was."""


def saved(database: Database) -> list[StoredSearch]:
    """All saved searches in order of name."""
    rows = database.execute(
        "SELECT name, query, made, seen FROM saved_searches ORDER BY folded, id"
    ).fetchall()
    return [StoredSearch(SavedSearch(name, query, float(made)), seen) for name, query, made, seen in rows]


def named(database: Database, name: str) -> StoredSearch | None:
    """The saved search of this name, None where there is none."""
    row = database.execute(
        "SELECT name, query, made, seen FROM saved_searches WHERE folded = ?", [folded_name(name)]
    ).fetchone()
    return None if row is None else StoredSearch(SavedSearch(row[0], row[1], float(row[2])), row[3])


def save(database: Database, search: SavedSearch, seen: int) -> None:
    """Save a search under a name that is free."""
    database.execute(
        "INSERT INTO saved_searches (name, folded, query, made, seen) VALUES (?, ?, ?, ?, ?)",
        [search.name, folded_name(search.name), search.query, search.made, seen],
    )


def merge(database: Database, searches: Sequence[SavedSearch]) -> int:
    """Save searches beside those that are there; one whose name is another query's gets a number.

    Returns:
        How many were new.
    """
    new, seen = 0, see_contents(database) if searches else 0
    for search in searches:
        name, number = search.name, 1
        while (there := named(database, name)) is not None and there.search.query != search.query:
            number += 1
            ending = f" ({number})"
            name = search.name[: LONGEST_NAME - len(ending)] + ending
        if there is None:
            save(database, replace(search, name=name), seen)
            new += 1
    return new


def rename(database: Database, old: str, new: str) -> None:
    """Give a saved search a name that is free, or its own in another case."""
    database.execute(
        "UPDATE saved_searches SET name = ?, folded = ? WHERE folded = ?",
        [new, folded_name(new), folded_name(old)],
    )


def remove(database: Database, name: str) -> bool:
    """Forget a saved search; returns whether there was one of this name."""
    where = "DELETE FROM saved_searches WHERE folded = ?"
    return database.execute(where, [folded_name(name)]).rowcount > 0


def see(database: Database, name: str, so_far: int) -> None:
    """Note that all contents up to a number were there when a saved search was looked at."""
    database.execute(
        "UPDATE saved_searches SET seen = max(seen, ?) WHERE folded = ?", [so_far, folded_name(name)]
    )


def see_contents(database: Database) -> int:
    """Number the contents that came since the last time; returns the highest number."""
    database.execute(
        """INSERT OR IGNORE INTO seen_contents (fingerprint)
        SELECT fingerprint FROM videos WHERE fingerprint IS NOT NULL AND folder_id <> 0 ORDER BY id"""
    )
    (highest,) = database.execute("SELECT coalesce(max(number), 0) FROM seen_contents").fetchone()
    return int(highest)


def arrived(database: Database, seen: int) -> frozenset[int]:
    """Ids of the originals whose content came after a number was the highest."""
    rows = database.execute(
        """SELECT DISTINCT coalesce(copy_of, videos.id) FROM videos
        WHERE fingerprint IS NOT NULL AND folder_id <> 0 AND presence <> 'gone' AND NOT EXISTS (
            SELECT 1 FROM seen_contents AS s WHERE s.fingerprint = videos.fingerprint AND number <= ?)""",
        [seen],
    ).fetchall()
    return frozenset(number for (number,) in rows)


def merge_past(database: Database, searches: Sequence[PastSearch]) -> None:
    """Put past searches beside those that are there; of one that both have, what is more or later holds."""
    for search in searches:
        database.execute(
            """INSERT INTO past_searches (query, times, searched) VALUES (?, ?, ?)
            ON CONFLICT (query) DO UPDATE SET
                times = max(times, excluded.times), searched = max(searched, excluded.searched)""",
            [search.query, search.times, search.searched],
        )
    _forget_oldest(database)


def note(database: Database, query: str) -> None:
    """Remember that a query was searched for."""
    database.execute(
        """INSERT INTO past_searches (query, times, searched) VALUES (?, 1, ?)
        ON CONFLICT (query) DO UPDATE SET times = times + 1, searched = excluded.searched""",
        [query, time.time()],
    )
    _forget_oldest(database)


def _forget_oldest(database: Database) -> None:
    database.execute(
        """DELETE FROM past_searches WHERE id IN (
            SELECT id FROM past_searches ORDER BY searched DESC, id DESC LIMIT -1 OFFSET ?)""",
        [MOST_PAST],
    )


def past(database: Database, limit: int, start: str = "") -> list[PastSearch]:
    """The last searches, newest first; only those that begin so."""
    rows = database.execute(
        """SELECT query, times, searched FROM past_searches WHERE substr(query, 1, ?) = ?
        ORDER BY searched DESC, id DESC LIMIT ?""",
        [len(start), start, limit],
    ).fetchall()
    return [PastSearch(query, times, float(searched)) for query, times, searched in rows]


def forget_past(database: Database, query: str | None) -> int:
    """Forget one past search, all where None; returns how many there were."""
    if query is None:
        return database.execute("DELETE FROM past_searches").rowcount
    return database.execute("DELETE FROM past_searches WHERE query = ?", [query]).rowcount
