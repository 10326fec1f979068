"""`reelfind search --complete`: how a half-typed query may go on, for shells."""

from pathlib import Path

import click

import app.database  # noqa: F401 - first: it loads sqlite-utils without what that would load besides
from app.asking.library_values import values_of
from app.catalogue.catalogue import FILE_NAME, Catalogue
from app.cli.options import print_json
from app.cli.terminal.terminal_text import safe
from app.query.completion import completions
from app.query.parsed_query import FilterName

_NAMES = (
    *(FilterName.IN, FilterName.TYPE, FilterName.CAMERA, FilterName.PLACE),
    *(FilterName.TAG, FilterName.IN_COLLECTION),
)
"""Filters whose values are the library's."""


def print_completions(prefix: str, library: Path, *, as_json: bool) -> None:
    """How the last word of a prefix may go on: a line for each, with a tab before what it means."""
    if (library / FILE_NAME).exists():
        with Catalogue(library) as catalogue:
            found = completions(prefix, values_of(catalogue))
    else:  # to look is no reason to make one
        found = completions(prefix, {name: lambda _: () for name in _NAMES})
    if as_json:
        print_json([{"text": each.text, "help": each.help} for each in found])
        return
    for each in found:
        click.echo(safe(each.text) + (f"\t{each.help}" if each.help else ""))
