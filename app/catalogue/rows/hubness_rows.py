"""How near every clip is to a bank of typical queries, written and read; derived from the embeddings.

A row lives as long as the embeddings it was made from: what replaces or removes those removes it too.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray
from sqlite_utils import Database

from app.catalogue.records import StoredHubness
from app.catalogue.rows.index_rows import RowError, read_embeddings_of
from app.catalogue.rows.removal_rows import HOLDER
from app.vectors.embeddings import StoredEmbeddings

_KEPT = f"video_id NOT IN (SELECT id FROM videos WHERE folder_id = {HOLDER})"  # noqa: S608


def read_bank(database: Database, model: str, bank: str) -> NDArray[np.float32] | None:
    """The bank's vectors (B, D) for a model, None where they were never written."""
    row = database.execute(
        "SELECT width, vectors FROM banks WHERE model = ? AND bank = ?", [model, bank]
    ).fetchone()
    if row is None or not isinstance(row[0], int) or row[0] <= 0 or len(row[1]) % (4 * row[0]):
        return None
    return np.frombuffer(row[1], "<f4").reshape(-1, row[0])


def write_bank(database: Database, model: str, bank: str, vectors: NDArray[np.float32]) -> None:
    """Keep a bank's vectors (B, D) for a model; those of another bank, and what was made with it, go."""
    database.execute("DELETE FROM hubness WHERE model = ? AND bank <> ?", [model, bank])
    database.execute(
        "INSERT OR REPLACE INTO banks (model, bank, width, vectors) VALUES (?, ?, ?, ?)",
        [model, bank, vectors.shape[1], vectors.astype("<f4").tobytes()],
    )


def lacking(database: Database, model: str, bank: str) -> list[int]:
    """Ids of the videos with embeddings of a model that were not compared with the bank."""
    rows = database.execute(
        f"""SELECT video_id FROM embeddings WHERE model = ? AND {_KEPT} AND NOT EXISTS (
            SELECT 1 FROM hubness
            WHERE hubness.model = embeddings.model AND hubness.video_id = embeddings.video_id AND bank = ?)
        ORDER BY video_id""",  # noqa: S608 - our names
        [model, bank],
    )
    return [number for (number,) in rows]


def embeddings_of(database: Database, model: str, video_ids: Iterable[int]) -> list[StoredEmbeddings]:
    """The embeddings of these videos; of one that has none, nothing."""
    found = []
    for number in video_ids:
        with suppress(RowError):  # told, and indexed again, by whoever reads them to search
            if (stored := read_embeddings_of(database, model, number)) is not None:
                found.append(stored)
    return found


def write(
    database: Database, model: str, bank: str, rows: Iterable[tuple[StoredEmbeddings, StoredHubness]]
) -> None:
    """Keep what was made from these embeddings, unless they are others by now."""
    database.conn.executemany(
        """INSERT OR REPLACE INTO hubness (model, video_id, bank, levels, peaks, places)
        SELECT model, video_id, ?, ?, ?, ? FROM embeddings
        WHERE model = ? AND video_id = ? AND revision = ?""",
        [
            (
                bank,
                made.levels.astype("<f4").tobytes(),
                made.peaks.astype("<f4").tobytes(),
                made.places.astype("<i4").tobytes(),
                model,
                source.video_id,
                source.revision,
            )
            for source, made in rows
        ],
    )


def read(database: Database, model: str, bank: str) -> Iterator[StoredHubness]:
    """What is known of the videos that were compared with the bank; a damaged row is left out."""
    rows = database.execute(
        f"""SELECT video_id, levels, peaks, places FROM hubness
        WHERE model = ? AND bank = ? AND {_KEPT}""",  # noqa: S608 - our names
        [model, bank],
    )
    for video_id, levels, peaks, places in rows:
        if len(levels) % 4 or len(peaks) % 4 or len(peaks) != len(places):
            continue
        yield StoredHubness(
            video_id,
            np.frombuffer(levels, "<f4"),
            np.frombuffer(peaks, "<f4"),
            np.frombuffer(places, "<i4"),
        )
