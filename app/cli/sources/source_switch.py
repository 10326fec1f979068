"""Turning sources on and off, and forgetting what was read of them."""

from app.catalogue.catalogue import Catalogue
from app.engines.model_choice import change_setting, stored_settings
from app.errors import UsageError
from app.indexing.behind.line_sources import IN_WORDS, line_sources
from app.lines.line import Source


def turn(catalogue: Catalogue, name: str, *, on: bool) -> None:
    """Have a source read from now on, or not any more; what was read stays.

    Raises:
        UsageError: there is no such source, it is always on, or it cannot be read here.
    """
    if _source(name) is Source.NAME:
        raise UsageError("Names are always read: they cost nothing.")
    if on:
        each = next(
            each for each in line_sources(stored_settings(catalogue)) if IN_WORDS[each.source] == name
        )
        if each.problem:
            raise UsageError(each.problem, each.advice)
    change_setting(catalogue, name, "on" if on else "off")


def forget_lines(catalogue: Catalogue, name: str) -> None:
    """Delete what was read of a source; while it is on, the next run reads it again.

    Raises:
        UsageError: there is no such source, or it is made of the files' names.
    """
    source = _source(name)
    if source is Source.NAME:
        raise UsageError("Names are those of the files: there is nothing to forget.")
    catalogue.forget_lines(source)


def _source(name: str) -> Source:
    for source, word in IN_WORDS.items():
        if word == name:
            return source
    raise UsageError(f"There is no source “{name}”.", f"There are {', '.join(IN_WORDS.values())}.")
