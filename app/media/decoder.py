"""Decoding in one killable child process: a hang, a crash or garbage costs one file, never the program."""

import contextlib
import logging
import threading
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from app.errors import Cause, DecoderStartError, MediaError
from app.media import decoder_messages as messages
from app.media import fingerprints, reasons
from app.media.area import WHOLE, Area
from app.media.decoder_process import ChildProcess, NotReadyError
from app.media.frames import Frame, Origin, Sampling, VideoFacts
from app.processes.wire import Message, WireError

logger = logging.getLogger(__name__)

FILES_PER_CHILD = 200
"""Decoders leak a little; a fresh process now and then sheds it."""

START_PATIENCE = (20.0, 40.0, 60.0)
"""Seconds that the first, second and third try to start a child may take: a busy machine or disk is slow."""
PAUSE = 0.5
"""Seconds to wait before the second try, twice as long before the third: what ran out may be free again."""


class DecodeCancelled(Exception):  # noqa: N818 (not an error: somebody asked for it)
    """`Decoder.cancel` was called while a video was being read."""


class Decoder:
    """Decodes videos in one killable child process, kept alive from file to file.

    One video at a time, from one thread (the child dies with the thread that started it, and the next
    `open` starts another). Only `cancel` may be called from elsewhere.

    A child that is lost before it said a word on a file is replaced at once, and the file begun again: it is
    blamed only by the second child. One that is lost later ends the stream with `VideoStream.cause`; where
    that `is_passing`, the caller should open the file once more, from its start, and gets a fresh child.

    Args:
        stall_timeout: seconds without any sign of life after which a file is given up.
        memory_limit: bytes the child may use.
        patience: seconds that each new child may take to be ready; there are as many tries.
    """

    def __init__(
        self,
        *,
        stall_timeout: float = 20.0,
        memory_limit: int = 2 << 30,
        patience: Sequence[float] = START_PATIENCE,
    ) -> None:
        self._stall_timeout = stall_timeout
        self._memory_limit = memory_limit
        self._patience = tuple(patience)
        self._lock = threading.Lock()
        self._child: ChildProcess | None = None
        self._stream: VideoStream | None = None
        self._opening = False
        self._cancelled = threading.Event()

    def open(self, path: Path, sampling: Sampling) -> "VideoStream":
        """Begin to read a video; frames are decoded while the stream is iterated.

        Raises:
            MediaError: the file cannot be read at all; its `cause` says whether that may pass.
            DecoderStartError: no child can be started, which is no fault of the file.
            DecodeCancelled: `cancel` was called meanwhile.
        """
        return self._request("frames", path, sampling)

    def probe(self, path: Path) -> VideoFacts:
        """Return the facts of a video; decodes its first frame. Raises like `open`."""
        with self._request("probe", path, Sampling()) as stream:
            for _ in stream:
                logger.error("the decoding child answered a probe of %s with frames", path)
                raise reasons.own_error()
            return stream.facts

    def fingerprint(self, path: Path, version: int = fingerprints.VERSION) -> str:
        """Return the content fingerprint of a file, see `fingerprints.fingerprint`. Raises like `open`.

        In the child too: a disk that does not answer may hold up whoever reads from it for ever.
        """
        with self._request("fingerprint", path, Sampling(), version=version) as stream:
            return stream.fingerprint

    def still(
        self, path: Path, at: float | None = None, *, area: Area = WHOLE, short_side: int
    ) -> NDArray[np.uint8]:
        """Return one picture (H, W, 3) uint8 RGB, upright, square pixels.

        Args:
            path: of a picture file, or of a video.
            at: seconds on the video's clock, stream start = 0: the nearest frame; None of a picture file.
            area: the part that is wanted.
            short_side: pixels of the shorter side, the part's own where it has fewer.

        Raises like `open`.
        """
        fields = {"at": at, "area": area.sides, "short_side": short_side}
        with self._request("still", path, Sampling(), **fields) as stream:
            return stream.image

    def tags(self, path: Path) -> tuple[str | None, Origin]:
        """Return when, where and with what a video was filmed, of its headers alone. Raises like `open`.

        The first is `VideoFacts.created`.
        """
        with self._request("tags", path, Sampling()) as stream:
            return stream.tags

    def cancel(self) -> None:
        """Stop reading at once, from any thread: the reader gets `DecodeCancelled`.

        Without a reader, nothing happens.
        """
        with self._lock:
            if self._opening or self._stream is not None:
                self._cancelled.set()
                if self._child is not None:
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

    def _request(self, kind: str, path: Path, sampling: Sampling, **fields: object) -> "VideoStream":
        if self._stream is not None:
            raise RuntimeError("the video before is still open")
        request = Message(kind, {"path": str(path.absolute()), "sampling": asdict(sampling), **fields})
        with self._lock:
            self._opening = True
            self._cancelled.clear()
        try:
            try:
                return self._ask(request, path)
            except _LostError:
                # It has not said a word on this file: it may have died for other reasons.
                return self._ask(request, path)
        finally:
            with self._lock:
                self._opening = False

    def _ask(self, request: Message, path: Path) -> "VideoStream":
        child = self._ready(path)
        stream = VideoStream(self, child, path)
        self._stream = stream
        try:
            # Should the child have ended just now, the stream finds out, in words, when it reads.
            with contextlib.suppress(OSError):
                child.send(request)
            stream.begin(request.kind if request.kind in {"fingerprint", "still", "tags"} else "facts")
        except BaseException:
            stream.close()  # whatever it is, it may not keep the next video from being opened
            raise
        return stream

    def _ready(self, path: Path) -> ChildProcess:
        """A living child, a new one where the last was ended, killed or served long enough."""
        child = self._child
        if child is not None and child.alive and child.files < FILES_PER_CHILD:
            return child
        self._replace(None)
        if child is not None:
            child.close()
        failure = NotReadyError("no try was made")
        for number, patience in enumerate(self._patience):
            if self._cancelled.wait(PAUSE * number):
                break
            try:
                return self._start(patience)
            except NotReadyError as error:
                failure = error
                logger.warning("the decoder did not start: %s%s", error.reason, _quoted(error.stderr))
        if self._cancelled.is_set():
            raise DecodeCancelled(str(path))
        raise DecoderStartError(
            f"The decoder cannot be started: {failure.reason}.",
            "Close other programs, then try again. The log has the details.",
        )

    def _start(self, patience: float) -> ChildProcess:
        child = ChildProcess(self._stall_timeout, self._memory_limit)
        self._replace(child)
        try:
            child.greet(patience)
        except NotReadyError:
            self._replace(None)
            raise
        return child

    def _replace(self, child: ChildProcess | None) -> None:
        """Hold another child, one that `cancel` may kill; one that came too late for it is killed here."""
        with self._lock:
            self._child = child
            if child is not None and self._cancelled.is_set():
                child.kill()

    def _done(self, finished: bool) -> None:
        """The stream is at its end; a child that still has something to say is of no more use."""
        with self._lock:
            self._stream = None
            child = self._child
            if not finished:
                self._child = None
        if not finished and child is not None:
            child.discard()

    def _lost(self, path: Path, child: ChildProcess) -> Exception:
        """End a child that fell silent in the middle of a file, and say why it did."""
        if not (child.stalled or child.garbled or self._cancelled.is_set()):
            child.settle()
        self._replace(None)
        child.discard()
        if self._cancelled.is_set():
            return DecodeCancelled(str(path))
        logger.warning(
            "the decoder was lost at %s (exit code %s)%s", path, child.exit_code, _quoted(child.stderr)
        )
        return _LostError.of(self._why(child))

    def _why(self, child: ChildProcess) -> MediaError:
        if child.stalled:
            return reasons.stalled(self._stall_timeout)
        if child.out_of_memory:
            return reasons.too_much_memory()
        if child.garbled or (child.exit_code or 0) > 0:
            return reasons.own_error()
        return reasons.crashed() if child.faulted else reasons.killed()


