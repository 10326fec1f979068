"""What `reelfind keep` prints: JSON for scripts (docs/schemas), lines for people."""

import shlex
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import click

from app.catalogue.kept.kept_records import KeptThing, NamedCount, PastSearch
from app.catalogue.records import Presence
from app.cli.terminal.terminal_text import clock, counted, safe, shown

if TYPE_CHECKING:
    from app.keeping.keeping import NewMatches

JSON_VERSION = 1

_MARKS = {
    Presence.AWAY: "  (offline)",
    Presence.UNREACHABLE: "  (cannot be reached)",
    Presence.GONE: "  (not here now)",
}


_HIDDEN = "  (hidden)"


def kept_as_json(found: Sequence[KeptThing]) -> dict[str, Any]:
    """The object of docs/schemas/keep-list.json."""
    return {
        "version": JSON_VERSION,
        "kept": [
            {
                "path": str(thing.path),
                "state": thing.presence.value,
                "start": None if thing.target.span is None else thing.target.span.start,
                "end": None if thing.target.span is None else thing.target.span.end,
                "favourite": thing.favourite,
                "tags": list(thing.tags),
                "note": thing.note,
                "collections": list(thing.collections),
                "hidden": thing.hidden,
                "made": round(thing.made, 3),
            }
            for thing in found
        ],
    }


def print_kept(found: Sequence[KeptThing]) -> None:
    """One line for each video or moment, more for what is kept about it."""
    if not found:
        click.echo("Nothing is kept here. Keep a moment with: reelfind keep favourite dog.mp4@12.5")
    for thing in found:
        star = "★" if thing.favourite else " "
        span = thing.target.span
        when = "" if span is None else f"{clock(span.start)}–{clock(span.end)}"
        click.echo(
            f"{star} {when:>13}  {shown(thing.path)}{_MARKS.get(thing.presence, '')}{_HIDDEN * thing.hidden}"
        )
        if thing.tags:
            click.echo(safe(f"{'':17}tags: {', '.join(thing.tags)}"))
        if thing.collections:
            click.echo(safe(f"{'':17}in: {', '.join(thing.collections)}"))
        for line in thing.note.splitlines():
            click.echo(safe(f"{'':17}“{line}”"))


def names_as_json(found: Sequence[NamedCount]) -> dict[str, Any]:
    """The object of docs/schemas/keep-names.json."""
    return {"version": JSON_VERSION, "names": [{"name": each.name, "count": each.count} for each in found]}


def print_names(found: Sequence[NamedCount], what: str) -> None:
    """One line for each tag or collection."""
    if not found:
        click.echo(f"There are no {what} yet.")
    for each in found:
        click.echo(f"{each.count:6,}  {safe(each.name)}")


def searches_as_json(found: "Sequence[NewMatches]") -> dict[str, Any]:
    """The object of docs/schemas/keep-searches.json."""
    return {
        "version": JSON_VERSION,
        "searches": [
            {
                "name": each.search.name,
                "query": each.search.query,
                "made": round(each.search.made, 3),
                "new": None if each.problem else each.count,
                "problem": each.problem or None,
            }
            for each in found
        ],
    }


def print_searches(found: "Sequence[NewMatches]") -> None:
    """One line for each saved search."""
    if not found:
        click.echo("No searches are saved yet. Save one with: reelfind keep search NAME TEXT")
    for each in found:
        news = f"  {counted(each.count, 'new match', 'new matches')}" if each.count else ""
        click.echo(safe(f"{each.search.name}{news}"))
        click.echo(safe(f"    {each.problem or each.search.query}"))


def print_news(found: "Sequence[NewMatches]") -> None:
    """One line for each saved search that finds something new."""
    for each in found:
        if each.count:
            news = counted(each.count, "new match", "new matches")
            name = each.search.name
            click.echo(safe(f"{news} of “{name}”, see: reelfind keep run {shlex.quote(name)}"))


def history_as_json(found: Sequence[PastSearch]) -> dict[str, Any]:
    """The object of docs/schemas/keep-history.json."""
    return {
        "version": JSON_VERSION,
        "searches": [
            {"query": each.query, "times": each.times, "searched": round(each.searched, 3)} for each in found
        ],
    }


def print_history(found: Sequence[PastSearch]) -> None:
    """One line for each query, newest first."""
    if not found:
        click.echo("No searches are remembered.")
    for each in found:
        when = datetime.fromtimestamp(each.searched).strftime("%Y-%m-%d %H:%M")
        click.echo(safe(f"{when}  {each.query}"))
