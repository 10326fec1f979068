"""A client that hangs costs its own connection and nothing else: real sockets at a real port."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra serve is not installed")

from app.serving.patient_connection import PatientConnection
from tests.conftest import wait_until
from tests.serving.live_server import live_server

ASK = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n"
_CHUNK = bytes(1 << 18)

sending: list[int] = []
"""Answers that are under way."""


async def application(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answers `/` with a word, and anything else with more than anybody reads."""
    start = {"type": "http.response.start", "status": 200, "headers": [(b"x", b"y")]}
    if scope["path"] == "/":
        await send(start | {"headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})
        return
    sending.append(1)
    await send(start)
    for _ in range(1000):
        await send({"type": "http.response.body", "body": _CHUNK, "more_body": True})
    sending.pop()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    monkeypatch.setattr(PatientConnection, "head_seconds", 0.5)
    monkeypatch.setattr(PatientConnection, "stalled_seconds", 0.5)
    monkeypatch.setattr(PatientConnection, "most_of_one_address", 20)
    with live_server(application) as found:
        yield found


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), 10)


def is_ended(client: socket.socket) -> bool:
    try:
        return client.recv(1 << 16) == b""
    except ConnectionError:
        return True


def answer(client: socket.socket) -> bytes:
    client.sendall(ASK)
    received = b""
    while not received.endswith(b"ok"):
        received += client.recv(4096)
    return received


@pytest.mark.parametrize("said", [b"", b"GET / HT", ASK[:-2]])
def test_who_does_not_finish_a_request_is_sent_away(port: int, said: bytes) -> None:
    with connected(port) as client:
        client.sendall(said)
        assert is_ended(client)


def test_who_drips_a_request_is_sent_away(port: int) -> None:
    with connected(port) as client:
        started = time.monotonic()
        with pytest.raises(ConnectionError):  # noqa: PT012
            while time.monotonic() < started + 10:
                client.sendall(b"G" if time.monotonic() - started < 0.05 else b"E")
                threading.Event().wait(0.05)
        assert time.monotonic() - started < 5


def test_a_connection_is_used_again_and_half_a_second_request_ends_it(port: int) -> None:
    with connected(port) as client:
        assert b"200" in answer(client)
        threading.Event().wait(0.7)  # longer than a head may take: between requests nobody has to hurry
        assert b"200" in answer(client)
        client.sendall(ASK[:-4])
        assert is_ended(client)


def test_who_does_not_read_is_sent_away_and_what_answered_ends(port: int) -> None:
    with connected(port) as client:
        client.sendall(ASK.replace(b"GET /", b"GET /much"))
        assert wait_until(lambda: sending)
        assert wait_until(lambda: not sending)


def test_many_connections_of_one_address_leave_the_earlier_ones_alone(port: int) -> None:
    with ExitStack() as clients:
        first = clients.enter_context(connected(port))
        assert b"200" in answer(first)
        others = [clients.enter_context(connected(port)) for _ in range(30)]
        assert is_ended(others[-1])
        assert b"200" in answer(first)
