"""The number that goes up with each change the vector index must follow."""

from sqlite_utils import Database


def current(database: Database) -> int:
    """The revision this connection sees."""
    return int(database.execute("SELECT number FROM revision").fetchone()[0])


def bump(database: Database) -> int:
    """Raise the revision within the caller's transaction; returns the new one."""
    return int(database.execute("UPDATE revision SET number = number + 1 RETURNING number").fetchone()[0])
