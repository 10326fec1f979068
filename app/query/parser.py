"""From tokens to a query. `read` is the way in."""

from collections.abc import Sequence
from dataclasses import replace

from app.query.filters import SHAPES, WITHIN_NAME, spec_of
from app.query.lexer import Kind, Token, cut
from app.query.like_values import read_likeness
from app.query.negation import part
from app.query.parsed_query import (
    WITHIN,
    Filter,
    FilterName,
    Likeness,
    LineKind,
    LineTerm,
    Query,
    Step,
    Term,
)
from app.query.query_error import QueryError

MOST_STEPS, MOST_TERMS, MOST_LIKE, MOST_LINES, MOST_FILTERS = 8, 16, 4, 4, 32
"""Of a chain; of a step, and as many exclusions; of a step, twice; of a query."""

HEAVIEST = 100.0

_NO_ORDER_BEHIND = {
    *("back", "since", "by", "until", "till", "even", "just", "only", "right", "from", "before", "if"),
    *("than", "was", "the", "every", "till"),
}
"""Before “then”: then it is no “and after that”."""

_NO_ORDER_BEFORE = {"again", "and", "or", "when", "if"}
"""Behind “then”: likewise."""

_SIGNS = {Kind.TOGETHER, Kind.ORDER}
"""They say nothing by themselves: what they stand between is still being typed."""

_CONDITIONS = {"if", "when", "whenever", "unless", "now"}
"""Anywhere before “then” in its step: likewise."""


def read(text: str) -> Query:
    """Read a query; what the signs mean is in docs/language.md.

    Args:
        text: as typed. A description without any sign is one term, word for word.

    Raises:
        QueryError: it says nothing, or something impossible, and where.
    """
    try:
        return _read(text)
    except QueryError as error:
        error.query = text
        raise


def parted(text: str) -> tuple[list[Token], list[tuple[int, list[Token]]]]:
    """The filters of a text, and the tokens of each step with the place where it (or the sign before it) is.

    Raises:
        QueryError: as `cut`.
    """
    tokens = _with_shapes(cut(text))
    others = [token for token in tokens if token.kind is not Kind.FILTER]
    return [token for token in tokens if token.kind is Kind.FILTER], _split(_with_order(others), Kind.ORDER)


def terms_of(tokens: Sequence[Token]) -> list[tuple[int, list[Token]]]:
    """The tokens of each term of a step, as `parted`."""
    return _split(tokens, Kind.TOGETHER)


def _read(text: str) -> Query:
    tokens, parts = parted(text)
    filters, within = _filters(tokens)
    if filters and all(token.kind in _SIGNS for _, step in parts for token in step):
        return Query((), filters, within, text)
    if len(parts) > 1 and not parts[-1][1]:
        parts.pop()  # the next step is being typed
    if len(parts) > MOST_STEPS:
        raise QueryError(
            f"A chain has at most {MOST_STEPS} steps.", "Leave out the others.", at=parts[MOST_STEPS][0]
        )
    steps = tuple(_step(at, words, alone=len(parts) == 1) for at, words in parts)
    return Query(steps, filters, within, text)


def _with_shapes(tokens: list[Token]) -> list[Token]:
    """Take “portrait”, “4k” and the like for filters where they end a query behind another filter."""
    start = len(tokens)
    while start and _may_be_filter(tokens[start - 1]):
        start -= 1
    while start < len(tokens) and tokens[start].kind is not Kind.FILTER:
        start += 1
    if start == 0:
        return tokens
    tail = [
        token
        if token.kind is Kind.FILTER
        else Token(Kind.FILTER, token.plain, token.at, name=FilterName.IS.value, end=token.end)
        for token in tokens[start:]
    ]
    return [*tokens[:start], *tail]


def _may_be_filter(token: Token) -> bool:
    return token.kind is Kind.FILTER or (token.plain in SHAPES and not token.glued)


def _filters(tokens: Sequence[Token]) -> tuple[tuple[Filter, ...], float]:
    """The filters, and the span of a chain."""
    filters: list[Filter] = []
    within: float | None = None
    for token in tokens:
        spec = spec_of(token.name)
        typed = token.text if token.quoted else token.text.rstrip(",;")
        value = spec.read(typed)
        if value is None:
            sentence = (
                f"“{token.name}:{typed[:40]}” makes no sense."
                if typed
                else f"“{token.name}:” is not complete."
            )
            raise QueryError(sentence, f"After the colon, type {spec.wants}.", at=token.at)
        if token.name == WITHIN_NAME:
            if within is not None or token.minus or not isinstance(value, float):
                raise QueryError("“within:” can be said once, and not be turned round.", at=token.at)
            within = value
        else:
            filters.append(Filter(FilterName(token.name), value, token.minus, token.at))
    if len(filters) > MOST_FILTERS:
        raise QueryError(f"A query has at most {MOST_FILTERS} filters.", at=filters[MOST_FILTERS].at)
    return tuple(filters), WITHIN if within is None else within


