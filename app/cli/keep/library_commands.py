"""`reelfind export-library` and `import-library`."""

from pathlib import Path

import click

from app.cli.options import FOLDER, json_option, library_folder, library_option, print_json
from app.cli.terminal.terminal_text import counted, shown

FILE = FOLDER


@click.command("export-library")
@click.argument("file", type=FILE)
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@json_option
@library_option
def export_library(file: Path, *, force: bool, as_json: bool) -> None:
    """Write all that is kept in the library into FILE, as JSON: marks, searches, folders, settings."""
    from app.catalogue.catalogue import Catalogue
    from app.keeping import library_export

    with Catalogue(library_folder()) as catalogue:
        content = library_export.export_library(catalogue, file, force=force)
    lists = ("marks", "favourites_of_people", "collections", "searches", "folders", "videos")
    counts = {name: len(content[name]) for name in lists}
    if as_json:
        print_json({"version": content["version"], "file": str(file), **counts})
        return
    things = counts["marks"] + counts["favourites_of_people"]
    click.echo(
        f"Wrote {counted(things, 'kept thing')}, {counted(counts['collections'], 'collection')} and "
        f"{counted(counts['searches'], 'saved search', 'saved searches')} to {shown(file)}."
    )


@click.command("import-library")
@click.argument("file", type=FILE)
@click.option("--folders", is_flag=True, help="Also watch its folders, where they are here.")
@click.option("--settings", is_flag=True, help="Also take over its settings, models aside.")
@json_option
@library_option
def import_library(file: Path, *, folders: bool, settings: bool, as_json: bool) -> None:
    """Put what FILE holds beside what is kept in the library. Twice is once."""
    from app.catalogue.catalogue import Catalogue
    from app.keeping import library_export

    with Catalogue(library_folder()) as catalogue:
        done = library_export.import_library(catalogue, file, folders=folders, settings=settings)
    if as_json:
        print_json(
            {
                "version": 1,
                "marks": done.merged.marks,
                "favourites_of_people": done.merged.of_people,
                "collections": done.merged.collections,
                "searches": done.merged.searches,
                "settings": done.settings,
                "folders": [str(path) for path in done.folders],
                "not_added": [str(path) for path in done.not_added],
            }
        )
        return
    click.echo(
        f"New here: {counted(done.merged.marks + done.merged.of_people, 'kept thing')}, "
        f"{counted(done.merged.collections, 'collection')}, "
        f"{counted(done.merged.searches, 'saved search', 'saved searches')}."
    )
    if done.settings:
        click.echo(f"{counted(done.settings, 'setting')} changed.")
    for path in done.folders:
        click.echo(f"Watching {shown(path)}. Index it with: reelfind index")
    for path in done.not_added:
        why = "is not here" if folders else "is not watched (--folders watches it)"
        click.echo(f"{shown(path)} {why}")
