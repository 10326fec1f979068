"""Parts of videos are written into files by one killable child: started, asked, ended."""

import contextlib
import logging
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from app.errors import Cancelled, DecoderStartError, MediaError
from app.media import decoder_messages, reasons
from app.media.cut_requests import Cut, MovingPicture, TimelineFacts, cut_of, timeline_facts_of
from app.media.decoder_process import ChildProcess, NotReadyError
from app.processes.wire import Message, WireError

logger = logging.getLogger(__name__)

STALL_SECONDS = 60.0
MEMORY = 3 << 30
_START_SECONDS = 60.0


class Cutter:
    """Asks one child, from one thread; `cancel` may be called from any."""

    def __init__(self, *, stall_timeout: float = STALL_SECONDS, memory_limit: int = MEMORY) -> None:
        """Nothing is started before the first request.

        Args:
            stall_timeout: seconds without any sign of life after which a file is given up.
            memory_limit: bytes that the child may use.
        """
        self._stall_timeout = stall_timeout
        self._memory_limit = memory_limit
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._cancelled = False

    def copy(
        self, path: Path, start: float, end: float, target: Path, progress: Callable[[float], None]
    ) -> Cut:
        """Write a part as it is, from the key frame at or before `start`.

        Args:
            path: of the video.
            start: seconds of running time.
            end: seconds of running time.
            target: of the file that is written.
            progress: told the seconds reached.

        Raises:
            MediaError: it cannot be cut so, or the child was lost at it.
            DecoderStartError: no child can be started.
            Cancelled: `cancel` was called.
        """
        return cut_of(self._ask(_part("copy", path, start, end, target), progress))

    def encode(
        self, path: Path, start: float, end: float, target: Path, progress: Callable[[float], None]
    ) -> Cut:
        """Write exactly a part, encoded anew. As `copy`."""
        return cut_of(self._ask(_part("encode", path, start, end, target), progress))

    def moving(
        self,
        path: Path,
        start: float,
        end: float,
        target: Path,
        picture: MovingPicture,
        progress: Callable[[float], None],
    ) -> Cut:
        """Write a part as a GIF or WebP. As `copy`."""
        request = _part("moving", path, start, end, target)
        return cut_of(
            self._ask(Message(request.kind, request.fields | {"picture": asdict(picture)}), progress)
        )

    def facts(self, path: Path) -> TimelineFacts:
        """Read what an editing program has to be told of a file. Raises like `copy`."""
        return timeline_facts_of(self._ask(Message("facts", {"path": str(path.absolute())}), lambda _: None))

    def cancel(self) -> None:
        """End the child now, from any thread, and refuse further requests."""
        with self._lock:
            self._cancelled = True
            if self._child is not None:
                self._child.kill()

    def close(self) -> None:
        """End the child: ask, wait briefly, kill."""
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, request: Message, progress: Callable[[float], None]) -> Message:
        child = self._ready()
        with contextlib.suppress(OSError):  # should it have ended just now, its silence tells
            child.send(request)
        try:
            while True:
                answer = child.receive()
                if answer is None:
                    raise self._lost(child, request)
                if answer.kind == "heartbeat":
                    progress(answer.number("position"))
                elif answer.kind == "refused":
                    raise MediaError(
                        answer.text("sentence"),
                        answer.text("advice"),
                        cause=decoder_messages.cause_of(answer),
                    )
                elif answer.kind in {"cut", "facts"}:
                    return answer
                else:
                    logger.error("cutting %s failed:\n%s", request.fields.get("path"), answer.fields)
                    raise reasons.own_error()
        except WireError as error:
            logger.error("the cutting child said what makes no sense: %s", error)
            child.reject()
            self.close()
            raise reasons.own_error() from error

    def _ready(self) -> ChildProcess:
        child = self._child
        if child is not None and child.alive:
            return child
        self.close()
        try:
            child = ChildProcess(self._stall_timeout, self._memory_limit, "cut")
            with self._lock:
                self._child = child
                if self._cancelled:
                    child.kill()
            child.greet(_START_SECONDS)
        except NotReadyError as error:
            with self._lock:
                self._child = None
            if self._cancelled:
                raise _stopped() from error
            logger.warning("the cutting child did not start: %s %s", error.reason, error.stderr.strip())
            raise DecoderStartError(
                f"What cuts videos cannot be started: {error.reason}.",
                "Close other programs, then try again. The log has the details.",
            ) from error
        return child

    def _lost(self, child: ChildProcess, request: Message) -> Exception:
        if not (child.stalled or child.garbled or self._cancelled):
            child.settle()
        with self._lock:
            self._child = None
        child.discard()
        if self._cancelled:
            return _stopped()
        logger.warning(
            "cutting %s lost the child (exit code %s) %s",
            request.fields.get("path"),
            child.exit_code,
            child.stderr.strip(),
        )
        if child.stalled:
            return reasons.stalled(self._stall_timeout)
        if child.out_of_memory:
            return reasons.too_much_memory()
        if child.garbled:
            return reasons.own_error()
        return reasons.crashed() if child.faulted else reasons.killed()


def _part(kind: str, path: Path, start: float, end: float, target: Path) -> Message:
    return Message(
        kind, {"path": str(path.absolute()), "start": start, "end": end, "target": str(target.absolute())}
    )


def _stopped() -> Cancelled:
    return Cancelled("The export was stopped.")
