"""What the decoding child says of one video: its facts, then frames, or the one answer that was asked for."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from app.errors import Cause, MediaError
from app.media import decoder_messages as messages
from app.media import reasons
from app.media.decoder_process import ChildProcess
from app.media.frames import Frame, VideoFacts
from app.processes.wire import Message, WireError

if TYPE_CHECKING:
    from app.media.decoder import Decoder

logger = logging.getLogger(__name__)


class VideoStream:
    """The frames of one video in time order; iterate once, inside a `with`.

    Iterating raises MediaError where not one frame could be had, DecodeCancelled after `Decoder.cancel`.
    """

    facts: VideoFacts
    """After iterating, its duration is that of the whole running time, which a header may not know."""
    answer: Message
    """The only message, where something else was asked for: then there are no facts and no frames."""

    def __init__(self, decoder: "Decoder", child: ChildProcess, path: Path) -> None:
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
        """Wait for the facts, or for what else was asked for. Called by `Decoder` once."""
        try:
            message = self._receive()
            if message.kind != expected:
                raise WireError(f"the decoding child began with {message.kind!r}")
            if expected == "facts":
                self.facts = messages.facts_of(message)
            else:
                self.answer = message
                self._finish(True)
        except WireError as error:
            raise self.nonsense(error) from error

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
                reason = self.nonsense(error) if isinstance(error, WireError) else error
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
                self._decoder._progress(self.position)
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

    def nonsense(self, error: WireError) -> MediaError:
        """End a child that sent what makes no sense; returns what to say of the file."""
        logger.error("reading %s failed: %s", self._path, error)
        self._child.reject()
        self._finish(False)
        return reasons.own_error()

    def _finish(self, finished: bool) -> None:
        if self._open:
            self._open = False
            self._decoder._done(finished)
