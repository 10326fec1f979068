"""The tables of what people keep: marks on contents, collections, saved searches, past searches.

They refer to a video by the fingerprint of its content, and to no row of another table: whatever happens to
those (a folder removed, a video indexed anew, a file salvaged in part) takes nothing away here.
"""

from sqlite_utils import Database

TABLES = (
    "marks",
    "person_marks",
    "kept_contents",
    "collections",
    "saved_searches",
    "seen_contents",
    "past_searches",
)

_STATEMENTS = (
    # Favourites, tags, notes and collections of contents and their moments. `start` and `end` are seconds,
    # both NULL for the whole video; `folded` is what a tag or a collection is found by.
    """CREATE TABLE marks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        fingerprint TEXT NOT NULL,
        start REAL,
        "end" REAL,
        kind TEXT NOT NULL CHECK (kind IN ('favourite', 'tag', 'note', 'collection')),
        value TEXT NOT NULL,
        folded TEXT NOT NULL,
        made REAL NOT NULL
    )""",
    """CREATE UNIQUE INDEX marks_once
        ON marks (fingerprint, coalesce(start, -1), coalesce("end", -1), kind, folded)""",
    "CREATE INDEX marks_by_name ON marks (kind, folded, fingerprint)",
    # What a content was when it was last marked, for the case that it is not in the library any more.
    """CREATE TABLE kept_contents (
        fingerprint TEXT PRIMARY KEY,
        path BLOB NOT NULL,
        size INTEGER NOT NULL,
        duration REAL
    )""",
    """CREATE TABLE collections (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        folded TEXT NOT NULL UNIQUE,
        made REAL NOT NULL
    )""",
    # `seen` is the highest number of `seen_contents` when the search was last looked at.
    """CREATE TABLE saved_searches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        folded TEXT NOT NULL UNIQUE,
        query TEXT NOT NULL,
        made REAL NOT NULL,
        seen INTEGER NOT NULL
    )""",
    # Every content that was there when a saved search was looked at, numbered as they came.
    """CREATE TABLE seen_contents (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        fingerprint TEXT NOT NULL UNIQUE
    )""",
    """CREATE TABLE past_searches (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        query TEXT NOT NULL UNIQUE,
        times INTEGER NOT NULL,
        searched REAL NOT NULL
    )""",
    "CREATE INDEX past_searches_by_time ON past_searches (searched)",
)


_WITH_HIDDEN = (
    """CREATE TABLE marks_of_more_kinds (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        fingerprint TEXT NOT NULL,
        start REAL,
        "end" REAL,
        kind TEXT NOT NULL CHECK (kind IN ('favourite', 'tag', 'note', 'collection', 'hidden')),
        value TEXT NOT NULL,
        folded TEXT NOT NULL,
        made REAL NOT NULL
    )""",
    """INSERT INTO marks_of_more_kinds SELECT id, fingerprint, start, "end", kind, value, folded, made
        FROM marks ORDER BY id""",
    "DROP TABLE marks",
    "ALTER TABLE marks_of_more_kinds RENAME TO marks",
    """CREATE UNIQUE INDEX marks_once
        ON marks (fingerprint, coalesce(start, -1), coalesce("end", -1), kind, folded)""",
    "CREATE INDEX marks_by_name ON marks (kind, folded, fingerprint)",
)


_OF_PEOPLE = (
    # Marks of one person of a household who asks over a server: nobody else's.
    """CREATE TABLE person_marks (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        person TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        start REAL,
        "end" REAL,
        kind TEXT NOT NULL CHECK (kind IN ('favourite')),
        folded TEXT NOT NULL,
        made REAL NOT NULL
    )""",
    """CREATE UNIQUE INDEX person_marks_once
        ON person_marks (person, fingerprint, coalesce(start, -1), coalesce("end", -1), kind, folded)""",
)


def create(database: Database) -> None:
    """Make the tables, inside the caller's transaction."""
    for statement in _STATEMENTS:
        database.execute(statement)


def allow_hidden(database: Database) -> None:
    """Let marks say that something is hidden: SQLite changes no CHECK, so the table is made anew."""
    for statement in _WITH_HIDDEN:
        database.execute(statement)


def let_people_keep(database: Database) -> None:
    """Make the table of what single people keep, inside the caller's transaction."""
    for statement in _OF_PEOPLE:
        database.execute(statement)
