"""How far the making of a model is: one line on a terminal, a few lines elsewhere, JSON for scripts."""

import shutil
import sys
from types import TracebackType
from typing import Self

import click

from app.cli.options import print_json
from app.model_store.making_process import AddProgress

_STEPS = 10
"""Lines per stage where they cannot be written over."""


class ProgressLine:
    """Prints progress to stderr, so that stdout has the result only; JSON goes to stdout."""

    def __init__(self, *, as_json: bool) -> None:
        self._as_json = as_json
        self._terminal = sys.stderr.isatty() and not as_json
        self._last: tuple[str, int] = ("", -1)
        self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._open:
            click.echo(err=True)

    def show(self, progress: AddProgress) -> None:
        """Say how far it is, where that is news."""
        tenth = _STEPS * progress.done // progress.total if progress.total else 0
        news = (progress.stage, tenth) != self._last
        self._last = (progress.stage, tenth)
        if self._terminal:
            width = shutil.get_terminal_size().columns - 1
            click.echo(f"\r{_words(progress):{width}.{width}}", nl=False, err=True)
            self._open = True
        elif news and self._as_json:
            print_json(
                {
                    "event": "progress",
                    "stage": progress.stage,
                    "done": progress.done,
                    "total": progress.total,
                }
            )
        elif news:
            click.echo(_words(progress), err=True)


def _words(progress: AddProgress) -> str:
    if progress.stage == "download":
        whole = f" of {progress.total / 1e6:,.0f}" if progress.total else ""
        return f"download: {progress.done / 1e6:,.0f}{whole} MB"
    if progress.total and progress.total > 1:
        return f"{progress.stage}: {progress.done:,} of {progress.total:,}"
    return progress.stage
