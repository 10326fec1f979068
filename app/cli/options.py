"""What the commands have in common: `--library`, `--json`, and printing JSON."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from app.paths import default_library

F = TypeVar("F", bound=Callable[..., Any])


class _Folder(click.Path):
    """A path that has a name: an empty one would be the folder that one happens to be in."""

    def convert(self, value: Any, parameter: click.Parameter | None, context: click.Context | None) -> Any:
        if isinstance(value, str) and (not value or "\0" in value):
            self.fail(
                "An empty name is no folder: name one." if not value else "That is no name.",
                parameter,
                context,
            )
        return super().convert(value, parameter, context)


FOLDER = _Folder(path_type=Path, file_okay=True, readable=False)
"""Whether it can be read is found out, and said, by what reads it."""


def _keep_library(context: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        context.ensure_object(dict)["library"] = value


def library_option(command: F) -> F:
    """`--library` anywhere on the line, before or after the command's name."""
    return click.option(
        "--library",
        type=FOLDER,
        expose_value=False,
        callback=_keep_library,
        help="Folder of the library (default: the platform's data folder).",
    )(command)


json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")


def library_folder() -> Path:
    """Folder of the library that the running command is about."""
    chosen = click.get_current_context().ensure_object(dict).get("library")
    return Path(chosen) if chosen is not None else default_library()


def print_json(content: object) -> None:
    """One line of ASCII."""
    click.echo(json.dumps(content, ensure_ascii=True, indent=None))
