"""Pictures and sound of the video that is watched, from a child process that can be killed at any time.

A thread of its own reads what the child sends and puts it on a shelf of bounded size. Every method is quick:
whoever asks never waits for a disk, a decoder or the child.
"""

import contextlib
import logging
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.media import reasons
from app.media.playing.byte_source import ByteRelay, ByteSource
from app.media.playing.wish_writer import WishWriter
from app.processes.child import Child
from app.processes.launcher import StartError, start
from app.processes.limits import Limits
from app.processes.wire import Message, WireError, read_message

logger = logging.getLogger(__name__)

MEMORY = 3 << 30
"""Bytes the child may use."""
PIPE_BYTES = 1 << 20
"""How much the pipe between both is to hold, where that can be chosen."""
MOST_PICTURES = 12
MOST_BYTES = 192 << 20
"""What the shelf holds at most; pictures beyond `MOST_PICTURES` only while there is less sound than this:"""
LEAST_SOUND = 0.4
"""Seconds."""
BYTES_PER_SECOND = 48_000 * 2 * 2
SLOW_START = 30.0
"""Seconds that a child may take to start on a busy computer; then it is as if it stood still."""


@dataclass(frozen=True, slots=True)
class FilmFacts:
    """What is known once the file is open."""

    duration: float
    """Seconds; 0 where it is not known."""
    codec: str
    has_sound: bool
    frame_rate: float
    """Frames per second; 0 where it is not known."""
    chapters: tuple[tuple[float, str], ...]
    """Where each begins, in seconds, and what it is called."""


@dataclass(frozen=True, slots=True)
class FilmPicture:
    """A picture to be shown from `time` on."""

    time: float
    """Seconds."""
    width: int
    height: int
    pixels: bytes
    """Rows of blue, green, red and a byte without meaning."""
    dropped: int
    """How many before it were left out because the clock had passed them."""


@dataclass(frozen=True, slots=True)
class FilmSoundPiece:
    """A piece of sound: 48,000 samples a second, two channels of 16 bits."""

    time: float
    """Seconds at its first sample."""
    samples: bytes


@dataclass(frozen=True, slots=True)
class FilmEnd:
    """Nothing more comes."""

    reached: float
    """Seconds of the last picture."""
    damaged: int
    """Packets that could not be decoded."""
    refused: str = ""
    """Why it cannot be played, a sentence; empty where it came to its end."""
    is_passing: bool = False
    """Whether that lies in what surrounds the file: its disk, its permissions, memory."""


