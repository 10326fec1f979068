"""Rows of videos: what is asked about them, and the small changes of state."""

import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from app.library.records import Readiness, Video, VideoState
from app.media.frames import VideoFacts

_SELECT = """
    SELECT videos.id, folder_id, path, videos.size, mtime_ns, fingerprint, state, present, reason, advice,
        facts.video_id IS NOT NULL AS probed, container, codec, width, height, rotation, duration, frame_rate,
        created, has_audio, facts.size AS probed_size, sampled.max_rate
    FROM videos
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
        """present AND folder_id IN (SELECT id FROM folders WHERE online) AND (
            state = 'pending' OR state = 'indexed' AND NOT EXISTS (
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
        """state = 'indexed' AND present AND NOT EXISTS (
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
            WHERE state = 'indexed' AND present AND (online OR EXISTS (
                SELECT 1 FROM embeddings WHERE video_id = videos.id AND model = :answering)))""",
        {"model": model, "answering": answering},
    ).fetchone()
    return Readiness(*row)


def mark_indexed(database: Database, video_id: int, fingerprint: str | None, warning: str) -> None:
    """Note that the stored rows are those of a content; pending still where that is not the file's (None)."""
    database.execute(
        "UPDATE videos SET state = ?, fingerprint = ?, reason = ?, advice = '' WHERE id = ?",
        [VideoState.INDEXED if fingerprint else VideoState.PENDING, fingerprint, warning, video_id],
    )


def mark_failed(database: Database, video_id: int, reason: str, advice: str) -> None:
    """Note why a video cannot be indexed; what was indexed of it before stays."""
    database.execute(
        "UPDATE videos SET state = 'failed', reason = ?, advice = ? WHERE id = ?", [reason, advice, video_id]
    )


def retry(database: Database, video_id: int) -> None:
    """Let a failed video be indexed again although its file did not change."""
    database.execute(
        "UPDATE videos SET state = 'pending', reason = '', advice = '' WHERE id = ? AND state = 'failed'",
        [video_id],
    )


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
        present=bool(row["present"]),
        reason=row["reason"],
        advice=row["advice"],
        facts=_facts(row) if row["probed"] else None,
        max_rate=row["max_rate"],
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
