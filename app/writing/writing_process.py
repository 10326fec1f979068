"""The writing child: started, asked frame by frame, ended; what it fails of, in words."""

import contextlib
import logging
import threading

import numpy as np
from numpy.typing import NDArray

from app.errors import Cancelled, Cause, DecoderStartError, MediaError
from app.media import reasons
from app.media.decoder_process import ChildProcess, NotReadyError
from app.processes.wire import Message, WireError
from app.writing.messages import BEGIN, frame_message, sight_of
from app.writing.readings import Sight

logger = logging.getLogger(__name__)

STALL_SECONDS = 120.0
"""A page full of text takes some ten seconds, several times as long on a busy computer."""
MEMORY = 1 << 30
_START_SECONDS = 60.0
VIDEOS_PER_CHILD = 200


class WritingProcess:
    """Asks one child what stands in frames. From one thread, but for `cancel`."""

    def __init__(self, *, stall_timeout: float = STALL_SECONDS, memory_limit: int = MEMORY) -> None:
        """Nothing is started before `begin`.

        Args:
            stall_timeout: seconds that a frame may take.
            memory_limit: bytes that the child may use.
        """
        self._stall_timeout = stall_timeout
        self._memory_limit = memory_limit
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._videos = 0
        self._cancelled = False

    def begin(self) -> None:
        """Begin a video; starts a child where there is none.

        Raises:
            DecoderStartError: it cannot be started.
            Cancelled: `cancel` was called meanwhile.
        """
        with self._lock:
            killed, self._cancelled = self._cancelled, False
        child = self._child
        if child is None or killed or not child.alive or self._videos >= VIDEOS_PER_CHILD:
            self.close()
            child = self._start()
        self._videos += 1
        with contextlib.suppress(OSError):  # should it have ended just now, the first frame tells
            child.send(BEGIN)

    def look(self, image: NDArray[np.uint8], time: float) -> Sight:
        """What stands in the video's next frame (H, W, 3) RGB, shown at `time` seconds.

        Raises:
            MediaError: the child was lost at it.
            Cancelled: `cancel` was called meanwhile.
        """
        child = self._child
        if child is None:
            raise RuntimeError("no video was begun")
        with contextlib.suppress(OSError):
            child.send(frame_message(image, time))
        answer = child.receive()
        try:
            if answer is None:
                raise self._lost(child)
            if answer.kind == "sight":
                return sight_of(answer)
            raise self._failed(answer)
        except WireError as error:
            logger.error("the writing child said something else than it should: %s", error)
            child.reject()
            self.close()
            raise reasons.own_error() from error

    def cancel(self) -> None:
        """Kill the child, from any thread: `look` raises Cancelled."""
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

    def _start(self) -> ChildProcess:
        try:
            child = ChildProcess(self._stall_timeout, self._memory_limit, "read-writing")
            with self._lock:
                self._child, self._videos = child, 0
                if self._cancelled:
                    child.kill()
            child.greet(_START_SECONDS)
        except NotReadyError as error:
            with self._lock:
                self._child = None
            if self._cancelled:
                raise Cancelled("Reading the text in pictures was stopped.") from error
            logger.warning("the writing child did not start: %s %s", error.reason, error.stderr.strip())
            raise DecoderStartError(
                f"What reads the text in pictures cannot be started: {error.reason}.",
                "Close other programs, then try again. The log has the details.",
            ) from error
        return child

    def _lost(self, child: ChildProcess) -> Exception:
        if not (child.stalled or child.garbled or self._cancelled):
            child.settle()
        with self._lock:
            self._child = None
        child.discard()
        if self._cancelled:
            return Cancelled("Reading the text in pictures was stopped.")
        logger.warning("the writing child was lost (exit code %s) %s", child.exit_code, child.stderr.strip())
        if child.stalled:
            return MediaError(
                f"Reading the text in a picture took longer than {self._stall_timeout:g} seconds.",
                "It is tried again next time.",
                cause=Cause.ENVIRONMENT,
                stalled=True,
            )
        if child.out_of_memory:
            return _no_memory()
        return reasons.own_error() if child.garbled or child.faulted else _ended()

    def _failed(self, answer: Message) -> MediaError:
        if answer.kind == "memory":
            self.close()
            return _no_memory()
        said = answer.text("traceback") if answer.kind == "bug" else f"it said {answer.kind!r}"
        logger.error("reading the text in a picture failed:\n%s", said)
        return reasons.own_error()


def _no_memory() -> MediaError:
    return MediaError(
        "There is too little memory to read the text in this video's pictures.",
        "Close other programs; it is tried again next time.",
        cause=Cause.ENVIRONMENT,
    )


def _ended() -> MediaError:
    return MediaError(
        "What reads the text in pictures was stopped, perhaps because memory ran out.",
        "The video is tried again next time.",
        cause=Cause.ENVIRONMENT,
    )
