"""A library of scenes, and indexes over it with each of the stores."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from app.catalogue.catalogue import Catalogue
from app.vectors.stores.exact_store import ExactStore
from app.vectors.stores.vector_store import VectorStore
from app.vectors.vector_index import VectorIndex
from tests.vectors.made_vectors import WIDTH
from tests.vectors.stores.scenes import MODEL, SERVER, VIDEOS, commit

OpenIndex = Callable[[], VectorIndex]


@pytest.fixture
def filled(catalogue: Catalogue, movies: Path) -> Catalogue:
    """1,536 frames, six a clip, in 32 videos."""
    commit(catalogue, movies, range(VIDEOS))
    return catalogue


@pytest.fixture
def exact(catalogue: Catalogue) -> OpenIndex:
    """Opens an index that compares with every frame, and keeps no gallery."""

    def open_one() -> VectorIndex:
        index = VectorIndex(catalogue.folder, MODEL, WIDTH, kept_from=10**9)
        index.refresh(catalogue)
        return index

    return open_one


_NO_SERVER = pytest.mark.skipif(not os.environ.get(SERVER), reason=f"{SERVER} names no Qdrant server")


@pytest.fixture(params=["exact", "graph", "qdrant", pytest.param("qdrant server", marks=_NO_SERVER)])
def open_index(request: pytest.FixtureRequest, catalogue: Catalogue) -> Iterator[OpenIndex]:
    """Opens the library's index with one of the stores, as a start of the program does."""
    make: Callable[[], VectorStore] | None
    if request.param == "exact":
        make = ExactStore
    elif request.param == "graph":
        pytest.importorskip("hnswlib", reason="hnswlib is not installed")
        make = None
    else:
        pytest.importorskip("qdrant_client", reason="the extra qdrant is not installed")
        from app.vectors.stores.qdrant import qdrant_store  # noqa: PLC0415
        from tests.vectors.stores import memory_server  # noqa: PLC0415 - of an extra

        # That it does not simply get all of this small library.
        request.getfixturevalue("monkeypatch").setattr(qdrant_store, "LEAST_CLIPS", 30)

        client = memory_server.LockedClient() if request.param == "qdrant" else memory_server.real_client()
        name = f"test{np.random.default_rng().integers(1 << 60):x}"
        make = lambda: memory_server.store_on(client, name)  # noqa: E731
    opened: list[VectorIndex] = []

    def open_one() -> VectorIndex:
        store = None if make is None else make()
        index = VectorIndex(
            catalogue.folder, MODEL, WIDTH, exact_limit=100, kept_from=1, server=lambda: store
        )
        opened.append(index)
        index.refresh(catalogue)
        return index

    yield open_one
    for index in opened:
        index.close()
