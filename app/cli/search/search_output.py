"""`reelfind search`: a search outcome as JSON for scripts, or as lines for people."""

from pathlib import Path
from typing import Any, Protocol

import click

from app.catalogue.records import Presence
from app.cli.options import print_json
from app.cli.search.thumbnail_folder import PictureFolder
from app.cli.terminal.terminal_text import clock, counted, safe, shown
from app.query.filters import FILTERS
from app.query.parsed_query import Query
from app.query.printer import explained, printed
from app.search.outcome import SearchOutcome, Verdict

_MARKS = {Presence.AWAY: "offline", Presence.UNREACHABLE: "cannot be reached", Presence.GONE: "gone"}


class PicturedLibrary(Protocol):
    """Whose pictures are written beside a search."""

    @property
    def folder(self) -> Path:
        """Where they are kept."""

    def thumbnail(self, frame_id: int) -> bytes | None:
        """WebP of a frame."""


JSON_VERSION = 2
"""Of the object that a search prints; the first had no number. A field that is added changes nothing."""


def outcome_as_json(outcome: SearchOutcome, session: PicturedLibrary) -> dict[str, Any]:
    """The object of docs/language.md; times in seconds on the container's clock, stages in milliseconds.

    Thumbnails are written as WebP files into the library's `thumbnails` folder, named by their content; where
    that cannot be written, into the cache folder; null where neither can.
    """
    pictures = PictureFolder.of(session.folder)
    results = [
        {
            "rank": moment.rank,
            "path": str(moment.path),
            "start": round(moment.start, 3),
            "end": round(moment.end, 3),
            "best": round(moment.best, 3),
            "score": round(moment.score, 6),
            "strength": round(moment.strength, 4),
            "state": moment.presence.value,
            "copies": [str(path) for path in moment.copies],
            "thumbnail": pictures.export(session.thumbnail(moment.frame_id)),
            "parts": [
                {
                    "start": round(part.start, 3),
                    "end": round(part.end, 3),
                    "best": round(part.best, 3),
                    "strength": round(part.strength, 4),
                    "thumbnail": pictures.export(session.thumbnail(part.frame_id)),
                }
                for part in moment.parts
            ],
            "reasons": [
                {
                    "kind": reason.kind.value,
                    "text": reason.text,
                    "strength": round(reason.strength, 4),
                    "step": reason.step,
                    "quote": reason.quote,
                    "marks": [list(mark) for mark in reason.marks],
                }
                for reason in moment.reasons
            ],
        }
        for moment in outcome.moments
    ]
    pictures.prune()
    took = outcome.took
    return {
        "version": JSON_VERSION,
        "query": outcome.query,
        "model": outcome.model,
        "scorer": outcome.scorer,
        "verdict": outcome.verdict.value,
        "notice": outcome.notice,
        "took_ms": {
            "encode": round(took.encode, 3),
            "candidates": round(took.candidates, 3),
            "rescore": round(took.rescore, 3),
            "total": round(took.total, 3),
        },
        "results": results,
    }


def print_outcome(outcome: SearchOutcome, query: Query) -> None:
    """One line per moment, best first; of a chain one more for each step."""
    if not outcome.moments:
        if any(step.like and not step.terms for step in query.steps):
            click.echo("No other video that is indexed shows the same.")
        elif query.filters or len(query.steps) > 1:
            click.echo("No video that is indexed fits: see how this was read with --explain.")
        else:
            click.echo("Nothing that is indexed can be searched. Index your folders with: reelfind index")
        return
    if outcome.notice:
        click.echo(safe(outcome.notice))
    if heading := _heading(outcome):
        click.echo(heading)
    for moment in outcome.moments:
        span = f"{clock(moment.start)}–{clock(moment.end)}"
        marks = [_MARKS[moment.presence]] if moment.presence in _MARKS else []
        if moment.copies:
            marks.append(counted(len(moment.copies), "copy", "copies"))
        mark = f"  ({', '.join(marks)})" if marks else ""
        strength = "" if outcome.is_listing else f"{moment.strength:4.0%}  "
        click.echo(f"{moment.rank:3d}  {strength}{span:>13}  {shown(moment.path)}{mark}")
        for number, part in enumerate(moment.parts, 1):
            click.echo(f"     {part.strength:4.0%}  {clock(part.start):>7}–{clock(part.end)}  {number}.")
        for reason in moment.reasons:
            if reason.quote:
                click.echo(safe(f"     {reason.strength:4.0%}  {reason.kind.value}: “{reason.marked_quote}”"))


def _heading(outcome: SearchOutcome) -> str:
    """What to say above the moments; empty where they speak for themselves."""
    if outcome.is_listing:
        return f"{counted(len(outcome.moments), 'video or moment', 'videos or moments')}, newest first:"
    if outcome.verdict is Verdict.NONE:
        return "Nothing in your videos seems to match. The closest:"
    return "No clear match. The closest:" if outcome.verdict is Verdict.WEAK else ""


def print_reading(query: Query, *, as_json: bool) -> None:
    """How a query was read."""
    if not as_json:
        for line in (f"read as       {printed(query)}", *explained(query)):
            click.echo(safe(line))
        return
    print_json(
        {
            "version": JSON_VERSION,
            "query": query.text,
            "read_as": printed(query),
            "steps": [
                {
                    "terms": [{"text": term.text, "weight": term.weight} for term in step.terms],
                    "without": list(step.without),
                    "lines": [
                        {"kind": line.kind.value, "text": line.text, "excluded": line.excluded}
                        for line in step.lines
                    ],
                    "like": [
                        {
                            "path": likeness.path,
                            "at": likeness.at,
                            "crop": likeness.crop,
                            "weight": likeness.weight,
                        }
                        for likeness in step.like
                    ],
                }
                for step in query.steps
            ],
            "filters": [
                {
                    "name": filter_.name.value,
                    "value": FILTERS[filter_.name].written(filter_.value),
                    "excluded": filter_.excluded,
                }
                for filter_ in query.filters
            ],
            "within": query.within,
        }
    )
