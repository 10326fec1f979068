"""Rows of videos: what is asked about them, and the small changes of state."""

import os
from collections.abc import Collection, Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlite_utils import Database

from app.catalogue.records import (
    IndexedVideo,
    Presence,
    ProblemVideos,
    Readiness,
    Video,
    VideoState,
)
from app.errors import Cause
from app.media.frames import VideoFacts

_Kind = TypeVar("_Kind", bound=StrEnum)

_SELECT = """
    SELECT videos.id, folder_id, videos.path AS path, videos.size, mtime_ns, fingerprint, state,
        reason, advice,
        CASE WHEN presence IN ('here', 'unreachable') AND NOT online THEN 'away' ELSE presence
            END AS presence,
        cause, attempts, read_until, copy_of, videos.volume_id AS volume,
        facts.video_id IS NOT NULL AS probed, container, codec, width, height, rotation, duration, frame_rate,
        created, has_audio, facts.size AS probed_size, sampled.max_rate
    FROM videos
        JOIN folders ON folders.id = folder_id AND folder_id <> 0
        LEFT JOIN facts ON facts.video_id = coalesce(copy_of, videos.id)
        LEFT JOIN sampled ON sampled.video_id = videos.id
"""
"""What is to be deleted (`removal.HOLDER`) is nobody's video any more."""


def to_blob(path: Path) -> bytes:
    """A path as it is stored: the file system's own bytes (see `schema`)."""
    return os.fsencode(path)


def from_blob(blob: bytes) -> Path:
    """The inverse of `to_blob`, exact for every name a file can have."""
    return Path(os.fsdecode(blob))


def select(database: Database, where: str, arguments: Sequence[Any] | dict[str, Any]) -> list[Video]:
    """Videos that fulfil an SQL condition, in order of id."""
    rows = database.query(f"{_SELECT} WHERE {where} ORDER BY videos.id", arguments)
    return [_video(row) for row in rows]


def by_state(
    database: Database, folder_id: int | None, state: VideoState | None, *, gone: bool
) -> list[Video]:
    """Videos of one folder (of all where None) in one state (in any where None); gone ones only if asked."""
    return select(
        database,
        """(:folder IS NULL OR folder_id = :folder) AND (:state IS NULL OR state = :state)
        AND (:gone OR presence <> 'gone')""",
        {"folder": folder_id, "state": state, "gone": gone},
    )


_RETRIED = "cause IN ('environment', 'program')"
_LASTING = f"coalesce(NOT {_RETRIED}, 1)"
_PARTIAL = "state = 'indexed' AND reason <> ''"


def problems(database: Database, limit: int) -> ProblemVideos:
    """The first `limit` videos of each kind that could not be (wholly) read; gone ones are left out."""
    retried = f"(state = 'failed' OR {_PARTIAL}) AND {_RETRIED}"
    return ProblemVideos(
        _first(database, retried, limit, order="state = 'indexed', id"),
        _first(database, f"state = 'failed' AND {_LASTING}", limit),
        _first(database, f"{_PARTIAL} AND {_LASTING}", limit),
    )


def _first(database: Database, where: str, limit: int, *, order: str = "id") -> tuple[Video, ...]:
    rows = database.execute(
        f"SELECT id FROM videos NOT INDEXED WHERE presence <> 'gone' AND {where} ORDER BY {order} LIMIT ?",  # noqa: S608
        [limit],
    ).fetchall()
    found = by_ids(database, [number for (number,) in rows])
    return tuple(found[number] for (number,) in rows)


def newest(database: Database) -> int:
    """The highest id that a video was ever given, 0 where there was none: ids are given once."""
    row = database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'videos'").fetchone()
    return 0 if row is None else int(row[0])


def newer_than(database: Database, number: int) -> frozenset[int]:
    """Ids of the videos that are newer than the one with this id."""
    rows = database.execute("SELECT id FROM videos WHERE id > ?", [number]).fetchall()
    return frozenset(found for (found,) in rows)


def folders_of(database: Database, ids: Collection[int]) -> frozenset[int]:
    """Ids of the watched folders that these videos lie in."""
    return frozenset(
        number
        for chunk in chunks(ids)
        for (number,) in database.execute(
            f"SELECT DISTINCT folder_id FROM videos WHERE id IN ({','.join('?' * len(chunk))})",  # noqa: S608
            chunk,
        )
    )


def indexed_files(database: Database, folder_id: int) -> dict[Path, tuple[int, int]]:
    """Size and time of change of each indexed file of a folder."""
    rows = database.execute(
        "SELECT path, size, mtime_ns FROM videos WHERE folder_id = ? AND state = 'indexed'", [folder_id]
    ).fetchall()
    return {from_blob(path): (size, mtime_ns) for path, size, mtime_ns in rows}