class _LostError(MediaError):
    """The child ended by itself, fell silent or sent nonsense."""

    @classmethod
    def of(cls, reason: MediaError) -> Self:
        return cls(reason.sentence, reason.advice, cause=reason.cause, stalled=reason.stalled)


class VideoStream:
    """The frames of one video in time order; iterate once, inside a `with`.

    Iterating raises MediaError where not one frame could be had, DecodeCancelled after `Decoder.cancel`.
    """

    facts: VideoFacts
    """After iterating, its duration is that of the whole running time, which a header may not know."""
    fingerprint = ""
    """Of the file's content, where that was asked for: then there are no facts and no frames."""
    image: NDArray[np.uint8]
    """(H, W, 3) RGB: the still, where that was asked for: likewise."""
    tags: tuple[str | None, Origin] = (None, Origin())
    """What `Decoder.tags` gives; likewise."""

    def __init__(self, decoder: Decoder, child: ChildProcess, path: Path) -> None:
        self._decoder = decoder
        self._child = child
        self._path = path
        self._open = True
        self.warning = ""
        """After iterating: what is missing, one sentence; empty where the whole video was read."""
        self.cause: Cause | None = None
        """After iterating: what the warning lies in; None without one."""
        self.read_until: float | None = None
        """After iterating: the seconds up to which the video was read; None where its end was reached."""
        self.first_look = False
        """After iterating: whether none but key frames were read, as `Sampling.first_look` allows."""
        self.position = 0.0
        """Seconds reached so far."""

    def begin(self, expected: str) -> None:
        """Wait for the facts, the fingerprint, the still or the tags. Called by `Decoder` once."""
        try:
            message = self._receive()
            if message.kind != expected:
                raise WireError(f"the decoding child began with {message.kind!r}")
            if expected == "fingerprint":
                self.fingerprint = message.text("fingerprint")
                self._finish(True)
            elif expected == "still":
                self.image = messages.image_of(message, blobs=1)
                self._finish(True)
            elif expected == "tags":
                self.tags = messages.created_of(message), messages.origin_of(message)
                self._finish(True)
            else:
                self.facts = messages.facts_of(message)
        except WireError as error:
            raise self._nonsense(error) from error

    def __iter__(self) -> Iterator[Frame]:
        given = 0
        while self._open:
            try:
                message = self._receive()
                if message.kind == "frame":
                    frame = messages.frame_of(message)
                else:
                    self._end(message)
                    return
            except (MediaError, WireError) as error:
                reason = self._nonsense(error) if isinstance(error, WireError) else error
                if given == 0:
                    raise reason from error
                self.warning = f"{reason.sentence} Only the first {self.position:.0f} s could be read."
                self.cause = reason.cause
                self.read_until = self.position
                return
            self.position = frame.time
            given += 1
            yield frame

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
                self._open = False
                error = self._decoder._lost(self._path, self._child)
                self._decoder._done(True)
                raise error
            if message.kind == "heartbeat":
                self.position = max(self.position, message.number("position"))
            elif message.kind == "refused":
                self._finish(True)
                raise MediaError(
                    message.text("sentence"), message.text("advice"), cause=messages.cause_of(message)
                )
            elif message.kind == "bug":
                self._finish(True)
                logger.error("reading %s failed:\n%s", self._path, message.text("traceback"))
                raise reasons.own_error()
            else:
                return message

    def _end(self, message: Message) -> None:
        if message.kind != "end":
            raise WireError(f"the decoding child sent {message.kind!r} among the frames")
        warning, position, duration = (
            message.text("warning"),
            message.number("position"),
            message.number("duration"),
        )
        self.position = max(self.position, position)
        if warning:
            self.warning, self.cause = warning, messages.cause_of(message)
        if message.fields.get("partial"):
            self.read_until = position
        self.first_look = message.fields.get("first_look") is True
        self.facts = replace(self.facts, duration=duration)
        self._finish(True)

    def _nonsense(self, error: WireError) -> MediaError:
        logger.error("reading %s failed: %s", self._path, error)
        self._child.reject()
        self._finish(False)
        return reasons.own_error()

    def _finish(self, finished: bool) -> None:
        if self._open:
            self._open = False
            self._decoder._done(finished)


def _quoted(stderr: str) -> str:
    return f"; it said:\n{stderr.strip()}" if stderr.strip() else ""
