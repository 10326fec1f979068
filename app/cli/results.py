"""`reelfind search`: a search outcome as JSON for scripts, or as lines for people."""

import hashlib
import os
import tempfile
from pathlib import Path
from typing import Any

import click

from app.cli.text import clock, shown
from app.errors import LibraryError
from app.search.outcome import SearchOutcome, Verdict
from app.session import Session

_KEPT_THUMBNAILS = 2000


def outcome_as_json(outcome: SearchOutcome, session: Session) -> dict[str, Any]:
    """The documented object; times in seconds on the container's clock, stages in milliseconds.

    Thumbnails are written as WebP files into the library's `thumbnails` folder, named by their content.
    """
    folder = session.folder / "thumbnails"
    results = [
        {
            "rank": moment.rank,
            "path": str(moment.path),
            "start": round(moment.start, 3),
            "end": round(moment.end, 3),
            "best": round(moment.best, 3),
            "score": round(moment.score, 6),
            "thumbnail": _export(session.thumbnail(moment.frame_id), folder),
        }
        for moment in outcome.moments
    ]
    _prune(folder)
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
        click.echo("Nothing is indexed yet. Index your folders with: reelfind index")
        return
    if outcome.verdict is Verdict.NONE:
        click.echo("Nothing in your videos seems to match. The closest:")
    elif outcome.verdict is Verdict.WEAK:
        click.echo("No clear match. The closest:")
    for moment in outcome.moments:
        span = f"{clock(moment.start)}–{clock(moment.end)}"
        away = "" if moment.online else "  (offline)"
        click.echo(f"{moment.rank:3d}  {moment.strength:4.0%}  {span:>13}  {shown(moment.path)}{away}")


def _export(webp: bytes | None, folder: Path) -> str | None:
    if webp is None:
        return None
    path = folder / f"{hashlib.sha256(webp).hexdigest()[:24]}.webp"
    try:
        folder.mkdir(exist_ok=True)
        try:
            os.utime(path)  # in use again: `_prune` takes the oldest
        except FileNotFoundError:
            # Under a name of its own until it is whole: another search may be writing the same picture.
            with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as part:
                part.write(webp)
            Path(part.name).replace(path)
    except OSError as error:
        raise LibraryError(
            f"Thumbnails cannot be written into {folder}: {error.strerror}.",
            "Free some space there and check its permissions, or leave out --json.",
        ) from error
    return str(path)


def _prune(folder: Path) -> None:
    """Keep the newest exported thumbnails only: they can be written again at any time."""
    if not folder.is_dir():
        return
    files = sorted(folder.iterdir(), key=_last_used, reverse=True)
    for path in files[_KEPT_THUMBNAILS:]:
        path.unlink(missing_ok=True)


def _last_used(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:  # another search pruned it
        return 0