def by_ids(database: Database, ids: Collection[int]) -> dict[int, Video]:
    """Videos by id; an id that is gone is left out."""
    return {video.id: video for chunk in chunks(ids) for video in select(database, *_among(chunk))}


def at_path(database: Database, path: Path) -> list[Video]:
    """See `Catalogue.videos_at`."""
    there = "presence <> 'gone'"
    if path.is_absolute():
        return select(database, f"videos.path = ? AND {there}", [to_blob(path)])
    end = os.fsencode(os.sep) + to_blob(path)
    return select(database, f"substr(videos.path, ?) = ? AND {there}", [-len(end), end])


def pending(database: Database, model: str, folders: Collection[int] | None) -> list[Video]:
    """Videos to be indexed for `model`: those at hand that never were, have changed, or lack embeddings."""
    found = select(
        database,
        """presence = 'here' AND online AND copy_of IS NULL AND (
            state = 'pending' OR cause IN ('environment', 'program') OR state = 'indexed' AND NOT EXISTS (
                SELECT 1 FROM embeddings WHERE embeddings.video_id = videos.id AND model = ?))""",
        [model],
    )
    return [video for video in found if folders is None or video.folder_id in folders]


def lacking(database: Database, model: str, cached: Collection[str]) -> list[Video]:
    """Indexed videos without embeddings of `model`: those at hand, and those whose frames were kept.

    Args:
        cached: fingerprints of the videos whose frames were kept.
    """
    found = select(
        database,
        """state = 'indexed' AND presence IN ('here', 'away') AND copy_of IS NULL AND NOT EXISTS (
            SELECT 1 FROM embeddings WHERE embeddings.video_id = videos.id AND model = ?)""",
        [model],
    )
    return [video for video in found if video.is_playable or video.fingerprint in cached]


def readiness(database: Database, model: str, answering: str) -> Readiness:
    """How far the library is indexed for `model`, while `answering` is the one that answers.

    A file that is gone or cannot be reached for its permissions is waited for no longer; one on a volume that
    is away is waited for where it can be found now.
    """
    row = database.execute(
        """SELECT count(*) FILTER (WHERE there), count(*), count(*) FILTER (WHERE NOT there AND NOT reached)
        FROM (
            SELECT presence = 'here' AND online AS reached, EXISTS (
                SELECT 1 FROM embeddings WHERE video_id = videos.id AND model = :model) AS there
            FROM videos JOIN folders ON folders.id = folder_id
            WHERE state = 'indexed' AND presence IN ('here', 'away') AND copy_of IS NULL
                AND (reached OR EXISTS (
                    SELECT 1 FROM embeddings WHERE video_id = videos.id AND model = :answering)))""",
        {"model": model, "answering": answering},
    ).fetchone()
    return Readiness(*row)


def mark_indexed(database: Database, video_id: int, fingerprint: str | None, rows: IndexedVideo) -> None:
    """Note that the stored rows are those of a content; pending still where that is not the file's (None)."""
    database.execute(
        """UPDATE videos SET state = ?, fingerprint = ?, reason = ?, advice = '', cause = ?, read_until = ?,
            attempts = CASE WHEN ? IS NULL THEN 0 ELSE attempts + 1 END, copy_of = NULL WHERE id = ?""",
        [
            VideoState.INDEXED if fingerprint else VideoState.PENDING,
            fingerprint,
            rows.warning,
            rows.cause,
            rows.read_until,
            rows.cause,
            video_id,
        ],
    )


def mark_failed(database: Database, video_id: int, reason: str, advice: str, cause: Cause) -> None:
    """Note why a video cannot be indexed; what was indexed of it before stays."""
    database.execute(
        """UPDATE videos SET state = 'failed', reason = ?, advice = ?, cause = ?, attempts = attempts + 1
        WHERE id = ?""",
        [reason, advice, cause, video_id],
    )


def original_of(database: Database, video_id: int, fingerprint: str, model: str) -> Video | None:
    """Another video with this content that was wholly indexed, one that has embeddings of `model` first."""
    row = database.execute(
        """SELECT id FROM videos
        WHERE fingerprint = ? AND id <> ? AND state = 'indexed' AND cause IS NULL AND copy_of IS NULL
        ORDER BY NOT EXISTS (SELECT 1 FROM embeddings WHERE video_id = videos.id AND model = ?), id""",
        [fingerprint, video_id, model],
    ).fetchone()
    return None if row is None else by_ids(database, [row[0]]).get(row[0])


