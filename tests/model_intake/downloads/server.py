"""A web server on this computer that serves one file as badly as it is told to."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Fault:
    """What goes wrong with one answer; by default nothing."""

    status: int = 0
    """Answer with this status and no file."""
    headers: dict[str, str] = field(default_factory=dict)
    redirect: str = ""
    """Answer 302 to this address."""
    cut: int | None = None
    """Hang up after so many bytes of the body."""
    stall: bool = False
    """Fall silent where it would hang up, until the server ends."""
    flip: bool = False
    """Change one byte."""
    ignore_range: bool = False
    length: bool = True
    """Say how long the body is."""
    chunked: bool = False


class Server:
    """Serves `content` at every path; the n-th answer goes wrong as `faults[n]` says, later ones do not."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.etag = '"one"'
        self.modified = ""
        self.faults: list[Fault] = []
        self.always: Fault | None = None
        self.requests: list[dict[str, str]] = []
        """Headers of the requests that came, with the path as `:path`."""
        self.before: Callable[[int], None] = lambda _number: None
        """Called before the n-th answer."""
        self.ending = threading.Event()
        self.port = 0

    def url(self, path: str = "/file.bin") -> str:
        """Address of the file."""
        return f"http://127.0.0.1:{self.port}{path}"

    def next_fault(self) -> Fault:
        number = len(self.requests) - 1
        self.before(number)
        if self.always is not None:
            return self.always
        return self.faults[number] if number < len(self.faults) else Fault()


@contextmanager
def serving(content: bytes) -> Iterator[Server]:
    """A running `Server`."""
    server = Server(content)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            pass

        def do_GET(self) -> None:
            server.requests.append(dict(self.headers) | {":path": self.path})
            answer(self, server, server.next_fault())
            self.close_connection = True

        do_CONNECT = do_GET  # noqa: N815

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = False
    server.port = httpd.server_address[1]
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.ending.set()
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def answer(handler: BaseHTTPRequestHandler, server: Server, fault: Fault) -> None:
    """Give one answer."""
    if fault.status or fault.redirect:
        handler.send_response(fault.status or 302)
        for name, value in fault.headers.items():
            handler.send_header(name, value)
        if fault.redirect:
            handler.send_header("Location", fault.redirect)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        return
    body, start = server.content, 0
    wanted = re.fullmatch(r"bytes=(\d+)-", handler.headers.get("Range", ""))
    current = handler.headers.get("If-Range", "") in {"", server.etag, server.modified}
    if wanted and current and not fault.ignore_range:
        start = int(wanted[1])
        if start >= len(body):
            handler.send_response(416)
            handler.send_header("Content-Range", f"bytes */{len(body)}")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
            return
        handler.send_response(206)
        handler.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
    else:
        handler.send_response(200)
    send_body(handler, server, fault, body[start:])


def send_body(handler: BaseHTTPRequestHandler, server: Server, fault: Fault, body: bytes) -> None:
    """The rest of an answer."""
    if server.etag:
        handler.send_header("ETag", server.etag)
    if server.modified:
        handler.send_header("Last-Modified", server.modified)
    if fault.flip:
        body = bytes([body[0] ^ 1]) + body[1:]
    if fault.chunked:
        handler.send_header("Transfer-Encoding", "chunked")
    elif fault.length:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    sent = body if fault.cut is None else body[: fault.cut]
    if fault.chunked:
        end = b"" if fault.cut is not None else b"0\r\n\r\n"
        sent = b"%x\r\n%s\r\n" % (len(sent), sent) + end
    handler.wfile.write(sent)
    handler.wfile.flush()
    if fault.stall:
        server.ending.wait(20)
