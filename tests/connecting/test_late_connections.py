"""A client that is closed while a request of it is just beginning leaves no connection open."""

import gc
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


def close_late(monkeypatch: pytest.MonkeyPatch, inner: type, close: Callable[[], None]) -> None:
    """Have a client closed by another thread when its request has begun and is not connected yet."""
    handle = inner.handle_request  # type: ignore[attr-defined]

    def late(transport: Any, request: Any) -> Any:
        close()
        return handle(transport, request)

    monkeypatch.setattr(inner, "handle_request", late)


@pytest.mark.parametrize("streaming", [False, True])
def test_a_servers_client(monkeypatch: pytest.MonkeyPatch, streaming: bool) -> None:
    httpx2 = pytest.importorskip("httpx2")
    with lying_service(answer) as url:
        client = HttpTransport(read_address(url), TOKEN, seconds=5)
        close_late(monkeypatch, httpx2.HTTPTransport, client.close)
        if streaming:
            with client.stream("/", silence=5) as stream:
                assert b"".join(stream.pieces()) == b"{}"
        else:
            assert client.ask("GET", "/", most=10).content == b"{}"
        monkeypatch.undo()
        del client
        gc.collect()  # what were left open would be an error here


def test_a_vector_stores_client(monkeypatch: pytest.MonkeyPatch) -> None:
    httpx = pytest.importorskip("httpx", reason="qdrant-client is not installed")
    from app.vectors.stores.qdrant.guarded_http import GuardedTransport  # noqa: PLC0415 - loads httpx

    with lying_service(answer) as url:
        guarded = GuardedTransport(seconds=5, most=10, encrypted=False)
        client = httpx.Client(transport=guarded, trust_env=False)
        close_late(monkeypatch, httpx.HTTPTransport, client.close)
        assert client.get(url).content == b"{}"
        monkeypatch.undo()
        del client, guarded
        gc.collect()  # as above
