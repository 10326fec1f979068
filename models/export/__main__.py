"""A model of open_clip becomes one for Reelfind: `python -m models.export NAME[:PRETRAINED] --out FOLDER`.

Weights come from the hub, from a file (--checkpoint), or are random (--random, for tests). The folder can
then be imported, or chosen as the search model.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from app.errors import ReelfindError, UsageError
from app.paths import cache_folder

if TYPE_CHECKING:
    from app.model_intake.making.bundle_writer import OtherVariant
    from models.export.job import Exported

VARIANTS: tuple[OtherVariant, ...] = ("int8", "fp16")
_NEEDED = ("torch", "torchvision", "open_clip", "onnx", "onnxscript")
_PAUSE = 0.2
"""Seconds between two reports of one stage."""


def main(arguments: list[str] | None = None) -> None:
    """Export one model; exits with 1 and a sentence when it cannot be done."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    told = _Told(sys.stdout, chosen.progress)
    try:
        # Standard output belongs to the reports; what libraries print goes beside.
        with contextlib.redirect_stdout(sys.stderr):
            exported = _run(chosen, told)
    except ReelfindError as error:
        if chosen.progress:
            told.line({"error": error.sentence, "advice": error.advice})
            parser.exit(1)
        parser.exit(error.exit_code, f"{error}\n")
    told.done(chosen.out, exported)


def _run(chosen: argparse.Namespace, told: _Told) -> Exported:
    missing = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise UsageError(
            f"Adding models needs packages that are not installed: {', '.join(missing)}.",
            "Install the extra for it: pip install 'reelfind[models]'.",
        )
    unknown = set(filter(None, chosen.variants.split(","))) - set(VARIANTS)
    if unknown:
        raise UsageError(
            f"There is no variant “{sorted(unknown)[0]}”.", f"Known are {' and '.join(VARIANTS)}."
        )
    from models.open_clip_setup import stay_offline  # noqa: PLC0415 - needs torch

    stay_offline()
    from models.export.job import Request, export_model  # noqa: PLC0415 - reads the variables just set

    request = Request(
        name=chosen.name,
        out=chosen.out,
        cache=chosen.cache or cache_folder() / "hub",
        checkpoint=chosen.checkpoint,
        seed=chosen.random,
        variants=[name for name in VARIANTS if name in chosen.variants.split(",")],
        pictures=chosen.pictures,
        licence=chosen.licence,
        tokenizer=chosen.tokenizer,
        hub=chosen.hub,
    )
    return export_model(request, told)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m models.export", description=__doc__)
    parser.add_argument("name", metavar="NAME[:PRETRAINED]", help="of open_clip's registry")
    parser.add_argument("--out", type=Path, required=True, help="folder of the bundle")
    weights = parser.add_mutually_exclusive_group()
    weights.add_argument("--checkpoint", type=Path, help="a file of weights (.safetensors, .pt)")
    weights.add_argument("--random", type=int, nargs="?", const=0, metavar="SEED", help="random weights")
    parser.add_argument("--variants", default="int8,fp16", help="to add (default: %(default)s)")
    parser.add_argument("--pictures", type=Path, metavar="FOLDER", help="to compare with (default: made up)")
    parser.add_argument("--licence", default="", help="of the weights (default: what is known of them)")
    parser.add_argument("--cache", type=Path, metavar="FOLDER", help="of downloads")
    parser.add_argument("--tokenizer", type=Path, metavar="FOLDER", help="with tokenizer.json (default: hub)")
    parser.add_argument("--hub", default="", metavar="URL", help="address of the model hub")
    parser.add_argument("--progress", action="store_true", help="one JSON object per line")
    return parser


class _Told:
    """What the command says: lines of JSON for a program, else lines for people."""

    def __init__(self, stream: TextIO, as_json: bool) -> None:
        self._stream = stream
        self._json = as_json
        self._stage = ""
        self._last = 0.0

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Report a stage; the same one again at most every `_PAUSE` seconds, but its end always."""
        now = time.monotonic()
        if stage == self._stage and done != total and now - self._last < _PAUSE:
            return
        if self._json:
            self.line({"stage": stage, "done": done, "total": total})
        elif stage != self._stage:
            print(f"{stage} …", file=self._stream, flush=True)
        self._stage, self._last = stage, now

    def line(self, content: dict[str, object]) -> None:
        """One JSON object."""
        print(json.dumps(content, ensure_ascii=False), file=self._stream, flush=True)

    def done(self, folder: Path, exported: Exported) -> None:
        """The last line."""
        if self._json:
            self.line({"stage": "done", "name": exported.name})
            return
        parity = exported.parity
        print(
            f"{folder}: {exported.name}; cosine to the model at least {parity.image:.6f} for "
            f"{parity.pictures} pictures, {parity.text:.6f} for {parity.texts} texts",
            file=self._stream,
        )


if __name__ == "__main__":
    main()