class FilmFeed:
    """One child that plays; it is started when it is first needed, and again where it was lost.

    Args:
        wake: called on another thread whenever there is something new; it only leaves word.
    """

    def __init__(self, wake: Callable[[], None]) -> None:
        self._wake = wake
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._child: Child | None = None
        self._writer: WishWriter | None = None
        self._wish: Message | None = None
        self._source: ByteSource | None = None
        self._relay = ByteRelay(self._send_bytes)
        self._serial = 0
        self._closed = False
        self._facts: FilmFacts | None = None
        self._pictures: deque[FilmPicture] = deque()
        self._sounds: deque[FilmSoundPiece] = deque()
        self._bytes = self._sound_bytes = 0
        self._end: FilmEnd | None = None
        self._starting_since: float | None = None
        self.heard_of = 0
        """Grows with every sign of life."""

    @property
    def is_starting(self) -> bool:
        """Whether the child says nothing because it is not up yet."""
        since = self._starting_since
        return since is not None and time.monotonic() - since < SLOW_START

    def warm_up(self) -> None:
        """Start the child, so that the first video opens sooner."""
        with self._changed:
            if self._thread is None and not self._closed:
                self._thread = threading.Thread(target=self._run, name="film feed", daemon=True)
                self._thread.start()

    def play(
        self, video: Path | ByteSource, at: float, box: tuple[int, int], *, speed: float = 1.0, sound: bool
    ) -> None:
        """Want a video from a time on, and nothing of what was wanted before.

        Args:
            video: the path of its file; where that lies elsewhere, what reads it.
            at: seconds; the first picture is the one that is on then.
            box: width and height in pixels that pictures have to fit into.
            speed: of the sound.
            sound: whether it is wanted.
        """
        with self._changed:
            self._serial += 1
            self._forget()
            self._source = None if isinstance(video, Path) else video
            path = str(video.absolute()) if isinstance(video, Path) else None
            fields = {"path": path, "at": at, "speed": speed, "sound": sound}
            fields |= {"width": box[0], "height": box[1], "serial": self._serial}
            self._wish = Message("play", fields)
            self._send(self._wish)
            self._changed.notify_all()
        self.warm_up()

    def rest(self) -> None:
        """Want nothing: the file is let go of."""
        with self._changed:
            self._serial += 1
            self._forget()
            self._wish = self._source = None
            self._send(Message("rest"))
            self._changed.notify_all()

    def resize(self, box: tuple[int, int]) -> None:
        """Want pictures of another size from now on."""
        with self._changed:
            if self._wish is not None:
                self._wish.fields["width"], self._wish.fields["height"] = box
            self._send(Message("box", {"width": box[0], "height": box[1]}))

    def tell_clock(self, at: float, speed: float) -> None:
        """Say what time it is in the video: what is too late is not decoded. At `speed` 0 it stands still."""
        with self._changed:
            self._send(Message("clock", {"at": at, "speed": speed}))

    def facts(self) -> FilmFacts | None:
        """Of the video that is wanted, once it is open."""
        return self._facts

    def next_time(self) -> float | None:
        """When the next picture is to be shown; None where none has come."""
        with self._changed:
            return self._pictures[0].time if self._pictures else None

    def take_picture(self) -> FilmPicture | None:
        """The next picture."""
        with self._changed:
            if not self._pictures:
                return None
            picture = self._pictures.popleft()
            self._bytes -= len(picture.pixels)
            self._changed.notify_all()
            return picture

    def take_sound(self) -> FilmSoundPiece | None:
        """The next piece of sound."""
        with self._changed:
            if not self._sounds:
                return None
            piece = self._sounds.popleft()
            self._sound_bytes -= len(piece.samples)
            self._changed.notify_all()
            return piece

    def end(self) -> FilmEnd | None:
        """How it ended, once every picture was taken; None before."""
        with self._changed:
            return None if self._pictures else self._end

    def close(self) -> None:
        """End the child at once; the thread follows by itself."""
        with self._changed:
            self._closed = True
            self._relay.close()
            self._forget()
            if self._child is not None:
                self._child.kill()
            self._changed.notify_all()

    def _forget(self) -> None:
        self._pictures.clear()
        self._sounds.clear()
        self._bytes = self._sound_bytes = 0
        self._end, self._facts = None, None

    def _send_bytes(self, answer: Message) -> None:
        with self._changed:
            if answer.fields["serial"] == self._serial:
                self._send(answer)

    def _send(self, message: Message) -> None:
        if self._writer is not None:
            self._writer.write(message)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._closed:
                    return
            self._starting_since = time.monotonic()
            try:
                child = start("play", limits=Limits(memory=MEMORY))
            except StartError as error:
                logger.warning("the playing process did not start: %s", error.reason)
                with self._changed:
                    self._thread = None  # what is wanted next tries again
                    self._lose(reasons.killed().sentence)
                return
            try:
                self._serve(child)
            finally:
                with self._changed:
                    self._child = None
                    writer, self._writer = self._writer, None
                child.kill()  # so that no write waits for it any more
                if writer is not None:
                    writer.close()
                child.stop()
            if not self._was_lost(child):
                return

    def _serve(self, child: Child) -> None:
        _widen(child)
        with self._changed:
            self._child = child
            if self._closed:
                return
            self._writer = WishWriter(child.stdin)
            if self._wish is not None:
                self._send(self._wish)
        with contextlib.suppress(WireError, OSError, ValueError):
            while (message := read_message(child.stdout)) is not None:
                if not self._store(message):
                    return

    def _was_lost(self, child: Child) -> bool:
        """Whether to start another child for what comes next; what was wanted from the lost one is over."""
        with self._changed:
            if self._closed:
                return False
            logger.warning("the playing process was lost (exit code %s): %s", child.exit_code, child.stderr)
            wanted = self._wish is not None
        if wanted:
            self._lose(reasons.crashed().sentence)
        with self._changed:
            serial = self._serial
            while not self._closed and (self._serial == serial or self._wish is None):
                self._changed.wait()
            return not self._closed

    def _lose(self, sentence: str) -> None:
        with self._changed:
            self._end = FilmEnd(0.0, 0, sentence)
            self._wish = None
            self._tell()

    def _store(self, message: Message) -> bool:
        """Put away what came, and wait until there is room for more; whether to read on."""
        with self._changed:
            self.heard_of += 1
            self._starting_since = None
            if message.fields.get("serial") == self._serial:
                self._take(message)
            serial = self._serial
            self._tell()
            while self._full() and serial == self._serial and not self._closed:
                self._changed.wait()
            return not self._closed

    def _tell(self) -> None:
        """Wake whoever shows it: with the lock, so that after `close` nobody is."""
        if not self._closed:
            self._wake()

    def _full(self) -> bool:
        if self._bytes > MOST_BYTES:
            return True
        facts = self._facts
        hungry = facts is not None and facts.has_sound and self._sound_bytes < LEAST_SOUND * BYTES_PER_SECOND
        return len(self._pictures) >= MOST_PICTURES and not hungry

    def _take(self, message: Message) -> None:
        match message.kind:
            case "read" if self._source is not None:
                self._relay.answer(self._source, message)
            case "facts":
                self._facts = _facts(message)
            case "picture":
                width, height = message.count("width"), message.count("height")
                (pixels,) = message.blobs
                if not width or not height or len(pixels) != width * height * 4:
                    raise WireError("a picture of another size")
                dropped = message.count("dropped")
                self._pictures.append(FilmPicture(message.number("time"), width, height, pixels, dropped))
                self._bytes += len(pixels)
            case "sound":
                (samples,) = message.blobs
                self._sounds.append(FilmSoundPiece(message.number("time"), samples))
                self._sound_bytes += len(samples)
            case "end":
                self._end = FilmEnd(message.number("reached"), message.count("damaged"))
            case "refused":
                passing = message.fields.get("cause") in ("environment", "program")
                self._end = FilmEnd(0.0, 0, message.text("sentence"), passing)
            case "bug":
                logger.error("the playing process failed:\n%s", message.text("traceback"))
                self._end = FilmEnd(0.0, 0, reasons.own_error().sentence)


def _facts(message: Message) -> FilmFacts:
    listed: Any = message.fields.get("chapters")
    chapters = tuple(
        (float(each["start"]), str(each["title"])) for each in (listed if isinstance(listed, list) else ())
    )
    return FilmFacts(
        max(0.0, message.number("duration")),
        message.text("codec"),
        bool(message.fields.get("sound")),
        max(0.0, message.number("frame_rate")),
        chapters,
    )


def _widen(child: Child) -> None:
    """Let the pipe hold more: a picture then comes in few pieces, each of which waits for Python's lock."""
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415 (not everywhere)

        with contextlib.suppress(OSError):
            fcntl.fcntl(child.stdout.fileno(), fcntl.F_SETPIPE_SZ, PIPE_BYTES)
