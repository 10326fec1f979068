"""Where a child process begins: `python -m app --run-task NAME LIMITS ARGUMENTS…` (see `app/__main__.py`).

In a frozen build there is no other Python than the program itself, so that this is its first argument there.
The limits are in force before the task's module is loaded.
"""

import importlib
import os
import sys
from collections.abc import Sequence
from typing import BinaryIO

from app.processes.limits import Limits, limit_process
from app.processes.tasks import TASKS

BAD_USE = 2
"""Exit code where there is no such task."""


def run_task(words: Sequence[str]) -> None:
    """Run a task in this process, to its end.

    Args:
        words: its name, its limits (`Limits.to_text`) and its arguments.

    Raises:
        SystemExit: there is no such task; nothing was loaded.
    """
    try:
        name, text, *arguments = words
        task, limits = TASKS[name], Limits.from_text(text)
    except (KeyError, ValueError):
        sys.stderr.write(f"reelfind: there is no such task: {' '.join(words)!r}\n")
        raise SystemExit(BAD_USE) from None
    limit_process(limits, niceness=task.niceness, file_bytes=task.file_bytes)
    sys.argv = [name, *arguments]
    importlib.import_module(task.module).main()


def claim_stdout() -> BinaryIO:
    """Standard output for the task's answers alone; what a library prints goes to stderr from now on."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers
