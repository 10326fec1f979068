"""Rows of videos: what is asked about them, and the small changes of state."""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from app.errors import Cause
from app.library.records import IndexedVideo, Presence, Readiness, Video, VideoState
from app.media.frames import VideoFacts

_SELECT = """
    SELECT videos.id, folder_id, videos.path AS path, videos.size, mtime_ns, fingerprint, state,
        reason, advice,
        CASE WHEN presence = 'here' AND NOT online THEN 'away' ELSE presence END AS presence,
        cause, attempts, read_until, copy_of,
        facts.video_id IS NOT NULL AS probed, container, codec, width, height, rotation, duration, frame_rate,
        created, has_audio, facts.size AS probed_size, sampled.max_rate
    FROM videos
        JOIN folders ON folders.id = folder_id
        LEFT JOIN facts ON facts.video_id = videos.id
        LEFT JOIN sampled ON sampled.video_id = videos.id
"""


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


def by_state(database: Database, folder_id: int | None, state: VideoState | None) -> list[Video]:
    """Videos of one folder (of all where None) in one state (in any where None)."""
    return select(
        database,
        "(:folder IS NULL OR folder_id = :folder) AND (:state IS NULL OR state = :state)",
        {"folder": folder_id, "state": state},
    )


def by_ids(database: Database, ids: Collection[int]) -> dict[int, Video]:
    """Videos by id; an id that is gone is left out."""
    return {video.id: video for chunk in chunks(ids) for video in select(database, *_among(chunk))}


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
    online = {number for (number,) in database.execute("SELECT id FROM folders WHERE online").fetchall()}
    return [video for video in found if video.folder_id in online or video.fingerprint in cached]


def readiness(database: Database, model: str, answering: str) -> Readiness:
    """How far the library is indexed for `model`, while `answering` is the one that answers.

    A file that is missing from a folder at hand is gone and waited for no longer; one in a folder that is
    offline is waited for where it can be found now.
    """
    row = database.execute(
        """SELECT count(*) FILTER (WHERE there), count(*), count(*) FILTER (WHERE NOT there AND NOT online)
        FROM (
            SELECT online, EXISTS (
                SELECT 1 FROM embeddings WHERE video_id = videos.id AND model = :model) AS there
            FROM videos JOIN folders ON folders.id = folder_id
            WHERE state = 'indexed' AND presence = 'here' AND copy_of IS NULL AND (online OR EXISTS (
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


def mark_copy(database: Database, video_id: int, original: int, fingerprint: str) -> None:
    """Note that a video has the content of another, whose frames stand for both."""
    database.execute(
        """UPDATE videos SET state = 'indexed', fingerprint = ?, copy_of = ?, reason = '', advice = '',
            cause = NULL, attempts = 0, read_until = NULL WHERE id = ?""",
        [fingerprint, original, video_id],
    )
    for table in ("embeddings", "frames", "clips", "facts"):
        database.execute(f"DELETE FROM {table} WHERE video_id = ?", [video_id])  # noqa: S608 - our names


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
        state=VideoState(row["state"]),
        presence=Presence(row["presence"]),
        reason=row["reason"],
        advice=row["advice"],
        facts=_facts(row) if row["probed"] else None,
        max_rate=row["max_rate"],
        cause=Cause(row["cause"]) if row["cause"] else None,
        attempts=row["attempts"],
        read_until=row["read_until"],
        copy_of=row["copy_of"],
    )


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
