"""`reelfind search --why`: what spoke for a moment, as JSON for scripts, or as lines and a map for people."""

from collections.abc import Iterator
from typing import Any

import click

from app.cli.options import print_json
from app.cli.search.search_output import outcome_as_json, print_outcome
from app.cli.terminal.terminal_text import clock, safe, shown
from app.errors import UsageError
from app.open_library import OpenLibrary
from app.query.parsed_query import Query
from app.search.evidence.explanation import Explanation, Map
from app.search.outcome import Moment, SearchOutcome

_SHADES = " ░▒▓█"
_LEAST = 0.01
"""A map whose highest value is less than this is not drawn: no place of the picture matters by itself."""


def print_answer(
    session: OpenLibrary, query: Query, outcome: SearchOutcome, *, why: int | None, as_json: bool
) -> None:
    """Print what was found, and why one of it was.

    Args:
        session: the library that found it.
        query: that was asked.
        outcome: what it found.
        why: the rank of the moment that is to be explained; None for none.
        as_json: whether it is for scripts.

    Raises:
        UsageError: there is no moment of this rank.
        ReelfindError: as `OpenLibrary.why`.
    """
    moment = None if why is None else moment_of_rank(outcome, why)
    explanation = None if moment is None else session.why(query.text, moment)
    if as_json:
        reasons = {} if explanation is None else {"why": explanation_as_json(explanation)}
        print_json(outcome_as_json(outcome, session) | reasons)
        return
    print_outcome(outcome, query)
    if explanation is not None:
        print_explanation(explanation)


def moment_of_rank(outcome: SearchOutcome, rank: int) -> Moment:
    """The moment of this rank.

    Raises:
        UsageError: there is none.
    """
    if rank > len(outcome.moments):
        found = len(outcome.moments)
        raise UsageError(
            f"There is no moment {rank}: the search found {found or 'none'}.", "Raise --limit to see more."
        )
    return outcome.moments[rank - 1]


def explanation_as_json(explanation: Explanation) -> dict[str, Any]:
    """The object `why` of docs/language.md."""
    return {
        "rank": explanation.rank,
        "problem": explanation.problem or None,
        "steps": [
            {
                "time": round(step.time, 3),
                "area": list(step.area.sides),
                "map": _rounded(step.map),
                "parts": [
                    {
                        "text": part.text,
                        "excluded": part.excluded,
                        "strength": round(part.strength, 4),
                        "share": round(part.share, 4),
                        "map": _rounded(part.map),
                    }
                    for part in step.parts
                ],
            }
            for step in explanation.steps
        ],
    }


def print_explanation(explanation: Explanation) -> None:
    """What each part of the query has to do with the moment, and where in its picture."""
    click.echo(f"Why {explanation.rank}.  {shown(explanation.path)}")
    for step in explanation.steps:
        click.echo(f"  at {clock(step.time)}")
        for part in step.parts:
            role = "takes away" if part.excluded else "gives"
            name = f"without {part.text}" if part.excluded else part.text
            click.echo(safe(f"    seen: {part.strength:4.0%}   {role} {part.share:4.0%}   {name}"))
        grid = step.map if step.map is not None else next((part.map for part in step.parts), None)
        if grid is not None:
            for line in _drawn(grid):
                click.echo(f"    {line}")
    if explanation.problem:
        click.echo(safe(explanation.problem))


def _rounded(grid: Map | None) -> list[list[float]] | None:
    return None if grid is None else [[round(value, 3) for value in row] for row in grid.tolist()]


def _drawn(grid: Map) -> Iterator[str]:
    highest = float(grid.max())
    if highest < _LEAST:
        yield "No place in the picture matters by itself."
        return
    edge = "─" * (3 * grid.shape[1])
    yield f"┌{edge}┐"
    for row in grid.tolist():
        yield "│" + "".join(3 * _SHADES[round(value / highest * (len(_SHADES) - 1))] for value in row) + "│"
    yield f"└{edge}┘"
    yield f"The darker, the more depends on it: {highest:.0%} at most."
