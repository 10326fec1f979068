"""The listening process (task `listen`): reads requests on stdin, answers on stdout.

It decodes the sound of files that nobody vouches for and runs a model from a folder that a person named:
memory, priority and what it may write are limited before this module is loaded.
"""

import os
import sys
import traceback
from pathlib import Path
from typing import BinaryIO

from app.errors import MediaError
from app.lines.line import Line
from app.lines.line_messages import to_blob
from app.media import libav, reasons
from app.media.decoding.sound import read_sound, sound_tracks
from app.processes.entry import claim_stdout
from app.processes.limits import memory_is_short
from app.processes.wire import Message, read_message, write_message
from app.speech.hearing import Hearer, WhisperHearer, hear
from app.speech.voiced import Samples

_BEFORE_LOADING = {
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "OMP_WAIT_POLICY": "passive",
}
"""What faster-whisper loads may not reach out, whatever a model's folder lacks. Its threads sleep while they
wait for each other: on two busy cores, loading tiny.en took 0.85 s of the processor, and takes 0.2."""


def main() -> None:
    """Load the model, then serve requests until stdin ends."""
    requests, answers = sys.stdin.buffer, claim_stdout()
    short = memory_is_short()
    _prepare_libraries()
    libav.be_quiet()
    folder, device, threads = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    hearer, device = _load(folder, device, threads)
    write_message(answers, Message("ready", {"device": device}))
    while (request := read_message(requests)) is not None:
        try:
            write_message(answers, _serve(request, requests, answers, hearer, short_of_memory=short))
        except BrokenPipeError:
            os._exit(0)  # The parent has gone; closing `answers` could only fail again.


def _prepare_libraries() -> None:
    os.environ |= _BEFORE_LOADING
    from app.runtime.sessions.onnx_runtime import ort  # noqa: PLC0415 - with its telemetry off, before anybody else

    assert ort is not None  # noqa: S101


def _load(folder: Path, device: str, threads: int) -> tuple[WhisperHearer, str]:
    """The model on the device that was asked for, or on the processor where it does not run there."""
    if device == "auto":
        import ctranslate2  # noqa: PLC0415 - the extra `speech`

        device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
    if device == "cuda":
        try:
            hearer = WhisperHearer(folder, "cuda", threads)
            hearer.language(_silence())  # libraries that lack are noticed here
        except (RuntimeError, ValueError, OSError) as error:
            sys.stderr.write(f"CUDA cannot be used: {error}\n")
        else:
            return hearer, "cuda"
    return WhisperHearer(folder, "cpu", threads), "cpu"


def _silence() -> Samples:
    import numpy as np  # noqa: PLC0415

    return np.zeros(16_000, np.float32)


def _serve(
    request: Message, requests: BinaryIO, answers: BinaryIO, hearer: Hearer, *, short_of_memory: bool
) -> Message:
    try:
        return _heard(request, requests, answers, hearer)
    except BrokenPipeError:
        raise
    except MediaError as error:
        return _refused(error)
    except MemoryError:
        return _refused(reasons.too_little_memory() if short_of_memory else reasons.too_much_memory())
    except libav.ERRORS:
        return _refused(reasons.nothing_decoded())
    except OSError as error:
        return _refused(reasons.cannot_open(error))
    except Exception:  # noqa: BLE001 (our bug, or the model's: the parent logs it)
        return Message("bug", {"traceback": traceback.format_exc()[-5000:]})


def _heard(request: Message, requests: BinaryIO, answers: BinaryIO, hearer: Hearer) -> Message:
    """Hear a video; lines are sent as they come, and each sign of life is answered by the parent."""
    path = Path(request.text("path"))
    tracks = len(sound_tracks(path))
    wanted = range(tracks) if request.fields.get("all_tracks") is True else range(min(1, tracks))
    waiting: list[Line] = []

    def reached(position: float) -> None:
        sent, waiting[:] = waiting[:], []
        write_message(answers, Message("reached", {"position": max(0.0, position)}, (to_blob(sent),)))
        if read_message(requests) is None:  # the parent waits, as long as the run is paused
            os._exit(0)

    for number in wanted:
        sound = ((piece.start, piece.samples) for piece in read_sound(path, number))
        for line in hear(sound, hearer, reached):
            waiting.append(line)  # noqa: PERF402 - sent in between by `reached`
    return Message("end", {}, (to_blob(waiting),))


def _refused(error: MediaError) -> Message:
    return Message("refused", {"sentence": error.sentence, "advice": error.advice, "cause": error.cause})
