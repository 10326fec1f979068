"""Whether the active model can read a query."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.query.parsed_query import Query
from app.query.query_error import QueryError
from app.query.scripts import LATIN, SCRIPTS, letters_of
from app.runtime.languages import other_language

if TYPE_CHECKING:
    from app.runtime.encoders import TextEncoder


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a model may not understand a query."""

    sentence: str
    """One sentence."""
    at_all: bool = False
    """Whether it cannot read a word of it: an answer would be chance."""


def notice_about(query: Query, encoder: "TextEncoder", advice: Callable[[], str]) -> str:
    """What to say beside the answer; empty where nothing is to be said.

    Args:
        query: what is asked.
        encoder: the active model's.
        advice: gives a sentence: what to do about it.

    Raises:
        QueryError: the model cannot read a word of a description.
    """
    doubt = doubt_about(query, encoder)
    if doubt is None:
        return ""
    if doubt.at_all:
        raise QueryError(doubt.sentence, advice())
    return f"{doubt.sentence} {advice()}"


def doubt_about(query: Query, encoder: "TextEncoder") -> Doubt | None:
    """What a model hardly reads in a query, the worst of it; None where all is well or nobody can tell.

    Args:
        query: each of its descriptions is looked at by itself.
        encoder: the model's.
    """
    if encoder.reads_many_languages:
        return None
    texts = [text for step in query.steps for text in (*(term.text for term in step.terms), *step.without)]
    doubts = [doubt for text in texts if (doubt := _doubt(text, encoder)) is not None]
    return max(doubts, key=lambda doubt: doubt.at_all, default=None)


def _doubt(text: str, encoder: "TextEncoder") -> Doubt | None:
    title = encoder.bundle.title
    letters = letters_of(text)
    latin = letters.pop(LATIN, 0)
    foreign = [(count, script) for script, count in letters.most_common() if not encoder.reads(script)]
    if sum(count for count, _ in foreign) > latin:
        script = SCRIPTS[foreign[0][1]]
        if "HIRAGANA" in letters or "KATAKANA" in letters:
            script = SCRIPTS["HIRAGANA"]
        return Doubt(f"The model {title} does not read {script}.", at_all=not latin)
    if language := other_language(text):
        return Doubt(f"This looks like {language}, which the model {title} hardly understands.")
    return None
