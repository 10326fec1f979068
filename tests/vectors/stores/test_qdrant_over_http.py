"""A Qdrant server that answers as it should, and others that are away, hang, lie or refuse."""

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("qdrant_client", reason="the extra qdrant is not installed")

from app.catalogue.catalogue import Catalogue
from app.connecting.token_file import TokenFile
from app.errors import UsageError
from app.paths import vector_store_keys_file
from app.vectors.stores.qdrant import connection, qdrant_store
from app.vectors.stores.qdrant.connection import open_client, read_store_address, split_store_setting
from app.vectors.stores.qdrant.qdrant_server import QdrantServer
from app.vectors.stores.qdrant.qdrant_store import QdrantStore
from app.vectors.stores.store_error import StoreError
from app.vectors.vector_index import VectorIndex
from tests.conftest import wait_until
from tests.vectors.made_vectors import WIDTH, normalised, texts
from tests.vectors.stores.http_server import RestServer, running
from tests.vectors.stores.scenes import MODEL, commit

pytestmark = [
    pytest.mark.filterwarnings("ignore:Payload indexes have no effect:UserWarning"),
    pytest.mark.filterwarnings("ignore:Local mode performs exact:UserWarning"),
]

KEY = "a-key-of-a-good-length"


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REELFIND_HOME", str(tmp_path / "home"))


@pytest.fixture
def server() -> Iterator[RestServer]:
    with running() as made:
        yield made


@pytest.fixture
def index(catalogue: Catalogue, movies: Path, server: RestServer) -> Iterator[VectorIndex]:
    """480 frames in ten videos, on that server."""
    commit(catalogue, movies, range(10))
    made = QdrantStore(
        lambda searching: QdrantServer(
            open_client(server.url, searching=searching), "127.0.0.1", "library", WIDTH
        ),
        lambda: {},
    )
    index = VectorIndex(catalogue.folder, MODEL, WIDTH, exact_limit=100, server=lambda: made)
    index.refresh(catalogue)
    yield index
    index.close()


QUERY = normalised(texts(1))[0]


def is_exact(index: VectorIndex) -> bool:
    """Whether the answer is that of comparing with every frame."""
    gallery = index.gallery
    wanted = np.lexsort((np.arange(len(gallery)), -(gallery.vectors @ QUERY)))[:10]
    return bool(np.array_equal(index.nearest_frames(QUERY, 10)[0], wanted))


def test_it_is_filled_and_asked_over_http(index: VectorIndex, server: RestServer) -> None:
    assert index.finish_graph()
    assert index.store.nearest(index.gallery, QUERY, 10) is not None
    assert any(path.endswith("/points/query") for path in server.paths)
    assert is_exact(index)
    assert index.build_problem == ""
    assert {headers["Accept-Encoding"] for headers in server.headers} == {"identity"}


def test_a_key_travels_and_a_wrong_one_is_said(server: RestServer) -> None:
    server.key = KEY
    address = read_store_address(server.url)
    TokenFile(vector_store_keys_file()).keep(address, KEY)
    QdrantServer(open_client(server.url, searching=True), address.place, "library", WIDTH).ping()
    TokenFile(vector_store_keys_file()).keep(address, f"{KEY}-no-longer")
    with pytest.raises(StoreError, match="does not take the key"):
        QdrantServer(open_client(server.url, searching=True), address.place, "library", WIDTH).ping()


def refuses(request: BaseHTTPRequestHandler) -> bool:
    request.send_error(500)
    return True


def hangs(request: BaseHTTPRequestHandler) -> bool:
    time.sleep(3)
    return True


def drips(request: BaseHTTPRequestHandler) -> bool:
    request.send_response(200)
    request.send_header("Content-Length", "1000000")
    request.end_headers()
    for _ in range(30):
        try:
            request.wfile.write(b"{")
            request.wfile.flush()
        except OSError:
            break
        time.sleep(0.1)
    return True


def floods(request: BaseHTTPRequestHandler) -> bool:
    request.send_response(200)
    request.end_headers()
    try:
        for _ in range(1000):
            request.wfile.write(b"[" * 100_000)
    except OSError:
        pass
    return True


def raves(request: BaseHTTPRequestHandler) -> bool:
    return send(request, b'{"result": {"points": [{"id": "no", "score": "much"}, 7]}, "status": "ok"}')


def nests(request: BaseHTTPRequestHandler) -> bool:
    return send(request, b"[" * 100_000)


def packs(request: BaseHTTPRequestHandler) -> bool:
    return send(request, b"\x1f\x8b\x08", "Content-Encoding", "gzip")


def leads_elsewhere(request: BaseHTTPRequestHandler) -> bool:
    request.send_response(307)
    request.send_header("Location", "http://127.0.0.1:9/")
    request.send_header("Content-Length", "0")
    request.end_headers()
    return True


