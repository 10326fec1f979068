"""`reelfind gui`: the window."""

import gc
import os
import sys
from pathlib import Path

import click

from app.cli.options import FOLDER, library_folder, library_option
from app.cli.server_options import named_server, server_options
from app.cli.terminal import endings
from app.cli.terminal.logs import log_warnings_too
from app.errors import ReelfindError


@click.command()
@click.argument("query", required=False, default="")
@click.option("--folder", type=FOLDER, help="Search in this folder of the library.")
@server_options
@library_option
def gui(
    query: str,
    folder: Path | None,
    server: str | None,
    token_file: Path | None,
    server_certificate: Path | None,
) -> None:
    """Open the window, and search for QUERY where it is given.

    A window of this library that is open already comes to the front and searches instead.

    With --server the window is that of a library on another computer of the household, such as 192.168.1.20
    or https://home.example:8732. The token that reelfind serve printed there is read from --token-file or
    REELFIND_SERVER_TOKEN, else asked for once, and kept on this computer for this address. So is the
    certificate of a home's server, which is named once with --server-certificate.
    """
    if not has_display():
        raise ReelfindError(
            "There is no display to open the window on.",
            "Use the command line instead: reelfind --help.",
        )
    gc.disable()  # nothing is garbage yet; `run` enables it once all is loaded
    from app.ui.desktop.single_instance import StartRequest
    from app.ui.shell.application import run

    endings.end_if_asked()
    log_warnings_too()
    request = StartRequest(query, None if folder is None else folder.resolve())
    if server is None:
        sys.exit(run(library_folder(), request=request))
    place = named_server(server, token_file, server_certificate)
    sys.exit(run(place.folder, request=request, server=place))


def has_display() -> bool:
    """Whether there is a screen that a window can be opened on."""
    if sys.platform in {"win32", "darwin"}:
        return True
    wanted = ("DISPLAY", "WAYLAND_DISPLAY")
    return any(os.environ.get(name) for name in wanted) or "QT_QPA_PLATFORM" in os.environ
