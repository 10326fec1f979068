"""The tables, as a row of migrations: a new version of the program appends one and changes none.

Paths are BLOBs of `os.fsencode`: a file name is bytes on Linux and may be no valid UTF-8; SQLite's TEXT
could not hold the lone surrogates that stand for such bytes in a Python string. Ids of folders, videos and
frames are AUTOINCREMENT: a number that was once given to a frame never means another one, so a result on
screen or a cached vector can go stale but never lie.
"""

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from app.database import folder_counts, kept_tables, line_tables

migrations = Migrations("library")


@migrations()
def catalogue(database: Database) -> None:
    """What is watched and what was found there."""
    _create(
        database,
        """CREATE TABLE volumes (
            id INTEGER PRIMARY KEY,
            identity TEXT NOT NULL UNIQUE,
            mount BLOB NOT NULL
        )""",
        """CREATE TABLE folders (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            path BLOB NOT NULL UNIQUE,
            volume_id INTEGER NOT NULL REFERENCES volumes (id),
            online INTEGER NOT NULL DEFAULT 1
        )""",
        """CREATE TABLE videos (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            folder_id INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
            path BLOB NOT NULL UNIQUE,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            fingerprint TEXT,
            state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'indexed', 'failed')),
            present INTEGER NOT NULL DEFAULT 1,
            reason TEXT NOT NULL DEFAULT '',
            advice TEXT NOT NULL DEFAULT ''
        )""",
        "CREATE INDEX videos_by_folder ON videos (folder_id, state)",
        "CREATE INDEX videos_by_size ON videos (size)",
        """CREATE TABLE facts (
            video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
            container TEXT NOT NULL,
            codec TEXT NOT NULL,
            width INTEGER NOT NULL,
            height INTEGER NOT NULL,
            rotation INTEGER NOT NULL,
            duration REAL NOT NULL,
            frame_rate REAL,
            created TEXT,
            has_audio INTEGER NOT NULL,
            size INTEGER NOT NULL
        )""",
        "CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    )


@migrations()
def index(database: Database) -> None:
    """What indexing adds to a video. Thumbnails stand apart so that a walk over frames stays short."""
    _create(
        database,
        """CREATE TABLE clips (
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            start REAL NOT NULL,
            "end" REAL NOT NULL,
            PRIMARY KEY (video_id, number)
        ) WITHOUT ROWID""",
        """CREATE TABLE frames (
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            time REAL NOT NULL,
            key INTEGER NOT NULL,
            clip INTEGER NOT NULL
        )""",
        "CREATE INDEX frames_by_video ON frames (video_id)",
        """CREATE TABLE thumbnails (
            frame_id INTEGER PRIMARY KEY REFERENCES frames (id) ON DELETE CASCADE,
            image BLOB NOT NULL
        )""",
        """CREATE TABLE embeddings (
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            model TEXT NOT NULL,
            width INTEGER NOT NULL,
            revision INTEGER NOT NULL,
            vectors BLOB NOT NULL,
            UNIQUE (model, video_id)
        )""",
        "CREATE INDEX embeddings_by_revision ON embeddings (model, revision, video_id)",
        "CREATE INDEX embeddings_by_video ON embeddings (video_id)",
        # One row: the number that goes up with each change the vector index must follow.
        "CREATE TABLE revision (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL)",
        "INSERT INTO revision (id, number) VALUES (1, 0)",
    )


@migrations()
def hubness(database: Database) -> None:
    """How near every clip is to a bank of typical queries; goes with the embeddings it was made from."""
    _create(
        database,
        """CREATE TABLE banks (
            model TEXT PRIMARY KEY,
            bank TEXT NOT NULL,
            width INTEGER NOT NULL,
            vectors BLOB NOT NULL
        )""",
        """CREATE TABLE hubness (
            model TEXT NOT NULL,
            video_id INTEGER NOT NULL,
            bank TEXT NOT NULL,
            levels BLOB NOT NULL,
            peaks BLOB NOT NULL,
            places BLOB NOT NULL,
            PRIMARY KEY (model, video_id),
            FOREIGN KEY (model, video_id) REFERENCES embeddings (model, video_id) ON DELETE CASCADE
        )""",
    )


@migrations()
def switching(database: Database) -> None:
    """What a second model needs: which videos are used most, and how each one was sampled."""
    _create(
        database,
        # `last` is the number of the opening, not a time of day: clocks are set back.
        """CREATE TABLE uses (
            video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
            opened INTEGER NOT NULL,
            last INTEGER NOT NULL
        )""",
        """CREATE TABLE sampled (
            video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
            max_rate REAL NOT NULL
        )""",
    )


@migrations()
def causes_and_presence(database: Database) -> None:
    """What a failure lies in, where a file is, and which videos are copies of others.

    Earlier versions did not note causes: whatever failed, or was read in part, is tried once more.
    """
    _create(
        database,
        """ALTER TABLE videos ADD COLUMN presence TEXT NOT NULL DEFAULT 'here'
            CHECK (presence IN ('here', 'gone', 'away', 'unreachable'))""",
        # Seconds since 1970 at which a scan first found the file gone; it is purged some days later.
        "ALTER TABLE videos ADD COLUMN gone_at REAL",
        """ALTER TABLE videos ADD COLUMN cause TEXT
            CHECK (cause IN ('file', 'environment', 'program'))""",
        "ALTER TABLE videos ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE videos ADD COLUMN read_until REAL",
        "ALTER TABLE videos ADD COLUMN copy_of INTEGER REFERENCES videos (id) ON DELETE SET NULL",
        "ALTER TABLE videos ADD COLUMN volume_id INTEGER REFERENCES volumes (id)",
        "UPDATE videos SET presence = 'gone', gone_at = unixepoch() WHERE NOT present",
        "ALTER TABLE videos DROP COLUMN present",
        "UPDATE videos SET state = 'pending', reason = '', advice = '' WHERE state = 'failed'",
        "UPDATE videos SET cause = 'environment' WHERE state = 'indexed' AND reason <> ''",
        "CREATE INDEX videos_by_fingerprint ON videos (fingerprint)",
        "CREATE INDEX videos_by_copy ON videos (copy_of)",
        # What the last scan of a folder could not look into.
        """CREATE TABLE unreachable (
            folder_id INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
            path BLOB NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (folder_id, path)
        ) WITHOUT ROWID""",
    )


@migrations()
def counts(database: Database) -> None:
    """How many videos each folder has, kept current."""
    folder_counts.create(database)


@migrations()
def picture_areas(database: Database) -> None:
    """Which part of a clip's frames is picture, as shares of their width and height; no row: all of it.

    What earlier versions indexed has no rows: it was encoded with its bars.
    """
    _create(
        database,
        """CREATE TABLE picture_areas (
            video_id INTEGER NOT NULL REFERENCES videos (id) ON DELETE CASCADE,
            clip INTEGER NOT NULL,
            "left" REAL NOT NULL,
            top REAL NOT NULL,
            "right" REAL NOT NULL,
            bottom REAL NOT NULL,
            PRIMARY KEY (video_id, clip)
        ) WITHOUT ROWID""",
    )


@migrations()
def origins(database: Database) -> None:
    """With what and where a video was filmed, as its file says; no row: not read yet.

    What earlier versions indexed has no rows: they are filled by the next run (`origin_pass`).
    """
    _create(
        database,
        # Words as `folded_words` makes them; `place` is NULL where the position was not looked up yet.
        """CREATE TABLE origins (
            video_id INTEGER PRIMARY KEY REFERENCES videos (id) ON DELETE CASCADE,
            camera TEXT NOT NULL,
            camera_words TEXT NOT NULL,
            latitude REAL,
            longitude REAL,
            place TEXT,
            place_words TEXT NOT NULL
        )""",
    )


@migrations()
def lines(database: Database) -> None:
    """What is said and written in videos and in their names, and the words of it."""
    line_tables.create(database)


@migrations()
def kept(database: Database) -> None:
    """What people keep."""
    kept_tables.create(database)


@migrations()
def hidden(database: Database) -> None:
    """What people do not want to find can be hidden."""
    kept_tables.allow_hidden(database)


@migrations()
def people(database: Database) -> None:
    """Each person of a household has favourites of their own."""
    kept_tables.let_people_keep(database)


STEPS = (
    catalogue,
    index,
    hubness,
    switching,
    causes_and_presence,
    counts,
    picture_areas,
    origins,
    lines,
    kept,
    hidden,
    people,
)
"""All of them, in their order."""


def _create(database: Database, *statements: str) -> None:
    for statement in statements:
        database.execute(statement)
