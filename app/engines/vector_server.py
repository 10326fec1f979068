"""Which server answers for the nearest clips of a library: the one that the settings name now, or none."""

import hashlib
import threading
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.bundle.encoder_bundle import EncoderBundle
from app.catalogue.catalogue import Catalogue
from app.connecting.service_address import ServiceAddress
from app.vectors.stores.qdrant.connection import open_client, read_store_address
from app.vectors.stores.qdrant.qdrant_store import QdrantStore

if TYPE_CHECKING:
    from app.vectors.stores.qdrant.qdrant_server import QdrantServer

_STORED_AS = "vector_store_identity"


class VectorServer:
    """Makes the store of one library and model that a setting names. Thread-safe."""

    def __init__(
        self,
        catalogue: Catalogue,
        bundle: EncoderBundle,
        url: Callable[[], str],
        *,
        open_client: Callable[..., Any] = open_client,
    ) -> None:
        """Nothing is opened yet.

        Args:
            catalogue: the library's.
            bundle: the model.
            url: says which server answers now; empty where none does.
            open_client: makes a client of a server, see `connection.open_client`.
        """
        self._catalogue, self._bundle, self._url, self._open_client = catalogue, bundle, url, open_client
        self._lock = threading.Lock()
        self._used = ""
        self._store: QdrantStore | None = None

    def store(self) -> QdrantStore | None:
        """The store that answers now; None where none is set. Costs a search nothing."""
        url = self._url()
        if url == self._used:
            return self._store
        with self._lock:
            if url != self._used:
                earlier = self._store
                self._store = self._make(url) if url else None
                self._used = url
                if earlier is not None:  # not here: a search waits
                    threading.Thread(target=earlier.close, name="reelfind-store-end", daemon=True).start()
            return self._store

    def test(self) -> None:
        """Ask the server now, where one is set.

        Raises:
            StoreError: it cannot be used.
        """
        if url := self._url():
            server = self._connected(url, searching=True)
            try:
                server.ping()
            finally:
                server.close()

    def _make(self, url: str) -> QdrantStore:
        return QdrantStore(
            lambda searching: self._connected(url, searching=searching),
            lambda: {folder.id: folder.volume for folder in self._catalogue.watched()},
        )

    def _connected(self, url: str, *, searching: bool) -> "QdrantServer":
        client = self._open_client(url, searching=searching)
        from app.vectors.stores.qdrant.qdrant_server import QdrantServer  # noqa: PLC0415 - loads the client

        address: ServiceAddress = read_store_address(url)
        return QdrantServer(client, address.place, self._library(), self._bundle.embedding_width)

    def _library(self) -> str:
        """Names the library and the model on a server: a copy in another folder is another library."""
        identity = self._catalogue.setting(_STORED_AS, "")
        if not identity and not self._catalogue.read_only:
            self._catalogue.change_setting(_STORED_AS, lambda known: known or uuid.uuid4().hex)
            identity = self._catalogue.setting(_STORED_AS, "")
        told = f"{identity}\0{self._catalogue.folder.resolve()}\0{self._bundle.identity}"
        return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:24]
