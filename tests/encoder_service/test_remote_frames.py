"""Another computer encodes, this one wherever that does not: the same vectors, and it is said which."""

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle, load_bundle
from app.connecting.service_address import ServiceAddress, read_address
from app.encoder_service import remote_frames
from app.encoder_service.client import ServiceClient
from app.encoder_service.exchange import MOST_FRAMES, ServiceIdentity
from app.encoder_service.remote_frames import RemoteFrameEncoder
from app.encoder_service.service_errors import ServiceError
from app.encoder_service.service_tokens import keep_token
from app.media.decoder import Decoder
from app.runtime.encoders import FrameEncoder
from app.runtime.preprocess import fit_batch
from tests.bundles import make_bundle
from tests.encoder_service.conftest import encoder_at
from tests.encoder_service.service_process import (
    TOKEN,
    Service,
    free_port,
    lying_service,
    running_service,
    send,
)

FRAMES = np.random.default_rng(5).integers(0, 256, (5, 90, 160, 3), dtype=np.uint8)
Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def told(bundle: EncoderBundle) -> ServiceIdentity:
    """What an honest service says."""
    return ServiceIdentity(
        "liar", bundle.identity, bundle.title, bundle.embedding_width, "CUDA", "GPU", "float32", 16, "1"
    )


def lying(bundle: EncoderBundle, encode: Answer, identity: bytes | None = None) -> Answer:
    """A service that says it is what is wanted, and answers batches with `encode`."""
    honest = json.dumps(told(bundle).to_json()).encode() if identity is None else identity

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        if handler.command == "GET":
            send(handler, honest)
        else:
            encode(handler, body)

    return answer


def gives(vectors: NDArray[np.float32]) -> Answer:
    return lambda handler, _: send(handler, vectors.astype("<f4").tobytes())


def test_the_vectors_are_those_of_this_computer(service: Service, pocket: EncoderBundle) -> None:
    encoder, local = encoder_at(service.url, pocket), FrameEncoder(pocket)
    given, expected = encoder.encode(FRAMES), local.encode(FRAMES)
    assert encoder.provider == f"studio ({local.provider})"
    assert not encoder.fallback
    assert encoder.variant == local.variant
    assert np.abs(unit(given) - unit(expected)).max() < 1e-3
    assert (unit(given) * unit(expected)).sum(1).min() > 1 - 1e-3
    encoder.release()
    assert encoder.provider.startswith("studio"), "it is known also while nothing is open"
    np.testing.assert_array_equal(encoder.encode(FRAMES), given)
    encoder.release()
    local.release()


