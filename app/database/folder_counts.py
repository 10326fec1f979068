"""How many videos of which kind each folder has: one small table, kept current by triggers.

Whatever adds, changes or deletes a video changes the counts in the same transaction, so that no list of
folders reads the rows of their videos. Lengths are whole microseconds: sums of them do not drift.
"""

from sqlite_utils import Database

TABLE = "folder_counts"

_RETRIED = "coalesce({0}.cause IN ('environment', 'program'), 0)"
_COUNTED = {
    "videos": "1",
    "indexed": "{0}.state = 'indexed'",
    "failed": "{0}.state = 'failed'",
    "pending": "{0}.state = 'pending'",
    "microseconds": """CASE WHEN {0}.state = 'indexed' THEN coalesce((
        SELECT CAST(round(1e6 * duration) AS INTEGER) FROM facts
        WHERE video_id = coalesce({0}.copy_of, {0}.id)), 0) ELSE 0 END""",
    "failed_retried": f"{{0}}.state = 'failed' AND {_RETRIED}",
    "partial": "{0}.state = 'indexed' AND {0}.reason <> ''",
    "partial_retried": f"{{0}}.state = 'indexed' AND {{0}}.reason <> '' AND {_RETRIED}",
}
"""What one video, named `{0}`, adds to each column. Gone videos add nothing."""

_CHANGING = ("folder_id", "state", "presence", "reason", "cause", "copy_of")


def create(database: Database) -> None:
    """Make the table and its triggers, and count, inside the caller's transaction."""
    for statement in _statements():
        database.execute(statement)
    recount(database)


def recount(database: Database) -> None:
    """Count all videos again: for a library whose counts were lost, or changed without the triggers."""
    database.execute(f"DELETE FROM {TABLE}")  # noqa: S608 - our names, here and below
    database.execute(
        f"""INSERT INTO {TABLE} (folder_id, {", ".join(_COUNTED)})
        SELECT folders.id, {", ".join(f"coalesce({name}, 0)" for name in _COUNTED)}
        FROM folders LEFT JOIN ({_counted_again()}) ON folder_id = folders.id"""  # noqa: S608
    )


def wrong(database: Database) -> int:
    """How many folders have counts that are not those of their videos; reads the row of every video."""
    columns = f"folder_id, {', '.join(_COUNTED)}"
    row = database.execute(
        f"""SELECT count(*) FROM (
            SELECT {columns} FROM ({_counted_again()}) EXCEPT SELECT {columns} FROM {TABLE})"""  # noqa: S608
    ).fetchone()
    return int(row[0])


def _counted_again() -> str:
    sums = ", ".join(f"sum({value.format('videos')}) AS {name}" for name, value in _COUNTED.items())
    return f"SELECT folder_id, {sums} FROM videos NOT INDEXED WHERE presence <> 'gone' GROUP BY folder_id"  # noqa: S608


def _statements() -> tuple[str, ...]:
    changed = " OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in _CHANGING)
    return (
        f"""CREATE TABLE {TABLE} (
            folder_id INTEGER PRIMARY KEY REFERENCES folders (id) ON DELETE CASCADE,
            {", ".join(f"{name} INTEGER NOT NULL DEFAULT 0" for name in _COUNTED)}
        )""",
        f"""CREATE TRIGGER count_new_folder AFTER INSERT ON folders BEGIN
            INSERT OR REPLACE INTO {TABLE} (folder_id) VALUES (NEW.id);
        END""",  # noqa: S608
        f"CREATE TRIGGER count_new_video AFTER INSERT ON videos BEGIN {_video('NEW', '+')} END",
        f"CREATE TRIGGER count_deleted_video BEFORE DELETE ON videos BEGIN {_video('OLD', '-')} END",
        f"""CREATE TRIGGER count_changed_video AFTER UPDATE OF {", ".join(_CHANGING)} ON videos
            WHEN {changed} BEGIN {_video("OLD", "-")} {_video("NEW", "+")} END""",
        f"CREATE TRIGGER count_new_length AFTER INSERT ON facts BEGIN {_length('NEW', '+')} END",
        f"CREATE TRIGGER count_deleted_length AFTER DELETE ON facts BEGIN {_length('OLD', '-')} END",
        f"""CREATE TRIGGER count_changed_length AFTER UPDATE OF duration ON facts
            BEGIN {_length("OLD", "-")} {_length("NEW", "+")} END""",
    )


def _video(row: str, sign: str) -> str:
    """The statement that adds a video's row to its folder's counts, or takes it away."""
    changes = ", ".join(f"{name} = {name} {sign} ({value.format(row)})" for name, value in _COUNTED.items())
    return f"UPDATE {TABLE} SET {changes} WHERE folder_id = {row}.folder_id AND {row}.presence <> 'gone';"  # noqa: S608


def _length(row: str, sign: str) -> str:
    """The statement that adds the length of a content to the folders of its file and its copies."""
    files = f"""SELECT folder_id, state, presence FROM videos WHERE id = {row}.video_id AND copy_of IS NULL
        UNION ALL SELECT folder_id, state, presence FROM videos WHERE copy_of = {row}.video_id"""  # noqa: S608
    return f"""UPDATE {TABLE} SET microseconds = microseconds {sign}
        coalesce(CAST(round(1e6 * {row}.duration) AS INTEGER), 0) * (
            SELECT count(*) FROM ({files}) AS file
            WHERE file.folder_id = {TABLE}.folder_id AND state = 'indexed' AND presence <> 'gone')
        WHERE folder_id IN (SELECT folder_id FROM ({files}));"""  # noqa: S608
