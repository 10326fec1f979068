"""The command line: the same capabilities as the window, for scripts and for machines without a screen."""

import gc
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app import __version__
from app.cli import endings
from app.cli.duplicates_command import duplicates
from app.cli.export_command import export
from app.cli.keep.keep_commands import keep
from app.cli.keep.library_commands import export_library, import_library
from app.cli.logs import log_handlers, log_warnings_too, place_of_log
from app.cli.mcp_command import mcp
from app.cli.models.model_commands import models
from app.cli.options import FOLDER, json_option, library_folder, library_option, print_json
from app.cli.serve_command import serve
from app.cli.serve_encoder_command import serve_encoder
from app.cli.server_options import named_server, server_options
from app.cli.sources.source_command import sources
from app.cli.terminal_text import (
    counted,
    safe,
    shown,
    typed,
)
from app.engines.scorer_names import SCORERS
from app.errors import LibraryError, ModelError, ReelfindError, UsageError
from app.query.query_error import QueryError

if TYPE_CHECKING:
    from app.session import Session


_BEFORE, _BEHIND = 40, 30
"""Characters of a query that are shown around a place in it."""


class _Group(click.Group):
    """Ends each command with one sentence at most and the exit code of its kind; see `app.cli.endings`.

    Below a sentence about a query stands its place.
    """

    def main(self, *args: Any, standalone_mode: bool = True, **kwargs: Any) -> Any:
        if not standalone_mode:
            return super().main(*args, standalone_mode=False, **kwargs)  # type: ignore[call-overload]
        endings.open_closed_streams()
        _survive_any_file_name()
        return endings.run(lambda: self._run(*args, **kwargs), place_of_log)

    def _run(self, *args: Any, **kwargs: Any) -> Any:
        try:
            kwargs.setdefault("prog_name", "reelfind")
            return super().main(*args, standalone_mode=False, **kwargs)  # type: ignore[call-overload]
        except click.Abort:  # what click makes of Ctrl-C
            raise KeyboardInterrupt from None
        except click.ClickException as error:
            with suppress(OSError):
                error.show()
            return error.exit_code
        except ReelfindError as error:
            endings.complain(safe(str(error)))
            if isinstance(error, QueryError):
                with suppress(OSError):
                    _point_at(error)
            return error.exit_code


@click.group(cls=_Group, invoke_without_command=True)
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
    if _has_display():
        context.invoke(gui)
    else:
        click.echo(context.get_help())


@main.command()
@click.argument("folders", nargs=-1, required=True, type=FOLDER)
@library_option
def add(folders: tuple[Path, ...]) -> None:
    """Watch FOLDERS: their videos can be indexed and found."""
    with _session() as session:
        for path in folders:
            folder = session.add_folder(path)
            click.echo(f"Watching {shown(folder.path)}. Index it with: reelfind index")


@main.command()
@json_option
@library_option
def folders(*, as_json: bool) -> None:
    """List the watched folders."""
    with _session() as session:
        found = session.folders()
        unreachable: dict[int, list[Path]] = {}
        for place in session.catalogue.unreachable():
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


@main.command()
@click.argument("folder", type=FOLDER)
@library_option
def remove(folder: Path) -> None:
    """Stop watching FOLDER and forget what was indexed of it. No video file is touched."""
    with _session() as session:
        session.remove_folder(folder)
        click.echo(f"No longer watching {shown(folder)}. No video file was touched.")
        session.finish_removal()


@main.command()
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
    from app.cli.cluster_option import workers_at
    from app.cli.index_command import index_folders, retry_failed
    from app.cli.keep.keep_output import print_news
    from app.indexing.line_sources import check_readable, read_names

    asked = None if named is None else read_names(named)
    with workers_at(cluster) as workers, _session() as session:
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


@main.command()
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
    from app.cli.search_likeness import likeness_of
    from app.cli.search_output import outcome_as_json, print_outcome, print_reading
    from app.cli.search_reasons import explanation_as_json, moment_of_rank, print_explanation
    from app.query.parser import read

    if complete is not None:
        from app.cli.search_completion import print_completions

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
        from app.cli.search_elsewhere import search_server

        if like is not None or folder or scorer or why or qb_norm is not None:
            raise UsageError(
                "A server is asked with a text alone: other options are for libraries on this computer.",
                "Leave them out, or --server.",
            )
        search_server(named_server(server, token_file), query, limit=limit, as_json=as_json)
        return
    with _session() as session:
        if folder is not None:
            from app.cli.index_command import index_folders

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
        moment = None if why is None else moment_of_rank(outcome, why)
        explanation = None if moment is None else session.why(query.text, moment)
        if as_json:
            reasons = {} if explanation is None else {"why": explanation_as_json(explanation)}
            print_json(outcome_as_json(outcome, session) | reasons)
        else:
            print_outcome(outcome, query)
            if explanation is not None:
                print_explanation(explanation)
        session.note_search(query.text)  # last: another program may be writing


