"""`reelfind add`, `folders` and `remove`: which folders are watched."""

from contextlib import closing
from pathlib import Path

import click

from app.cli.opened_session import opened_catalogue
from app.cli.options import FOLDER, json_option, library_option, print_json
from app.cli.terminal.terminal_text import counted, shown


@click.command()
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
@library_option
def add(folders: tuple[Path, ...]) -> None:
    """Watch FOLDERS: their videos can be indexed and found."""
    with opened_catalogue() as catalogue:
        for path in folders:
            folder = catalogue.add_folder(path)
            click.echo(f"Watching {shown(folder.path)}. Index it with: reelfind index")


@click.command()
@json_option
@library_option
def folders(*, as_json: bool) -> None:
    """List the watched folders."""
    with opened_catalogue() as catalogue:
        found = catalogue.folders()
        unreachable: dict[int, list[Path]] = {}
        for place in catalogue.unreachable():
            unreachable.setdefault(place.folder_id, []).append(place.path)
    if as_json:
        print_json(
            [
                {
                    "path": str(folder.path),
                    "online": folder.online,
                    "videos": folder.videos,
                    "indexed": folder.indexed,
                    "failed": folder.failed,
                    "pending": folder.pending,
                    "seconds": folder.seconds,
                    "state": "here" if folder.online else "away",
                    "unreachable": [str(path) for path in unreachable.get(folder.id, [])],
                }
                for folder in found
            ]
        )
    elif not found:
        click.echo("No folders yet. Add one with: reelfind add FOLDER")
    else:
        for folder in found:
            state = "" if folder.online else "  (offline)"
            click.echo(
                f"{shown(folder.path)}{state}\n    {counted(folder.videos, 'video')}: "
                f"{folder.indexed} indexed, {folder.pending} to do, {folder.failed} not readable"
            )
            for path in unreachable.get(folder.id, []):
                click.echo(f"    cannot be looked into: {shown(path)}")


@click.command()
@click.argument("folder", type=FOLDER)
@library_option
def remove(folder: Path) -> None:
    """Stop watching FOLDER and forget what was indexed of it. No video file is touched."""
    from app.catalogue.removal import Removal

    with opened_catalogue() as catalogue, closing(Removal(catalogue.delete_some)) as removal:
        catalogue.remove_folder(folder)
        click.echo(f"No longer watching {shown(folder)}. No video file was touched.")
        removal.start()
        removal.wait()
