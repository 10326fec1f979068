"""Fetches one model: `python -m models.speech_models REPOSITORY FOLDER`.

Prints one JSON object per line: `{"size": bytes}`, then `{"done": bytes}` as it goes on, and at the end
`{"finished": true}` or `{"error": sentence, "advice": sentence}`. What was fetched before it was ended is
kept beside FOLDER and gone on with; FOLDER appears when everything is there and its hashes are right.
"""

import json
import os
import shutil
import sys
import time
from pathlib import Path

from app.errors import DownloadError, ReelfindError
from app.model_intake.hub.hub_files import Hub, Remote

HUB = "https://huggingface.co"
FILES = ("config.json", "tokenizer.json", "preprocessor_config.json", "vocabulary.txt", "vocabulary.json")
WEIGHTS = "model.bin"
_PAUSE = 0.2
"""Seconds between two reports."""


def main() -> None:
    """Fetch; ends with 1 where that failed."""
    repository, folder = sys.argv[1], Path(sys.argv[2])
    try:
        fetch(repository, folder)
    except ReelfindError as error:
        _say(error=error.sentence, advice=error.advice)
        sys.exit(1)
    except OSError as error:
        _say(
            error=f"The model cannot be kept in “{folder.parent}” ({error.strerror or error}).",
            advice="Make room there, or see that the folder can be written to.",
        )
        sys.exit(1)
    _say(finished=True)


def fetch(repository: str, folder: Path) -> None:
    """Fetch all files of a model.

    Raises:
        DownloadError: it cannot be fetched.
        OSError: it cannot be written.
    """
    cache = folder.parent / f".{folder.name}.download"
    meter = _Meter()
    hub = Hub(os.environ.get("HF_ENDPOINT") or HUB, cache, meter.report)
    found = [remote for name in (*FILES, WEIGHTS) if (remote := hub.find(repository, name)) is not None]
    if not found or found[-1].name != WEIGHTS or found[-1].sha256 is None:
        raise DownloadError(
            f"“{repository}” on the hub has no weights that can be checked.", "Choose another model."
        )
    _say(size=sum(remote.size or 0 for remote in found))
    for remote in found:
        kept = hub.fetch(remote).parent
        meter.add(remote)
    folder.parent.mkdir(parents=True, exist_ok=True)
    kept.replace(folder)
    shutil.rmtree(cache, ignore_errors=True)


class _Meter:
    """How many bytes of all files are there."""

    def __init__(self) -> None:
        self._before = 0
        self._told = 0.0

    def report(self, stage: str, done: int, total: int | None) -> None:
        del stage, total
        now = time.monotonic()
        if now - self._told > _PAUSE:
            self._told = now
            _say(done=self._before + done)

    def add(self, remote: Remote) -> None:
        self._before += remote.size or 0


def _say(**fields: object) -> None:
    print(json.dumps(fields), flush=True)


if __name__ == "__main__":
    main()
