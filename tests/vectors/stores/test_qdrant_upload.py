"""How a Qdrant server comes to hold what a library holds, whatever it held before."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("qdrant_client", reason="the extra qdrant is not installed")

from app.catalogue.catalogue import Catalogue
from app.vectors.stores.qdrant import upload
from app.vectors.stores.qdrant.qdrant_store import QdrantStore
from app.vectors.vector_index import VectorIndex
from tests.vectors.made_vectors import WIDTH, normalised, texts
from tests.vectors.stores.memory_server import LockedClient, store_on
from tests.vectors.stores.scenes import MODEL, commit, remove, scenes

pytestmark = [
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
    pytest.mark.filterwarnings("ignore:Local mode performs exact:UserWarning"),
]

CLIPS = 8
QUERY = normalised(texts(1))[0]


@pytest.fixture
def client() -> LockedClient:
    return LockedClient()


class Opening:
    """Opens the library with a store on one server, as often as it is started."""

    def __init__(self, catalogue: Catalogue, client: LockedClient) -> None:
        self._catalogue, self._client = catalogue, client
        self.volumes: dict[int, int] = {}
        self.opened: list[VectorIndex] = []

    def __call__(self, library: str = "library") -> VectorIndex:
        store = store_on(self._client, library, self.volumes)
        index = VectorIndex(self._catalogue.folder, MODEL, WIDTH, exact_limit=10, server=lambda: store)
        self.opened.append(index)
        index.refresh(self._catalogue)
        return index


@pytest.fixture
def opening(catalogue: Catalogue, movies: Path, client: LockedClient) -> Iterator[Opening]:
    """A library of 48 clips in six videos."""
    commit(catalogue, movies, range(6))
    made = Opening(catalogue, client)
    yield made
    for index in made.opened:
        index.close()


def points(client: LockedClient) -> dict[str, int]:
    """How many there are, by collection."""
    names = [collection.name for collection in client.get_collections().collections]
    return {name.rpartition("library-")[2]: client.count(name).count for name in names}


def is_asked_and_right(index: VectorIndex) -> bool:
    answer = index.store.nearest(index.gallery, QUERY, 10)
    wanted = index.nearest_frames(QUERY, 10, exact=True)
    return answer is not None and answer[0].tolist() == wanted[0].tolist()


def test_a_point_is_a_clips_mean_and_says_its_video_and_folder(
    opening: Opening, client: LockedClient
) -> None:
    index = opening()
    assert index.finish_graph()
    assert points(client) == {"videos": 6, "volume-0": 48}
    found, _ = client.scroll("reelfind-1-library-volume-0", limit=100, with_vectors=True)
    gallery = index.gallery
    for record in found:
        video, number = record.id >> 24, record.id & 0xFFFFFF
        rows = np.flatnonzero(gallery.video_of_row == video)[6 * number : 6 * number + 6]
        mean = gallery.vectors[rows].mean(axis=0)
        np.testing.assert_allclose(record.vector, mean / np.linalg.norm(mean), atol=1e-5)
        assert record.payload == {"video": video, "folder": int(gallery.folder_of_row[rows[0]])}


def test_int8_with_the_originals_on_disk_is_asked_for(opening: Opening, client: LockedClient) -> None:
    asked: list[tuple[Any, ...]] = []
    made = client._client.create_collection

    def create(name: str, **more: Any) -> Any:
        asked.append((name, more))
        return made(name, **more)

    client._client.create_collection = create  # type: ignore[method-assign]
    assert opening().finish_graph()
    more = dict(asked)["reelfind-1-library-volume-0"]
    assert more["vectors_config"].on_disk
    assert more["on_disk_payload"]
    quantised = more["quantization_config"].scalar
    assert (quantised.type.value, quantised.always_ram) == ("int8", True)


def test_a_restart_sends_nothing(opening: Opening, client: LockedClient) -> None:
    opening().finish_graph()
    client.asked.clear()
    again = opening()
    assert again.finish_graph()
    assert is_asked_and_right(again)
    assert not {"upsert", "delete", "create_collection"} & set(client.asked)


def test_only_what_is_new_is_sent_and_only_what_is_gone_is_removed(
    opening: Opening, client: LockedClient, catalogue: Catalogue, movies: Path
) -> None:
    index = opening()
    index.finish_graph()
    client.asked.clear()
    commit(catalogue, movies, [6])
    remove(catalogue, movies, [0])
    index.refresh(catalogue)
    assert index.finish_graph()
    assert points(client) == {"videos": 6, "volume-0": 48}
    assert client.asked.count("upsert") == 2, "its clips, and its line in the ledger"
    assert is_asked_and_right(index)


def test_what_is_removed_while_a_search_is_under_way_is_not_taken_for_lost(
    opening: Opening, client: LockedClient, catalogue: Catalogue, movies: Path
) -> None:
    index = opening()
    index.finish_graph()

    def remove_meanwhile(name: str, _given: tuple[Any, ...]) -> None:
        if name == "query_points":
            client.before = lambda *_: None
            remove(catalogue, movies, [0, 1, 2])
            index.refresh(catalogue)
            assert index.finish_graph()

    client.before = remove_meanwhile
    assert index.store.nearest(index.gallery, QUERY, 10) is None
    assert index.store.problem == ""
    assert is_asked_and_right(index)


@pytest.mark.parametrize("dies_at", range(1, 9))
def test_killed_anywhere_it_goes_on_at_the_next_start(
    opening: Opening, client: LockedClient, monkeypatch: pytest.MonkeyPatch, dies_at: int
) -> None:
    monkeypatch.setattr(upload, "MOST_CLIPS", 20)
    written = 0

    def die(name: str, given: tuple[Any, ...]) -> None:
        nonlocal written
        if name in {"upsert", "delete", "create_collection", "create_payload_index"}:
            written += 1
            if written >= dies_at:
                raise OSError("the network is gone")

    client.before = die
    first = opening()
    assert not first.finish_graph()
    first.close()
    client.before = lambda name, given: None
    second = opening()
    assert second.finish_graph()
    assert points(client) == {"videos": 6, "volume-0": 48}
    assert is_asked_and_right(second)


def test_clips_that_nobody_knows_of_or_that_are_lost_are_put_right(
    opening: Opening, client: LockedClient
) -> None:
    opening().finish_graph()
    name = "reelfind-1-library-volume-0"
    some = [record.id for record in client.scroll(name, limit=5)[0]]
    client.delete(name, points_selector=some)
    again = opening()
    assert again.finish_graph()
    assert points(client) == {"videos": 6, "volume-0": 48}
    assert is_asked_and_right(again)


def test_a_library_put_back_from_a_backup_does_not_believe_the_store(
    opening: Opening, client: LockedClient
) -> None:
    opening().finish_graph()
    name = "reelfind-1-library-volume-0"
    for record in client.scroll(name, limit=100)[0]:
        other = normalised(scenes(1, seed=record.id % 1000))[0]
        client.upsert(name, [_point(record.id, other, record.payload)])
    again = opening()
    assert again.finish_graph()
    assert is_asked_and_right(again)
    ours = again.gallery.vectors[:6].mean(axis=0)
    video = int(again.gallery.video_of_row[0])
    (first,) = client.retrieve(name, [video << 24], with_vectors=True)
    np.testing.assert_allclose(first.vector, ours / np.linalg.norm(ours), atol=1e-5)


def _point(number: int, vector: np.ndarray, payload: dict[str, int]) -> Any:
    from qdrant_client import models  # noqa: PLC0415 - of an extra

    return models.PointStruct(id=number, vector=vector.tolist(), payload=payload)


def test_what_another_process_sent_of_a_later_revision_is_left(
    opening: Opening, client: LockedClient, catalogue: Catalogue, movies: Path
) -> None:
    behind = opening()
    commit(catalogue, movies, range(6, 9))
    ahead = opening()
    assert ahead.finish_graph()
    assert behind.finish_graph()
    assert points(client) == {"videos": 9, "volume-0": 72}
    assert is_asked_and_right(behind)
    assert is_asked_and_right(ahead)


def test_each_volume_has_a_collection_and_a_folder_that_moved_goes_to_the_other(
    opening: Opening, client: LockedClient, catalogue: Catalogue, movies: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other disk"
    other.mkdir()
    second = catalogue.add_folder(other)
    commit(catalogue, other, range(50, 53))
    opening.volumes |= {second.id: 7}
    index = opening()
    assert index.finish_graph()
    assert points(client) == {"videos": 9, "volume-0": 48, "volume-7": 24}
    assert is_asked_and_right(index)
    client.asked.clear()
    rows = np.flatnonzero(index.gallery.folder_of_row == second.id)
    answer = index.store.nearest(index.gallery, QUERY, 10, rows)
    assert answer is not None
    assert answer[0].tolist() == index.nearest_frames(QUERY, 10, rows=rows, exact=True)[0].tolist()
    assert client.asked == ["query_points"], "only the volume that is meant is asked"

    opening.volumes[second.id] = 8
    again = opening()
    assert again.finish_graph()
    assert points(client) == {"videos": 9, "volume-0": 48, "volume-7": 0, "volume-8": 24}


def test_a_gallery_that_is_closed_at_once_leaves_nothing_running(opening: Opening) -> None:
    index = opening()
    index.update_graph()
    index.close()
    assert isinstance(index.store, QdrantStore)
    assert index.store.nearest(index.gallery, QUERY, 10) is None


def test_a_store_that_is_closed_while_its_worker_turns_round_ends_at_once(client: LockedClient) -> None:
    store = store_on(client)

    class Late(threading.Condition):
        """Lets the worker in when the store is being closed, between two of its looks."""

        def __enter__(self) -> bool:
            if threading.current_thread() is store._worker:
                assert store._closing.wait(30)
            return super().__enter__()

    store._changed = Late()
    store.update()
    worker = store._worker
    store.close()
    assert worker is not None
    assert not worker.is_alive()