def invents(request: BaseHTTPRequestHandler) -> bool:
    points = ",".join(f'{{"id": {number}, "score": 2.0, "version": 0}}' for number in range(1, 401))
    return send(request, f'{{"result": {{"points": [{points}]}}, "status": "ok", "time": 0}}'.encode())


def forgets(request: BaseHTTPRequestHandler) -> bool:
    return send(request, b'{"result": {"points": []}, "status": "ok", "time": 0}')


def send(request: BaseHTTPRequestHandler, data: bytes, *header: str) -> bool:
    request.send_response(200)
    request.send_header("Content-Length", str(len(data)))
    if header:
        request.send_header(*header)
    request.end_headers()
    request.wfile.write(data)
    return True


@pytest.mark.parametrize(
    "manners",
    [refuses, hangs, drips, floods, raves, nests, packs, leads_elsewhere, invents, forgets],
    ids=lambda each: each.__name__,
)
def test_a_server_that_turns_bad_costs_a_moment_and_is_left_alone(
    index: VectorIndex, server: RestServer, manners: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "SEARCH_SECONDS", 0.5)
    assert index.finish_graph()
    server.manners = manners  # type: ignore[assignment]
    started = time.monotonic()
    assert is_exact(index)
    assert time.monotonic() - started < 10, "twice the time for an answer, on a busy computer"
    assert index.build_problem
    assert "every frame" in index.build_advice
    asked = len(server.paths)
    assert is_exact(index)
    assert len(server.paths) == asked, "it is asked again after a while only"


def test_a_server_that_is_bad_from_the_start_is_said(index: VectorIndex, server: RestServer) -> None:
    server.manners = raves
    assert not index.finish_graph()
    assert "cannot be used" in index.build_problem
    assert is_exact(index)


def test_a_server_that_comes_back_is_used_again(
    index: VectorIndex, server: RestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(qdrant_store, "FIRST_PAUSE", 0.2)
    assert index.finish_graph()
    assert index.store.nearest(index.gallery, QUERY, 10) is not None, "which sets the pause"
    server.manners = refuses
    assert is_exact(index)
    assert index.build_problem
    server.manners = lambda request: False
    assert wait_until(lambda: index.store.nearest(index.gallery, QUERY, 10) is not None, 30)
    assert wait_until(lambda: index.build_problem == "", 30)


def test_a_busy_server_is_waited_for(
    index: VectorIndex, server: RestServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.vectors.stores.qdrant.upload._PAUSES", (0.01, 0.01, 0.01))
    times = 0

    def busy(request: BaseHTTPRequestHandler) -> bool:
        nonlocal times
        if request.command == "PUT" and "/points" in request.path and times < 2:
            times += 1
            request.send_error(503)
            return True
        return False

    server.manners = busy
    assert index.finish_graph()
    assert times == 2
    assert index.store.nearest(index.gallery, QUERY, 10) is not None


def test_nobody_there_is_said(catalogue: Catalogue) -> None:
    with pytest.raises(StoreError, match="cannot be reached"):
        QdrantServer(open_client("http://127.0.0.1:9", searching=True), "127.0.0.1:9", "x", 2).ping()


def test_nothing_is_sent_elsewhere_without_a_key_or_unencrypted() -> None:
    with pytest.raises(StoreError, match="no key"):
        open_client("http://192.168.1.20:6333", searching=True)
    TokenFile(vector_store_keys_file()).keep(read_store_address("http://198.51.100.7"), KEY)
    with pytest.raises(StoreError, match="not in your own network"):
        open_client("http://198.51.100.7:6333", searching=True)
    with pytest.raises(StoreError, match="not the address"):
        open_client("ftp://192.168.1.20", searching=True)


def test_what_is_typed_for_the_setting() -> None:
    assert split_store_setting("", "") == ""
    assert split_store_setting("localhost", "") == "http://localhost:6333"
    assert split_store_setting(f"192.168.1.20 {KEY}", "") == "http://192.168.1.20:6333"
    assert split_store_setting("192.168.1.20", "") == "http://192.168.1.20:6333", "the key is kept"
    assert split_store_setting("https://qdrant.home", KEY) == "https://qdrant.home:6333"
    for wrong in ("192.168.1.21", "one two three", "http://user@host", "http://a/b"):
        with pytest.raises(UsageError):
            split_store_setting(wrong, "")


def test_without_the_extra_a_sentence_names_the_command_and_searches_go_on(
    index: VectorIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not index.finish_graph()
    assert index.build_problem == "A vector store needs a package that is not installed."
    assert "pip install" in index.build_advice
    assert "qdrant" in index.build_advice
    assert is_exact(index)
