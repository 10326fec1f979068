"""What happens in the library, told to whoever listens: the newest of each kind, never a backlog."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, suppress
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.catalogue.deltas import Delta
from app.indexing.events import (
    IndexingEvent,
    LinesProgress,
    ModelSwitched,
    Progress,
    RunFinished,
    ScanFinished,
    VideoStarted,
)
from app.session import Session

_PAUSE = 0.25
"""Seconds between two tellings."""
_SILENCE = 10.0
"""Seconds after which a client is told that the server lives."""

Content = dict[str, Any]


class EventHub:
    """Spreads what it hears of a session. `listen` is for the event loop, the rest for any thread."""

    def __init__(self, session: Session) -> None:
        """Begin to listen."""
        self._session = session
        self._lock = threading.Lock()
        self._changes = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._listeners: set[_Listener] = set()
        self._closed = False
        self._running = False
        self._endings = [
            session.catalogue.subscribe(self._on_delta),
            session.indexer.subscribe(self._on_indexing),
        ]

    @property
    def revision(self) -> str:
        """Another one where searches may find something else."""
        return f"{self._session.catalogue.revision}.{self._changes}"

    async def listen(self) -> AsyncIterator[bytes]:
        """Events as a stream has them, until the hub is closed."""
        self._loop = asyncio.get_running_loop()
        listener = _Listener()
        self._listeners.add(listener)
        listener.hear("changed", {"findable": True, "kept": True, "folders": True})
        try:
            while not self._closed:
                heard = await listener.next(_SILENCE)
                if not heard and not self._closed:
                    yield b": here\n\n"
                for name, content in heard.items():
                    yield f"event: {name}\ndata: {json.dumps(content)}\n\n".encode()
                await asyncio.sleep(_PAUSE)
        finally:
            self._listeners.discard(listener)

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        for ending in self._endings:
            ending()
        self._call(self._wake)

    def _on_delta(self, delta: Delta) -> None:
        if delta.findable:
            with self._lock:
                self._changes += 1
        folders = delta.folders is None or bool(delta.folders)
        self._tell("changed", {"findable": delta.findable, "kept": delta.kept, "folders": folders})

    def _on_indexing(self, event: IndexingEvent) -> None:
        match event:
            case Progress() | LinesProgress():
                what = event.source.value if isinstance(event, LinesProgress) else event.stage.value
                content = {"fraction": round(event.fraction, 4), "done": event.done, "total": event.total}
                eta = None if event.eta is None else round(event.eta, 1)
                self._tell("progress", content | {"eta": eta, "rate": round(event.rate, 2), "what": what})
            case ModelSwitched(title):
                self._tell("model", {"title": title})
            case ScanFinished() | VideoStarted() if not self._running:
                self._running = True
                self._tell("indexing", {"running": True})
            case RunFinished():
                self._running = False
                self._tell("indexing", {"running": False})
            case _:
                pass

    def _tell(self, name: str, content: Content) -> None:
        self._call(lambda: self._spread(name, content))

    def _call(self, work: Callable[[], None]) -> None:
        loop = self._loop
        if loop is not None:
            with suppress(RuntimeError):  # it has ended
                loop.call_soon_threadsafe(work)

    def _spread(self, name: str, content: Content) -> None:
        for listener in self._listeners:
            listener.hear(name, content)

    def _wake(self) -> None:
        for listener in self._listeners:
            listener.wake()


class _Listener:
    """One client: what it has not been told yet."""

    def __init__(self) -> None:
        self._waiting: dict[str, Content] = {}
        self._news = asyncio.Event()

    def hear(self, name: str, content: Content) -> None:
        """Remember the newest; of changes all together."""
        if name == "changed" and (before := self._waiting.get(name)) is not None:
            content = {key: value or before[key] for key, value in content.items()}
        self._waiting[name] = content
        self._news.set()

    def wake(self) -> None:
        """Look again."""
        self._news.set()

    async def next(self, seconds: float) -> dict[str, Content]:
        """What came; empty where nothing does for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._news.wait()
        self._news.clear()
        heard, self._waiting = self._waiting, {}
        return heard


class EventAnswer(StreamingResponse):
    """A stream of events, while there is a place for it."""

    media_type = "text/event-stream"

    def __init__(self, hub: EventHub, place: Callable[[], AbstractContextManager[None]]) -> None:
        """Nothing is sent yet."""
        super().__init__(hub.listen(), headers={"X-Accel-Buffering": "no"})
        self._place = place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer."""
        with self._place():
            await super().__call__(scope, receive, send)
