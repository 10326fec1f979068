"""`reelfind index`: what is new or changed is indexed."""

import sys
from pathlib import Path

import click

from app.cli.opened_session import opened_session
from app.cli.options import FOLDER, json_option, library_option


@click.command()
@click.argument("folders", nargs=-1, type=FOLDER)
@click.option(
    "--retry", is_flag=True, help="Also look again at what could not be read, though no file has changed."
)
@click.option(
    "--sources",
    "named",
    metavar="NAMES",
    help="Read the words of these sources, such as speech,text, or of none; in place of those that are on.",
)
@click.option("--cluster", metavar="ADDRESS", help="Read videos on the Ray cluster at HOST:PORT, or auto.")
@json_option
@library_option
def index(
    folders: tuple[Path, ...], named: str | None, cluster: str | None, *, retry: bool, as_json: bool
) -> None:
    """Index what is new or changed, in FOLDERS (added if needed) or in all watched folders."""
    from app.cli.indexing.cluster_option import workers_at
    from app.cli.indexing.index_run_display import index_folders, retry_failed
    from app.cli.keep.keep_output import print_news
    from app.indexing.behind.line_sources import check_readable, read_names

    asked = None if named is None else read_names(named)
    with workers_at(cluster) as workers, opened_session() as session:
        session.indexer.employ(workers)
        if asked is not None:
            check_readable(session.line_sources(), asked)
        wanted = [session.add_folder(path).id for path in folders] or None
        if retry:
            retry_failed(session, wanted)
        code = index_folders(session, wanted, sources=asked, as_json=as_json)
        if not as_json:
            print_news(session.kept.new_matches())
    sys.exit(code)
