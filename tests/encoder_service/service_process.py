"""A real service in a process of its own, and services that lie."""

import os
import re
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.forked_program import start_program

TOKEN = "-".join(["a-token-of-a-test"] * 2)
_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Service:
    """A service that runs."""

    url: str
    process: "subprocess.Popen[str]"

    @property
    def setting(self) -> str:
        """What is typed for `encoder_url`."""
        return f"{self.url} {TOKEN}"

    @property
    def port(self) -> int:
        """Its port."""
        return int(self.url.rpartition(":")[2])

    def kill(self) -> None:
        """End it as a power cut does."""
        self.process.kill()
        self.process.wait(_SECONDS)


@contextmanager
def running_service(home: Path, *options: str, port: int = 0, token: str = TOKEN) -> Iterator[Service]:
    """`reelfind serve-encoder` with the bundled model, until the block ends."""
    process = start_program(
        ["serve-encoder", "--port", str(port), "--name", "studio", *options],
        loaded=["app.encoder_service.serving"],
        env=os.environ | {"REELFIND_HOME": str(home), "REELFIND_ENCODER_TOKEN": token},
    )
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        found = re.search(r"https?://\S+:\d+", first)
        assert found, first + process.stdout.read()
        yield Service(found[0], process)
    finally:
        process.terminate()
        process.wait(_SECONDS)
        process.stdout.close()


@contextmanager
def lying_service(
    answer: Callable[[BaseHTTPRequestHandler, bytes], None],
    *,
    tls: ssl.SSLContext | None = None,
) -> Iterator[str]:
    """An HTTP server whose every answer `answer` writes, encrypted where `tls` is given; gives its URL."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._do(b"")

        def do_POST(self) -> None:
            self._do(self.rfile.read(int(self.headers.get("Content-Length", 0))))

        def _do(self, body: bytes) -> None:
            self.close_connection = True
            with suppress(OSError):
                answer(self, body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = False
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.02])
    thread.start()
    try:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def send(handler: BaseHTTPRequestHandler, content: bytes, status: int = 200, **headers: str) -> None:
    """One whole answer."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(content)))
    handler.end_headers()
    handler.wfile.write(content)


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
