"""The writing process (task `read-writing`): takes frames on stdin, says on stdout what stands in them.

It opens no file but its networks, and no connection. Nothing outlives a video but the networks.
"""

import os
import sys
import traceback
from typing import BinaryIO

import cv2
import numpy as np

from app.processes.entry import claim_stdout
from app.processes.wire import Message, read_message, write_message
from app.runtime.plain_graph import open_plain_graph
from app.runtime.sessions.onnx_sessions import GraphMemoryError
from app.writing.looking.detector import Detector
from app.writing.looking.frame_reader import FrameReader
from app.writing.looking.recogniser import Recogniser
from app.writing.messages import image_of, sight_message
from app.writing.models import find_models

_THREADS = 1
"""A second one makes it no faster on two cores, beside the decoder, and costs a tenth more."""
_TRACEBACK_LETTERS = 5 << 10


def main() -> None:
    """Serve requests until stdin ends."""
    requests, answers = sys.stdin.buffer, claim_stdout()
    sys.addaudithook(_stay_offline)
    cv2.setNumThreads(_THREADS)
    models = find_models()
    detector = Detector(open_plain_graph(models.detection, threads=_THREADS))
    recogniser = Recogniser(open_plain_graph(models.recognition, threads=_THREADS))
    write_message(answers, Message("ready"))
    reader = FrameReader(detector, recogniser)
    while (request := read_message(requests)) is not None:
        if request.kind == "begin":
            reader = FrameReader(detector, recogniser)
            continue
        try:
            serve(request, answers, reader)
        except BrokenPipeError:
            os._exit(0)  # The parent has gone; closing `answers` could only fail again.


def serve(request: Message, answers: BinaryIO, reader: FrameReader) -> None:
    """Answer one frame: `sight`, `memory` where there is too little, or `bug`.

    Args:
        request: the frame.
        answers: where the answer is written.
        reader: of the video.
    """
    try:
        image = np.ascontiguousarray(image_of(request)[..., ::-1])
        answer = sight_message(reader.look(image, request.number("time")))
    except (MemoryError, GraphMemoryError):
        answer = Message("memory")
    except Exception:  # noqa: BLE001 (our bug: the parent logs it and goes on with the next video)
        answer = Message("bug", {"traceback": traceback.format_exc()[-_TRACEBACK_LETTERS:]})
    write_message(answers, answer)


def _stay_offline(event: str, arguments: tuple[object, ...]) -> None:
    if event in {"socket.connect", "socket.getaddrinfo", "socket.bind"}:
        raise PermissionError(f"no connections here: {event}{arguments!r}")
