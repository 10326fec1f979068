"""A Qdrant in this process: the client's `:memory:`, or a real server where the environment names one.

`:memory:` compares with every vector, as they are: it knows neither a graph nor bytes, payload indexes or
limits.
"""

import os
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest

pytest.importorskip("qdrant_client", reason="the extra qdrant is not installed")

import qdrant_client

from app.vectors.stores.qdrant.qdrant_server import QdrantServer
from app.vectors.stores.qdrant.qdrant_store import QdrantStore
from tests.vectors.made_vectors import WIDTH
from tests.vectors.stores.scenes import SERVER


class LockedClient:
    """The client of `:memory:`, which is not made for threads; what it holds outlives those who close it."""

    def __init__(self) -> None:
        self._client = qdrant_client.QdrantClient(":memory:")
        self._lock = threading.RLock()
        self.asked: list[str] = []
        self.before: Callable[[str, tuple[Any, ...]], None] = lambda name, given: None

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._client, name)

        def locked(*given: Any, **more: Any) -> Any:
            self.before(name, given)
            with self._lock:
                self.asked.append(name)
                return call(*given, **more)

        return locked

    def close(self) -> None:
        pass


def real_client() -> Any:
    """Of the server that the environment names."""
    return qdrant_client.QdrantClient(url=os.environ[SERVER], check_compatibility=False)


def store_on(client: Any, library: str = "", volumes: dict[int, int] | None = None) -> QdrantStore:
    """A store of one library on a server that is there."""
    name = library or uuid.uuid4().hex

    def connect(searching: bool) -> QdrantServer:
        return QdrantServer(client, "here:6333", name, WIDTH)

    return QdrantStore(connect, lambda: volumes or {})
