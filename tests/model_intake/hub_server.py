"""A model hub on this computer: repositories with files, large ones in a storage of another address."""

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

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
    card: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the list of a repository also says: `gated`, `cardData`, another `sha`."""
    instead: tuple[int, bytes] | None = None
    """Status and content that every question gets: a firewall's, a page to log in."""
    cut_after: int | None = None
    """Bytes after which the storage hangs up, once."""
    hold_after: int | None = None
    """Bytes after which the storage waits for `go_on`, once."""
    resumed: list[str] = field(default_factory=list)
    """What the storage was asked for from its middle on."""
    go_on: threading.Event = field(default_factory=threading.Event)
    drip: float | None = None
    """Seconds between two bytes of a list."""

    def publish(self, repository: str, folder: Path, *, large_from: int = 100_000) -> None:
        """Serve all files of a folder as a repository's."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                content = path.read_bytes()
                target = self.large if len(content) >= large_from else self.small
                target[f"{repository}/{path.relative_to(folder).as_posix()}"] = content

    def listing(self, repository: str) -> dict[str, Any]:
        """What the hub's interface says of a repository."""
        prefix = f"{repository}/"
        siblings: list[dict[str, Any]] = []
        for key, content in sorted({**self.small, **self.large}.items()):
            if key.startswith(prefix):
                entry = {
                    "rfilename": key.removeprefix(prefix),
                    "size": len(content),
                    "blobId": git_sha1(content),
                }
                if key in self.large:
                    told = self.promised.get(key, hashlib.sha256(content).hexdigest())
                    entry["lfs"] = {"sha256": told, "size": len(content), "pointerSize": 134}
                siblings.append(entry)
        return {
            "id": repository,
            "sha": COMMIT,
            "gated": False,
            "siblings": siblings,
            **self.card.get(repository, {}),
        }


def git_sha1(content: bytes) -> str:
    """What git calls a file of this content."""
    return hashlib.sha1(f"blob {len(content)}\0".encode() + content, usedforsecurity=False).hexdigest()


@contextmanager
def asked_hub(home: Path) -> Iterator[LocalHub]:
    """A hub that the program asks until the block ends, with a home of the test's own."""
    with local_hub() as hub, pytest.MonkeyPatch.context() as patched:
        patched.setenv("REELFIND_HOME", str(home))
        patched.setenv("HF_ENDPOINT", hub.address)
        yield hub


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
            parts = unquote(urlsplit(self.path).path).strip("/").split("/")
            if storage:
                self.send_stored(hub.large["/".join(parts)], instead)
                return
            if hub.instead is not None:
                status, content = hub.instead
                self.send(status, content, instead)
                return
            if parts[:2] == ["api", "models"]:
                self.send_list("/".join(parts[2:4]), instead)
                return
            owner, name, _, revision, *inside = parts
            file = "/".join(inside)
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

        def send_list(self, repository: str, instead: bytes | None) -> None:
            if repository in hub.renamed:
                path = self.path.replace(repository, hub.renamed[repository])
                self.send(307, b"", instead, Location=path)
                return
            told = hub.listing(repository)
            if hub.drip is not None:
                self.send_response(200)
                self.end_headers()
                with suppress(OSError):
                    for byte in json.dumps(told).encode():
                        self.wfile.write(bytes([byte]))
                        self.wfile.flush()
                        time.sleep(hub.drip)
            elif told["siblings"]:
                self.send(200, json.dumps(told).encode(), instead)
            else:  # as the hub does, which does not say what is not open to everybody
                self.send(401, b"Repository not found", instead, X_Error_Code="RepoNotFound")

        def send_stored(self, content: bytes, instead: bytes | None) -> None:
            """A file of the storage, or the rest of it that is asked for; the connection may break once."""
            start = int((self.headers.get("Range") or "bytes=0-").removeprefix("bytes=").split("-")[0])
            if start:
                hub.resumed.append(self.path)
            tag = f'"{hashlib.sha256(content).hexdigest()}"'
            rest = content[start:]
            self.send_response(206 if start else 200)
            self.send_header("ETag", tag)
            self.send_header("Content-Length", str(len(rest)))
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
            self.end_headers()
            if instead is not None:
                return
            if hub.cut_after is not None and len(rest) > hub.cut_after:
                rest, hub.cut_after = rest[: hub.cut_after], None
                self.close_connection = True
            if hub.hold_after is not None and len(rest) > hub.hold_after:
                first, hub.hold_after = rest[: hub.hold_after], None
                self.wfile.write(first)
                self.wfile.flush()
                hub.go_on.wait(60)
                rest = rest[len(first) :]
            with suppress(OSError):  # whoever asked has left
                self.wfile.write(rest)

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
