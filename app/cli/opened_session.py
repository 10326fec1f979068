"""The library that the running command is about: its rows alone, or with its models."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from app.cli.options import library_folder

if TYPE_CHECKING:
    from app.catalogue.catalogue import Catalogue
    from app.session import Session


@contextmanager
def opened_catalogue() -> "Iterator[Catalogue]":
    """The library's rows, until the block ends: loads no model, and nothing that searches or indexes."""
    from app.catalogue.catalogue import Catalogue  # noqa: PLC0415 - `--help` answers without it

    with Catalogue(library_folder()) as catalogue:
        yield catalogue


@contextmanager
def opened_session() -> "Iterator[Session]":
    """The session, until the block ends. What is wrong with its model is said on stderr."""
    from app.session import Session  # noqa: PLC0415 - few commands need it

    with Session(library_folder()) as session:
        if session.model_problem:
            click.echo(f"reelfind: {session.model_problem}", err=True)
        yield session
