"""`reelfind mcp`: assistants and editors ask the library."""

from pathlib import Path

import click

from app.cli.options import FOLDER, library_folder, library_option
from app.errors import ReelfindError

EXTRA = "mcp"


@click.command("mcp")
@click.option(
    "--allow-export",
    type=FOLDER,
    metavar="FOLDER",
    help="Let clips be written into this folder, and nowhere else; no file is replaced.",
)
@library_option
def mcp(allow_export: Path | None) -> None:
    """Let an assistant or editor search the library, over the Model Context Protocol.

    It starts this command itself and talks to it on stdin and stdout, until it closes them: see
    docs/assistants.md. The library is only read. Nothing is indexed.
    """
    try:
        from app.assistants.assistant_server import AssistantServer, offered_tools, serve
        from app.assistants.clip_exports import ClipExports
        from app.assistants.library_tools import LibraryTools
    except ModuleNotFoundError as error:
        from app.extras import install_command

        raise ReelfindError(
            "Answering assistants needs a package that is not installed.",
            f"Install it with: {install_command(EXTRA)}",
        ) from error
    from app.session import Session

    exports = None if allow_export is None else ClipExports(allow_export)
    with Session(library_folder(), reading=True) as session:
        tools = offered_tools(LibraryTools(session, exports), can_export=exports is not None)
        serve(AssistantServer(tools, before=session.follow))
