"""`reelfind doctor`: what runs and what is wrong, or a damaged library made whole."""

import sys

import click

from app.cli.options import json_option, library_folder, library_option, print_json
from app.cli.terminal.terminal_text import counted, safe
from app.errors import LibraryError, ModelError


@click.command()
@click.option("--full", is_flag=True, help="Read the whole library file, also where that takes long.")
@click.option(
    "--repair",
    is_flag=True,
    help="Make a damaged library whole first: what can be read goes into a new file, the old one is kept.",
)
@json_option
@library_option
def doctor(*, full: bool, repair: bool, as_json: bool) -> None:
    """Say what runs, what is in the library, what is wrong and what to do. Code 1: it needs you."""
    from app.cli.doctor.diagnosis import code_of, diagnose, diagnose_without_library, print_diagnosis
    from app.session import Session

    if repair:
        _repair(as_json=as_json)
    try:
        with Session(library_folder()) as session:
            diagnosis = diagnose(session, full=full, report=_say_checked if full else lambda _: None)
    except (LibraryError, ModelError) as error:
        diagnosis = diagnose_without_library(library_folder(), error)
    if as_json:
        print_json(diagnosis)
    else:
        print_diagnosis(diagnosis)
    sys.exit(code_of(diagnosis))


def _say_checked(what: str) -> None:
    click.echo(f"Checking: {what}…", err=True)


def _repair(*, as_json: bool) -> None:
    from app.catalogue.damage.repair import repair

    done = repair(library_folder())
    for sentence in done.done or ["Nothing is wrong with the library file."]:
        click.echo(safe(sentence), err=as_json)
    if done.to_index:
        click.echo(f"{counted(done.to_index, 'video')} to index again with: reelfind index", err=as_json)
