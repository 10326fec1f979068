"""What a service takes, refuses and survives: a real process at a real port."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import cv2
import httpx2
import numpy as np
import psutil
import pytest
import uvicorn
from numpy.typing import NDArray

from app.bundle.encoder_bundle import EncoderBundle
from app.encoder_service.encoder_server import EncoderServer
from app.encoder_service.exchange import MOST_BYTES, PICTURES, RAW, join_pictures
from app.encoder_service.serving import MOST_CONNECTIONS
from app.runtime.encoders import FrameEncoder
from app.serving.listening_place import reachable_as
from tests.certificates import asked, make_certificate
from tests.encoder_service.conftest import encoder_at
from tests.encoder_service.service_process import TOKEN, Service, running_service
from tests.forked_program import run_program

ALLOWED = {"Authorization": f"Bearer {TOKEN}"}


def post(
    service: Service, bundle: EncoderBundle, body: bytes, kind: str = RAW, **headers: str
) -> httpx2.Response:
    given = ALLOWED | {"Reelfind-Model": bundle.identity, "Content-Type": kind}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    return asked("post", f"{service.url}/v1/encode", content=body, headers=given)


def raw(service: Service, bundle: EncoderBundle, shape: str, body: bytes) -> httpx2.Response:
    return post(service, bundle, body, Reelfind_Frames=shape)


def picture(height: int = 60, width: int = 80) -> NDArray[np.uint8]:
    y, x = np.mgrid[0:height, 0:width]
    return np.stack([x * 3, y * 4, x + y], 2).astype(np.uint8)


def as_file(rgb: NDArray[np.uint8], ending: str, *options: int) -> bytes:
    _, file = cv2.imencode(ending, rgb[..., ::-1], options)
    return bytes(file)


def png_that_claims(width: int, height: int) -> bytes:
    """A file of a hundred bytes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return len(content).to_bytes(4, "big") + checked + zlib.crc32(checked).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\0\0\0"
    parts = (chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0" * 999)), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def still_answers(service: Service, bundle: EncoderBundle) -> bool:
    return raw(service, bundle, "1x8x8", bytes(192)).status_code == 200


def test_it_says_who_it_is_to_those_with_the_token_alone(service: Service, pocket: EncoderBundle) -> None:
    told = asked("get", f"{service.url}/v1/identity", headers=ALLOWED).json()
    assert (told["name"], told["model"], told["width"]) == (
        "studio",
        pocket.identity,
        pocket.embedding_width,
    )
    for given in ({}, {"Authorization": TOKEN}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": ""}):
        for path in ("identity", "encode"):
            method = "get" if path == "identity" else "post"
            answer = asked(method, f"{service.url}/v1/{path}", headers=given)
            assert (answer.status_code, answer.json()) == (401, {"error": "a token is needed"})
    assert asked("get", f"{service.url}/", headers=ALLOWED).status_code == 404


def test_pictures_become_the_vectors_of_their_pixels(service: Service, pocket: EncoderBundle) -> None:
    files = [as_file(picture(), ".png"), as_file(picture(64, 50), ".webp", cv2.IMWRITE_WEBP_QUALITY, 101)]
    answer = post(service, pocket, join_pictures(files), PICTURES)
    local = FrameEncoder(pocket)
    expected = np.concatenate([local.encode(picture()[None]), local.encode(picture(64, 50)[None])])
    given = np.frombuffer(answer.content, "<f4").reshape(expected.shape)
    assert np.abs(given - expected).max() < 1e-3 * np.linalg.norm(expected, axis=1).max()
    assert post(service, pocket, join_pictures([as_file(picture(), ".jpg")]), PICTURES).status_code == 200
    local.release()


@pytest.mark.parametrize(
    ("shape", "size", "status"),
    [
        ("", 192, 400),
        ("1x8", 192, 400),
        ("-1x8x8", 192, 400),
        ("0x8x8", 0, 400),
        ("1x8x8", 191, 400),
        ("1x8x8", 193, 400),
        ("999x8x8", 192 * 999, 400),
        ("1x9999x1", 9999 * 3, 400),
        ("1x4097x1", 4097 * 3, 400),
        ("9999x9999x9999", 192, 400),
        ("1x8x8; ls", 192, 400),
        ("٣x٨x٨", 192, 400),
    ],
)
def test_frames_that_do_not_fit_are_refused(
    service: Service, pocket: EncoderBundle, shape: str, size: int, status: int
) -> None:
    given = ALLOWED | {"Reelfind-Model": pocket.identity, "Content-Type": RAW, "Reelfind-Frames": shape}
    encoded = [(name.encode(), value.encode()) for name, value in given.items()]
    answer = asked("post", f"{service.url}/v1/encode", content=bytes(size), headers=encoded)
    assert answer.status_code == status, answer.text
    assert still_answers(service, pocket)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xff\xff\xff",
        b"\x05\0\0\0abc",
        b"\x01",
        join_pictures([b""]),
        join_pictures([b"GIF89a" + bytes(99)]),
        join_pictures([b"II*\0" + bytes(99)]),
        join_pictures([b"\x89PNG\r\n\x1a\n"]),
        join_pictures([b"\xff\xd8\xff" + b"\xff" * 5000]),
        join_pictures([b"\xff\xd8\xff\xc0\x00\x11\x08\x00\x08\x00\x08" + bytes(40)]),
        join_pictures([b"RIFF\0\0\0\0WEBPVP8X" + bytes(40)]),
        join_pictures([as_file(picture(), ".png")[:200]]),
        join_pictures([png_that_claims(60_000, 60_000)]),
        join_pictures([png_that_claims(4096, 4096)] * 9),
        join_pictures([b""] * 300),
    ],
)
def test_pictures_that_are_none_or_too_large_are_refused(
    service: Service, pocket: EncoderBundle, body: bytes
) -> None:
    before = psutil.Process(service.process.pid).memory_info().rss
    answer = post(service, pocket, body, PICTURES)
    assert answer.status_code in {400, 422}, answer.text
    assert psutil.Process(service.process.pid).memory_info().rss < before + (256 << 20)
    assert still_answers(service, pocket)


