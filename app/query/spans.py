"""Where in a text its signs stand: what an editor can colour, name and take away."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.query.lexer import Kind, Token
from app.query.negation import part
from app.query.parser import parted, terms_of
from app.query.query_error import QueryError


class SpanKind(StrEnum):
    """What a piece of a query does."""

    FILTER = "filter"
    LIKE = "like"
    LINE = "line"
    """What is said or written."""
    WITHOUT = "without"
    """What is left out, by a minus or in words."""
    TERM = "term"
    """One of several descriptions that are to be seen together, or one with a weight."""


@dataclass(frozen=True, slots=True)
class Span:
    """One sign with its value."""

    kind: SpanKind
    start: int
    end: int
    """In characters, from where to where."""
    name: str
    """Of a filter or a line, as it is typed before the colon; else empty."""
    value: str
    """Of what is left out its words."""
    excluded: bool = False
    """Whether a minus turns a filter or a line round."""
    weight: float = 1.0
    """Of a term or a likeness: how much it counts beside the others."""


@dataclass(frozen=True, slots=True)
class StepSpan:
    """One step of a chain."""

    start: int
    """Where it begins, the sign before it included."""
    end: int
    words: str
    """What is typed in it, without the sign before it and without filters, which hold for all steps."""


def spans_of(text: str) -> list[Span]:
    """All signs of a text in their order; what cannot be read is passed over, as it may still be typed."""
    filters, steps = _parted(text)
    found = [_of_token(SpanKind.FILTER, token) for token in filters if token.text]
    for _, tokens in steps:
        for token in tokens:
            if token.kind is Kind.LIKE:
                found.append(_of_token(SpanKind.LIKE, token))
            elif token.kind is Kind.LINE:
                found.append(_of_token(SpanKind.LINE, token))
        terms = terms_of(tokens)
        for _, of_term in terms:
            words = [token for token in of_term if token.kind not in {Kind.LIKE, Kind.LINE}]
            description = part(words)
            found += [
                Span(SpanKind.WITHOUT, start, end, "", phrases) for start, end, phrases in description.places
            ]
            shown = description.shown
            if shown and (len(terms) > 1 or shown[0].weight):
                found.append(_of_term(text, shown))
    return sorted(found, key=lambda span: span.start)


def steps_of(text: str) -> list[StepSpan]:
    """The steps of a chain in their order; none where there is only one description."""
    _, steps = _parted(text)
    if len(steps) < 2:
        return []
    ends = [at for at, _ in steps[1:]] + [len(text)]
    return [
        StepSpan(at, end, " ".join(" ".join(text[token.at : token.end].split()) for token in tokens))
        for (at, tokens), end in zip(steps, ends, strict=True)
    ]


def _parted(text: str) -> tuple[list[Token], list[tuple[int, list[Token]]]]:
    """As `parted`; a word that is refused counts as an ordinary one."""
    known = text
    while True:
        try:
            return parted(known)
        except QueryError as error:
            start = error.at
            if not known[start:].strip():
                return [], []
            end = next((at for at in range(start, len(known)) if known[at].isspace()), len(known))
            plain = "x" * (end - start)
            if known[start:end] == plain:
                return [], []
            known = known[:start] + plain + known[end:]


def _of_term(text: str, shown: Sequence[Token]) -> Span:
    """A term, as far as its words stand in one piece."""
    last = shown[0]
    for token in shown[1:]:
        if text[last.end : token.at].strip():
            break
        last = token
    start, end = shown[0].at, last.end
    weight = shown[0].weight
    words = text[start + len(weight) + 1 if weight else start : end]
    return Span(SpanKind.TERM, start, end, "", words, weight=_number(weight))


def _number(weight: str) -> float:
    return float(weight or 1)


def _of_token(kind: SpanKind, token: Token) -> Span:
    value = token.text if token.quoted else token.text.rstrip(",;")
    return Span(kind, token.at, token.end, token.name, value, token.minus, _number(token.weight))
