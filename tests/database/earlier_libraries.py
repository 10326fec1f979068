"""Libraries of other versions: of earlier ones from dumps of what they wrote, of a newer one by its mark."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from app.catalogue.catalogue import FILE_NAME, Catalogue

DUMPS = sorted((Path(__file__).parent / "earlier").glob("*.sql"))


def write_earlier(dump: Path, folder: Path) -> Path:
    """Make the library of a dump, its files in `movies` beside it; returns its folder."""
    folder.mkdir()
    movies = folder.with_name("movies")
    movies.mkdir()
    with closing(sqlite3.connect(folder / FILE_NAME)) as database, database:
        database.executescript(dump.read_text(encoding="utf-8"))
        for number, path, mtime in database.execute("SELECT id, path, mtime_ns FROM videos").fetchall():
            file = movies / Path(os.fsdecode(path)).name
            if file.stem != "deleted":
                file.write_bytes(f"the content of {file.stem}".encode())
                os.utime(file, ns=(mtime, mtime))
            database.execute("UPDATE videos SET path = ? WHERE id = ?", [os.fsencode(file), number])
        database.execute("UPDATE folders SET path = ?", [os.fsencode(movies)])
    return folder


def write_newer(folder: Path) -> Path:
    """Make a library that a version of the future brought up to its date; returns its file."""
    Catalogue(folder).close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as database, database:
        database.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name) VALUES ('library', 'of the future')"
        )
    return folder / FILE_NAME


def steps_of(dump: Path) -> list[str]:
    """Names of the migrations that a dump's library has gone through, in order."""
    with closing(sqlite3.connect(":memory:")) as database:
        database.executescript(dump.read_text(encoding="utf-8"))
        rows = database.execute(
            "SELECT name FROM _sqlite_migrations WHERE migration_set = 'library' ORDER BY id"
        )
        return [name for (name,) in rows]