def test_any_mutant_of_a_picture_costs_only_itself(service: Service, pocket: EncoderBundle) -> None:
    random = np.random.default_rng(3)
    for ending in (".jpg", ".png", ".webp"):
        whole = as_file(picture(), ending)
        for _ in range(25):
            mutant = bytearray(whole)
            for at in random.integers(0, len(mutant), 6):
                mutant[at] = random.integers(0, 256)
            assert post(service, pocket, join_pictures([bytes(mutant)]), PICTURES).status_code in {200, 400}
    assert still_answers(service, pocket)


def test_another_model_another_kind_and_no_length_are_refused(
    service: Service, pocket: EncoderBundle
) -> None:
    assert post(service, pocket, b"", Reelfind_Model="another").status_code == 409
    assert post(service, pocket, b"", "image/jpeg").status_code == 415
    parts = (bytes(64) for _ in range(3))
    headers = ALLOWED | {"Reelfind-Model": pocket.identity, "Content-Type": PICTURES}
    answer = asked("post", f"{service.url}/v1/encode", content=parts, headers=headers)
    assert answer.status_code == 411


@pytest.mark.parametrize("length", [str(MOST_BYTES + 1), "9" * 30])
def test_a_body_that_is_too_large_is_not_read(service: Service, pocket: EncoderBundle, length: str) -> None:
    head = [
        "POST /v1/encode HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {TOKEN}",
        f"Reelfind-Model: {pocket.identity}",
        f"Content-Type: {PICTURES}",
        f"Content-Length: {length}",
    ]
    with socket.create_connection(("127.0.0.1", service.port), 10) as connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        assert b" 413 " in connection.recv(4096) or length == "9" * 30
    assert still_answers(service, pocket)


