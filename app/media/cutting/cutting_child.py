"""The cutting process (task `cut`): writes parts of videos into files, as requests on stdin ask.

As the decoding one it touches files that nobody vouches for; unlike that one it writes, into one file at a
time, which it is told.
"""

import os
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

from app.errors import Cause, MediaError
from app.media import libav, reasons
from app.media.cut_requests import MovingPicture, facts_message
from app.media.cutting.clip_copy import copy_clip
from app.media.cutting.clip_encode import encode_clip
from app.media.cutting.moving_picture import write_moving
from app.media.cutting.timeline_facts import read_timeline_facts
from app.processes.entry import claim_stdout
from app.processes.wire import Message, read_message, write_message

TRACEBACK_LETTERS = 5 << 10
BEAT = 0.1
"""Seconds between two words on how far it is."""


def main() -> None:
    """Serve requests until stdin ends."""
    requests, answers = sys.stdin.buffer, claim_stdout()
    libav.be_quiet()
    write_message(answers, Message("ready"))
    while (request := read_message(requests)) is not None:
        try:
            serve(request, answers)
        except BrokenPipeError:
            os._exit(0)  # The parent has gone; closing `answers` could only fail again.


def serve(request: Message, answers: BinaryIO) -> None:
    """Answer one request: beats, then `cut` or `facts`; `refused`; or `bug`.

    Args:
        request: `copy`, `encode`, `moving` or `facts`, of which file.
        answers: where the answer is written.
    """
    try:
        last = _work(request, _Beats(answers).tell)
    except BrokenPipeError:
        raise
    except MediaError as error:
        last = _refused(error)
    except MemoryError:
        last = _refused(reasons.too_much_memory())
    except (*libav.ERRORS, OSError) as error:
        last = _refused(_not_written(error))
    except Exception:  # noqa: BLE001 (our bug: the parent logs it and goes on with the next file)
        last = Message("bug", {"traceback": traceback.format_exc()[-TRACEBACK_LETTERS:]})
    write_message(answers, last)


def _work(request: Message, heartbeat: Callable[[float], None]) -> Message:
    path = Path(request.text("path"))
    if request.kind == "facts":
        return facts_message(read_timeline_facts(path))
    start, end, target = request.number("start"), request.number("end"), Path(request.text("target"))
    if request.kind == "moving":
        wanted = MovingPicture(**request.fields["picture"])
        cut = write_moving(path, start, end, target, wanted, heartbeat)
    else:
        cut = {"copy": copy_clip, "encode": encode_clip}[request.kind](path, start, end, target, heartbeat)
    return Message("cut", asdict(cut))


class _Beats:
    """Says now and then how far the work is: whoever hears nothing takes this process for dead."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._last = 0.0

    def tell(self, reached: float) -> None:
        now = time.monotonic()
        if now - self._last >= BEAT:
            self._last = now
            write_message(self._answers, Message("heartbeat", {"position": reached}))


def _not_written(error: Exception) -> MediaError:
    if reasons.is_full(error):
        return MediaError(
            "The disk is full.", "Free some space or choose another folder.", cause=Cause.ENVIRONMENT
        )
    if isinstance(error, OSError) and not isinstance(error, libav.ERRORS):
        return reasons.cannot_open(error)
    return reasons.nothing_decoded()


def _refused(error: MediaError) -> Message:
    return Message("refused", {"sentence": error.sentence, "advice": error.advice, "cause": error.cause})
