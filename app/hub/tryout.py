"""A model from somewhere else is run once, in a process of its own, before it is taken in.

Hashes and operators say nothing of what a graph does to the library that runs it: one may crash ONNX Runtime
(float16 towers do so on a processor) or never come to an end. Here that costs a child process.

`python -m app.hub.tryout FOLDER SECONDS` encodes one frame and one text with the bundle, by the towers that
are used here and by the float32 ones, and prints one JSON object. It ends itself after SECONDS.
"""

import faulthandler
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

import app
from app.encoders import FrameEncoder, TextEncoder, load_bundle
from app.encoders.providers import ProviderChoice
from app.encoders.variants import Variant
from app.errors import ModelError

SECONDS = 300.0
"""For loading and at most four runs: the largest model takes a minute on a slow computer."""

_ADVICE = "Get the model from a source that you trust."


def try_out(folder: Path, *, seconds: float = SECONDS) -> None:
    """Run the bundle in `folder` once on the processor, in a child process.

    Raises:
        ModelError: it fails, crashes, or does not end within `seconds`.
    """
    root = str(Path(app.__file__).resolve().parent.parent)
    try:
        child = subprocess.run(  # noqa: S603 (no shell; our own module)
            [sys.executable, "-P", "-m", "app.hub.tryout", str(folder), str(seconds)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
            env=os.environ | {"PYTHONPATH": root},
        )
    except subprocess.TimeoutExpired as error:
        raise ModelError(
            f"The model is refused: one frame and one text took longer than {seconds:g} seconds.", _ADVICE
        ) from error
    try:
        said = json.loads(child.stdout)
        sentence, advice = str(said["sentence"]), str(said["advice"])
    except (ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The model is refused: running it crashes (exit code {child.returncode}).", _ADVICE
        ) from error
    if sentence:
        raise ModelError(sentence, advice)


def _run_once(folder: Path) -> None:
    bundle = load_bundle(folder)
    side = bundle.image.size
    frame = np.full((1, side, side, 3), 127, np.uint8)
    variants: tuple[Variant | None, ...] = (None, "float32") if bundle.variants else (None,)
    for variant in variants:
        FrameEncoder(bundle, choice=ProviderChoice("CPU"), variant=variant).encode(frame)
        TextEncoder(bundle, variant=variant).encode(["a dog jumps into a lake"])


def main() -> None:
    """Run the bundle named on the command line."""
    faulthandler.dump_traceback_later(float(sys.argv[2]), exit=True)  # should nobody be left to end it
    said = {"sentence": "", "advice": ""}
    try:
        _run_once(Path(sys.argv[1]))
    except ModelError as error:
        said = {"sentence": error.sentence, "advice": error.advice}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
