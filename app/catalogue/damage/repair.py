"""Makes a damaged library whole: what is derived is made anew, and what can be read goes into a fresh file.

The damaged file stays, under another name. At every moment `library.db` is either the old file or the whole
new one: the new one is written and flushed under a name of its own, the old one gets a second name (a hard
link, or a copy where the disk knows none), and one rename puts the new one in its place.
"""

import logging
import os
import shutil
import sqlite3
import time
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import Timeout
from sqlite_utils import Database

from app.catalogue.damage import integrity
from app.catalogue.damage.salvage import UNREADABLE, copy_readable
from app.catalogue.damage.tidy import count_videos, tidy
from app.catalogue.rows.index_rows import is_damage
from app.database import line_tables, recognition, schema
from app.database.connections import explain, locked
from app.database.layout import FILE_NAME, indexing_lock, sqlite_header
from app.disk.private_files import is_regular, make_empty, make_private
from app.errors import LibraryError
from app.vectors.gallery_file import GalleryFile
from app.vectors.graph.graph_file import delete_graph, graph_is_damaged

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Repaired:
    """What a repair did."""

    done: list[str]
    """Sentences; empty where nothing was wrong."""
    damaged_file: Path | None = None
    """Where the old file is now, None where it stayed in use."""
    videos: int = 0
    """Videos in the library afterwards."""
    to_index: int = 0
    """Those of them that are to be indexed again."""


def repair(folder: Path) -> Repaired:
    """Make the library in `folder` whole, as far as that can be done.

    Raises:
        LibraryError: another Reelfind has it open, it cannot be written, there is none, or it is another
            program's or a newer version's.
    """
    path = folder / FILE_NAME
    if not is_regular(path):
        raise LibraryError(f"There is no library in {folder}.", "Name its folder with --library.")
    if (reason := locked(path)) is not None:
        raise reason
    _refuse_foreign(path)
    try:
        return _repair_alone(folder, path)
    except sqlite3.DatabaseError as error:
        raise explain(error, path) or error from error


def _repair_alone(folder: Path, path: Path) -> Repaired:
    """`repair`, while nobody else can open the library."""
    with ExitStack() as held:
        try:
            held.enter_context(indexing_lock(folder))
        except Timeout:
            raise _in_use(folder) from None
        except OSError as error:
            raise LibraryError(f"The library in {folder} cannot be locked: {error.strerror}.") from error
        old = held.enter_context(closing(_alone(path)))
        done = _graphs(folder)
        problems = _problems(old)
        if any(problem.kind == "pages" for problem in problems):
            repaired = _salvage(path, old)
        else:
            repaired = _in_place(old, problems)
    repaired.done = done + repaired.done
    return repaired


def _refuse_foreign(path: Path) -> None:
    """A file that is no database at all, or one that cannot be read, may be ours all the same: it is kept."""
    try:
        header = sqlite_header(path)
        recognition.recognise(path)
    except LibraryError:
        if (
            header is not None
            and header.application_id != schema.APPLICATION
            and recognition.is_foreign(path)
        ):
            raise
        if recognition.is_newer(path):
            raise
    except OSError as error:
        raise LibraryError(f"The library file {path} cannot be read: {error.strerror}.") from error


def _in_use(folder: Path) -> LibraryError:
    return LibraryError(
        f"The library in {folder} is open in another Reelfind.", "Close it, then repair the library again."
    )


def _alone(path: Path) -> sqlite3.Connection:
    """A connection that keeps everybody else out while it is open.

    A file whose first page is damaged cannot be locked, but neither can anybody else open it.
    """
    database = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None
    )
    database.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
    try:
        database.execute("PRAGMA locking_mode=EXCLUSIVE")
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            database.close()
            if (getattr(error, "sqlite_errorcode", 0) & 0xFF) in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise _in_use(path.parent) from error
            raise explain(error, path) or error from error
    return database


def _problems(old: sqlite3.Connection) -> list[integrity.Problem]:
    pages = integrity.Problem("pages", "The library file is damaged.")
    try:
        database = Database(old, execute_plugins=False)
        old.execute("BEGIN IMMEDIATE")
        try:
            schema.migrate(database)
            mended = schema.mend(database)
            old.execute("COMMIT")
        except BaseException:
            if old.in_transaction:
                old.execute("ROLLBACK")
            raise
        found = integrity.check(database, full=True)
        if not any(problem.kind == "pages" for problem in found):
            mended += _fit_indexes(old)
    except (*UNREADABLE, LibraryError) as error:
        logger.warning("the library has to be salvaged: %s", error)
        return [pages]
    return [integrity.Problem("structure", sentence) for sentence in mended] + found


