"""Every command of the program, and what it does without one."""

import logging

import click

from app import __version__
from app.cli.doctor.doctor_command import doctor
from app.cli.duplicates_command import duplicates
from app.cli.export_command import export
from app.cli.folder_commands import add, folders, remove
from app.cli.indexing.index_command import index
from app.cli.keep.keep_commands import keep
from app.cli.keep.library_commands import export_library, import_library
from app.cli.models.model_commands import models
from app.cli.options import library_option
from app.cli.search.search_command import search
from app.cli.serving.mcp_command import mcp
from app.cli.serving.serve_command import serve
from app.cli.serving.serve_encoder_command import serve_encoder
from app.cli.settings_command import settings
from app.cli.sources.source_command import sources
from app.cli.terminal.command_group import CommandGroup
from app.cli.terminal.logs import log_handlers
from app.cli.window_command import gui, has_display


@click.group(cls=CommandGroup, invoke_without_command=True)
@click.version_option(__version__, prog_name="reelfind")
@library_option
@click.pass_context
def main(context: click.Context) -> None:
    """Find a moment in your own videos by describing it. Without a command: open the window."""
    # Rooms are imported where a command needs them, so that `--help` answers without loading a runtime.
    logging.basicConfig(level=logging.WARNING, handlers=log_handlers(), force=True)
    context.ensure_object(dict)
    if context.invoked_subcommand is not None:
        return
    if has_display():
        context.invoke(gui)
    else:
        click.echo(context.get_help())


for _command in (
    add,
    folders,
    remove,
    index,
    search,
    settings,
    doctor,
    gui,
    models,
    keep,
    duplicates,
    export,
    export_library,
    import_library,
    sources,
    serve,
    serve_encoder,
    mcp,
):
    main.add_command(_command)