def with_old_fingerprint(database: Database, video_id: int) -> list[Video]:
    """Wholly indexed videos that can be read, as large as this one, with a fingerprint of version 1."""
    found = select(
        database,
        """videos.size = (SELECT size FROM videos WHERE id = ?) AND videos.id <> ?
        AND fingerprint NOT LIKE '%:%'
        AND state = 'indexed' AND cause IS NULL AND copy_of IS NULL""",
        [video_id, video_id],
    )
    return [video for video in found if video.is_playable]


def old_duplicates(database: Database) -> list[Video]:
    """Wholly indexed videos that share their fingerprint, of version 1, with another one."""
    found = select(
        database,
        """copy_of IS NULL AND fingerprint IN (
            SELECT fingerprint FROM videos
            WHERE copy_of IS NULL AND state = 'indexed' AND cause IS NULL AND fingerprint NOT LIKE '%:%'
            GROUP BY fingerprint HAVING count(*) > 1)
        AND state = 'indexed' AND cause IS NULL""",
        [],
    )
    return [video for video in found if video.is_playable]


def mark_attempt(database: Database, video_id: int, reason: str, advice: str, cause: Cause) -> None:
    """Note one more try that got no further than one before it: the video stays partly indexed."""
    database.execute(
        """UPDATE videos SET state = 'indexed', reason = ?, advice = ?, cause = ?, attempts = attempts + 1
        WHERE id = ?""",
        [reason, advice, cause, video_id],
    )


def retry(database: Database, video_ids: Collection[int] | None) -> int:
    """Let what failed, or was read in part, be looked at again though no file changed; returns how many."""
    changed = 0
    for chunk in [None] if video_ids is None else chunks(video_ids):
        where = "1" if chunk is None else f"id IN ({','.join('?' * len(chunk))})"
        cursor = database.execute(
            "UPDATE videos SET state = 'pending', attempts = 0, reason = '', advice = '', cause = NULL"  # noqa: S608
            f" WHERE {where} AND (state = 'failed' OR state = 'indexed' AND cause IS NOT NULL)",
            chunk or [],
        )
        changed += cursor.rowcount
    return changed


def await_anew(database: Database, video_ids: Collection[int]) -> int:
    """Let videos be read anew though nothing is wrong with them; what was found stays; returns how many."""
    changed = 0
    for chunk in chunks(video_ids):
        changed += database.execute(
            "UPDATE videos SET state = 'pending', attempts = 0, reason = '', advice = '', cause = NULL"  # noqa: S608
            f" WHERE id IN ({','.join('?' * len(chunk))})",
            chunk,
        ).rowcount
    return changed


def copies_of(database: Database, ids: Collection[int]) -> dict[int, list[Video]]:
    """Copies that are not gone, in order of id, by the id of their original."""
    found: dict[int, list[Video]] = {}
    for chunk in chunks(ids):
        where = f"copy_of IN ({','.join('?' * len(chunk))}) AND presence <> 'gone'"
        for video in select(database, where, chunk):
            if video.copy_of is not None:
                found.setdefault(video.copy_of, []).append(video)
    return found


def chunks(ids: Collection[int], size: int = 500) -> Iterator[list[int]]:
    """Ids in groups that fit SQLite's limit of variables in one statement."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), size):
        yield ordered[start : start + size]


def _among(ids: Sequence[int]) -> tuple[str, Sequence[int]]:
    return f"videos.id IN ({','.join('?' * len(ids))})", ids


def _video(row: dict[str, Any]) -> Video:
    return Video(
        id=row["id"],
        folder_id=row["folder_id"],
        path=from_blob(row["path"]),
        size=row["size"],
        mtime_ns=row["mtime_ns"],
        fingerprint=row["fingerprint"],
        state=_member(VideoState, row["state"], VideoState.PENDING),
        presence=_member(Presence, row["presence"], Presence.HERE),
        reason=row["reason"],
        advice=row["advice"],
        facts=_facts(row) if row["probed"] else None,
        max_rate=row["max_rate"],
        cause=_member(Cause, row["cause"], Cause.PROGRAM) if row["cause"] else None,
        attempts=row["attempts"],
        read_until=row["read_until"],
        copy_of=row["copy_of"],
        volume=row["volume"],
    )


def _member(kind: type[_Kind], value: object, otherwise: _Kind) -> _Kind:
    """The member of this value; a damaged row is no reason to fail for all others."""
    try:
        return kind(str(value))
    except ValueError:
        return otherwise


def _facts(row: dict[str, Any]) -> VideoFacts:
    return VideoFacts(
        container=row["container"],
        codec=row["codec"],
        width=row["width"],
        height=row["height"],
        rotation=row["rotation"],
        duration=row["duration"],
        frame_rate=row["frame_rate"],
        created=row["created"],
        has_audio=bool(row["has_audio"]),
        size=row["probed_size"],
    )
