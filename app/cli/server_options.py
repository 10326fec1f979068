"""The options of commands that can ask a library on another computer."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from app.connecting.service_address import ServiceAddress
    from app.remote_library.server_place import ServerPlace

F = TypeVar("F", bound=Callable[..., Any])


def server_options(command: F) -> F:
    """Add `--server`, `--token-file` and `--server-certificate`."""
    command = click.option(
        "--server-certificate",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Certificate that is trusted there, in PEM format; it is kept.",
    )(command)
    command = click.option(
        "--token-file",
        type=click.Path(path_type=Path, dir_okay=False),
        help="Holds the token that the server printed; it is kept.",
    )(command)
    return click.option(
        "--server",
        metavar="ADDRESS",
        help="The library that another computer serves (reelfind serve), not one of this computer.",
    )(command)


def named_server(typed: str, token_file: Path | None, certificate: Path | None) -> "ServerPlace":
    """The server that is named, with its token; it is asked for where a person is there to answer.

    Raises:
        UsageError: it is no address, there is no token, or a file holds something else.
    """
    from app.remote_library.server_place import server_place  # noqa: PLC0415 - few commands need it

    def ask(address: "ServiceAddress") -> str:
        prompt = f"Token that “reelfind serve” printed on {address.host}"
        token: str = click.prompt(prompt, hide_input=True, err=True)
        return token

    can_ask = sys.stdin and sys.stdin.isatty()
    return server_place(
        typed, token_file=token_file, certificate_file=certificate, ask=ask if can_ask else None
    )
