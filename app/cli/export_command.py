"""`reelfind export`: what a search finds, or a collection, as files."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from app.cli.options import FOLDER, json_option, library_folder, library_option, print_json
from app.cli.terminal.terminal_text import clock, counted, safe, shown, typed
from app.errors import UsageError

if TYPE_CHECKING:
    from app.exporting.export_request import ExportMoment, ExportProgress, ExportReport

JSON_VERSION = 1
KINDS = ("clips", "stills", "gif", "webp", "sheet", "csv", "json", "otio", "fcpxml", "xmeml", "edl")
"""`ExportKind`; that module is loaded when there is something to export."""


@click.command()
@click.argument("text", required=False)
@click.option("--collection", metavar="NAME", help="Export what is in this collection; no TEXT then.")
@click.option("--as", "kind", type=click.Choice(KINDS), required=True, help="What to make of the moments.")
@click.option(
    "--to", "folder", type=FOLDER, required=True, help="The folder to write to; nothing in it is replaced."
)
@click.option("--name", metavar="NAME", help="Name of a file that holds all moments (default: TEXT).")
@click.option(
    "--limit", type=click.IntRange(1, 10_000), default=20, show_default=True, help="Moments at most."
)
@click.option("--exact", is_flag=True, help="Clips begin and end to the frame; encodes them anew.")
@click.option(
    "--handles",
    type=click.FloatRange(0, 60),
    default=0.0,
    metavar="SECONDS",
    help="So much more before and after each moment.",
)
@click.option(
    "--still-format", type=click.Choice(["jpeg", "png"]), default="jpeg", help="How stills are stored."
)
@click.option(
    "--size",
    type=click.IntRange(64, 1920),
    default=480,
    show_default=True,
    help="Pixels of the longer side of GIF and WebP.",
)
@click.option(
    "--fps", type=click.FloatRange(1, 30), default=12.0, show_default=True, help="Of GIF and WebP, at most."
)
@json_option
@library_option
def export(
    text: str | None,
    collection: str | None,
    kind: str,
    folder: Path,
    name: str | None,
    limit: int,
    still_format: str,
    size: int,
    fps: float,
    handles: float,
    *,
    exact: bool,
    as_json: bool,
) -> None:
    """Export the moments that TEXT describes, or a collection, as files.

    \b
    clips            a video of each: as it is from the key frame before, or --exact
    stills           the best frame of each in full size
    gif, webp        a small picture of each that moves
    sheet            frames with their times on one picture
    csv, json        where the moments are, for spreadsheets and scripts
    otio, fcpxml, xmeml, edl   a timeline for Resolve, Final Cut Pro, Premiere

    A file that is there is never replaced: the new one is called “… (2)”.
    """
    from app.exporting.export_request import ExportKind, ExportOptions, ExportRequest, StillFormat
    from app.exporting.exporter import Export

    if (text is None) == (collection is None):
        raise UsageError("Say what to export.", "Give a TEXT to search for, or --collection NAME.")
    moments = _moments(typed(text or ""), None if collection is None else typed(collection), limit)
    request = ExportRequest(
        ExportKind(kind),
        moments,
        folder,
        typed(name or collection or text or ""),
        ExportOptions(exact, handles, StillFormat(still_format), size, fps),
    )
    report = Export(request).run(_say_progress if sys.stderr.isatty() else lambda _: None)
    if as_json:
        print_json(report_as_json(report))
    else:
        print_report(report)
    sys.exit(1 if report.failures else 0)


def report_as_json(report: "ExportReport") -> dict[str, Any]:
    """The object of docs/schemas/exported.json."""
    return {
        "version": JSON_VERSION,
        "kind": report.kind.value,
        "folder": str(report.folder),
        "files": [
            {
                "path": str(file.path),
                "moment": None if file.moment is None else _moment_as_json(file.moment),
                "start": None if file.start is None else round(file.start, 3),
                "end": None if file.end is None else round(file.end, 3),
                "left_out": list(file.left_out),
            }
            for file in report.files
        ],
        "failures": [
            {
                "moment": _moment_as_json(failure.moment),
                "reason": failure.sentence,
                "advice": failure.advice,
            }
            for failure in report.failures
        ],
    }


def print_report(report: "ExportReport") -> None:
    """A line for each file, then those for moments that failed."""
    for file in report.files:
        covered = ""
        if file.start is not None and file.end is not None and file.moment is not None:
            covered = f"  {clock(file.start)}–{clock(file.end)} of {shown(file.moment.path.name)}"
        click.echo(f"{shown(file.path)}{covered}")
        if file.left_out:
            click.echo(f"    left out: {', '.join(file.left_out)}")
    for failure in report.failures:
        place = f"{shown(failure.moment.path)}@{clock(failure.moment.start)}"
        click.echo(safe(f"not exported: {place}: {failure.sentence} {failure.advice}".strip()), err=True)
    click.echo(f"Wrote {counted(len(report.files), 'file')} to {shown(report.folder)}.", err=True)


def _moments(text: str, collection: str | None, limit: int) -> "tuple[ExportMoment, ...]":
    if collection is not None:
        from app.catalogue.catalogue import Catalogue
        from app.exporting.moments_to_export import collected_moments

        with Catalogue(library_folder()) as catalogue:
            return collected_moments(catalogue, collection)
    from app.exporting.moments_to_export import found_moments
    from app.query.parser import read
    from app.session import Session

    query = read(text)
    with Session(library_folder()) as session:
        if session.model_problem:
            click.echo(f"reelfind: {session.model_problem}", err=True)
        found = session.search(query.text, limit=limit).moments
        if not found:
            raise UsageError("Nothing was found to export.", "Try other words: reelfind search.")
        return found_moments(session.catalogue, found, query.text)


def _moment_as_json(moment: "ExportMoment") -> dict[str, Any]:
    return {"path": str(moment.path), "start": round(moment.start, 3), "end": round(moment.end, 3)}


def _say_progress(progress: "ExportProgress") -> None:
    name = "" if progress.current is None else shown(progress.current.name)
    click.echo(f"\r\x1b[K{progress.share:4.0%}  {name}", nl=progress.share >= 1, err=True)
