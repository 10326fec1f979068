"""What indexing adds to a video, written and read: facts, clips, frames, thumbnails, embeddings."""

import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from itertools import groupby, pairwise

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from app.catalogue.records import IndexedVideo, StoredClip, StoredFrame
from app.catalogue.rows import origin_rows, picture_areas, revisions
from app.catalogue.rows.lines import line_rows, name_rows
from app.database.connections import is_undecodable
from app.media.area import WHOLE
from app.vectors.embeddings import StoredEmbeddings

NOT_FINITE = np.uint16(0x7C00)
"""Bits that a float16 has set where it is infinite or no number."""


def check(indexed: IndexedVideo) -> None:
    """Refuse rows that could not be read back as they are meant.

    Raises:
        ValueError: the shapes do not fit each other, a number is not finite, or time or clip go backwards.
    """
    frames, embeddings = indexed.frames, indexed.embeddings
    if embeddings.ndim != 2 or len(embeddings) != len(frames):
        raise ValueError(f"{len(frames)} frames but embeddings of shape {embeddings.shape}")
    if not np.isfinite(embeddings).all() or np.abs(embeddings).max(initial=0.0) > np.finfo(np.float16).max:
        raise ValueError("embeddings are not finite in float16")
    if any(b.time < a.time or b.clip < a.clip for a, b in pairwise(frames)):
        raise ValueError("frames are not in order of clip and time")
    if any(b.clip == a.clip and b.area != a.area for a, b in pairwise(frames)):
        raise ValueError("frames of one clip show different areas")


def write(database: Database, video_id: int, indexed: IndexedVideo, *, same_content: bool) -> None:
    """Replace a video's rows.

    Args:
        same_content: the stored rows were made from the same file content. Where the frames are the same
            too, they keep their ids and the embeddings of other models stay: a library can be searched with
            the old model while it is indexed for a new one. Where their bars were found only now, their
            pictures and areas are replaced. A second indexing with the same model makes new frames, so that
            a frame id and a model stand for one vector for ever.
    """
    revision = revisions.bump(database)
    stored = read_frames(database, video_id)
    keeps_frames = (
        same_content
        and not has_embedding(database, video_id, indexed.model)
        and _same_frames(stored, indexed)
    )
    facts = asdict(indexed.facts)
    del facts["origin"]
    database.table("facts").upsert({"video_id": video_id} | facts, pk="video_id")
    if indexed.facts.origin is not None:
        origin_rows.write(database, video_id, indexed.facts.origin, indexed.place)
    elif not same_content:
        origin_rows.forget(database, video_id)
    if not same_content:
        line_rows.forget(database, video_id)
    name_rows.await_names(database, video_id)
    if indexed.max_rate is not None:
        database.table("sampled").upsert({"video_id": video_id, "max_rate": indexed.max_rate}, pk="video_id")
    if not keeps_frames:
        for table in ("embeddings", "frames", "clips"):
            database.execute(f"DELETE FROM {table} WHERE video_id = ?", [video_id])  # noqa: S608 - our names
        _write_frames(database, video_id, indexed)
        picture_areas.write(database, video_id, indexed)
    elif picture_areas.read(database, video_id) != picture_areas.of(indexed):
        _write_thumbnails(database, [frame.id for frame in stored], indexed)
        picture_areas.write(database, video_id, indexed)
    database.execute(
        "INSERT INTO embeddings (video_id, model, width, revision, vectors) VALUES (?, ?, ?, ?, ?)",
        [
            video_id,
            indexed.model,
            indexed.embeddings.shape[1],
            revision,
            indexed.embeddings.astype("<f2").tobytes(),
        ],
    )


def forget_model(database: Database, model: str) -> None:
    """Delete everything that was made with a model; frames and the work of other models stay."""
    database.execute("DELETE FROM embeddings WHERE model = ?", [model])
    database.execute("DELETE FROM banks WHERE model = ?", [model])
    revisions.bump(database)


def read_frames(database: Database, video_id: int) -> list[StoredFrame]:
    """A video's frames in order of time."""
    rows = database.execute(
        "SELECT id, time, key, clip FROM frames WHERE video_id = ? ORDER BY id", [video_id]
    )
    return [StoredFrame(number, time, bool(key), clip) for number, time, key, clip in rows]


