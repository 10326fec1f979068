"""The commands under one name: whatever ends one is said in one line, with the exit code of its kind."""

import sys
from contextlib import suppress
from typing import Any

import click

from app.cli.terminal import endings
from app.cli.terminal.logs import place_of_log
from app.cli.terminal.terminal_text import safe
from app.errors import ReelfindError
from app.query.query_error import QueryError

_BEFORE, _BEHIND = 40, 30
"""Characters of a query that are shown around a place in it."""


class CommandGroup(click.Group):
    """Ends each command with one sentence at most and the exit code of its kind; see `endings`.

    Below a sentence about a query stands its place.
    """

    def main(self, *args: Any, standalone_mode: bool = True, **kwargs: Any) -> Any:
        if not standalone_mode:
            return super().main(*args, standalone_mode=False, **kwargs)  # type: ignore[call-overload]
        endings.open_closed_streams()
        _survive_any_file_name()
        return endings.run(lambda: self._run(*args, **kwargs), place_of_log)

    def _run(self, *args: Any, **kwargs: Any) -> Any:
        try:
            kwargs.setdefault("prog_name", "reelfind")
            return super().main(*args, standalone_mode=False, **kwargs)  # type: ignore[call-overload]
        except click.Abort:  # what click makes of Ctrl-C
            raise KeyboardInterrupt from None
        except click.ClickException as error:
            with suppress(OSError):
                error.show()
            return error.exit_code
        except ReelfindError as error:
            endings.complain(safe(str(error)))
            if isinstance(error, QueryError):
                with suppress(OSError):
                    _point_at(error)
            return error.exit_code


def _point_at(error: QueryError) -> None:
    """Show where in the query something is wrong."""
    start = max(0, error.at - _BEFORE)
    before, behind = safe(error.query[start : error.at]), safe(error.query[error.at : error.at + _BEHIND])
    if before or behind:
        click.echo(f"  {before}{behind}\n  {' ' * len(before)}^ column {error.at + 1}", err=True)


def _survive_any_file_name() -> None:
    """A file name that is not valid UTF-8 must not turn printing into an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