def _with_order(tokens: Sequence[Token]) -> list[Token]:
    """Take “then” for `>>` where it says what comes after."""
    found: list[Token] = []
    for number, token in enumerate(tokens):
        if token.plain == "then" and _is_order(tokens, number):
            while found and found[-1].plain == "and" and len(found) > 1 and found[-2].kind is not Kind.ORDER:
                found.pop()
            if found and found[-1].plain and found[-1].text.endswith((",", ";", ".")):
                last = found.pop()
                found.append(replace(last, text=last.text.rstrip(",;.")))
            found.append(Token(Kind.ORDER, token.text, token.at, end=token.end))
        else:
            found.append(token)
    return found


def _is_order(tokens: Sequence[Token], at: int) -> bool:
    """Whether the “then” at a place parts two descriptions."""
    if at == 0 or at + 1 >= len(tokens) or tokens[at].glued:
        return False
    before, after = tokens[at - 1], tokens[at + 1]
    if not {before.kind, after.kind} <= {Kind.WORD, Kind.EXCLUDED, Kind.LIKE, Kind.LINE}:
        return False
    if before.plain == "and" and at == 1:
        return False
    step = [token.plain for token in tokens[:at]]
    return (
        before.plain not in _NO_ORDER_BEHIND
        and after.plain not in _NO_ORDER_BEFORE
        and after.plain != "then"
        and not _CONDITIONS.intersection(step)
        and any(_says(token.text) for token in tokens[:at])
        and any(_says(token.text) for token in tokens[at + 1 :])
    )


def _split(tokens: Sequence[Token], sign: Kind) -> list[tuple[int, list[Token]]]:
    """The tokens between signs, each part with the place where it begins (or the sign before it is)."""
    parts: list[tuple[int, list[Token]]] = [(0, [])]
    for token in tokens:
        if token.kind is sign:
            parts.append((token.at, []))
        else:
            parts[-1][1].append(token)
    return parts


def _step(at: int, tokens: Sequence[Token], *, alone: bool) -> Step:
    """One step of a chain."""
    terms: list[Term] = []
    without: list[str] = []
    like: list[Likeness] = []
    lines = [_line(token) for token in tokens if token.kind is Kind.LINE]
    parts = terms_of(tokens)
    if len(parts) > 1 and not parts[-1][1]:
        parts.pop()  # the next term is being typed
    for place, tokens_of_part in parts:
        shown_by = [token for token in tokens_of_part if token.kind is Kind.LIKE]
        like += [read_likeness(token.text, _weight(token.weight, token.at), token.at) for token in shown_by]
        words = [token for token in tokens_of_part if token.kind not in {Kind.LIKE, Kind.LINE}]
        weight = words[0].weight if words else ""
        description = part(words)
        without += description.without
        shown = _joined(description.shown)
        if _says(shown):
            terms.append(Term(shown, _weight(weight, words[0].at)))
        elif len(parts) > 1 and not description.without and len(tokens_of_part) == len(words):
            raise QueryError(
                "Nothing is said on one side of “+”.", "Describe what else is to be seen.", at=place
            )
    for phrase in without:
        if not _says(phrase):
            raise QueryError("There is no word in what is left out.", 'Write -cars or -"red cars".', at=at)
    if not terms and not without and not like and all(line.excluded for line in lines):
        if alone:
            raise QueryError("There is nothing to look for.", "Describe the moment in a few words.", at=at)
        raise QueryError(
            "A step of the chain says nothing.", "Describe a moment on both sides of “>>”.", at=at
        )
    if len(terms) > MOST_TERMS or len(without) > MOST_TERMS:
        raise QueryError(f"That is more than {MOST_TERMS} things at once.", "Leave out the others.", at=at)
    if len(lines) > MOST_LINES:
        raise QueryError(f"That is more than {MOST_LINES} lines at once.", "Leave out the others.", at=at)
    if len(like) > MOST_LIKE:
        raise QueryError(f"That is more than {MOST_LIKE} pictures at once.", "Leave out the others.", at=at)
    return Step(tuple(terms), tuple(dict.fromkeys(without)), tuple(like), tuple(dict.fromkeys(lines)))


def _line(token: Token) -> LineTerm:
    text = token.text if token.quoted else token.text.rstrip(",;")
    if not _says(text):
        raise QueryError(
            f"“{token.name}:” names no word.",
            f'After the colon, type words, such as {token.name}:"happy birthday".',
            at=token.at,
        )
    return LineTerm(LineKind(token.name), text, token.minus)


def _joined(tokens: Sequence[Token]) -> str:
    """The words as they were typed, single spaces between them."""
    said: list[str] = []
    for number, token in enumerate(tokens):
        if number and not token.glued:
            said.append(" ")
        # A number before an asterisk weighs a term; further on it is a part of the word.
        said.append(f"{token.weight}*{token.text}" if token.weight and number else token.text)
    return " ".join("".join(said).split())


def _weight(number: str, at: int) -> float:
    """Of what was typed before an asterisk; 1 where nothing was."""
    weight = float(number or 1)
    if not 0 < weight <= HEAVIEST:
        raise QueryError(
            f"“{number}*” makes no sense.", f"A weight is above 0 and at most {HEAVIEST:.0f}.", at=at
        )
    return weight


def _says(text: str) -> bool:
    return any(character.isalnum() for character in text)
