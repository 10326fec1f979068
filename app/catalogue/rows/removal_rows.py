"""Videos that leave the library: cut off from it at once, their rows deleted behind, bit by bit.

Deleting a hundred thousand frames with their pictures takes seconds, in which nobody else can write. So the
rows of videos first only change hands: they go to a holder that is no watched folder, and lose all by which
anything could find them, in one short transaction. What the holder has is deleted in transactions of some
milliseconds, by whichever process has time for it; where that is killed, the next one goes on.
"""

import time

from sqlite_utils import Database

HOLDER = 0
"""Id of the row of `folders` that holds what is to be deleted; ids of watched folders begin with 1."""

_AT_ONCE = 500
"""Frames, and lines, of one video that are deleted by one statement."""


def discard(database: Database, where: str, argument: float) -> None:
    """Cut videos off from the library, inside the caller's transaction; `delete_some` deletes them.

    Args:
        database: the library's.
        where: SQL condition on `videos`, of one argument.
        argument: its argument.
    """
    if database.execute(f"SELECT 1 FROM videos WHERE {where} LIMIT 1", [argument]).fetchone() is None:  # noqa: S608
        return
    database.execute(
        """INSERT OR IGNORE INTO folders (id, path, volume_id, online)
        SELECT ?, x'00', min(id), 0 FROM volumes""",
        [HOLDER],
    )
    database.execute(
        f"UPDATE videos SET copy_of = NULL WHERE copy_of IN (SELECT id FROM videos WHERE {where})",  # noqa: S608
        [argument],
    )
    # No file name holds a NUL, and no file is of a negative size: neither is taken for another's.
    database.execute(
        f"""UPDATE videos SET folder_id = {HOLDER}, path = CAST(char(0) || id AS BLOB), size = -1,
            mtime_ns = 0, volume_id = NULL, fingerprint = NULL, copy_of = NULL,
            presence = 'gone', gone_at = NULL, state = 'pending',
            reason = '', advice = '', cause = NULL, read_until = NULL
        WHERE {where}""",  # noqa: S608
        [argument],
    )


def waits(database: Database) -> bool:
    """Whether anything is to be deleted."""
    found = database.execute("SELECT 1 FROM videos WHERE folder_id = ? LIMIT 1", [HOLDER]).fetchone()
    return found is not None


def delete_some(database: Database, seconds: float) -> bool:
    """Delete rows of the holder for about so long, inside the caller's transaction.

    Returns:
        Whether there may be more of them.
    """
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        found = database.execute("SELECT id FROM videos WHERE folder_id = ? LIMIT 1", [HOLDER]).fetchone()
        if found is None:
            return False
        database.execute("DELETE FROM embeddings WHERE video_id = ?", found)
        frames = database.execute(
            "DELETE FROM frames WHERE id IN (SELECT id FROM frames WHERE video_id = ? LIMIT ?)",
            [*found, _AT_ONCE],
        )
        lines = database.execute(
            "DELETE FROM lines WHERE id IN (SELECT id FROM lines WHERE video_id = ? LIMIT ?)",
            [*found, _AT_ONCE],
        )
        if max(frames.rowcount, lines.rowcount) < _AT_ONCE:
            database.execute("DELETE FROM videos WHERE id = ?", found)
    return True
