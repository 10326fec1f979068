"""Decoding in one killable child process: a hang, a crash or garbage costs one file, never the program."""

import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.errors import DecoderStartError, MediaError
from app.lines.line import Line
from app.media import decoder_messages as messages
from app.media import fingerprints, reasons
from app.media.area import WHOLE, Area
from app.media.decoder_process import ChildProcess, NotReadyError
from app.media.frames import Origin, Sampling, VideoFacts
from app.media.video_stream import VideoStream
from app.processes.wire import Message, WireError

logger = logging.getLogger(__name__)

FILES_PER_CHILD = 200
"""Decoders leak a little; a fresh process now and then sheds it."""

START_PATIENCE = (20.0, 40.0, 60.0)
"""Seconds that the first, second and third try to start a child may take: a busy machine or disk is slow."""
PAUSE = 0.5
"""Seconds to wait before the second try, twice as long before the third: what ran out may be free again."""


T = TypeVar("T")


def _nobody(position: float) -> None:
    """Is told how far the child is, where nobody asked."""
    del position


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
        self._progress: Callable[[float], None] = _nobody
        self._cancelled = threading.Event()

    def open(self, path: Path, sampling: Sampling) -> VideoStream:
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
        return self._answer("fingerprint", path, lambda said: said.text("fingerprint"), version=version)

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
        return self._answer("still", path, lambda said: messages.image_of(said, blobs=1), **fields)

    def tags(self, path: Path) -> tuple[str | None, Origin]:
        """Return when, where and with what a video was filmed, of its headers alone. Raises like `open`.

        The first is `VideoFacts.created`.
        """
        return self._answer("tags", path, lambda said: (messages.created_of(said), messages.origin_of(said)))

    def subtitles(
        self,
        path: Path,
        sidecars: Sequence[tuple[Path, str]] = (),
        progress: Callable[[float], None] = lambda _: None,
    ) -> tuple[Line, ...]:
        """Return the lines of all text tracks in a video and in files beside it. Raises like `open`.

        Args:
            path: of the video.
            sidecars: files of subtitles, each with its language (ISO 639-1, or empty).
            progress: told the seconds that were reached, now and then.
        """
        named = [(str(sidecar.absolute()), language) for sidecar, language in sidecars]
        self._progress = progress
        try:
            lines, problems = self._answer("subtitles", path, messages.subtitles_of, sidecars=named)
        finally:
            self._progress = _nobody
        for problem in problems:
            logger.warning("beside %s: %s", path, problem)
        return lines

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

    def _answer(self, kind: str, path: Path, read: Callable[[Message], T], **fields: object) -> T:
        """Ask for something that comes in one message, and read that."""
        with self._request(kind, path, Sampling(), **fields) as stream:
            try:
                return read(stream.answer)
            except WireError as error:
                raise stream.nonsense(error) from error

    def _request(self, kind: str, path: Path, sampling: Sampling, **fields: object) -> VideoStream:
        if self._stream is not None:
            raise RuntimeError("the video before is still open")
        request = Message(kind, {"path": str(path.absolute()), "sampling": asdict(sampling), **fields})
        with self._lock:
            self._opening = True
            self._cancelled.clear()
        try:
            try:
                return self._ask(request, path)
            except ChildLostError:
                # It has not said a word on this file: it may have died for other reasons.
                return self._ask(request, path)
        finally:
            with self._lock:
                self._opening = False

    def _ask(self, request: Message, path: Path) -> VideoStream:
        child = self._ready(path)
        stream = VideoStream(self, child, path)
        self._stream = stream
        try:
            # Should the child have ended just now, the stream finds out, in words, when it reads.
            with contextlib.suppress(OSError):
                child.send(request)
            stream.begin("facts" if request.kind in {"frames", "probe"} else request.kind)
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
        return ChildLostError.of(self._why(child))

    def _why(self, child: ChildProcess) -> MediaError:
        if child.stalled:
            return reasons.stalled(self._stall_timeout)
        if child.out_of_memory:
            return reasons.too_much_memory()
        if child.garbled or (child.exit_code or 0) > 0:
            return reasons.own_error()
        return reasons.crashed() if child.faulted else reasons.killed()


class ChildLostError(MediaError):
    """The child ended by itself, fell silent or sent nonsense."""

    @classmethod
    def of(cls, reason: MediaError) -> Self:
        return cls(reason.sentence, reason.advice, cause=reason.cause, stalled=reason.stalled)


def _quoted(stderr: str) -> str:
    return f"; it said:\n{stderr.strip()}" if stderr.strip() else ""
