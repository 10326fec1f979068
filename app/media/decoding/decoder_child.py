"""The decoding process (task `decode`): reads requests on stdin, answers on stdout.

It touches files that nobody vouches for: memory, priority and what it may write are limited before this
module is loaded (`app/processes/limits.py`). Nothing here outlives a file but the imports.
"""

import os
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import BinaryIO

import av
import av.logging

from app.errors import MediaError
from app.lines.line_messages import to_blob
from app.media import libav, reasons
from app.media.area import Area
from app.media.decoding.opening.tags import read_tags
from app.media.decoding.sampling.sampler import SampleEnd, sample
from app.media.decoding.sampling.still import read_frame, read_picture
from app.media.fingerprints import fingerprint
from app.media.frames import Frame, Sampling, VideoFacts
from app.processes.entry import claim_stdout
from app.processes.limits import memory_is_short
from app.processes.wire import Message, read_message, write_message

TRACEBACK_LETTERS = 5 << 10
_PROBLEMS, _PROBLEM_LETTERS = 10, 300
"""Of the files beside a video; the log has room for so many."""


def main() -> None:
    """Serve requests until stdin ends."""
    requests = sys.stdin.buffer
    answers = claim_stdout()
    short = memory_is_short()
    av.logging.set_level(None)
    write_message(answers, Message("ready"))
    while (request := read_message(requests)) is not None:
        try:
            if not serve(request, answers, short_of_memory=short):
                break
        except BrokenPipeError:
            os._exit(0)  # The parent has gone; closing `answers` could only fail again.


def serve(request: Message, answers: BinaryIO, *, short_of_memory: bool = False) -> bool:
    """Answer one request: facts, frames, beats, then `end`; or what else was asked for; `refused`; or `bug`.

    Args:
        request: which file, and how it is sampled; by which formula its fingerprint is taken; or which still.
        answers: where the answer is written.
        short_of_memory: whether the system leaves less memory than was asked for.

    Returns whether this process is fit for another: one that ran out of memory once may be too fragmented.
    """
    fit = True
    try:
        last = _WORK.get(request.kind, _sample)(request, answers)
    except BrokenPipeError:
        raise
    except MediaError as error:
        last = _refused(error)
    except MemoryError:
        last = _refused(reasons.too_little_memory() if short_of_memory else reasons.too_much_memory())
        fit = False
    except libav.ERRORS:
        last = _refused(reasons.nothing_decoded())
    except OSError as error:
        last = _refused(reasons.cannot_open(error))
    except Exception:  # noqa: BLE001 (our bug: the parent logs it and goes on with the next file)
        last = Message("bug", {"traceback": traceback.format_exc()[-TRACEBACK_LETTERS:]})
    write_message(answers, last)
    return fit


def _sample(request: Message, answers: BinaryIO) -> Message:
    last = Message("end", {"warning": "", "position": 0.0, "duration": 0.0})
    for item in sample(_path(request), Sampling(**request.fields["sampling"]), lambda at: _beat(answers, at)):
        if isinstance(item, SampleEnd):
            last = Message("end", asdict(item))
            continue
        write_message(answers, _message(item))
        if isinstance(item, VideoFacts):
            last.fields["duration"] = item.duration
            if request.kind == "probe":
                break
    return last


def _fingerprint(request: Message, answers: BinaryIO) -> Message:
    taken = fingerprint(_path(request), request.count("version"), lambda: _beat(answers, 0.0))
    return Message("fingerprint", {"fingerprint": taken})


def _still(request: Message, answers: BinaryIO) -> Message:
    area, side = Area(*request.fields["area"]), request.count("short_side")
    if request.fields["at"] is None:
        image = read_picture(_path(request), area, side)
    else:
        at = request.number("at")
        image = read_frame(_path(request), at, area, side, lambda reached: _beat(answers, reached))
    height, width, _ = image.shape
    return Message("still", {"height": height, "width": width}, (image.tobytes(),))


def _tags(request: Message, answers: BinaryIO) -> Message:  # noqa: ARG001 - as the others
    created, origin = read_tags(_path(request))
    return Message("tags", {"created": created, "origin": asdict(origin)})


def _subtitles(request: Message, answers: BinaryIO) -> Message:
    from app.media.decoding.subtitles.reading import read_subtitles  # noqa: PLC0415 (parsers of their own)

    sidecars = [(Path(path), language) for path, language in request.fields["sidecars"]]
    found = read_subtitles(_path(request), sidecars, lambda at: _beat(answers, at))
    return Message(
        "subtitles",
        {"problems": [problem[:_PROBLEM_LETTERS] for problem in found.problems[:_PROBLEMS]]},
        (to_blob(found.lines),),
    )


_WORK = {"fingerprint": _fingerprint, "still": _still, "tags": _tags, "subtitles": _subtitles}
"""What is asked for beside the frames and facts of a video."""


def _path(request: Message) -> Path:
    return Path(request.fields["path"])


def _beat(answers: BinaryIO, reached: float) -> None:
    write_message(answers, Message("heartbeat", {"position": reached}))


def _message(item: VideoFacts | Frame) -> Message:
    if isinstance(item, VideoFacts):
        return Message("facts", asdict(item))
    height, width, _ = item.image.shape
    fields = {"time": item.time, "key": item.key, "clip": item.clip, "height": height, "width": width}
    fields |= asdict(item.area)
    return Message("frame", fields, (item.image.tobytes(), item.thumbnail))


def _refused(error: MediaError) -> Message:
    return Message("refused", {"sentence": error.sentence, "advice": error.advice, "cause": error.cause})