def test_more_frames_than_a_request_holds_travel_in_several(
    service: Service, pocket: EncoderBundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert remote_frames.MOST_BATCH <= MOST_FRAMES
    monkeypatch.setattr(remote_frames, "MOST_BATCH", 8)
    many = np.random.default_rng(0).integers(0, 256, (19, 8, 8, 3), dtype=np.uint8)
    encoder = encoder_at(service.url, pocket)
    given = encoder.encode(many)
    assert len(given) == len(many)
    assert not encoder.fallback
    assert np.abs(unit(given) - unit(encoder.here.encode(many))).max() < 1e-3
    assert encoder.encode(many[:0]).shape == (0, pocket.embedding_width)
    encoder.release()


def test_as_jpeg_the_vectors_of_filmed_frames_are_nearly_those(
    service: Service, pocket: EncoderBundle, shared_data: Path
) -> None:
    with Decoder() as decoder:
        clip = shared_data / "clips" / "010_yoga.mp4"
        frames = np.stack([decoder.still(clip, at, short_side=224) for at in (0.5, 1.5, 2.5)])
    squares = fit_batch(frames, pocket.image)
    client = ServiceClient(read_address(service.url), TOKEN, form="jpeg")
    local = FrameEncoder(pocket)
    given, expected = client.encode(squares, pocket), local.encode(squares)
    assert (unit(given) * unit(expected)).sum(1).min() > 0.98
    client.close()
    local.release()


def test_a_service_that_ends_is_noticed_in_the_same_batch_and_asked_again_later(
    tmp_path: Path, pocket: EncoderBundle
) -> None:
    now = [0.0]
    with running_service(tmp_path / "service") as service:
        keep_token(read_address(service.url), TOKEN)
        encoder = RemoteFrameEncoder(pocket, lambda: service.url, clock=lambda: now[0])
        given = encoder.encode(FRAMES)
        service.kill()
        again = encoder.encode(FRAMES)
    assert np.abs(unit(given) - unit(again)).max() < 1e-3
    assert encoder.provider == encoder.here.provider
    assert "cannot be reached; this computer encodes meanwhile" in encoder.fallback
    with running_service(tmp_path / "service", port=service.port):
        encoder.encode(FRAMES)
        assert encoder.fallback, "not so soon"
        now[0] += remote_frames.FIRST_PAUSE + 1
        encoder.encode(FRAMES)
        assert not encoder.fallback
        assert encoder.provider.startswith("studio")
        encoder.release()


def test_pauses_grow_while_nobody_answers(colours: EncoderBundle) -> None:
    now, tries = [0.0], []
    url = f"http://127.0.0.1:{free_port()}"
    keep_token(read_address(url), TOKEN)

    def opened(address: ServiceAddress, token: str) -> ServiceClient:
        tries.append(now[0])
        return ServiceClient(address, token)

    encoder = RemoteFrameEncoder(colours, lambda: url, open_client=opened, clock=lambda: now[0])
    for _ in range(67):
        encoder.encode(FRAMES[:1])
        now[0] += 30
    assert tries == [0, 30, 90, 210, 450, 930, 1530]
    encoder.release()


def test_another_address_is_used_from_the_next_batch_on(service: Service, pocket: EncoderBundle) -> None:
    urls = [""]
    encoder = RemoteFrameEncoder(pocket, lambda: urls[0])
    encoder.encode(FRAMES)
    assert "studio" not in encoder.provider
    keep_token(read_address(service.url), TOKEN)
    urls[0] = service.url
    assert encoder.provider.startswith("studio")
    assert encoder.batch >= 16
    urls[0] = ""
    encoder.encode(FRAMES)
    assert encoder.provider == encoder.here.provider
    encoder.release()


def test_without_a_token_on_this_computer_nothing_is_asked(colours: EncoderBundle) -> None:
    """A library that came from somebody else can name any address."""
    asked: list[str] = []
    with lying_service(lambda handler, _: asked.append(handler.path)) as url:
        encoder = RemoteFrameEncoder(colours, lambda: url)
        encoder.encode(FRAMES)
    assert not asked
    assert "no token" in encoder.fallback
    encoder.release()


def test_no_proxy_sees_a_frame(
    service: Service, pocket: EncoderBundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    with lying_service(lambda handler, _: asked.append(handler.path)) as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy)
        encoder = encoder_at(service.url, pocket)
        encoder.encode(FRAMES)
        assert not encoder.fallback
        encoder.release()
    assert not asked


def test_a_wrong_token_is_said(service: Service, pocket: EncoderBundle) -> None:
    encoder = encoder_at(service.url, pocket, "another-token-0123456789")
    encoder.encode(FRAMES)
    assert "does not take the token" in encoder.fallback
    encoder.release()


def test_a_service_with_another_model_is_not_used(service: Service, tmp_path: Path) -> None:
    bundle = load_bundle(make_bundle(tmp_path / "colours"))
    encoder = encoder_at(service.url, bundle)
    assert encoder.encode(FRAMES).shape == (len(FRAMES), bundle.embedding_width)
    assert "has another model, Pocket" in encoder.fallback
    encoder.release()


def test_what_is_not_encrypted_stays_in_the_own_network(colours: EncoderBundle) -> None:
    encoder = encoder_at("http://8.8.8.8:8731", colours)
    encoder.encode(FRAMES)
    assert "not in your own network" in encoder.fallback
    encoder.release()


@pytest.mark.parametrize(
    "encode",
    [
        gives(np.zeros((1, 3), np.float32)),
        gives(np.full((64, 4096), 1.0, np.float32)),
        lambda handler, body: send(handler, b"x" * 7),
        lambda handler, body: send(handler, b"", 302, Location="http://127.0.0.1:1/"),
        lambda handler, body: send(handler, b"{}", 500),
        lambda handler, body: handler.wfile.write(b"\x00\xff nothing like HTTP\r\n\r\n"),
        lambda handler, body: handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\nshort"),
        lambda handler, body: None,
    ],
    ids=["too few", "too many", "odd", "redirect", "error", "no HTTP", "cut off", "nothing"],
)
def test_a_service_that_answers_wrongly_is_left(colours: EncoderBundle, encode: Answer) -> None:
    with lying_service(lying(colours, encode)) as url:
        encoder = encoder_at(url, colours)
        expected = encoder.here.encode(FRAMES)
        np.testing.assert_array_equal(encoder.encode(FRAMES), expected)
        assert "this computer encodes meanwhile" in encoder.fallback
        encoder.release()


@pytest.mark.parametrize("number", [np.nan, np.inf, 1e6, 1.0], ids=str)
def test_vectors_that_are_none_or_another_models_are_not_kept(colours: EncoderBundle, number: float) -> None:
    width = colours.embedding_width

    def encode(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        count = int(handler.headers["Reelfind-Frames"].split("x")[0])
        send(handler, np.full((count, width), number, "<f4").tobytes())

    with lying_service(lying(colours, encode)) as url:
        encoder = encoder_at(url, colours)
        np.testing.assert_array_equal(encoder.encode(FRAMES), encoder.here.encode(FRAMES))
        assert "this computer encodes meanwhile" in encoder.fallback
        encoder.release()


@pytest.mark.parametrize(
    "identity",
    [b"", b"[]", b"[" * 50_000, b"{}", b"x" * 100_000, b'{"service": "reelfind-encoder", "protocol": 2}'],
    ids=["empty", "list", "nested", "nothing", "long", "newer"],
)
def test_what_is_no_service_is_not_believed(colours: EncoderBundle, identity: bytes) -> None:
    with lying_service(lying(colours, lambda *_: None, identity)) as url:
        encoder = encoder_at(url, colours)
        encoder.encode(FRAMES)
        assert encoder.provider == encoder.here.provider
        assert encoder.fallback
        encoder.release()


def test_words_of_a_service_are_cut_and_printable(colours: EncoderBundle) -> None:
    evil = replace(told(colours), name="\x1b[31m" + "x" * 500, provider="a\nb")
    identity = ServiceIdentity.from_json(json.dumps(evil.to_json()).encode())
    assert len(identity.name) <= 80
    assert identity.name.isprintable()
    assert identity.provider == "a b"


@pytest.mark.parametrize("drips", [False, True], ids=["silent", "byte by byte"])
def test_a_slow_service_is_left_within_its_time(colours: EncoderBundle, drips: bool) -> None:
    ending = threading.Event()

    def encode(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1280\r\n\r\n")
        while not ending.wait(0.05):
            if drips:
                handler.wfile.write(b"\0")
                handler.wfile.flush()

    def opened(address: ServiceAddress, token: str) -> ServiceClient:
        return ServiceClient(address, token, batch_seconds=0.4)

    with lying_service(lying(colours, encode)) as url:
        keep_token(read_address(url), TOKEN)
        encoder = RemoteFrameEncoder(colours, lambda: url, open_client=opened)
        try:
            np.testing.assert_array_equal(encoder.encode(FRAMES), encoder.here.encode(FRAMES))
        finally:
            ending.set()
        assert "too slow" in encoder.fallback
        encoder.release()


def test_an_address_that_swallows_connections_is_left_within_its_time(colours: EncoderBundle) -> None:
    """Nobody accepts: the queue of the socket is full."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        port = full.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
        url = f"http://127.0.0.1:{port}"
        keep_token(read_address(url), TOKEN)

        def opened(address: ServiceAddress, token: str) -> ServiceClient:
            return ServiceClient(address, token, connect_seconds=0.3, batch_seconds=0.6)

        encoder = RemoteFrameEncoder(colours, lambda: url, open_client=opened)
        assert len(encoder.encode(FRAMES)) == len(FRAMES)
        assert encoder.fallback
        for one in waiting:
            one.close()
    encoder.release()


def test_a_test_asks_at_once_and_says_why_not(service: Service, pocket: EncoderBundle) -> None:
    encoder = encoder_at(service.url, pocket, "another-token-0123456789")
    with pytest.raises(ServiceError, match="token"):
        encoder.test()
    keep_token(read_address(service.url), TOKEN)
    assert encoder.test().name == "studio"
    assert encoder.provider.startswith("studio")
    encoder.release()
    with pytest.raises(ServiceError, match="No other computer"):
        RemoteFrameEncoder(pocket, lambda: "").test()
