"""Hears what is said in videos, in the listening child: a hang, a crash or garbage costs one video."""

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from app.errors import Cancelled, DecoderStartError, MediaError
from app.lines.line import Line, Source
from app.lines.line_messages import lines_of
from app.lines.reader import LineReader
from app.media import decoder_messages as messages
from app.media import reasons
from app.media.decoder_process import ChildProcess, NotReadyError
from app.processes.wire import Message, WireError
from app.speech import failures
from app.speech.whisper_models import SpeechModel

logger = logging.getLogger(__name__)

VERSION = 1
"""Counts up when the same model is asked otherwise."""
STALL = 300.0
"""Seconds without a sign of life after which a video is given up: half a minute of speech is heard in a few
on a usual computer, in one or two minutes by a large model on a slow one that is busy."""
START_PATIENCE = 180.0
"""Seconds that loading a model may take."""
MEMORY, MEMORY_PER_BYTE = 1 << 30, 4
"""Bytes of memory the child may use, and as many times the size of its model's weights. Tiny takes 350 MB."""
MOST_THREADS = 8


class SpeechReader(LineReader):
    """The reader of speech; see `LineReader`."""

    source = Source.SPEECH

    def __init__(
        self,
        model: SpeechModel,
        *,
        all_tracks: bool = False,
        device: str = "auto",
        stall: float = STALL,
        cores: int = 0,
    ) -> None:
        """Start no child yet.

        Args:
            model: hears.
            all_tracks: whether each track of sound is heard, and not the usual one only.
            device: `cpu`, `cuda`, or `auto` for the better one that works.
            stall: seconds without a sign of life after which a video is given up.
            cores: of the processor, used at most; as many as suit where 0.
        """
        self.reader = reader_name(model, all_tracks=all_tracks)
        self._model = model
        self._all_tracks = all_tracks
        self._device = device
        self._stall = stall
        self._most_threads = min(cores or MOST_THREADS, MOST_THREADS)
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._reading = False
        self._cancelled = threading.Event()

    def read(self, path: Path, *, progress: Callable[[float], None]) -> tuple[Line, ...]:
        """See `LineReader.read`."""
        with self._lock:
            self._reading = True
            self._cancelled.clear()
        try:
            child = self._ready()
            return self._hear(child, path, progress)
        except WireError as error:
            logger.error("hearing %s failed: %s", path, error)
            self._discard()
            raise reasons.own_error() from error
        except OSError as error:  # it ended before it was asked
            raise self._lost(path) from error
        finally:
            with self._lock:
                self._reading = False

    def cancel(self) -> None:
        """See `LineReader.cancel`."""
        with self._lock:
            if self._reading:
                self._cancelled.set()
                if self._child is not None:
                    self._child.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.close()

    def _hear(self, child: ChildProcess, path: Path, progress: Callable[[float], None]) -> tuple[Line, ...]:
        child.send(Message("hear", {"path": str(path.absolute()), "all_tracks": self._all_tracks}))
        lines: list[Line] = []
        while (message := child.receive()) is not None:
            match message.kind:
                case "reached":
                    lines += _lines(message)
                    progress(message.number("position"))
                    child.send(Message("on"))
                case "end":
                    lines += _lines(message)
                    return tuple(sorted(lines, key=lambda line: (line.start, line.end)))
                case "refused":
                    raise MediaError(
                        message.text("sentence"), message.text("advice"), cause=messages.cause_of(message)
                    )
                case "bug":
                    logger.error("hearing %s failed:\n%s", path, message.text("traceback"))
                    raise reasons.own_error()
                case _:
                    raise WireError(f"the listening child sent {message.kind!r}")
        raise self._lost(path)

    def _ready(self) -> ChildProcess:
        """A living child, with the model loaded.

        Raises:
            DecoderStartError: there can be none.
            Cancelled: `cancel` was called meanwhile.
        """
        if self._child is not None and self._child.alive:
            return self._child
        self._discard()
        threads = max(1, min(os.cpu_count() or 1, self._most_threads))
        arguments = (str(self._model.folder.absolute()), self._device, str(threads))
        memory = MEMORY + MEMORY_PER_BYTE * self._model.bytes
        try:
            child = ChildProcess(self._stall, memory, "listen", arguments)
            with self._lock:
                self._child = child
                if self._cancelled.is_set():
                    child.kill()
            child.greet(START_PATIENCE)
        except NotReadyError as error:
            with self._lock:
                self._child = None
            if self._cancelled.is_set():
                raise Cancelled("Listening was stopped.") from error
            logger.warning("the speech model was not loaded: %s; it said:\n%s", error.reason, error.stderr)
            raise DecoderStartError(
                f"The speech model {self._model.name} cannot be loaded: {error.reason}.",
                "Close other programs, or choose another model: reelfind sources speech --model tiny",
            ) from error
        return child

    def _lost(self, path: Path) -> Exception:
        """End a child that fell silent in the middle of a video, and say why it did."""
        child = self._child
        if child is None or self._cancelled.is_set():
            self._discard()
            return Cancelled("Listening was stopped.")
        if not (child.stalled or child.garbled):
            child.settle()
        self._discard()
        logger.warning("the listening child was lost at %s (exit code %s)", path, child.exit_code)
        if child.stalled:
            return failures.stalled(self._stall)
        if child.out_of_memory:
            return failures.too_much_memory()
        if child.garbled or (child.exit_code or 0) > 0:
            return reasons.own_error()
        return failures.crashed() if child.faulted else failures.killed()

    def _discard(self) -> None:
        with self._lock:
            child, self._child = self._child, None
        if child is not None:
            child.discard()


def reader_name(model: SpeechModel, *, all_tracks: bool = False) -> str:
    """`LineReader.reader` of a model."""
    tracks = " all tracks" if all_tracks else ""
    return f"speech {model.name} {VERSION}{tracks}"


def _lines(message: Message) -> tuple[Line, ...]:
    if len(message.blobs) != 1:
        raise WireError("not one blob of lines")
    return lines_of(message.blobs[0])
