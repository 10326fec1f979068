"""A model from somewhere else is tried in a process of its own, before it becomes one of the models here.

Hashes say nothing of what a graph does to the library that runs it: one may crash ONNX Runtime, ask for all
memory of the computer, or never come to an end. Here that costs a child process with a limit of memory and
time.

The task `try-model FOLDER` tries the bundle (`bundle_checks.py`) and says how far it is in lines of JSON.
"""

import json
import logging
import os
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.errors import ModelError, ReelfindError
from app.processes.child import CRASHES, KILL_SECONDS, Child
from app.processes.entry import claim_stdout
from app.processes.launcher import StartError, start
from app.processes.limits import OUT_OF_MEMORY, OWN_WATCH_SECONDS, Limits, cpu_seconds
from app.processes.machine_memory import available_memory

logger = logging.getLogger(__name__)

ADVICE = "Get the model from a source that you trust."

SECONDS, SECONDS_PER_GIGABYTE, MOST_SECONDS = 300.0, 300.0, 1200.0
"""For everything, by the size of the largest graph: ViT-B/32 with int8 and fp16 takes twelve seconds of the
processor, the largest models a few hundred; other programs may want it meanwhile."""

_PROGRAM_BYTES = 3 << 30
"""For the interpreter, ONNX Runtime and what a batch takes on its way through the largest known towers."""
_COPIES = 4
"""Of a graph's file in memory at once: read, parsed, rearranged for the processor, and once to spare."""
_SHARE_OF_FREE = 0.75
"""Of the memory that is free now: the rest of the computer goes on meanwhile."""
_IDLE_SHARE = 0.05
"""Of its time that a process computes at least where the model keeps it busy, not the computer."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """How much memory a trial gets."""

    bytes: int
    wanted: int
    """What it gets on a computer with enough free memory."""


def run_in_sandbox(folder: Path, *, seconds: float | None = None, memory: int | None = None) -> None:
    """Try the bundle in `folder` on the processor, in a child process.

    Args:
        folder: of the bundle.
        seconds: wall time that it may take; by the size of its graphs where None.
        memory: bytes that it may hold; by the size of its graphs where None.

    Raises:
        ModelError: it is refused, fails, crashes, needs too much memory or does not end; or it could not be
            tried, which says nothing of it (the sentence says which).
    """
    largest = _largest_file(folder)
    limit = _limit(largest) if memory is None else _Limit(memory, memory)
    if seconds is None:
        seconds = min(SECONDS + SECONDS_PER_GIGABYTE * largest / 1e9, MOST_SECONDS)
    try:
        child = start(
            "try-model", str(folder.absolute()), limits=Limits(limit.bytes, seconds + OWN_WATCH_SECONDS)
        )
    except StartError as error:
        raise _not_tried(f"no process can be started ({error.reason})") from error
    with child:
        answer = _answer(child, seconds)
        code = child.wait(0)
    _judge(code, _understood(answer), limit)


def _answer(child: Child, seconds: float) -> bytes:
    """All that the test process says, where it comes to an end in time."""
    try:
        return child.output(seconds)
    except TimeoutError as error:
        computed = cpu_seconds(child.pid)
        child.kill()
        answer = b""
        with suppress(TimeoutError):
            answer = child.output(KILL_SECONDS)
        busy = computed is None or computed > _IDLE_SHARE * seconds
        if not busy or not _understood(answer):
            raise _not_tried(f"the test process did not get on within {seconds:g} seconds") from error
        raise _refused(f"testing it took longer than {seconds:g} seconds") from error


def _largest_file(folder: Path) -> int:
    """Bytes of a bundle's largest file: a graph, or its weights."""
    try:
        return max((path.stat().st_size for path in folder.iterdir()), default=0)
    except OSError:
        return 0


def _limit(largest: int) -> _Limit:
    """By the bytes of the largest file, and by what is free."""
    wanted = _PROGRAM_BYTES + _COPIES * largest
    free = available_memory()
    return _Limit(wanted if free is None else min(wanted, int(_SHARE_OF_FREE * free)), wanted)


def _understood(answer: bytes) -> list[Mapping[str, Any]]:
    """The lines that the child said, as far as they make sense."""
    lines: list[Mapping[str, Any]] = []
    for line in answer.splitlines():
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if isinstance(said, dict):
            lines.append(said)
    return lines


def _judge(code: int, said: list[Mapping[str, Any]], limit: _Limit) -> None:
    """What the end of the child means; returns where the model is sound."""
    last = said[-1] if said else {}
    if code == 0 and "passing" in last:
        raise _not_tried(f"a file cannot be read ({last['passing']})")
    if code == 0 and "sentence" in last:
        if "traceback" in last:
            logger.error("the test of a model failed:\n%s", last["traceback"])
        if last["sentence"]:
            raise ModelError(str(last["sentence"]), str(last.get("advice", "")))
        return
    logger.info("the test of a model ended with %s after %s", code, last)
    if last.get("phase") == "half" and code != OUT_OF_MEMORY:
        return
    if code == OUT_OF_MEMORY:
        if limit.bytes < limit.wanted:
            raise ModelError(
                f"The model could not be tested: {limit.bytes / 1e9:.1f} GB of free memory were not enough.",
                "Close other programs and try again; nothing was added.",
            )
        raise _refused(f"running it takes more than {limit.bytes / 1e9:.1f} GB of memory")
    if code in CRASHES or (said and code > 0):
        raise _refused(f"running it crashes (exit code {code})")
    raise _not_tried(f"the test process was ended or did not start (exit code {code})")


def _refused(why: str) -> ModelError:
    return ModelError(f"The model is refused: {why}.", ADVICE)


def _not_tried(why: str) -> ModelError:
    """It says nothing of the model."""
    return ModelError(f"The model could not be tested: {why}.", "Nothing was added; try again.")


def main() -> None:
    """Try the bundle named on the command line."""
    answers = claim_stdout()

    def say(**line: str) -> None:
        answers.write(json.dumps(line).encode() + b"\n")
        answers.flush()

    from app.model_intake.gate.bundle_checks import try_model  # noqa: PLC0415 - loads what the window can do without

    say(phase="start")
    try:
        try_model(Path(sys.argv[1]), entering=lambda phase: say(phase=phase))
    except ReelfindError as error:
        if _lacks_memory(error):
            os._exit(OUT_OF_MEMORY)
        say(sentence=error.sentence, advice=error.advice)
    except OSError as error:  # of the disk
        say(passing=str(error.strerror or error))
    except BaseException as error:  # noqa: BLE001 - a library's, or a fault of ours: either way the model cannot be used
        if isinstance(error, MemoryError):
            os._exit(OUT_OF_MEMORY)
        sentence = f"The model is refused: testing it fails ({type(error).__name__})."
        say(sentence=sentence, advice=ADVICE, traceback=traceback.format_exc())
    else:
        say(sentence="", advice="")
    os._exit(0)  # a graph's threads may not be waited for


def _lacks_memory(error: BaseException | None) -> bool:
    from app.runtime.sessions.onnx_sessions import lacks_memory  # noqa: PLC0415

    return error is not None and (
        (isinstance(error, Exception) and not isinstance(error, ReelfindError) and lacks_memory(error))
        or _lacks_memory(error.__cause__)
    )
