"""Downloads a speech model because a person asked for it, in a child process."""

import json
import logging
import os
from collections.abc import Callable
from typing import Any

from app.errors import DownloadError
from app.paths import speech_models_folder
from app.processes.launcher import StartError, start
from app.speech.whisper_models import Published, SpeechModel, check, find

logger = logging.getLogger(__name__)

_END_SECONDS = 10.0


def fetch(model: Published, report: Callable[[int, int], None]) -> SpeechModel:
    """Download a model; what an earlier try brought is gone on with.

    Args:
        model: which.
        report: told the bytes that are there and those of the whole, now and then.

    Raises:
        DownloadError: it cannot be fetched.
        ModelError: what came is no speech model.
    """
    folder = speech_models_folder() / model.name
    failure: DownloadError | None = None
    size, finished = model.megabytes * 1_000_000, False
    try:
        with start("fetch-speech-model", model.repository, str(folder)) as child:
            for line in child.stdout:
                said = _understood(line)
                size = int(said.get("size", size))
                if "done" in said:
                    report(min(int(said["done"]), size), size)
                if "error" in said:
                    failure = DownloadError(str(said["error"]), str(said.get("advice", "")))
                finished = finished or "finished" in said
            child.wait(_END_SECONDS)
        stderr = child.stderr
    except (StartError, TimeoutError, OSError) as error:
        raise DownloadError(f"The download cannot be started ({error}).", "Try again.") from error
    if failure is not None:
        raise failure
    if not finished:
        logger.error("the download ended without a word; it said:\n%s", stderr)
        raise DownloadError("The download was ended from outside.", "Try again: what has arrived is kept.")
    check(folder)
    return find(model.name)


def where() -> str:
    """The host that models come from."""
    return os.environ.get("HF_ENDPOINT") or "huggingface.co"


def _understood(line: bytes) -> dict[str, Any]:
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
