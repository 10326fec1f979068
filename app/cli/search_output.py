"""`reelfind search`: a search outcome as JSON for scripts, or as lines for people."""

from typing import Any

import click

from app.catalogue.records import Presence
from app.cli.terminal_text import clock, counted, shown
from app.cli.thumbnail_folder import PictureFolder
from app.search.outcome import SearchOutcome, Verdict
from app.session import Session

_MARKS = {Presence.AWAY: "offline", Presence.UNREACHABLE: "cannot be reached", Presence.GONE: "gone"}


def outcome_as_json(outcome: SearchOutcome, session: Session) -> dict[str, Any]:
    """The documented object; times in seconds on the container's clock, stages in milliseconds.

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
            "state": moment.presence.value,
            "copies": [str(path) for path in moment.copies],
            "thumbnail": pictures.export(session.thumbnail(moment.frame_id)),
        }
        for moment in outcome.moments
    ]
    pictures.prune()
    took = outcome.took
    return {
        "query": outcome.query,
        "model": outcome.model,
        "scorer": outcome.scorer,
        "verdict": outcome.verdict.value,
        "took_ms": {
            "encode": round(took.encode, 3),
            "candidates": round(took.candidates, 3),
            "rescore": round(took.rescore, 3),
            "total": round(took.total, 3),
        },
        "results": results,
    }


def print_outcome(outcome: SearchOutcome) -> None:
    """One line per moment, best first."""
    if not outcome.moments:
        click.echo("Nothing that is indexed can be searched. Index your folders with: reelfind index")
        return
    if outcome.verdict is Verdict.NONE:
        click.echo("Nothing in your videos seems to match. The closest:")
    elif outcome.verdict is Verdict.WEAK:
        click.echo("No clear match. The closest:")
    for moment in outcome.moments:
        span = f"{clock(moment.start)}–{clock(moment.end)}"
        marks = [_MARKS[moment.presence]] if moment.presence in _MARKS else []
        if moment.copies:
            marks.append(counted(len(moment.copies), "copy", "copies"))
        mark = f"  ({', '.join(marks)})" if marks else ""
        click.echo(f"{moment.rank:3d}  {moment.strength:4.0%}  {span:>13}  {shown(moment.path)}{mark}")