def test_who_has_no_token_is_not_listened_to(service: Service, pocket: EncoderBundle) -> None:
    with socket.create_connection(("127.0.0.1", service.port), 10) as connection:
        connection.sendall(b"POST /v1/encode HTTP/1.1\r\nHost: x\r\nContent-Length: 60000000\r\n\r\nsome")
        given = b""
        while part := connection.recv(4096):
            given += part
    assert b" 401 " in given
    assert still_answers(service, pocket)


def test_fifty_connections_that_say_nothing_leave_room_for_one_that_does(
    service: Service, pocket: EncoderBundle
) -> None:
    with ExitStack() as open_ones:
        for _ in range(50):
            open_ones.enter_context(socket.create_connection(("127.0.0.1", service.port), 10))
        encoder = encoder_at(service.url, pocket)
        encoder.encode(np.zeros((3, 20, 20, 3), np.uint8))
        assert not encoder.fallback
        encoder.release()


def test_fifty_at_once_are_answered_or_told_to_come_again(service: Service, pocket: EncoderBundle) -> None:
    body = np.random.default_rng(0).integers(0, 256, (4, 64, 64, 3), dtype=np.uint8).tobytes()

    def ask(_: int) -> tuple[int, bytes]:
        answer = raw(service, pocket, "4x64x64", body)
        return answer.status_code, answer.content

    assert MOST_CONNECTIONS > 50
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(ask, range(50)))
    assert {status for status, _ in answers} <= {200, 503}
    vectors = {content for status, content in answers if status == 200}
    assert len(vectors) == 1, "everybody got their own"
    assert still_answers(service, pocket)


def test_several_computers_at_once_are_all_helped(service: Service, pocket: EncoderBundle) -> None:
    """Those that are told to come again do."""
    frames = np.random.default_rng(1).integers(0, 256, (4, 40, 40, 3), dtype=np.uint8)
    encoders = [encoder_at(service.url, pocket) for _ in range(5)]
    with ThreadPoolExecutor(5) as pool:
        given = list(pool.map(lambda encoder: encoder.encode(frames), encoders))
    assert [encoder.fallback for encoder in encoders] == [""] * 5
    assert all(np.allclose(vectors, given[0], atol=1e-4) for vectors in given)
    for encoder in encoders:
        encoder.release()


def test_whoever_leaves_in_the_middle_costs_nobody_else(service: Service, pocket: EncoderBundle) -> None:
    for _ in range(10):
        connection = socket.create_connection(("127.0.0.1", service.port), 10)
        connection.sendall(
            f"POST /v1/encode HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
            f"Reelfind-Model: {pocket.identity}\r\nContent-Type: {RAW}\r\n"
            "Reelfind-Frames: 1x64x64\r\nContent-Length: 12288\r\n\r\nhalf".encode()
        )
        connection.close()
    deadline = time.monotonic() + 20
    while not still_answers(service, pocket):
        assert time.monotonic() < deadline


def test_a_body_that_drips_is_given_up(pocket: EncoderBundle) -> None:
    encoder = FrameEncoder(pocket)
    app = EncoderServer(encoder, token=TOKEN, body_seconds=0.3).app
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, lifespan="off", log_config=None, ws="none", http="h11"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            with socket.create_connection(listening.getsockname(), 10) as connection:
                connection.sendall(
                    f"POST /v1/encode HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {TOKEN}\r\n"
                    f"Reelfind-Model: {pocket.identity}\r\nContent-Type: {PICTURES}\r\n"
                    "Content-Length: 999\r\n\r\nhalf".encode()
                )
                assert b" 408 " in connection.recv(4096)
        finally:
            server.should_exit = True
            thread.join(20)
            encoder.release()
    assert not thread.is_alive()


