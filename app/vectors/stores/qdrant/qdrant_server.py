"""What is asked of a Qdrant server, in a library's own words. Needs the extra `qdrant`.

A library with one model has a ledger, which says what is held of each video, and a collection of clips per
volume. Whatever goes wrong is a `StoreError`.
"""

import logging
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from qdrant_client import QdrantClient, models
from qdrant_client.common.client_exceptions import QdrantException, ResourceExhaustedResponse
from qdrant_client.http.exceptions import ApiException, UnexpectedResponse

from app.vectors.stores.qdrant.clip_map import Held
from app.vectors.stores.qdrant.content_filter import ContentFilter
from app.vectors.stores.qdrant.guarded_http import UselessAnswerError
from app.vectors.stores.store_error import StoreBusyError, StoreError

logger = logging.getLogger(__name__)

LAYOUT = 1
"""Counts up when collections are made otherwise; a part of their names."""
_PAGE = 10_000
_MOST_VIDEOS = 20_000_000
"""A ledger that goes on beyond this has no end."""
_CONNECTIONS, _CONSTRUCTION = 16, 200
"""Of HNSW: links of a clip, and breadth while it is built."""
_LEAST_EF = 256
OVERSAMPLING = 2.0
"""How many times the clips that are wanted are found by bytes, and then compared by what lies on disk."""


@dataclass(frozen=True, slots=True, eq=False)
class ClipBatch:
    """Clips of some videos of one volume."""

    points: list[int]
    vectors: NDArray[np.float32]
    """(n, D) L2-normalised."""
    videos: list[int]
    """(n,) ids."""
    folders: list[int]
    """(n,) ids."""


