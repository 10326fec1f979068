"""`reelfind serve`: one library answers over HTTP, for a phone, other programs and other windows."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app.cli.options import FOLDER, library_folder, library_option
from app.cli.serving.serve_encoder_command import token_in
from app.cli.terminal.terminal_text import safe, shown
from app.errors import ReelfindError, UsageError
from app.extras import install_command

if TYPE_CHECKING:
    from app.serving.listening_place import Place
    from app.session import Session

PORT = 8732
VARIABLE = "REELFIND_SERVER_TOKEN"
"""Environment variable that holds the owner's token."""


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at; 0.0.0.0 for all, so that a phone can ask.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0: any.")
@click.option("--certificate", type=FOLDER, help="Certificate in PEM format, for https.")
@click.option("--key", type=FOLDER, help="Key of the certificate, where that does not hold it.")
@click.option(
    "--insecure-http",
    is_flag=True,
    help="Let other computers ask without a certificate: who is in the network can read along.",
)
@click.option(
    "--person",
    "names",
    multiple=True,
    metavar="NAME",
    help="One more person with a token and favourites of their own; may be given several times.",
)
@click.option(
    "--token-file", type=FOLDER, help="File that holds the owner’s token, in place of the kept one."
)
@click.option("--new-tokens", is_flag=True, help="Make everybody’s token anew: no browser is known any more.")
@click.option(
    "--name", "hosts", multiple=True, metavar="HOST", help="A name by which this computer is called."
)
@click.option("--no-index", is_flag=True, help="Do not index new and changed files meanwhile.")
@library_option
def serve(
    host: str,
    port: int,
    certificate: Path | None,
    key: Path | None,
    names: tuple[str, ...],
    token_file: Path | None,
    hosts: tuple[str, ...],
    *,
    insecure_http: bool,
    new_tokens: bool,
    no_index: bool,
) -> None:
    """Let browsers and programs search this library over HTTP, until Ctrl-C.

    \b
    this computer     reelfind serve
    a phone           reelfind serve --host 0.0.0.0 --certificate cert.pem --key key.pem
    a second window   reelfind gui --server https://THIS-COMPUTER:8732

    Nobody is answered without a token. The owner’s can also be in the environment, as REELFIND_SERVER_TOKEN.
    """
    from app.paths import server_people_file
    from app.serving.listening_place import Place, listen

    try:
        from app.server.access.people import People, PeopleFile, checked_names
        from app.server.library_server import serve_library
    except ModuleNotFoundError as error:
        raise ReelfindError(
            "Serving a library needs packages that are not installed.",
            f"Install them with: {install_command('serve')}",
        ) from error
    place = Place(host, port, certificate, key)
    _check(place, insecure=insecure_http)
    own = token_in(token_file) if token_file else os.environ.get(VARIABLE) or None
    known = PeopleFile(server_people_file(), library_folder()).people(
        checked_names(names), own=own, renew=new_tokens
    )
    people = People(known)

    def ready(url: str, session: "Session") -> None:
        if session.model_problem:
            click.echo(f"reelfind: {session.model_problem}", err=True)
        click.echo(f"{shown(session.folder.name)} answers at {url}. Ctrl-C ends it.")
        click.echo("In a browser, once and within a quarter of an hour:")
        for person in known:
            click.echo(f"    {safe(person.name)}: {url}/enter?code={people.new_link(person)}")
        click.echo("For other programs, the tokens:")
        for person in known:
            hidden = own is not None and person is known[0]
            click.echo(f"    {safe(person.name)}: {'as given' if hidden else person.token}")

    with listen(place) as listening:
        serve_library(
            library_folder(), place, listening, people=people, names=hosts, indexes=not no_index, ready=ready
        )


def _check(place: "Place", *, insecure: bool) -> None:
    if place.key is not None and place.certificate is None:
        raise UsageError("A key alone is of no use.", "Name its certificate with --certificate.")
    if place.certificate is None and not place.is_of_this_computer and not insecure:
        raise UsageError(
            "Without a certificate, who is in the network could read along, the tokens too.",
            "Name one with --certificate and --key, or accept that with --insecure-http.",
        )
