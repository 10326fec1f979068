"""`reelfind search`: the moments that a text, a picture or a video describes."""

from pathlib import Path

import click

from app.cli.opened_session import opened_session
from app.cli.options import FOLDER, json_option, library_folder, library_option
from app.cli.server_options import named_server, server_options
from app.cli.terminal.terminal_text import counted, typed
from app.engines.scorer_names import SCORERS
from app.errors import UsageError


@click.command()
@click.argument("text", required=False)
@click.option("--in", "folder", type=FOLDER, help="Only this folder; added and indexed first if needed.")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Moments at most."
)
@click.option("--scorer", type=click.Choice(list(SCORERS)), help="What ranks the answers (default: as set).")
@click.option(
    "--qb-norm/--no-qb-norm",
    default=None,
    help="Down-rank clips that match every query (default: as set).",
)
@click.option("--image", type=FOLDER, help="What looks like this picture; TEXT may say what is different.")
@click.option("--crop", metavar="X,Y,W,H", help="Only this part of --image, in percent of its sides.")
@click.option("--video", type=FOLDER, help="What shows the same as this video of the library, in its order.")
@click.option("--why", type=click.IntRange(1, 10_000), metavar="RANK", help="Say what spoke for a moment.")
@click.option("--explain", is_flag=True, help="Print how TEXT is read, and do not search.")
@click.option(
    "--complete", metavar="PREFIX", help="Print how the last word of PREFIX may go on, for a shell."
)
@server_options
@json_option
@library_option
def search(
    text: str | None,
    folder: Path | None,
    limit: int,
    scorer: str | None,
    why: int | None,
    complete: str | None,
    image: Path | None,
    crop: str | None,
    video: Path | None,
    server: str | None,
    token_file: Path | None,
    server_certificate: Path | None,
    *,
    qb_norm: bool | None,
    explain: bool,
    as_json: bool,
) -> None:
    """Find the moments that TEXT describes.

    \b
    without    a street -cars            no people          a street without cars
    together   beach + sunset            2*beach + dog
    in order   a door opens >> a dog runs out   within:60s     a door opens then a dog runs out
    filters    in:holiday after:2023-05 before:2024 longer:30s shorter:5m
               is:portrait is:4k type:mov name:graduation camera:iphone place:lisbon -in:work
    kept       is:favourite tag:birthday in-collection:holidays is:hidden
    alone      filters alone list all that meets them, newest first
    like this  like:"dog.mp4@12.5"    like:photo.jpg at night    like:"photo.jpg#50,0,50,100"
    as it is   "no smoking sign"

    A TEXT that begins with a minus stands behind two: reelfind search -- -cars
    """
    from app.cli.search.search_likeness import likeness_of
    from app.cli.search.search_output import print_reading
    from app.cli.search.search_reasons import print_answer
    from app.query.parser import read

    if complete is not None:
        from app.cli.search.search_completion import print_completions

        print_completions(typed(complete), library_folder(), as_json=as_json)
        return
    like = likeness_of(image, crop, video)
    if text is None and like is None:
        raise click.MissingParameter(param_hint="TEXT", param_type="argument")
    query = read(" ".join(filter(None, [like, typed(text or "")])))
    if explain:
        print_reading(query, as_json=as_json)
        return
    if server is not None:
        from app.cli.search.search_elsewhere import search_server

        if like is not None or folder or scorer or qb_norm is not None:
            raise UsageError(
                "A server is asked with a text alone: other options are for libraries on this computer.",
                "Leave them out, or --server.",
            )
        place = named_server(server, token_file, server_certificate)
        search_server(place, query, limit=limit, why=why, as_json=as_json)
        return
    with opened_session() as session:
        if folder is not None:
            from app.cli.indexing.index_run_display import index_folders

            watched = session.covering(folder) or session.add_folder(folder)
            quick = frozenset(each.source for each in session.line_sources() if each.wanted and each.quick)
            index_folders(session, [watched.id], sources=quick, as_json=False, quiet=True)
        elif not session.catalogue.watched():
            raise UsageError(
                "The library is empty.", "Add a folder first: reelfind add FOLDER, reelfind index."
            )
        outcome = session.search(query.text, limit=limit, folder=folder, scorer=scorer, qb_norm=qb_norm)
        if left_out := session.catalogue.left_out:
            click.echo(
                f"reelfind: {counted(left_out, 'video')} left out: what is stored of them is damaged. "
                "Index them again with: reelfind index",
                err=True,
            )
        print_answer(session, query, outcome, why=why, as_json=as_json)
        session.note_search(query.text)  # last: another program may be writing
