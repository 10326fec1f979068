"""Decoding in one killable child process: a hang, a crash or garbage costs one file, never the program."""

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np

from app.errors import Cause, MediaError
from app.media import reasons
from app.media.frames import Frame, Sampling, VideoFacts
from app.media.process import ChildProcess
from app.media.wire import Message

FILES_PER_CHILD = 200
"""Decoders leak a little; a fresh process now and then sheds it."""


class DecodeCancelled(Exception):  # noqa: N818 (not an error: somebody asked for it)
    """`Decoder.cancel` was called while a video was being read."""


class _CrashedError(MediaError):
    """The child ended by itself."""


class Decoder:
    """Decodes videos in one killable child process, kept alive from file to file.

    One video at a time, from one thread (the child dies with the thread that started it, and the next
    `open` starts another). Only `cancel` may be called from elsewhere.

    Args:
        stall_timeout: seconds without any sign of life after which a file is given up.
        memory_limit: bytes the child may use.
    """

    def __init__(self, *, stall_timeout: float = 20.0, memory_limit: int = 2 << 30) -> None:
        self._stall_timeout = stall_timeout
        self._memory_limit = memory_limit
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._stream: VideoStream | None = None
        self._cancelled = False

    def open(self, path: Path, sampling: Sampling) -> "VideoStream":
        """Begin to read a video; frames are decoded while the stream is iterated.

        Raises:
            MediaError: the file cannot be read at all.
            DecodeCancelled: `cancel` was called meanwhile.
        """
        return self._request("frames", path, sampling)

    def probe(self, path: Path) -> VideoFacts:
        """Return the facts of a video; decodes its first frame. Raises like `open`."""
        with self._request("probe", path, Sampling()) as stream:
            for _ in stream:
                raise RuntimeError("the decoding child answered a probe with frames")
            return stream.facts

    def cancel(self) -> None:
        """Stop reading at once, from any thread: the reader gets `DecodeCancelled`.

        Without a reader, nothing happens.
        """
        with self._lock:
            if self._stream is not None and self._child is not None:
                self._cancelled = True
                self._child.kill()

    def close(self) -> None:
        """End the child: ask, wait briefly, kill."""
        if self._stream is not None:
            self._stream.close()
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

    def _request(self, kind: str, path: Path, sampling: Sampling) -> "VideoStream":
        if self._stream is not None:
            raise RuntimeError("the video before is still open")
        request = Message(kind, {"path": str(path.absolute()), "sampling": asdict(sampling)})
        try:
            return self._ask(request, path)
        except _CrashedError:
            # It has not said a word on this file: it may have died for other reasons. A second time tells.
            return self._ask(request, path)

    def _ask(self, request: Message, path: Path) -> "VideoStream":
        child = self._ready()
        stream = VideoStream(self, child, path)
        with self._lock:
            self._stream, self._cancelled = stream, False
        # Should the child have ended just now, the stream finds out, in words, when it reads.
        with contextlib.suppress(BrokenPipeError):
            child.send(request)
        stream.begin()
        return stream

    def _ready(self) -> ChildProcess:
        """A living child, a new one where the last was ended, killed or served long enough."""
        with self._lock:
            child = self._child
            if child is not None and (not child.alive or child.files >= FILES_PER_CHILD):
                child.close()
                child = None
            self._child = child or ChildProcess(self._stall_timeout, self._memory_limit)
            return self._child

    def _done(self, finished: bool) -> None:
        """The stream is at its end; a child that still has something to say is of no more use."""
        with self._lock:
            self._stream = None
            if not finished and self._child is not None:
                child, self._child = self._child, None
                child.discard()

    def _lost(self, path: Path, stalled: bool) -> MediaError:
        """Why the child ended in the middle of a file. Raises DecodeCancelled where it was asked to."""
        if self._cancelled:
            raise DecodeCancelled(str(path))
        if stalled:
            return reasons.stalled(self._stall_timeout)
        return _CrashedError(
            "Reading this video crashed the decoder.",
            f"Check whether {path.name!r} plays elsewhere.",
            cause=Cause.ENVIRONMENT,
        )


class VideoStream:
    """The frames of one video in time order; iterate once, inside a `with`.

    Iterating raises MediaError where not one frame could be had, DecodeCancelled after `Decoder.cancel`.
    """

    facts: VideoFacts

    def __init__(self, decoder: Decoder, child: ChildProcess, path: Path) -> None:
        self._decoder = decoder
        self._child = child
        self._path = path
        self._open = True
        self.warning = ""
        """After iterating: what is missing, one sentence; empty where the whole video was read."""
        self.cause: Cause | None = None
        """What the warning lies in."""
        self.read_until: float | None = None
        """Seconds up to which the video was read; None where all of it was."""
        self.position = 0.0
        """Seconds reached so far."""

    def begin(self) -> None:
        """Wait for the facts. Called by `Decoder` once."""
        message = self._receive()
        if message.kind != "facts":
            self._fail(RuntimeError(f"the decoding child began with {message.kind!r}"))
        self.facts = VideoFacts(**message.fields)

    def __iter__(self) -> Iterator[Frame]:
        given = 0
        while self._open:
            try:
                message = self._receive()
            except MediaError as error:
                if given == 0:
                    raise
                self.warning = f"{error.sentence} Only the first {self.position:.0f} s could be read."
                self.cause, self.read_until = error.cause, self.position
                return
            if message.kind == "frame":
                frame = _frame(message)
                self.position = frame.time
                given += 1
                yield frame
            else:
                self.warning, self.position = message.fields["warning"], message.fields["position"]
                if self.warning:
                    self.cause, self.read_until = Cause.FILE, self.position
                self._finish(True)

    def close(self) -> None:
        """Stop reading; the child is ended if it is not done."""
        self._finish(False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _receive(self) -> Message:
        """The next facts, frame or end. Everything else ends the stream and is raised."""
        while True:
            message = self._child.receive()
            if message is None:
                stalled = self._child.stalled
                self._finish(False)
                raise self._decoder._lost(self._path, stalled)
            if message.kind == "beat":
                self.position = max(self.position, message.fields["position"])
            elif message.kind == "refused":
                self._finish(True)
                raise MediaError(**message.fields)
            elif message.kind == "bug":
                self._finish(True)
                raise RuntimeError(
                    f"the decoding child failed on {self._path}:\n{message.fields['traceback']}"
                )
            else:
                return message

    def _fail(self, error: Exception) -> Any:
        self._finish(False)
        raise error

    def _finish(self, finished: bool) -> None:
        if self._open:
            self._open = False
            self._decoder._done(finished)


def _frame(message: Message) -> Frame:
    values = message.fields
    pixels, thumbnail = message.blobs
    image = np.frombuffer(pixels, np.uint8).reshape(values["height"], values["width"], 3)
    return Frame(values["time"], values["key"], values["clip"], image, thumbnail)
