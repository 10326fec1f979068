"""A client that is closed while a request of it is just beginning leaves no connection open."""

import gc
import importlib
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from app.connecting.http_transport import HttpTransport
from app.connecting.service_address import read_address
from tests.encoder_service.service_process import TOKEN, lying_service, send

Asks = Callable[[], object]


def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    send(handler, b"{}")
    handler.close_connection = False


def close_late(monkeypatch: pytest.MonkeyPatch, package: str, moment: str, close: Callable[[], None]) -> None:
    """Have a client closed by another thread when a request of it has begun, or while it connects."""
    if moment == "begun":
        place, name = importlib.import_module(package).HTTPTransport, "handle_request"
    else:
        core = importlib.import_module(package.replace("httpx", "httpcore"))
        place, name = core._sync.connection.HTTPConnection, "_connect"
    original = getattr(place, name)

    def late(inside: Any, request: Any) -> Any:
        close()
        return original(inside, request)

    monkeypatch.setattr(place, name, late)


@pytest.mark.parametrize("moment", ["begun", "connecting"])
@pytest.mark.parametrize("streaming", [False, True])
def test_a_servers_client(monkeypatch: pytest.MonkeyPatch, streaming: bool, moment: str) -> None:
    pytest.importorskip("httpx2")
    with lying_service(answer) as url:
        client = HttpTransport(read_address(url), TOKEN, seconds=5)
        close_late(monkeypatch, "httpx2", moment, client.close)
        if streaming:
            with client.stream("/", silence=5) as stream:
                assert b"".join(stream.pieces()) == b"{}"
        else:
            assert client.ask("GET", "/", most=10).content == b"{}"
        monkeypatch.undo()
        del client
        gc.collect()  # what were left open would be an error here


@pytest.mark.parametrize("moment", ["begun", "connecting"])
def test_a_vector_stores_client(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    httpx = pytest.importorskip("httpx", reason="qdrant-client is not installed")
    from app.vectors.stores.qdrant.guarded_http import GuardedTransport  # noqa: PLC0415 - loads httpx

    with lying_service(answer) as url:
        guarded = GuardedTransport(seconds=5, most=10, encrypted=False)
        client = httpx.Client(transport=guarded, trust_env=False)
        close_late(monkeypatch, "httpx", moment, client.close)
        assert client.get(url).content == b"{}"
        monkeypatch.undo()
        del client, guarded
        gc.collect()  # as above