def read_nearest_frame(database: Database, video_id: int, at: float) -> StoredFrame | None:
    """The frame of a video that is nearest to a time, in seconds; None where it has none."""
    row = database.execute(
        "SELECT id, time, key, clip FROM frames WHERE video_id = ? ORDER BY abs(time - ?), id LIMIT 1",
        [video_id, at],
    ).fetchone()
    return None if row is None else StoredFrame(row[0], row[1], bool(row[2]), row[3])


def read_clips(database: Database, video_id: int) -> list[StoredClip]:
    """A video's clips in order of time."""
    rows = database.execute(
        'SELECT number, start, "end" FROM clips WHERE video_id = ? ORDER BY number', [video_id]
    )
    areas = picture_areas.read(database, video_id)
    return [StoredClip(number, start, end, areas.get(number, WHOLE)) for number, start, end in rows]


def read_thumbnail(database: Database, frame_id: int) -> bytes | None:
    """A frame's picture, None where the frame is gone or the picture is damaged."""
    try:
        row = database.execute("SELECT image FROM thumbnails WHERE frame_id = ?", [frame_id]).fetchone()
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return None
    return row[0] if row is not None and isinstance(row[0], bytes) else None


def read_embeddings(
    database: Database, model: str, after: int, damaged: Callable[[int, str], None]
) -> Iterator[StoredEmbeddings]:
    """Embeddings written after a revision, in the order they were written, then of video ids.

    Videos that are gone are left out, here and in what follows: no search finds them.

    Args:
        database: inside a transaction, so that all rows are of one moment.
        model: identity of the encoder bundle.
        after: a revision.
        damaged: told the id of each video whose rows cannot be used, and why; they are left out.
    """
    for video_id in _written_after(database, model, after, damaged):
        try:
            stored = read_embeddings_of(database, model, video_id)
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            damaged(video_id, "a page of the file is damaged")
        except RowError as error:
            damaged(video_id, str(error))
        else:
            if stored is not None:
                yield stored