def test_with_a_certificate_it_speaks_https_to_those_who_trust_it(
    tmp_path: Path, pocket: EncoderBundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_certificate(tmp_path)
    certificate = made.certificate
    with running_service(tmp_path, "--certificate", str(certificate), "--key", str(made.key)) as service:
        assert service.url.startswith("https://")
        encoder = encoder_at(service.url, pocket)
        encoder.encode(np.zeros((1, 8, 8, 3), np.uint8))
        assert "certificate of 127.0.0.1" in encoder.fallback
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        trusting = encoder_at(service.url, pocket)
        trusting.encode(np.zeros((1, 8, 8, 3), np.uint8))
        assert trusting.fallback == ""
        for each in (encoder, trusting):
            each.release()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_ends_it_in_order(tmp_path: Path, pocket: EncoderBundle, number: signal.Signals) -> None:
    with running_service(tmp_path) as service:
        assert still_answers(service, pocket)
        idle = socket.create_connection(("127.0.0.1", service.port), 10)
        service.process.send_signal(number)
        assert service.process.wait(20) == 128 + number
        assert service.process.stdout is not None
        assert "Traceback" not in service.process.stdout.read()
        idle.close()
    log = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*.log"))
    assert "error" not in log.lower()
    assert TOKEN not in log


def test_it_answers_its_own_computer_only_unless_told_otherwise(service: Service) -> None:
    listening = [c for c in psutil.Process(service.process.pid).net_connections() if c.status == "LISTEN"]
    assert [c.laddr.ip for c in listening] == ["127.0.0.1"]
    assert reachable_as("127.0.0.1") == "127.0.0.1"
    everywhere = "0.0.0.0"  # noqa: S104 - not bound to
    assert reachable_as(everywhere) not in {"", everywhere}


def variables(tmp_path: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name != "REELFIND_ENCODER_TOKEN"}
    return kept | {"REELFIND_HOME": str(tmp_path)}


def test_what_it_cannot_begin_with_is_one_sentence(service: Service, tmp_path: Path) -> None:
    nonsense = tmp_path / "cert.pem"
    nonsense.write_text("nothing")
    for options, words in (
        (["--token", "short"], "A token has 16 to 200"),
        (["--token-file", str(tmp_path / "none")], "The token cannot be read from"),
        (["--port", str(service.port)], "The service cannot listen at 127.0.0.1"),
        (["--host", "no-such-host.invalid"], "The service cannot listen at no-such-host"),
        (["--model", "unheard-of"], "unheard-of"),
        (["--port", "0", "--certificate", str(nonsense)], "The certificate or its key cannot be used"),
        (["--key", str(nonsense)], "A key alone"),
    ):
        ended = run_program(["serve-encoder", *options], env=variables(tmp_path), timeout=60)
        assert ended.returncode in {1, 2}, ended
        assert ended.stderr.count("\n") == 1, ended.stderr
        assert words in ended.stderr


def test_without_the_extra_it_says_how_to_get_it(tmp_path: Path) -> None:
    (tmp_path / "absent" / "uvicorn").mkdir(parents=True)
    missing = "raise ModuleNotFoundError('No module named uvicorn', name='uvicorn')"
    (tmp_path / "absent" / "uvicorn" / "__init__.py").write_text(missing)
    ended = subprocess.run(
        [sys.executable, "-m", "app", "serve-encoder", "--port", "0"],
        env=variables(tmp_path) | {"PYTHONPATH": str(tmp_path / "absent")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert "pip install" in ended.stderr
    assert "[serve]" in ended.stderr


def test_a_token_that_nobody_gave_is_made_and_told_once(tmp_path: Path) -> None:
    with running_service(tmp_path, token="") as service:
        assert service.process.stdout is not None
        lines = [service.process.stdout.readline() for _ in range(2)]
        secret = lines[1].rstrip('"\n').rpartition(" ")[2]
        assert len(secret) >= 32
        headers = {"Authorization": f"Bearer {secret}"}
        assert asked("get", f"{service.url}/v1/identity", headers=headers).status_code == 200


def test_a_token_of_a_file_is_used_and_not_printed(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text(f"{TOKEN}\n")
    with running_service(tmp_path, "--token-file", str(secret), token="") as service:
        answer = asked("get", f"{service.url}/v1/identity", headers=ALLOWED)
        assert json.loads(answer.content)["name"] == "studio"
        assert service.process.stdout is not None
        assert TOKEN not in "".join(service.process.stdout.readline() for _ in range(2))
