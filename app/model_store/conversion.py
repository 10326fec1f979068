"""A published model, or a checkpoint of yours, becomes one of the models here.

The work is done by `models.export` in a process of its own (task `export-model`): it needs torch, which this
program never loads, takes gigabytes of memory that are given back at the end, and can be ended at any moment.
"""

import importlib.util
import json
import logging
import queue
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import Cancelled, ModelError, UsageError
from app.extras import install_command
from app.model_store.installed import InstalledModel
from app.model_store.sandbox import run_in_sandbox
from app.model_store.store import ModelStore
from app.paths import real_path
from app.processes.child import KILL_SECONDS, Child
from app.processes.launcher import StartError, start

logger = logging.getLogger(__name__)

NEEDED = ("torch", "torchvision", "open_clip", "onnxscript")


EXTRA = install_command("models")
"""A command line for whoever wants to make models."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*(:[A-Za-z0-9][A-Za-z0-9_.-]*)?")
_LOOK = 0.1
"""Seconds between two looks at `stopping`."""
_KILLED = {-9, -15, 137}
"""Exit codes of a process that was killed from outside."""


@dataclass(frozen=True, slots=True)
class AddProgress:
    """How far the making of a model is."""

    stage: str
    """`download`, `load`, `export image`, `export text`, `int8`, `fp16` or `check`."""
    done: int
    """Bytes of a download, else steps."""
    total: int | None
    """None while unknown."""


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
        _make(command, arguments, report, stopping)
        return store.adopt(out, trial=run_in_sandbox)


def _make(
    command: Sequence[str],
    arguments: Sequence[str],
    report: Callable[[AddProgress], None],
    stopping: Callable[[], bool],
) -> None:
    """Run the export to its end, passing on what it says."""
    failure: ModelError | None = None
    with _running(command, arguments) as (child, lines):
        ended = False
        while not ended:
            if stopping():
                raise Cancelled(
                    "Adding the model was stopped.", "What was downloaded is kept for another time."
                )
            try:
                line = lines.get(timeout=_LOOK)
            except queue.Empty:
                continue
            said = _understood(line)
            if "error" in said:
                failure = ModelError(str(said["error"]), str(said.get("advice", "")))
            elif "stage" in said and said["stage"] != "done":
                report(
                    AddProgress(
                        str(said["stage"]), _number(said.get("done")) or 0, _number(said.get("total"))
                    )
                )
            ended = line is None
        code = _ended(child, stopping)
        if failure is not None:
            raise failure
    if code != 0:
        raise _crash(code, child.stderr)


def _ended(child: Child, stopping: Callable[[], bool]) -> int:
    """Wait for the end of an export that says no more; returns its exit code."""
    while True:
        if stopping():
            raise Cancelled("Adding the model was stopped.", "What was downloaded is kept for another time.")
        with suppress(TimeoutError):
            return child.wait(_LOOK)


def _number(said: object) -> int | None:
    return int(said) if isinstance(said, int | float) and abs(said) < 2**63 else None


def _not_started(error: StartError) -> ModelError:
    return ModelError(
        f"The process that makes the model cannot be started ({error.reason}).",
        "Close other programs, then try again.",
    )


def _understood(line: str | None) -> dict[str, Any]:
    """What a line of the export says; whatever else it prints is for the log."""
    try:
        said = json.loads(line) if line else {}
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        logger.info("the export says: %.200r", line)
        return {}
    return said


@contextmanager
def _running(
    command: Sequence[str], arguments: Sequence[str]
) -> Iterator[tuple[Child, "queue.SimpleQueue[str | None]"]]:
    """The export as a process, and its lines, None last; killed at the end with whatever it started."""
    try:
        child = start("export-model", *arguments, command=command)
    except StartError as error:
        raise _not_started(error) from error
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()

    def read() -> None:
        try:
            for line in child.stdout:
                lines.put(line.decode(errors="replace"))
        except (OSError, ValueError) as error:
            logger.warning("the export cannot be listened to: %s", error)
        finally:
            lines.put(None)  # or whoever waits would wait for ever

    reader = threading.Thread(target=read, name="export reader", daemon=True)
    try:
        reader.start()
    except RuntimeError as error:
        child.stop()
        raise _not_started(StartError("no further thread can be started")) from error
    try:
        yield child, lines
    finally:
        child.kill()
        reader.join(KILL_SECONDS)
        if not reader.is_alive():  # else it waits for a disk, and so would whoever closes what it says
            child.stop()


def _crash(code: int, stderr: str) -> ModelError:
    """What to say of an export that ended without a word."""
    words = stderr.strip()
    logger.error("the export ended with %s:\n%s", code, words)
    if code in _KILLED:
        return ModelError(
            "The system ended the process that makes the model: it probably ran out of memory.",
            "Close other programs, or choose a smaller model.",
        )
    last = words.splitlines()[-1] if words else "it said nothing"
    return ModelError(
        f"Making the model failed ({last:.200}).", "This is a fault of Reelfind or of a package it uses."
    )
