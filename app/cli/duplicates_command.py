"""`reelfind duplicates`: groups of videos that share content, as JSON for scripts, or as lines for people."""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from app.cli.options import json_option, library_folder, library_option, print_json
from app.cli.terminal.terminal_text import clock, counted, safe, shown

if TYPE_CHECKING:
    from app.engines.duplicate_finder import Duplicate, DuplicateGroup

JSON_VERSION = 1

_STEPS = 1000
"""Of the progress that is shown."""


@click.command()
@json_option
@library_option
def duplicates(*, as_json: bool) -> None:
    """List videos that share content, and copies, with how they differ. Nothing is deleted."""
    from app.session import Session

    label, quiet = "Comparing videos", not sys.stderr.isatty()
    with (
        Session(library_folder()) as session,
        click.progressbar(length=_STEPS, label=label, file=sys.stderr, hidden=quiet) as bar,
    ):
        groups = session.duplicates(lambda share: bar.update(round(_STEPS * share) - bar.pos))
    if as_json:
        print_json(groups_as_json(groups))
    else:
        print_groups(groups)


def groups_as_json(groups: "Sequence[DuplicateGroup]") -> dict[str, Any]:
    """The object of docs/schemas/duplicates.json."""
    return {
        "version": JSON_VERSION,
        "groups": [[_as_json(each) for each in group.videos] for group in groups],
    }


def print_groups(groups: "Sequence[DuplicateGroup]") -> None:
    """One line for each video, the longest of a group first."""
    if not groups:
        click.echo("No two videos that are indexed share content.")
        return
    for number, group in enumerate(groups, 1):
        click.echo(f"{number}.")
        for each in group.videos:
            facts = each.video.facts
            size = "" if facts is None else f"{facts.width}×{facts.height}"
            length = "" if facts is None else clock(facts.duration)
            megabytes = f"{each.video.size / 1e6:.1f} MB"
            click.echo(f"    {length:>7}  {size:>9}  {megabytes:>10}  {shown(each.video.path)}")
            if each.span is not None:
                start, end = map(clock, each.span)
                words = ", ".join(each.differences) or "no other difference"
                click.echo(safe(f"{'':13}{each.share:.0%} shared, {start}–{end}; {words}"))
            for path in each.copies:
                click.echo(f"{'':13}the same content: {shown(path)}")
    files = sum(1 + len(each.copies) for group in groups for each in group.videos)
    click.echo(f"{counted(len(groups), 'group')} of {counted(files, 'file')}. Nothing was deleted.")


def _as_json(each: "Duplicate") -> dict[str, Any]:
    video, facts = each.video, each.video.facts
    return {
        "path": str(video.path),
        "state": video.presence.value,
        "copies": [str(path) for path in each.copies],
        "duration": None if facts is None else round(facts.duration, 3),
        "width": None if facts is None else facts.width,
        "height": None if facts is None else facts.height,
        "size": video.size,
        "created": None if facts is None else facts.created,
        "changed": datetime.fromtimestamp(video.mtime_ns / 1e9).astimezone().isoformat(timespec="seconds"),
        "share": round(each.share, 4),
        "likeness": round(each.likeness, 4),
        "start": None if each.span is None else round(each.span[0], 3),
        "end": None if each.span is None else round(each.span[1], 3),
        "differences": list(each.differences),
    }
