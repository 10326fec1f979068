"""Files with one content: one row of them, the original, holds what was indexed; the others point to it.

The original's row must lie with a living file, or its content would leave the results although a copy of it
is there. So rows exchange their files: the ids of contents and frames stay, and nothing is decoded again.
"""

from collections.abc import Collection

from sqlite_utils import Database

from app.catalogue.rows import revisions
from app.catalogue.rows.lines import line_rows, name_rows

_RANK = """CASE WHEN {0}.presence = 'gone' THEN 2
    WHEN {0}.presence = 'here' AND (SELECT online FROM folders WHERE id = {0}.folder_id) THEN 0 ELSE 1 END"""
"""0: can be read now; 1: cannot, but is somewhere; 2: gone."""

_FILE = ("folder_id", "path", "size", "mtime_ns", "volume_id", "presence", "gone_at")
"""What a row says of the file, not of its content."""

_FOUND = ("embeddings", "frames", "clips", "picture_areas", "facts", "origins", "descriptions", "sampled")
"""Tables of what was found in a content."""


def follow_living(database: Database) -> None:
    """Give each original the file of its copy that is best within reach, where its own is less so."""
    mine, theirs = _RANK.format("original"), _RANK.format("copy")
    rows = database.execute(
        f"""SELECT original.id, copy.id, {theirs} AS rank FROM videos AS copy
            JOIN videos AS original ON original.id = copy.copy_of
        WHERE rank < {mine} ORDER BY original.id, rank, copy.id"""  # noqa: S608 - our names
    ).fetchall()
    done: set[int] = set()
    for original, copy, _ in rows:
        if original not in done:
            done.add(original)
            exchange_files(database, original, copy)


def heir_of(database: Database, original: int, without: Collection[int]) -> int | None:
    """The copy that is best within reach, to take over a content whose original loses its file.

    Args:
        database: the library's.
        original: id of the row that holds the content.
        without: ids of rows that cannot.
    """
    rank = _RANK.format("videos")
    rows = database.execute(
        f"SELECT id FROM videos WHERE copy_of = ? ORDER BY {rank}, id",  # noqa: S608 - our names
        [original],
    ).fetchall()
    return next((number for (number,) in rows if number not in without), None)


def leave_folder(database: Database, folder_id: int) -> None:
    """Hand contents of a folder that is to be removed to their copies in other folders."""
    rank = _RANK.format("copy")
    rows = database.execute(
        f"""SELECT original.id, copy.id FROM videos AS original
            JOIN videos AS copy ON copy.copy_of = original.id
        WHERE original.folder_id = ? AND copy.folder_id <> ?
        ORDER BY original.id, {rank}, copy.id""",  # noqa: S608 - our names
        [folder_id, folder_id],
    ).fetchall()
    done: set[int] = set()
    for original, copy in rows:
        if original not in done:
            done.add(original)
            exchange_files(database, original, copy)


def part_from(database: Database, original: int, fingerprint: str) -> None:
    """Let copies of what a row held before be indexed by themselves: it holds another content now."""
    database.execute(
        """UPDATE videos SET copy_of = NULL, state = 'pending', fingerprint = NULL
        WHERE copy_of = ? AND fingerprint IS NOT ?""",
        [original, fingerprint],
    )


def merge(database: Database) -> None:
    """Make one content of originals with one fingerprint: of two files that were indexed side by side."""
    rows = database.execute(
        """SELECT min(id), fingerprint FROM videos
        WHERE copy_of IS NULL AND state = 'indexed' AND cause IS NULL AND fingerprint LIKE '2:%'
        GROUP BY fingerprint HAVING count(*) > 1"""
    ).fetchall()
    for original, fingerprint in rows:
        others = database.execute(
            """SELECT id FROM videos WHERE fingerprint = ? AND id <> ? AND copy_of IS NULL
                AND state = 'indexed' AND cause IS NULL""",
            [fingerprint, original],
        ).fetchall()
        for (other,) in others:
            make_copy(database, other, original, fingerprint)


def make_copy(database: Database, video_id: int, original: int, fingerprint: str) -> None:
    """Note that a video has the content of another, whose frames stand for both."""
    revisions.bump(database)
    database.execute("UPDATE videos SET copy_of = ? WHERE copy_of = ?", [original, video_id])
    database.execute(
        """UPDATE videos SET state = 'indexed', fingerprint = ?, copy_of = ?, reason = '', advice = '',
            cause = NULL, attempts = 0, read_until = NULL WHERE id = ?""",
        [fingerprint, original, video_id],
    )
    for table in _FOUND:
        database.execute(f"DELETE FROM {table} WHERE video_id = ?", [video_id])  # noqa: S608 - our names
    line_rows.forget(database, video_id)
    name_rows.await_names(database, video_id)


def exchange_files(database: Database, one: int, other: int) -> None:
    """Two rows exchange their files; the vector index follows."""
    columns = ", ".join(_FILE)
    values = {
        number: database.execute(f"SELECT {columns} FROM videos WHERE id = ?", [number]).fetchone()  # noqa: S608
        for number in (one, other)
    }
    # Paths are unique: one row first gives its own up. No file name holds a NUL.
    database.execute("UPDATE videos SET path = CAST(char(0) || id AS BLOB) WHERE id = ?", [one])
    changes = ", ".join(f"{column} = ?" for column in _FILE)
    for number, source in ((other, one), (one, other)):
        database.execute(f"UPDATE videos SET {changes} WHERE id = ?", [*values[source], number])  # noqa: S608
    revision = revisions.bump(database)
    database.execute("UPDATE embeddings SET revision = ? WHERE video_id IN (?, ?)", [revision, one, other])
