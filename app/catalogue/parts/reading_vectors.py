"""Embeddings, and what is derived from them, as searches read them."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from app.catalogue.deltas import Delta
from app.catalogue.parts.base import CataloguePart
from app.catalogue.records import (
    StoredHubness,
)
from app.catalogue.rows import (
    hubness_rows,
    index_rows,
    revisions,
)
from app.database.connections import DamagedError, UnwritableError
from app.vectors.embeddings import StoredEmbeddings

logger = logging.getLogger(__name__)


class ReadingVectors(CataloguePart):
    """Embeddings of a model, and how near each clip is to a bank of queries."""

    _set_aside: set[tuple[str, int]]
    """Models and videos whose rows are damaged."""

    def revision(self) -> int:
        """A number that goes up with each change the vector index must follow."""
        with self._connections.reading() as database:
            return revisions.current(database)

    def embeddings(self, model: str, after: int = 0) -> Iterator[StoredEmbeddings]:
        """Embeddings of a model that were written, or whose video changed folders, after a revision.

        Read row by row from one snapshot of the library, in order of revision. Rows that are damaged are left
        out; their videos are indexed again by the next run.
        """
        damaged: dict[int, str] = {}
        with self._connections.reading() as database:
            yield from index_rows.read_embeddings(database, model, after, damaged.__setitem__)
        self.set_aside(model, damaged)

    def embeddings_of(self, model: str, video_ids: Iterable[int]) -> list[StoredEmbeddings]:
        """Embeddings of these videos for a model; of one that has none that can be read, nothing."""
        with self._connections.reading() as database:
            return hubness_rows.embeddings_of(database, model, video_ids)

    @property
    def left_out(self) -> int:
        """How many videos were left out of searches since the library was opened: their rows are damaged."""
        return len({video_id for _, video_id in self._set_aside})

    def set_aside(self, model: str, damaged: Mapping[int, str]) -> None:
        """Have videos indexed again whose rows for a model are damaged.

        Args:
            model: identity of the encoder bundle.
            damaged: their ids, with what is wrong.
        """
        for video_id, why in damaged.items():
            if (model, video_id) in self._set_aside:
                continue
            self._set_aside.add((model, video_id))
            logger.warning("video %d is left out of searches: %s", video_id, why)
            if self.read_only:
                continue
            try:
                with self._connections.writing() as database:
                    index_rows.set_aside(database, model, video_id)
            except DamagedError:  # the page of the rows themselves
                self._write_derived(partial(index_rows.await_indexing, video_id=video_id))
            except UnwritableError as error:
                logger.warning("it cannot be marked to be indexed again: %s", error)
                continue
            self._deltas.tell(Delta(None, changed=frozenset({video_id}), findable=True))

    def embedded(self, model: str) -> dict[int, int]:
        """Revision of every stored embedding of a model, by video id."""
        with self._connections.reading() as database:
            return index_rows.read_live(database, model)

    def embedded_count(self, model: str, *, after: int = 0, until: int | None = None) -> int:
        """How many embeddings of a model were written after a revision, up to another (any where None)."""
        with self._connections.reading() as database:
            return index_rows.count_live(database, model, after, until)

    def is_embedded(self, model: str, video_id: int) -> bool:
        """Whether a video has an embedding of a model."""
        with self._connections.reading() as database:
            return index_rows.has_embedding(database, video_id, model)

    def frame_count(self, model: str) -> int:
        """How many frames have an embedding of a model."""
        with self._connections.reading() as database:
            return index_rows.read_frame_count(database, model)

    def bank(self, model: str, bank: str) -> NDArray[np.float32] | None:
        """Vectors (B, D) of a bank of queries for a model, None where they were never kept."""
        with self._connections.reading() as database:
            return hubness_rows.read_bank(database, model, bank)

    def keep_bank(self, model: str, bank: str, vectors: NDArray[np.float32]) -> None:
        """Keep a bank's vectors (B, D) float32 for a model; what was made with another bank is forgotten.

        Nothing is stored where the library cannot be written: it can be made again.
        """
        self._write_derived(lambda database: hubness_rows.write_bank(database, model, bank, vectors))

    def lacking_hubness(self, model: str, bank: str) -> list[int]:
        """Ids of the videos that have embeddings of a model and were not compared with the bank."""
        with self._connections.reading() as database:
            return hubness_rows.lacking(database, model, bank)

    def keep_hubness(
        self,
        model: str,
        bank: str,
        video_ids: Sequence[int],
        make: Callable[[StoredEmbeddings], StoredHubness],
    ) -> None:
        """Compare these videos with the bank and keep what comes of it, in one transaction.

        Args:
            model: identity of the encoder bundle.
            bank: names the bank.
            video_ids: videos; those that have no embeddings any more are left out.
            make: makes the row from a video's embeddings.
        """
        if self.read_only:
            return
        with self._connections.reading() as database:
            sources = hubness_rows.embeddings_of(database, model, video_ids)
        rows = [(source, make(source)) for source in sources]
        self._write_derived(lambda database: hubness_rows.write(database, model, bank, rows))

    def hubness(self, model: str, bank: str) -> list[StoredHubness]:
        """What is known of the videos that were compared with the bank."""
        with self._connections.reading() as database:
            return list(hubness_rows.read(database, model, bank))
