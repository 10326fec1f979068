"""A video's file, or a part of it, over HTTP: ranges, and what says that it is still the same file."""

import asyncio
import os
import re
import stat
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from email.utils import formatdate
from io import FileIO
from pathlib import Path
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.catalogue.records import Video
from app.server.refusals import RefusedError, not_found
from app.server.routes.media_types import media_type_of
from app.text import shown

_PIECE = 256 << 10
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@dataclass(frozen=True, slots=True)
class Part:
    """Bytes of a file, from the first to before the last."""

    first: int
    behind: int

    def __len__(self) -> int:
        return self.behind - self.first


class FileAnswer(Response):
    """Sends a video of the catalogue: opened when it is sent, closed when the client has left.

    Args:
        video: whose file.
        threads: that read it.
        place: taken while it is sent.
    """

    def __init__(
        self, video: Video, threads: Executor, place: Callable[[], AbstractContextManager[None]]
    ) -> None:
        super().__init__()
        self._video, self._threads, self._place = video, threads, place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        asked = Headers(scope=scope)
        with self._place():
            loop = asyncio.get_running_loop()
            with await loop.run_in_executor(self._threads, _opened, self._video) as file:
                found = os.fstat(file.fileno())
                tag = f'"{self._video.fingerprint or self._video.id}-{found.st_size:x}-{found.st_mtime_ns:x}"'
                headers = {
                    "ETag": tag,
                    "Accept-Ranges": "bytes",
                    "Last-Modified": formatdate(found.st_mtime, usegmt=True),
                    "Cache-Control": "private, no-cache",
                    "Content-Disposition": f"inline; filename*=UTF-8''{quote(shown(self._video.path.name))}",
                }
                if "if-match" in asked and not _names(asked["if-match"], tag):
                    raise RefusedError(
                        412, "The file is another one by now.", "Load it anew.", headers={"ETag": tag}
                    )
                if _names(asked.get("if-none-match", ""), tag):
                    await Response(status_code=304, headers=headers)(scope, receive, send)
                    return
                part = asked_part(asked, tag, found.st_size)
                if part is None:
                    status, part = 200, Part(0, found.st_size)
                else:
                    status = 206
                    headers["Content-Range"] = f"bytes {part.first}-{part.behind - 1}/{found.st_size}"
                headers |= {
                    "Content-Length": str(len(part)),
                    "Content-Type": media_type_of(self._video.path),
                }
                await send_part(file, part, status, headers, self._threads, scope, receive, send)


def asked_part(asked: Headers, tag: str, size: int) -> Part | None:
    """What a client wants of a file; None for all of it, as for several parts and for what is no range.

    Raises:
        RefusedError: there is no such part.
    """
    found = _RANGE.fullmatch(asked.get("range", "").strip())
    if found is None or found[0] == "bytes=-" or asked.get("if-range", tag) != tag:
        return None
    first, last = found[1], found[2]
    if not first:
        part = Part(max(0, size - int(last)), size)
    else:
        part = Part(int(first), min(int(last) + 1, size) if last else size)
        if last and int(last) < int(first):
            return None
    if len(range(part.first, part.behind)) == 0:
        raise RefusedError(
            416,
            "The file is not as long as that.",
            f"It has {size:,} bytes.",
            headers={"Content-Range": f"bytes */{size}"},
        )
    return part


async def send_part(
    file: FileIO,
    part: Part,
    status: int,
    headers: dict[str, str],
    threads: Executor,
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Send bytes of a file until they are sent, the client leaves or the file ends before."""
    raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return
    loop = asyncio.get_running_loop()
    leaving = asyncio.create_task(client_left(receive))
    try:
        at = part.first
        while at < part.behind and not leaving.done():
            data = await loop.run_in_executor(threads, _read, file, at, min(_PIECE, part.behind - at))
            if not data:
                return  # it became shorter: the server ends the connection, as the answer is not whole
            at += len(data)
            await send({"type": "http.response.body", "body": data, "more_body": at < part.behind})
        if len(part) == 0:
            await send({"type": "http.response.body", "body": b""})
    finally:
        leaving.cancel()


async def client_left(receive: Receive) -> None:
    """Return once nobody waits for the answer any more."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _read(file: FileIO, at: int, most: int) -> bytes:
    file.seek(at)
    return file.read(most) or b""


def _opened(video: Video) -> FileIO:
    """The file of a video, if it still is what the catalogue knows.

    Raises:
        RefusedError: it is away, gone, or another file.
    """
    try:
        file = FileIO(video.path, "rb", opener=_without_waiting)
    except FileNotFoundError:
        raise not_found(f"“{shown(video.path.name)}” is not there any more.") from None
    except OSError as error:
        raise RefusedError(
            409,
            f"“{shown(video.path.name)}” cannot be read: {error.strerror or error}.",
            "Connect its disk, or see whether it may be read.",
        ) from error
    found = os.fstat(file.fileno())
    is_same = (found.st_size, found.st_mtime_ns) == (video.size, video.mtime_ns)
    if stat.S_ISREG(found.st_mode) and is_same:
        return file
    file.close()
    raise RefusedError(
        409,
        f"“{shown(video.path.name)}” is not the file that was indexed.",
        "It is indexed again soon; then it plays.",
    )


def _without_waiting(path: str | Path, flags: int) -> int:
    """What is no file any more may be a pipe that nobody writes to."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _names(header: str, tag: str) -> bool:
    return header.strip() == "*" or tag in (each.strip() for each in header.split(","))