def is_damage(error: sqlite3.DatabaseError) -> bool:
    """Whether it says that pages of the file are damaged (and nothing of the disk, or of ours)."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or is_undecodable(error)


class RowError(ValueError):
    """Rows of the library are not as they were written."""


def read_embeddings_of(database: Database, model: str, video_id: int) -> StoredEmbeddings | None:
    """Embeddings of one video, None where it has none of this model.

    Raises:
        RowError: they are not as they were written.
    """
    row = database.execute(
        """SELECT folder_id, revision, width, vectors FROM embeddings
            JOIN videos ON videos.id = video_id
        WHERE model = ? AND video_id = ?""",
        [model, video_id],
    ).fetchone()
    if row is None:
        return None
    folder_id, revision, width, vectors = row
    try:
        ids, times, clips = _columns(database, video_id)
    except (TypeError, ValueError, OverflowError) as error:
        raise RowError("its frames are damaged") from error
    if not (isinstance(width, int) and width > 0 and isinstance(vectors, bytes)):
        raise RowError("its embeddings are damaged")
    if len(vectors) != 2 * width * len(ids):
        raise RowError(f"it has {len(ids)} frames, but embeddings of {len(vectors)} bytes of width {width}")
    matrix = np.frombuffer(vectors, dtype="<f2").reshape(-1, width)
    if ((matrix.view("<u2") & NOT_FINITE) == NOT_FINITE).any():
        raise RowError("its embeddings hold what is no number")
    if not np.isfinite(times).all() or (np.diff(clips) < 0).any():
        raise RowError("its frames are out of order")
    return StoredEmbeddings(video_id, folder_id, revision, matrix, ids, times, clips)


def read_live(database: Database, model: str) -> dict[int, int]:
    """Video id → revision of every stored embedding of a model that can be read."""
    try:
        return dict(
            database.execute(
                """SELECT video_id, revision FROM embeddings JOIN videos ON videos.id = video_id
                WHERE model = ? AND presence <> 'gone'""",
                [model],
            ).fetchall()
        )
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return _one_by_one(database, model, lambda _video_id, _why: None)


def count_live(database: Database, model: str, after: int, until: int | None) -> int:
    """How many of `read_live` have a revision above `after` and not above `until` (any where None)."""
    last = sys.maxsize if until is None else until
    try:
        row = database.execute(
            """SELECT count(*) FROM embeddings JOIN videos ON videos.id = video_id
            WHERE model = ? AND revision > ? AND revision <= ? AND presence <> 'gone'""",
            [model, after, last],
        ).fetchone()
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return sum(after < revision <= last for revision in read_live(database, model).values())
    return int(row[0])


def read_frame_count(database: Database, model: str) -> int:
    """How many frames have an embedding of a model; 0 where that cannot be read."""
    try:
        row = database.execute(
            """SELECT coalesce(sum(length(vectors) / (2 * width)), 0) FROM embeddings
                JOIN videos ON videos.id = video_id
            WHERE model = ? AND presence <> 'gone'""",
            [model],
        ).fetchone()
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return 0
    return int(row[0])


def set_aside(database: Database, model: str, video_id: int) -> None:
    """Let a video be indexed again whose rows for a model cannot be used."""
    database.execute("DELETE FROM embeddings WHERE model = ? AND video_id = ?", [model, video_id])
    await_indexing(database, video_id)


def await_indexing(database: Database, video_id: int) -> None:
    """Let a video be indexed again."""
    database.execute("UPDATE videos SET state = 'pending' WHERE id = ? AND state = 'indexed'", [video_id])


def _written_after(
    database: Database, model: str, after: int, damaged: Callable[[int, str], None]
) -> list[int]:
    try:
        rows = database.execute(
            """SELECT video_id FROM embeddings JOIN videos ON videos.id = video_id
            WHERE model = ? AND revision > ? AND presence <> 'gone' ORDER BY revision, video_id""",
            [model, after],
        ).fetchall()
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        revisions_of = _one_by_one(database, model, damaged)
        wanted = [(revision, number) for number, revision in revisions_of.items() if revision > after]
        return [number for _, number in sorted(wanted)]
    return [number for (number,) in rows]


def _one_by_one(database: Database, model: str, damaged: Callable[[int, str], None]) -> dict[int, int]:
    """Video id → revision, asked for each video, where no walk over all rows comes to its end."""
    found = {}
    for (number,) in database.execute("SELECT id FROM videos WHERE presence <> 'gone'").fetchall():
        try:
            row = database.execute(
                "SELECT revision FROM embeddings WHERE model = ? AND video_id = ?", [model, number]
            ).fetchone()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise
            damaged(number, "a page of the file is damaged")
        else:
            if row is not None:
                found[number] = row[0]
    return found


def has_embedding(database: Database, video_id: int, model: str) -> bool:
    """Whether a video has an embedding of a model."""
    found = database.execute(
        "SELECT 1 FROM embeddings WHERE video_id = ? AND model = ?", [video_id, model]
    ).fetchone()
    return found is not None


def _columns(
    database: Database, video_id: int
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.int32]]:
    rows = database.execute(
        "SELECT id, time, clip FROM frames WHERE video_id = ? ORDER BY id", [video_id]
    ).fetchall()
    ids, times, clips = zip(*rows, strict=True) if rows else ((), (), ())
    return np.array(ids, np.int64), np.array(times, np.float64), np.array(clips, np.int32)


def _same_frames(stored: list[StoredFrame], indexed: IndexedVideo) -> bool:
    old = [(frame.time, frame.key, frame.clip) for frame in stored]
    return old == [(frame.time, frame.key, frame.clip) for frame in indexed.frames]


def _write_thumbnails(database: Database, ids: Sequence[int], indexed: IndexedVideo) -> None:
    database.conn.executemany(
        "INSERT OR REPLACE INTO thumbnails VALUES (?, ?)",
        ((number, frame.thumbnail) for number, frame in zip(ids, indexed.frames, strict=True)),
    )


def _write_frames(database: Database, video_id: int, indexed: IndexedVideo) -> None:
    connection = database.conn
    connection.executemany(
        "INSERT INTO clips VALUES (?, ?, ?, ?)",
        (
            (video_id, number, frames[0].time, frames[-1].time)
            for number, frames in (
                (number, list(group)) for number, group in groupby(indexed.frames, key=lambda f: f.clip)
            )
        ),
    )
    row = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'frames'").fetchone()
    first = int(row[0]) + 1 if row else 1
    connection.executemany(
        "INSERT INTO frames VALUES (?, ?, ?, ?, ?)",
        ((first + i, video_id, f.time, f.key, f.clip) for i, f in enumerate(indexed.frames)),
    )
    _write_thumbnails(database, range(first, first + len(indexed.frames)), indexed)
