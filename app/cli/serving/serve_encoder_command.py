"""`reelfind serve-encoder`: encode frames for other computers of the household."""

import os
from pathlib import Path

import click

from app.cli.options import FOLDER, library_option
from app.cli.terminal.terminal_text import shown
from app.errors import UsageError

_MOST_BYTES = 4096
"""Of a file with a token."""


@click.command("serve-encoder")
@click.option("--token", help="What the other computer has to know; made and printed where there is none.")
@click.option("--token-file", type=FOLDER, help="File that holds the token; no list of processes shows it.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address to listen at; 0.0.0.0 for all, so that other computers can ask.",
)
@click.option("--port", type=click.IntRange(0, 65535), default=8731, show_default=True, help="0: any.")
@click.option(
    "--model", metavar="NAME", help="Which of the models on this computer (default: the bundled one)."
)
@click.option("--name", default="", help="What this computer is called (default: as the system calls it).")
@click.option("--certificate", type=FOLDER, help="Certificate in PEM format, for https.")
@click.option("--key", type=FOLDER, help="Key of the certificate, where that does not hold it.")
@library_option
def serve_encoder(
    token: str | None,
    token_file: Path | None,
    host: str,
    port: int,
    model: str | None,
    name: str,
    certificate: Path | None,
    key: Path | None,
) -> None:
    """Encode frames for other computers of the household, until Ctrl-C.

    \b
    here        reelfind serve-encoder --host 0.0.0.0
    there       reelfind settings encoder_url "http://THIS-COMPUTER:8731 TOKEN"

    Both need the same model. Nothing of the pictures is kept. The token can also be in the environment, as
    REELFIND_ENCODER_TOKEN.
    """
    from app.bundle.encoder_bundle import load_bundle
    from app.connecting.service_address import ServiceAddress
    from app.connecting.token_file import checked_token, new_token
    from app.encoder_service.service_tokens import VARIABLE
    from app.encoder_service.serving import serve
    from app.runtime.encoders import FrameEncoder
    from app.serving.listening_place import Place

    if key is not None and certificate is None:
        raise UsageError("A key alone is of no use.", "Name its certificate with --certificate.")
    given = token if token is not None else token_in(token_file) if token_file else None
    given = given if given is not None else os.environ.get(VARIABLE) or None
    secret = new_token() if given is None else checked_token(given)
    bundle = load_bundle(_folder_of(model))

    def ready(address: ServiceAddress) -> None:
        click.echo(f"{bundle.title} encodes frames at {address}. Ctrl-C ends it.")
        click.echo("On the other computer:")
        behind = secret if given is None else "TOKEN"
        click.echo(f'    reelfind settings encoder_url "{address} {behind}"')

    place = Place(host, port, certificate, key)
    serve(lambda: FrameEncoder(bundle), place, token=secret, name=name, ready=ready)


def _folder_of(name: str | None) -> Path:
    """Folder of a model by its name; of the bundled one where None."""
    from app.model_store.store import ModelStore
    from app.paths import bundled_model

    return bundled_model() if name is None else ModelStore().find(name).folder


def token_in(path: Path) -> str:
    """The token that a file holds.

    Raises:
        UsageError: it cannot be read.
    """
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise UsageError(f"The token cannot be read from {shown(path)}: {reason}.") from error