def _fit_indexes(old: sqlite3.Connection) -> list[str]:
    """Make indexes anew that do not fit their rows, which a look at the pages alone does not tell.

    Returns:
        A sentence for each that did not fit.

    Raises:
        sqlite3.DatabaseError: the rows do not fit each other either.
    """
    done = []
    if old.execute("PRAGMA integrity_check(1)").fetchall() != [("ok",)]:
        old.execute("REINDEX")
        done.append("An index of the library did not fit its rows and was made anew.")
    database = Database(old, execute_plugins=False)
    if not line_tables.fits(database):
        line_tables.rebuild(database)
        done.append("The index of words did not fit the lines and was made anew.")
    return done


def _in_place(old: sqlite3.Connection, problems: list[integrity.Problem]) -> Repaired:
    """Repair rows of a file whose pages are sound."""
    if problems:
        old.execute("PRAGMA foreign_keys=ON")
        old.execute("BEGIN IMMEDIATE")
        tidy(old)
        old.execute("COMMIT")
    return Repaired([problem.sentence for problem in problems], None, *count_videos(old))


def _salvage(path: Path, old: sqlite3.Connection) -> Repaired:
    """Bring what can be read into a fresh file and put that in the old one's place."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    fresh = path.with_name(f".library.repaired-{stamp}-{os.getpid()}.db")
    kept = _free(path.with_name(f"library.damaged-{stamp}.db"))
    for left in path.parent.glob(".library.repaired-*"):  # of a repair that was killed
        if is_regular(left) and left.name[18:33].replace("-", "").isdigit():
            left.unlink(missing_ok=True)
    try:
        make_empty(fresh)
        lost, counts = copy_readable(old, fresh)
        _flush(fresh)
        _keep(path, kept)
        _settle_log(path, old, kept)
        fresh.replace(path)
        _flush(path.parent)
    except sqlite3.DatabaseError as error:
        raise explain(error, fresh) or error from error
    except OSError as error:
        raise LibraryError(
            f"The library cannot be repaired: {error.strerror or error}.",
            "Make as much room on its disk as the library takes, then try again.",
        ) from error
    finally:
        for suffix in ("", "-journal"):
            fresh.with_name(fresh.name + suffix).unlink(missing_ok=True)
    sentences = [f"The library file was damaged. What could be read is in a new one; the old one is {kept}."]
    if lost:
        sentences.append(f"Not all could be read of: {', '.join(lost)}.")
    return Repaired(sentences, kept, *counts)


def _free(path: Path) -> Path:
    number = 1
    free = path
    while os.path.lexists(free):
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free


def _keep(path: Path, kept: Path) -> None:
    """Give the old file a second name."""
    try:
        os.link(path, kept)
    except OSError as error:
        logger.info("no second name for %s, a copy: %s", path, error)
        shutil.copy2(path, kept)
        _flush(kept)
    make_private(kept)


def _settle_log(path: Path, old: sqlite3.Connection, kept: Path) -> None:
    """Leave no write-ahead log that would be taken for the new file's; the old file keeps it."""
    with suppress(*UNREADABLE):
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    with suppress(*UNREADABLE):
        old.execute("PRAGMA journal_mode=DELETE").fetchone()
    old.close()
    for suffix in ("-wal", "-journal", "-shm"):
        left = path.with_name(path.name + suffix)
        if is_regular(left):
            left.replace(kept.with_name(kept.name + suffix))


def _flush(path: Path) -> None:
    """See a file, or the names in a folder, onto the disk."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _graphs(folder: Path) -> list[str]:
    """Delete search graphs and galleries that are damaged; they are made again when they are needed."""
    done = []
    for graph in sorted(folder.glob("vectors-*.hnsw")):
        if graph_is_damaged(graph):
            with suppress(OSError):
                delete_graph(graph)
                if not graph.exists():
                    done.append(f"The search graph {graph.name} was damaged and is built again.")
    damaged = GalleryFile.remove_damaged(folder)
    return done + [f"The copy of the vectors in {name} was damaged and is made again." for name in damaged]
