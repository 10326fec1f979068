"""A part of a video is written by a child of its own, sent, and deleted."""

import asyncio
import tempfile
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from io import FileIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.catalogue.records import Video
from app.exporting.export_request import ExportedFile, ExportKind, ExportMoment, ExportOptions, ExportRequest
from app.exporting.exporter import Export
from app.server.refusals import RefusedError, busy
from app.server.routes.file_answer import Part, client_left, send_part
from app.server.routes.media_types import media_type_of
from app.text import shown


class ClipAnswer(Response):
    """Writes and sends one clip.

    Args:
        video: whose file.
        start: in seconds.
        end: in seconds.
        exact: whether it is encoded anew.
        threads: that wait for the child and read what it wrote.
        seconds: for writing it.
        place: taken meanwhile.
    """

    def __init__(
        self,
        video: Video,
        start: float,
        end: float,
        *,
        exact: bool,
        threads: Executor,
        seconds: float,
        place: Callable[[], AbstractContextManager[None]],
    ) -> None:
        super().__init__()
        self._video, self._start, self._end, self._exact = video, start, end, exact
        self._threads, self._seconds, self._place = threads, seconds, place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        with self._place(), tempfile.TemporaryDirectory(prefix="reelfind-clip-") as folder:
            file = await self._written(Path(folder), receive)
            with FileIO(file.path, "rb") as opened:
                size = file.path.stat().st_size
                headers = {
                    "Content-Length": str(size),
                    "Content-Type": media_type_of(file.path),
                    "Content-Disposition": f"attachment; filename*=UTF-8''{quote(shown(file.path.name))}",
                    "Reelfind-Start": f"{self._start if file.start is None else file.start:.3f}",
                    "Reelfind-End": f"{self._end if file.end is None else file.end:.3f}",
                }
                await send_part(opened, Part(0, size), 200, headers, self._threads, scope, receive, send)

    async def _written(self, folder: Path, receive: Receive) -> ExportedFile:
        """The clip's file, in time and while somebody waits for it."""
        facts = self._video.facts
        moment = ExportMoment(
            path=self._video.path,
            start=self._start,
            end=self._end,
            best=self._start,
            duration=facts.duration if facts else 0.0,
            size=self._video.size,
        )
        request = ExportRequest(ExportKind.CLIPS, (moment,), folder, options=ExportOptions(exact=self._exact))
        export = Export(request)
        writing = asyncio.get_running_loop().run_in_executor(self._threads, export.run)
        leaving = asyncio.create_task(client_left(receive))
        try:
            first: set[asyncio.Future[Any]] = {writing, leaving}
            await asyncio.wait(first, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            leaving.cancel()
            if not writing.done():
                export.cancel()
        report = await writing
        if report.failures:
            failure = report.failures[0]
            raise RefusedError(409, failure.sentence, failure.advice)
        if not report.files:
            raise busy("Cutting it took too long.", 10)
        return report.files[0]
