"""A process that makes a model, listened to until it ends; stopped when that is asked for.

Both tasks that make one (`export-model`, `make-bundle`) say the same lines of JSON.
"""

import json
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

from app.errors import Cancelled, ModelError
from app.processes.child import KILL_SECONDS, Child
from app.processes.launcher import StartError, start
from app.processes.limits import OUT_OF_MEMORY, Limits

logger = logging.getLogger(__name__)

_LOOK = 0.1
"""Seconds between two looks at `stopping`."""
_KILLED = {-9, -15, 137, OUT_OF_MEMORY}
"""Exit codes of a process that was killed from outside, or held too much memory."""


@dataclass(frozen=True, slots=True)
class AddProgress:
    """How far the making of a model is."""

    stage: str
    """`download`, `load`, `export image`, `export text`, `int8`, `fp16` or `check`."""
    done: int
    """Bytes of a download, else steps."""
    total: int | None
    """None while unknown."""


def run_making(
    task: str,
    arguments: Sequence[str],
    *,
    report: Callable[[AddProgress], None],
    stopping: Callable[[], bool],
    command: Sequence[str] = (),
    memory: int = 0,
    patience: float | None = None,
) -> None:
    """Run a task that makes a model to its end, passing on what it says.

    Args:
        task: its name.
        arguments: of it.
        report: called as the work goes on, on this thread.
        stopping: asked several times per second; true ends the work.
        command: run in its place.
        memory: bytes that it may hold; unlimited where 0.
        patience: seconds in which it says nothing new, but for downloads, after which it is ended; for ever
            where None.

    Raises:
        ModelError: it said so, crashed, or cannot be started.
        Cancelled: `stopping` said so.
    """
    failure: ModelError | None = None
    with _running(task, arguments, command, Limits(memory=memory)) as (child, lines):
        ended, heard, stage = False, time.monotonic(), ""
        while not ended:
            silent = time.monotonic() - heard
            if patience is not None and stage != "download" and silent > patience:
                raise ModelError(
                    f"Making the model did not get on for {silent / 60:,.0f} minutes, and was ended.",
                    "Choose another export of it, or a smaller model.",
                )
            if stopping():
                raise Cancelled(
                    "Adding the model was stopped.", "What was downloaded is kept for another time."
                )
            try:
                line = lines.get(timeout=_LOOK)
            except queue.Empty:
                continue
            said, heard = _understood(line), time.monotonic()
            if "error" in said:
                failure = ModelError(str(said["error"]), str(said.get("advice", "")))
            elif "stage" in said and said["stage"] != "done":
                stage = str(said["stage"])
                report(AddProgress(stage, _number(said.get("done")) or 0, _number(said.get("total"))))
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
    task: str, arguments: Sequence[str], command: Sequence[str], limits: Limits
) -> Iterator[tuple[Child, "queue.SimpleQueue[str | None]"]]:
    """The task as a process, and its lines, None last; killed at the end with whatever it started."""
    try:
        child = start(task, *arguments, limits=limits, command=command)
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

    reader = threading.Thread(target=read, name="making reader", daemon=True)
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
