"""Lines of text and the index of their words: SQLite's FTS5, kept current by triggers.

The index holds no text of its own (an external content table, sqlite.org/fts5.html, 4.4.3): a column for
each source, so that one source can be asked for. `lines.words` is what is searched where that is not the text
as it stands: of names, and of scripts whose words SQLite does not find (`app.lines.words`).
"""

import sqlite3

from sqlite_utils import Database

INDEX = "line_index"

_SOURCES = ("name", "subtitle", "speech", "writing")
"""`Source` as it was when these tables were first made: a new one is a new migration."""

_COLUMNS = ", ".join(_SOURCES)
_WORDS = ", ".join(
    f"CASE WHEN {{0}}source = '{source}' THEN coalesce({{0}}words, {{0}}text) END AS {source}"
    for source in _SOURCES
)
_OLD = _WORDS.replace("{0}", "OLD.")
_NEW = _WORDS.replace("{0}", "NEW.")


def has_full_text(database: Database) -> bool:
    """Whether this SQLite was built with FTS5."""
    return database.execute("SELECT 1 FROM pragma_module_list WHERE name = 'fts5'").fetchone() is not None


def create(database: Database) -> None:
    """Make the tables, inside the caller's transaction; every video there is waits for its names."""
    for statement in _statements():
        database.execute(statement)
    database.execute("INSERT INTO renamed (video_id) SELECT id FROM videos WHERE folder_id <> 0")


def fits(database: Database) -> bool:
    """Whether the index of words is whole and that of the lines; reads all of both."""
    try:
        database.execute(f"INSERT INTO {INDEX} ({INDEX}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_CORRUPT:
            raise
        return False
    return True


def rebuild(database: Database) -> None:
    """Make the index of words anew from the lines."""
    database.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('rebuild')")  # noqa: S608 - our names
    database.execute(f"CREATE VIRTUAL TABLE temp.all_terms USING fts5vocab(main, {INDEX}, row)")
    database.execute("DELETE FROM line_terms")
    database.execute("INSERT INTO line_terms SELECT term FROM temp.all_terms")
    database.execute("DROP TABLE temp.all_terms")


def _statements() -> list[str]:
    delete = f"""INSERT INTO {INDEX} ({INDEX}, rowid, {_COLUMNS}) SELECT 'delete', OLD.id, {_OLD};"""
    insert = f"""INSERT INTO {INDEX} (rowid, {_COLUMNS}) SELECT NEW.id, {_NEW};"""
    return [
        # `word_times` are float32, little-endian, one for each word of `text`; empty where not known.
        """CREATE TABLE lines (
            id INTEGER PRIMARY KEY,
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            source TEXT NOT NULL,
            start REAL NOT NULL,
            "end" REAL NOT NULL,
            text TEXT NOT NULL,
            words TEXT,
            language TEXT NOT NULL,
            word_times BLOB NOT NULL
        )""",
        "CREATE INDEX lines_by_video ON lines (video_id, source, start)",
        # `beside`: what lay beside the file when it was read (`LineReader.beside`).
        """CREATE TABLE line_states (
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            source TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('done', 'failed')),
            reader TEXT NOT NULL,
            beside TEXT NOT NULL DEFAULT '',
            cause TEXT CHECK (cause IN ('file', 'environment', 'program')),
            reason TEXT NOT NULL DEFAULT '',
            advice TEXT NOT NULL DEFAULT '',
            attempts INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (video_id, source)
        ) WITHOUT ROWID""",
        # Every word that a line was ever written with: where a misspelt word is looked up.
        "CREATE TABLE line_terms (term TEXT PRIMARY KEY)",
        # What a file's headers say of it in words; no row: not read yet.
        """CREATE TABLE descriptions (
            video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
            title TEXT NOT NULL,
            description TEXT NOT NULL,
            keywords TEXT NOT NULL
        )""",
        # Videos whose lines of the source `name` are not those of their names any more.
        "CREATE TABLE renamed (video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE)",
        f"CREATE VIEW line_words AS SELECT id, {_WORDS.replace('{0}', '')} FROM lines",  # noqa: S608
        f"""CREATE VIRTUAL TABLE {INDEX} USING fts5(
            {_COLUMNS}, content='line_words', content_rowid='id', columnsize=0, prefix='2 3',
            tokenize="unicode61 remove_diacritics 2 categories 'L* N* M* Co'"
        )""",
        f"CREATE TRIGGER index_new_line AFTER INSERT ON lines BEGIN {insert} END",
        f"CREATE TRIGGER index_deleted_line AFTER DELETE ON lines BEGIN {delete} END",
        f"""CREATE TRIGGER index_changed_line AFTER UPDATE OF source, text, words ON lines
            BEGIN {delete} {insert} END""",
        """CREATE TRIGGER name_new_video AFTER INSERT ON videos BEGIN
            INSERT OR IGNORE INTO renamed (video_id) VALUES (NEW.id);
        END""",
        """CREATE TRIGGER name_moved_video AFTER UPDATE OF path, folder_id, copy_of ON videos
            WHEN NEW.folder_id <> 0 AND (OLD.path IS NOT NEW.path OR OLD.folder_id IS NOT NEW.folder_id
                OR OLD.copy_of IS NOT NEW.copy_of) BEGIN
            INSERT OR IGNORE INTO renamed (video_id) VALUES (NEW.id);
        END""",
    ]
