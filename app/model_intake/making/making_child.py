"""The task `make-bundle REQUEST`: from what a person named to a bundle, in a process of its own.

REQUEST is `MakingRequest` as JSON. Prints one JSON object per line, as `models.export` does:
`{"stage": …, "done": …, "total": …}` as it goes on, at the end `{"stage": "done"}` or `{"error": sentence,
"advice": sentence}`. It can be killed at any moment; what was downloaded by then is kept for the next time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from app.errors import ModelError, ReelfindError
from app.model_intake.hub.repository import is_repository
from app.model_intake.layouts.detection import describe
from app.model_intake.making.bundle_writer import OtherVariant
from app.model_intake.making.make_bundle import make_bundle
from app.model_intake.making.making_request import MakingRequest
from app.model_intake.making.obtaining import Obtained, obtain_path, obtain_repository
from app.processes.entry import claim_stdout


class _Voice:
    """What is said on stdout; progress at most a few hundred times."""

    def __init__(self) -> None:
        self._answers = claim_stdout()
        self._said = ("", -1)

    def stage(self, stage: str, done: int, total: int | None) -> None:
        share = done * 400 // total if total else done >> 20
        if (stage, share) != self._said:
            self._said = (stage, share)
            self.say(stage=stage, done=done, total=total)

    def say(self, **line: object) -> None:
        self._answers.write(json.dumps(line).encode() + b"\n")
        self._answers.flush()


def main() -> None:
    """Do what the command line asks for; ends with 1 where that failed."""
    request, voice = MakingRequest.from_text(sys.argv[1]), _Voice()
    try:
        _make(request, voice)
    except ReelfindError as error:
        voice.say(error=error.sentence, advice=error.advice)
        sys.exit(1)
    except MemoryError:
        voice.say(error="There is not enough memory to make the model.", advice="Close other programs.")
        sys.exit(1)
    except OSError as error:
        voice.say(
            error=f"The model cannot be kept ({error.strerror or error}).",
            advice="Make room on the disk, or see that its folder can be written to.",
        )
        sys.exit(1)
    voice.say(stage="done", done=1, total=1)


def _make(request: MakingRequest, voice: _Voice) -> None:
    out = Path(request.out)
    obtained = _obtain(request, voice)
    voice.stage("load", 0, 1)
    model = describe(
        obtained.folder,
        name=obtained.name,
        source=obtained.source,
        licence=obtained.licence or request.licence,
        files=obtained.files,
    )
    model = replace(model, name=request.name, title=request.title or model.title)
    voice.stage("load", 1, 1)
    fetched = {"repository": obtained.repository, "commit": obtained.commit} if obtained.repository else {}
    make_bundle(
        model,
        out,
        variants=_variants(request.variants),
        trained=request.trained,
        published=fetched,
        report=voice.stage,
    )


def _obtain(request: MakingRequest, voice: _Voice) -> Obtained:
    if is_repository(request.source):
        return obtain_repository(
            request.source,
            Path(request.cache),
            pins=request.pins or None,
            hub=request.hub,
            report=lambda done, total: voice.stage("download", done, total),
        )
    return obtain_path(Path(request.source), Path(request.out).with_name("export"))


def _variants(named: Sequence[str]) -> list[OtherVariant]:
    known = get_args(OtherVariant)
    if not set(named) <= set(known):
        raise ModelError(f"There is no variant “{sorted(set(named) - set(known))[0]:.20}”.", "")
    return [variant for variant in known if variant in named]