class QdrantServer:
    """One library's collections for one model. As safe to use from several threads as the client is."""

    def __init__(self, client: QdrantClient, place: str, library: str, width: int) -> None:
        """Nothing is asked yet.

        Args:
            client: of the server.
            place: of the server, for people.
            library: names the library and the model: letters and digits.
            width: D.
        """
        self._client, self._place, self._width = client, place, width
        self._prefix = f"reelfind-{LAYOUT}-{library}"

    @property
    def _ledger(self) -> str:
        return f"{self._prefix}-videos"

    def _clips(self, volume: int) -> str:
        return f"{self._prefix}-volume-{volume}"

    def open(self) -> dict[int, Held]:
        """What is held of each video; begins with nothing where nothing is there.

        Raises:
            StoreError: it cannot be found out.
        """
        with self._translated():
            if not self._client.collection_exists(self._ledger):
                self._delete_clips()  # nobody knows what they hold
                self._client.create_collection(self._ledger, vectors_config={})
            held: dict[int, Held] = {}
            offset: models.ExtendedPointId | None = None
            while True:
                records, offset = self._client.scroll(
                    self._ledger, limit=_PAGE, offset=offset, with_payload=True, with_vectors=False
                )
                for record in records:
                    video, entry = _entry(record)
                    held[video] = entry
                if offset is None:
                    return held
                if not records or len(held) > _MOST_VIDEOS:
                    raise ValueError("a ledger without an end")

    def ping(self) -> None:
        """See that a server answers.

        Raises:
            StoreError: none does.
        """
        with self._translated():
            self._client.collection_exists(self._ledger)

    def reset(self) -> None:
        """Delete all that is held of the library for this model.

        Raises:
            StoreError: it cannot be.
        """
        with self._translated():
            self._client.delete_collection(self._ledger)
            self._delete_clips()
            self._client.create_collection(self._ledger, vectors_config={})

    def begin_volume(self, volume: int) -> None:
        """Make the collection of a volume, where there is none.

        Raises:
            StoreError: it cannot be made.
        """
        name = self._clips(volume)
        with self._translated():
            if self._client.collection_exists(name):
                return
            quantised = models.ScalarQuantizationConfig(
                type=models.ScalarType.INT8, quantile=0.99, always_ram=True
            )
            self._client.create_collection(
                name,
                vectors_config=models.VectorParams(
                    size=self._width, distance=models.Distance.DOT, on_disk=True
                ),
                hnsw_config=models.HnswConfigDiff(m=_CONNECTIONS, ef_construct=_CONSTRUCTION),
                quantization_config=models.ScalarQuantization(scalar=quantised),
                on_disk_payload=True,
            )
            for field in ("video", "folder"):
                self._client.create_payload_index(name, field, models.PayloadSchemaType.INTEGER, wait=True)

    def end_volume(self, volume: int) -> None:
        """Delete the collection of a volume.

        Raises:
            StoreError: it cannot be deleted.
        """
        with self._translated():
            self._client.delete_collection(self._clips(volume))

    def put(self, volume: int, batch: ClipBatch) -> None:
        """Write clips; comes back when they can be found.

        Raises:
            StoreError: they cannot be written.
        """
        payloads = [
            {"video": video, "folder": folder}
            for video, folder in zip(batch.videos, batch.folders, strict=True)
        ]
        points = models.Batch(ids=list(batch.points), vectors=batch.vectors.tolist(), payloads=payloads)
        with self._translated():
            self._client.upsert(self._clips(volume), points, wait=True)

    def note(self, videos: dict[int, Held]) -> None:
        """Write in the ledger that videos are held, when their clips are.

        Raises:
            StoreError: it cannot be written.
        """
        points = [
            models.PointStruct(
                id=video,
                vector={},
                payload={"revision": held.revision, "volume": held.volume, "clips": held.clips},
            )
            for video, held in videos.items()
        ]
        with self._translated():
            self._client.upsert(self._ledger, points, wait=True)

    def strike(self, videos: Collection[int]) -> None:
        """Write in the ledger that videos are not held, before their clips go.

        Raises:
            StoreError: it cannot be written.
        """
        with self._translated():
            self._client.delete(self._ledger, points_selector=models.PointIdsList(points=list(videos)))

    def remove(self, volume: int, videos: Collection[int]) -> None:
        """Delete the clips of videos.

        Raises:
            StoreError: they cannot be deleted.
        """
        condition = models.FieldCondition(key="video", match=models.MatchAny(any=list(videos)))
        chosen = models.FilterSelector(filter=models.Filter(must=[condition]))
        with self._translated():
            self._client.delete(self._clips(volume), points_selector=chosen, wait=True)

    def count(self, volume: int) -> int:
        """How many clips of a volume there are.

        Raises:
            StoreError: it cannot be found out.
        """
        with self._translated():
            return int(self._client.count(self._clips(volume), exact=True).count)

    def vectors(self, volume: int, points: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """The vectors (D,) of those of these clips that are there.

        Raises:
            StoreError: they cannot be read.
        """
        with self._translated():
            records = self._client.retrieve(
                self._clips(volume), ids=list(points), with_payload=False, with_vectors=True
            )
            return {int(record.id): np.asarray(record.vector, np.float32) for record in records}

    def search(
        self, volume: int, query: NDArray[np.float32], limit: int, among: ContentFilter | None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The clips of a volume that are nearest to a query: points (n,), and how near, best first.

        Args:
            volume: its row.
            query: (D,) float32, L2-normalised.
            limit: how many at most.
            among: which contents; all where None.

        Raises:
            StoreError: there is no answer.
        """
        params = models.SearchParams(
            hnsw_ef=max(_LEAST_EF, limit),
            quantization=models.QuantizationSearchParams(rescore=True, oversampling=OVERSAMPLING),
        )
        with self._translated():
            found = self._client.query_points(
                self._clips(volume),
                query=query.tolist(),
                limit=limit,
                query_filter=None if among is None else _filter(among),
                search_params=params,
                with_payload=False,
                with_vectors=False,
            ).points[:limit]
            points = np.array([point.id for point in found], np.int64)
            return points, np.array([point.score for point in found], np.float64)

    def close(self) -> None:
        """End the connections."""
        self._client.close()

    def _delete_clips(self) -> None:
        for collection in self._client.get_collections().collections:
            if collection.name.startswith(f"{self._prefix}-volume-"):
                self._client.delete_collection(collection.name)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """The client's errors as ours; it lets many kinds through."""
        try:
            yield
        except ResourceExhaustedResponse as error:
            raise self._busy() from error
        except UnexpectedResponse as error:
            logger.info("%s: %s", self._place, error)
            match error.status_code:
                case 429 | 503:
                    raise self._busy() from error
                case 401 | 403:
                    raise StoreError(
                        f"The vector store at {self._place} does not take the key.",
                        "Set its address again, with its API key behind it.",
                    ) from error
                case status:
                    raise StoreError(
                        f"The vector store at {self._place} answers with an error ({status}).",
                        "Its log on that computer may say more.",
                    ) from error
        except (ApiException, QdrantException, OSError) as error:
            source = getattr(error, "source", error)
            logger.info("%s: %r", self._place, source)
            if isinstance(source, ValueError | UselessAnswerError):
                raise self._useless() from error
            raise StoreError(
                f"The vector store at {self._place} cannot be reached, or is too slow.",
                "See that Qdrant runs there and that no firewall is between.",
            ) from error
        except (ValueError, TypeError, KeyError, OverflowError, AttributeError, RecursionError) as error:
            logger.warning("%s: %r", self._place, error)
            raise self._useless() from error

    def _useless(self) -> StoreError:
        return StoreError(
            f"The vector store at {self._place} gives answers that cannot be used.",
            "See that a Qdrant server answers there, of a version that fits the client’s.",
        )

    def _busy(self) -> StoreBusyError:
        return StoreBusyError(f"The vector store at {self._place} is busy.", "It is asked again in a while.")


def _entry(record: models.Record) -> tuple[int, Held]:
    """Raises ValueError, KeyError or TypeError where a record is none of ours."""
    payload = record.payload or {}
    numbers = record.id, payload["revision"], payload["volume"], payload["clips"]
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise ValueError("a ledger of something else")
    video, revision, volume, clips = (int(number) for number in numbers)
    return video, Held(revision, volume, clips)


def _filter(among: ContentFilter) -> models.Filter:
    meant: list[models.Condition] = [
        models.FieldCondition(key="video", range=models.Range(gte=first, lte=last))
        for first, last in among.runs
        if first != last
    ]
    if alone := [first for first, last in among.runs if first == last]:
        meant.append(models.FieldCondition(key="video", match=models.MatchAny(any=alone)))
    if among.folders:
        meant.append(models.FieldCondition(key="folder", match=models.MatchAny(any=list(among.folders))))
    never: list[models.Condition] = []
    if among.without:
        never.append(models.FieldCondition(key="video", match=models.MatchAny(any=list(among.without))))
    if among.excluded:
        return models.Filter(must_not=[*meant, *never])
    return models.Filter(should=meant, must_not=never)
