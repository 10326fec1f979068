"""The playing process (task `play`): reads wishes on stdin, writes pictures and sound on stdout.

As the decoding process it touches files that nobody vouches for, within limits (`app/processes/limits.py`).
What it writes is taken as it is needed: it waits while nobody reads. A wish takes the place of the one
before.
"""

import os
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO

from app.errors import MediaError
from app.media import libav, reasons
from app.media.decoding.opening import container
from app.media.decoding.opening.relayed_file import RelayedFile, RelayError
from app.media.decoding.playing.film import Film, Shown
from app.media.decoding.playing.film_sound import Heard
from app.processes.entry import claim_stdout
from app.processes.wire import Message, WireError, read_message, write_message

THREADS = max(2, min(4, os.cpu_count() or 1))
TRACEBACK_LETTERS = 5 << 10


class Wishes:
    """What is wanted now, as the other side says it meanwhile."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._changed = threading.Condition()
        self._wish: Message | None = None
        self._taken = True
        self._bytes: Message | None = None
        """The answer to what was asked for last of a file that lies elsewhere."""
        self._clock = (float("-inf"), 0.0, 0.0)
        """Seconds of the video, how many of them go by in a second, and when that was said."""
        self.box = (0, 0)
        """What pictures have to fit into, pixels."""
        threading.Thread(target=self._listen, name="wishes", daemon=True).start()

    def next(self) -> Message:
        """Wait for the next wish to play something."""
        with self._changed:
            while self._taken or self._wish is None:
                self._changed.wait()
            self._taken = True
            return self._wish

    def bytes_of(self, serial: int) -> Message:
        """Wait for bytes that were asked for.

        Raises:
            RelayError: something else is wanted by now.
        """
        with self._changed:
            while self._bytes is None or self._bytes.fields.get("serial") != serial:
                if not self._taken:
                    raise RelayError("Something else is wanted.", "")
                self._changed.wait()
            answer, self._bytes = self._bytes, None
            return answer

    @property
    def superseded(self) -> bool:
        """Whether something else is wanted by now."""
        return not self._taken

    def now(self) -> float:
        """The clock's time in seconds, minus infinity where it is not known."""
        at, speed, said = self._clock
        return at + (time.monotonic() - said) * speed

    def _listen(self) -> None:
        try:
            while (message := read_message(self._stream)) is not None:
                self._take(message)
        except WireError:
            pass
        os._exit(0)  # the other side has gone; whatever runs here is of no more use

    def _take(self, message: Message) -> None:
        with self._changed:
            match message.kind:
                case "clock":
                    self._clock = message.number("at"), message.number("speed"), time.monotonic()
                case "box":
                    self.box = message.count("width"), message.count("height")
                case "bytes":
                    self._bytes = message
                    self._changed.notify()
                case "play" | "rest":
                    self._clock = (float("-inf"), 0.0, 0.0)
                    self._wish = message if message.kind == "play" else None
                    self._taken = False
                    if message.kind == "play":
                        self.box = message.count("width"), message.count("height")
                    self._changed.notify()


def main() -> None:
    """Serve wishes until stdin ends."""
    answers = claim_stdout()
    libav.be_quiet()
    wishes = Wishes(sys.stdin.buffer)
    write_message(answers, Message("ready"))
    while True:
        wish = wishes.next()
        serial = wish.count("serial")
        try:
            for message in _answered(wish, wishes, answers):
                message.fields["serial"] = serial
                write_message(answers, message)
        except BrokenPipeError:
            os._exit(0)


def _answered(wish: Message, wishes: Wishes, answers: BinaryIO) -> Iterator[Message]:
    """The facts, then pictures and sound, then how it ended; less where another wish comes."""
    try:
        with _opened(wish, wishes, answers) as source:
            yield from _played(wish, wishes, source)
    except MediaError as error:
        yield _refused(error)
    except MemoryError:
        yield _refused(reasons.too_much_memory())
    except libav.ERRORS:
        yield _refused(reasons.nothing_decoded())
    except OSError as error:
        yield _refused(reasons.cannot_open(error))
    except Exception:  # noqa: BLE001 (our bug: the other side logs it)
        yield Message("bug", {"traceback": traceback.format_exc()[-TRACEBACK_LETTERS:]})


def _opened(wish: Message, wishes: Wishes, answers: BinaryIO) -> "AbstractContextManager[container.Source]":
    """What is to be played: a file by its path, or one that the other side reads."""
    if wish.fields.get("path") is not None:
        return container.open_source(Path(wish.text("path")), THREADS)
    serial = wish.count("serial")

    def fetch(offset: int, size: int) -> tuple[int, bytes]:
        write_message(answers, Message("read", {"serial": serial, "offset": offset, "size": size}))
        answer = wishes.bytes_of(serial)
        if "sentence" in answer.fields:
            raise RelayError(answer.text("sentence"), answer.text("advice"))
        (content,) = answer.blobs
        return answer.count("size"), content

    return container.open_file(RelayedFile(fetch), THREADS)


def _played(wish: Message, wishes: Wishes, source: container.Source) -> Iterator[Message]:
    film = Film(
        source,
        at=wish.number("at"),
        speed=wish.number("speed"),
        sound=bool(wish.fields["sound"]),
        box=lambda: wishes.box,
        now=wishes.now,
    )
    yield _facts(source, film)
    pictures = 0
    for item in film:
        if wishes.superseded:
            return
        if isinstance(item, Heard):
            yield Message("sound", {"time": item.time}, (item.samples.tobytes(),))
        elif isinstance(item, Shown):
            pictures += 1
            height, width, _ = item.pixels.shape
            fields = {"time": item.time, "width": width, "height": height, "dropped": item.dropped}
            yield Message("picture", fields, (item.pixels.tobytes(),))
        else:
            yield Message("alive")
    if source.file.failure is not None:
        raise reasons.cannot_open(source.file.failure)
    if not pictures and film.damaged:
        raise reasons.nothing_decoded()
    yield Message("end", {"reached": film.reached, "damaged": film.damaged})


def _facts(source: container.Source, film: Film) -> Message:
    rate = libav.number(source.stream.average_rate) or libav.number(source.stream.guessed_rate)
    chapters = [
        {"start": max(0.0, start), "title": title[:200]}
        for start, title in _chapters(source)
        if title or start
    ]
    fields = {
        "duration": source.duration,
        "codec": source.codec,
        "sound": film.has_sound,
        "frame_rate": rate,
        "chapters": chapters[:500],
    }
    return Message("facts", fields)


def _chapters(source: container.Source) -> Iterator[tuple[float, str]]:
    listed = getattr(source.container, "chapters", None)
    for chapter in listed() if listed is not None else ():
        seconds = float(chapter["start"] * chapter["time_base"])
        yield seconds, str(chapter.get("metadata", {}).get("title", ""))


def _refused(error: MediaError) -> Message:
    return Message("refused", {"sentence": error.sentence, "advice": error.advice, "cause": error.cause})
