"""Each source of words with its state, for people and for scripts."""

from collections.abc import Sequence
from typing import Any

import click

from app.catalogue.catalogue import Catalogue
from app.catalogue.line_records import LineFailure
from app.cli.terminal.terminal_text import counted, safe, shown
from app.indexing.behind.line_sources import IN_WORDS, LineSource
from app.lines.line import Source

_MOST_PRINTED = 20
"""Failures of one source that are printed; `--json` has all."""


def states(catalogue: Catalogue, sources: Sequence[LineSource]) -> list[dict[str, Any]]:
    """Each source as plain values; see docs/schemas/sources.json."""
    counts = catalogue.line_counts()
    names = LineSource(Source.NAME, wanted=True, quick=True, reader="names")
    return [
        {
            "name": IN_WORDS[each.source],
            "on": each.wanted,
            "ready": not each.problem,
            "reader": each.reader,
            "problem": each.problem,
            "advice": each.advice,
            "done": counts[each.source].done,
            "failed": counts[each.source].failed,
            "pending": counts[each.source].pending,
            "lines": counts[each.source].lines,
            "failures": [_described(failure) for failure in catalogue.line_failures(each.source)],
        }
        for each in (names, *sources)
    ]


def print_states(found: Sequence[dict[str, Any]]) -> None:
    """The same for people."""
    print_sources(found)
    for state in found:
        if state["problem"]:
            click.echo(f"{state['name']}: {safe(state['problem'])} {safe(state['advice'])}".rstrip())
    print_failures(found)


def print_sources(found: Sequence[dict[str, Any]]) -> None:
    """One line for each source: whether it is on, and how far it is."""
    for state in found:
        click.echo(f"{state['name']:10} {_in_words(state)}")


def print_failures(found: Sequence[dict[str, Any]]) -> None:
    """What could not be read, and why."""
    for state in found:
        failures = state["failures"]
        if failures:
            click.echo(f"Of these files the {state['name']} could not be read:")
        for failure in failures[:_MOST_PRINTED]:
            again = " (It will be tried again.)" if failure["will_be_retried"] else ""
            reason = f"{failure['reason']} {failure['advice']}".strip()
            click.echo(f"  {shown(failure['path'])}\n    {safe(reason)}{again}")
        if len(failures) > _MOST_PRINTED:
            click.echo(f"  and {len(failures) - _MOST_PRINTED:,} more; see: reelfind sources --json")


def _in_words(state: dict[str, Any]) -> str:
    if not state["on"]:
        kept = f"; {counted(state['lines'], 'line')} kept" if state["lines"] else ""
        return f"off{kept}. Turn it on with: reelfind sources {state['name']} on"
    parts = [f"{counted(state['lines'], 'line')} of {counted(state['done'], 'video')}"]
    if state["pending"]:
        parts.append(f"{state['pending']:,} to do")
    if state["failed"]:
        parts.append(f"{state['failed']:,} not readable")
    reader = f"  ({safe(state['reader'])})" if state["reader"] and state["name"] != "names" else ""
    return ", ".join(parts) + reader


def _described(failure: LineFailure) -> dict[str, Any]:
    return {
        "path": str(failure.video.path),
        "reason": failure.reason,
        "advice": failure.advice,
        "cause": failure.cause.value,
        "attempts": failure.attempts,
        "will_be_retried": failure.cause.is_passing,
    }