@main.command(context_settings={"ignore_unknown_options": True})  # a VALUE may begin with a minus
@click.argument("name", required=False)
@click.argument("value", required=False)
@json_option
@library_option
def settings(name: str | None, value: str | None, *, as_json: bool) -> None:
    """List the library's settings, show the one called NAME, or set it to VALUE (“default” resets it)."""
    from app.catalogue.catalogue import Catalogue
    from app.cli.settings_command import listed, one, set_to

    with Catalogue(library_folder()) as catalogue:
        if value is not None and name is not None:
            set_to(catalogue, name, value)
        content = listed(catalogue) if name is None else one(catalogue, name)
    if as_json:
        print_json({setting.name: setting.value for setting in content})
    else:
        for setting in content:
            click.echo(str(setting))


@main.command()
@click.option("--full", is_flag=True, help="Read the whole library file, also where that takes long.")
@click.option(
    "--repair",
    is_flag=True,
    help="Make a damaged library whole first: what can be read goes into a new file, the old one is kept.",
)
@json_option
@library_option
def doctor(*, full: bool, repair: bool, as_json: bool) -> None:
    """Say what runs, what is in the library, what is wrong and what to do. Code 1: it needs you."""
    from app.cli.doctor.diagnosis import code_of, diagnose, diagnose_without_library, print_diagnosis
    from app.session import Session

    if repair:
        _repair(as_json=as_json)
    try:
        with Session(library_folder()) as session:
            diagnosis = diagnose(session, full=full, report=_say_checked if full else lambda _: None)
    except (LibraryError, ModelError) as error:
        diagnosis = diagnose_without_library(library_folder(), error)
    if as_json:
        print_json(diagnosis)
    else:
        print_diagnosis(diagnosis)
    sys.exit(code_of(diagnosis))


def _point_at(error: QueryError) -> None:
    """Show where in the query something is wrong."""
    start = max(0, error.at - _BEFORE)
    before, behind = safe(error.query[start : error.at]), safe(error.query[error.at : error.at + _BEHIND])
    if before or behind:
        click.echo(f"  {before}{behind}\n  {' ' * len(before)}^ column {error.at + 1}", err=True)


def _say_checked(what: str) -> None:
    click.echo(f"Checking: {what}…", err=True)


def _repair(*, as_json: bool) -> None:
    from app.catalogue.repair import repair

    done = repair(library_folder())
    for sentence in done.done or ["Nothing is wrong with the library file."]:
        click.echo(safe(sentence), err=as_json)
    if done.to_index:
        click.echo(f"{counted(done.to_index, 'video')} to index again with: reelfind index", err=as_json)


@main.command()
@click.argument("query", required=False, default="")
@click.option("--folder", type=FOLDER, help="Search in this folder of the library.")
@server_options
@library_option
def gui(query: str, folder: Path | None, server: str | None, token_file: Path | None) -> None:
    """Open the window, and search for QUERY where it is given.

    A window of this library that is open already comes to the front and searches instead.

    With --server the window is that of a library on another computer of the household, such as 192.168.1.20
    or https://home.example:8732. The token that reelfind serve printed there is read from --token-file or
    REELFIND_SERVER_TOKEN, else asked for once, and kept on this computer for this address.
    """
    if not _has_display():
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
    place = named_server(server, token_file)
    sys.exit(run(place.folder, request=request, server=place))


main.add_command(models)
main.add_command(keep)
main.add_command(duplicates)
main.add_command(export)
main.add_command(export_library)
main.add_command(import_library)
main.add_command(sources)
main.add_command(serve)
main.add_command(serve_encoder)
main.add_command(mcp)


@contextmanager
def _session() -> "Iterator[Session]":
    from app.session import Session

    with Session(library_folder()) as session:
        if session.model_problem:
            click.echo(f"reelfind: {session.model_problem}", err=True)
        yield session


def _has_display() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    wanted = ("DISPLAY", "WAYLAND_DISPLAY")
    return any(os.environ.get(name) for name in wanted) or "QT_QPA_PLATFORM" in os.environ


def _survive_any_file_name() -> None:
    """A file name that is not valid UTF-8 must not turn printing into an error."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")
