"""The client's `:memory:` behind HTTP, in as much of Qdrant's own interface as a library asks for.

It stands in for a server's manners, good and bad ones; not for its index, its bytes or its disk.
"""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from qdrant_client import models

from tests.vectors.stores.memory_server import LockedClient

Manners = Callable[[BaseHTTPRequestHandler], bool]
"""Does what a bad server does to a request; returns whether it did."""


class RestServer(ThreadingHTTPServer):
    """A server on this computer; `key` is what it wants, where it wants one."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, client: LockedClient) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.client = client
        self.key = ""
        self.manners: Manners = lambda request: False
        self.paths: list[str] = []
        self.headers: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


@contextmanager
def running(client: LockedClient | None = None) -> Iterator[RestServer]:
    """A server that answers until the block ends."""
    server = RestServer(client or LockedClient())
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), name="qdrant rest")
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: RestServer

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        pass

    def do_GET(self) -> None:
        self._serve()

    do_PUT = do_POST = do_DELETE = do_GET  # noqa: N815 - the library's names

    def _serve(self) -> None:
        self.server.paths.append(f"{self.command} {self.path}")
        self.server.headers.append(dict(self.headers))
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.server.manners(self):
            self.close_connection = True
        elif self.server.key and self.headers.get("api-key") != self.server.key:
            self._answer(401, {"status": {"error": "no key"}})
        else:
            try:
                result = _answered(self.server.client, self.command, self.path, body)
            except (ValueError, KeyError) as error:
                self._answer(404, {"status": {"error": str(error)}})
            else:
                self._answer(200, {"result": result, "status": "ok", "time": 0.0})

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _answered(  # noqa: PLR0911 - a route each
    client: LockedClient, method: str, path: str, body: bytes
) -> Any:
    parts = [part for part in urlsplit(path).path.split("/") if part][1:]
    if not parts:
        return client.get_collections().model_dump(mode="json")
    name, rest = parts[0], "/".join(parts[1:])
    match method, rest:
        case "GET", "exists":
            return {"exists": client.collection_exists(name)}
        case "PUT", "":
            made = models.CreateCollection.model_validate_json(body)
            return client.create_collection(name, vectors_config=made.vectors)
        case "DELETE", "":
            return client.delete_collection(name)
        case "PUT", "index":
            pass
        case "PUT", "points":
            given = json.loads(body)
            batch = given.get("batch")
            sent = (
                models.Batch.model_validate(batch)
                if batch
                else [models.PointStruct.model_validate(point) for point in given["points"]]
            )
            client.upsert(name, sent)
        case "POST", "points/delete":
            given = json.loads(body)
            client.delete(
                name,
                models.PointIdsList.model_validate(given)
                if "points" in given
                else models.FilterSelector.model_validate(given),
            )
        case "POST", "points/scroll":
            asked = models.ScrollRequest.model_validate_json(body)
            found, offset = client.scroll(name, limit=asked.limit, offset=asked.offset, with_payload=True)
            return {"points": [one.model_dump(mode="json") for one in found], "next_page_offset": offset}
        case "POST", "points/count":
            return {"count": client.count(name, exact=True).count}
        case "POST", "points":
            wanted = models.PointRequest.model_validate_json(body)
            records = client.retrieve(name, wanted.ids, with_payload=False, with_vectors=True)
            return [one.model_dump(mode="json") for one in records]
        case "POST", "points/query":
            query = models.QueryRequest.model_validate_json(body)
            answer = client.query_points(
                name, query=query.query, limit=query.limit, query_filter=query.filter, with_payload=False
            )
            return {"points": [one.model_dump(mode="json") for one in answer.points]}
        case _:
            raise ValueError(f"{method} {path}")
    return {"operation_id": 0, "status": "completed"}
