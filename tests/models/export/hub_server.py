"""A model hub on this computer: repositories with files, large ones in a storage of another address."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class LocalHub:
    """What is served, and what was asked for."""

    address: str = ""
    storage: str = ""
    small: dict[str, bytes] = field(default_factory=dict)
    """By `owner/name/file`; answered by the hub itself."""
    large: dict[str, bytes] = field(default_factory=dict)
    """Answered by the storage; the hub tells hash and size."""
    promised: dict[str, str] = field(default_factory=dict)
    """Hashes the hub tells instead of the right ones."""
    renamed: dict[str, str] = field(default_factory=dict)
    """Old repositories and what they are called now."""
    requests: list[str] = field(default_factory=list)


@contextmanager
def local_hub() -> Iterator[LocalHub]:
    """Serve until the block ends."""
    hub = LocalHub()
    servers = [ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub, storage)) for storage in (False, True)]
    threads = [threading.Thread(target=server.serve_forever, args=(0.05,)) for server in servers]
    hub.address, hub.storage = (f"http://127.0.0.1:{server.server_port}" for server in servers)
    for thread in threads:
        thread.start()
    try:
        yield hub
    finally:
        for server, thread in zip(servers, threads, strict=True):
            server.shutdown()
            server.server_close()
            thread.join()


def _handler(hub: LocalHub, storage: bool) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.answer(b"")

        def do_GET(self) -> None:
            self.answer(None)

        def answer(self, instead: bytes | None) -> None:
            hub.requests.append(f"{self.command} {'storage' if storage else 'hub'} {self.path}")
            parts = self.path.strip("/").split("/")
            if storage:
                self.send(200, hub.large["/".join(parts)], instead)
                return
            owner, name, _, revision, file = parts
            repository = f"{owner}/{name}"
            key = f"{repository}/{file}"
            if repository in hub.renamed:
                new = f"/{hub.renamed[repository]}/resolve/{revision}/{file}"
                self.send(307, b"", instead, Location=new)
            elif key in hub.large:
                told = hub.promised.get(key, hashlib.sha256(hub.large[key]).hexdigest())
                self.send(
                    302,
                    b"",
                    instead,
                    Location=f"{hub.storage}/{key}",
                    X_Repo_Commit=COMMIT,
                    X_Linked_ETag=f'"{told}"',
                    X_Linked_Size=str(len(hub.large[key])),
                )
            elif key in hub.small:
                self.send(200, hub.small[key], instead, X_Repo_Commit=COMMIT, ETag='"a-git-hash"')
            else:
                self.send(404, b"Entry not found", instead)

        def send(self, status: int, content: bytes, instead: bytes | None, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content if instead is None else instead)

        def log_message(self, *_told: object) -> None:
            pass

    return Handler
