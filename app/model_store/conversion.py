"""A published model, or a checkpoint of yours, becomes one of the models here.

The work is done by `models.export` in a process of its own (task `export-model`): it needs torch, which this
program never loads, takes gigabytes of memory that are given back at the end, and can be ended at any moment.
"""

import importlib.util
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from app.errors import ModelError, UsageError
from app.extras import install_command
from app.model_intake.gate.sandbox import run_in_sandbox
from app.model_store.installed import InstalledModel
from app.model_store.making_process import AddProgress, run_making
from app.model_store.store import ModelStore
from app.paths import real_path

NEEDED = ("torch", "torchvision", "open_clip", "onnxscript")


EXTRA = install_command("models")
"""A command line for whoever wants to make models."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*(:[A-Za-z0-9][A-Za-z0-9_.-]*)?")


def missing_packages() -> list[str]:
    """Packages that making a model needs and that are not installed; nothing is imported."""
    return [name for name in NEEDED if importlib.util.find_spec(name) is None]


def add_model(
    name: str,
    store: ModelStore,
    *,
    checkpoint: Path | None = None,
    variants: Sequence[str] = ("int8", "fp16"),
    tokenizer: Path | None = None,
    random: bool = False,
    licence: str = "",
    report: Callable[[AddProgress], None] = lambda _progress: None,
    stopping: Callable[[], bool] = lambda: False,
    command: Sequence[str] = (),
) -> InstalledModel:
    """Fetch, convert and check an open_clip model, and put it into the store.

    Args:
        name: `NAME` or `NAME:PRETRAINED` of open_clip's registry.
        store: where it goes.
        checkpoint: file with its weights; they are downloaded where None.
        variants: which of `int8` and `fp16` to make beside float32.
        tokenizer: folder with its `tokenizer.json`; downloaded where None and open_clip brings none.
        random: make it with random weights; for trying things out.
        licence: of the weights, where the registry does not say.
        report: called as the work goes on, on this thread.
        stopping: asked several times per second; true ends the work.
        command: makes the model in place of our own export; its arguments are added.

    Raises:
        UsageError: the name is none, or another model has its name.
        ModelError: packages are missing, or the model cannot be fetched or made.
        Cancelled: `stopping` said so; what was downloaded is kept for another time.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"“{name}” is no model's name.", "Name it as in: ViT-B-32:laion2b_s34b_b79k.")
    if not command and (missing := missing_packages()):
        raise ModelError(
            f"Making a model needs {', '.join(missing)}, which are not installed.", f"Run: {EXTRA}"
        )
    with store.staging() as staging:
        out = staging / "bundle"
        arguments = [name, f"--out={out}", "--progress", f"--variants={','.join(variants)}"]
        if checkpoint is not None:
            arguments.append(f"--checkpoint={real_path(checkpoint)}")
        if tokenizer is not None:
            arguments.append(f"--tokenizer={real_path(tokenizer)}")
        if random:
            arguments.append("--random=0")
        if licence:
            arguments.append(f"--licence={licence}")
        run_making("export-model", arguments, report=report, stopping=stopping, command=command)
        return store.adopt(out, trial=run_in_sandbox)
