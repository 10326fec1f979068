"""A query changed by a sign: added, exchanged, taken away. What is not touched stays as it was typed."""

import re
from collections.abc import Collection, Iterable

from app.query.like_values import written
from app.query.parsed_query import Likeness
from app.query.printer import quoted
from app.query.spans import Span, SpanKind, spans_of, steps_of

ORDER_SIGN = ">>"


def sign(name: str, value: str, *, excluded: bool = False) -> str:
    """A filter or a line as it is typed: `in:holiday`, `-said:"happy birthday"`."""
    plain = re.fullmatch(r"\w[\w.\-]*", value) is not None
    return f"{'-' if excluded else ''}{name}:{value if plain else quoted(value)}"


def like(likeness: Likeness) -> str:
    """A likeness as it is typed."""
    return f"like:{quoted(written(likeness))}"


def left_out(words: str) -> str:
    """Words that are not to be seen, as they are typed."""
    return f"-{words if words.isalpha() else quoted(words)}"


def with_piece(text: str, piece: str) -> str:
    """A text with a piece behind it; a quotation that is not closed is closed before."""
    closed = _closed(text.rstrip())
    return f"{closed} {piece}" if closed else piece


def without_piece(text: str, start: int, end: int) -> str:
    """A text without a piece of it, and without the space that would be too much."""
    before, after = text[:start].rstrip(), text[end:].lstrip()
    return f"{before} {after}" if before and after else before or after


def turned_round(text: str, span: Span) -> str:
    """A text in which a filter or a line is met by what it was not met by."""
    piece = text[span.start : span.end]
    return text[: span.start] + (piece[1:] if span.excluded else f"-{piece}") + text[span.end :]


def with_weight(text: str, span: Span, weight: float) -> str:
    """A text in which a term or a likeness counts so much."""
    piece = re.sub(r"^[0-9.]+\*", "", text[span.start : span.end])
    number = "" if weight == 1 else f"{weight:.6f}".rstrip("0").rstrip(".") + "*"
    return text[: span.start] + number + piece + text[span.end :]


def with_term(text: str) -> str:
    """A text that goes on with something else to be seen together with what is before."""
    closed = _closed(text.strip())
    return f"{closed} + " if closed and not closed.endswith("+") else f"{closed} ".lstrip()


def without_term(text: str, span: Span) -> str:
    """A text without a term, and without the plus that would have nothing on one side."""
    before, after = text[: span.start].rstrip(), text[span.end :].lstrip()
    if after.startswith("+"):
        after = after[1:].lstrip()
    elif before.endswith("+"):
        before = before[:-1].rstrip()
    return f"{before} {after}".strip()


def with_value(
    text: str, name: str, value: str, *, excluded: bool = False, among: Collection[str] | None = None
) -> str:
    """A text with this value behind a filter's or a line's name; without it where the value is empty.

    Args:
        text: a query.
        name: of the filter or line.
        value: takes the place of all values that there are.
        excluded: whether a minus stands before it; the others are left alone.
        among: takes the place of these values only, in lower case.
    """
    place: int | None = None
    for span in reversed(spans_of(text)):
        named = span.kind in {SpanKind.FILTER, SpanKind.LINE} and span.name == name
        if named and span.excluded is excluded and (among is None or span.value.lower() in among):
            text = without_piece(text, span.start, span.end)
            place = span.start
    if not value:
        return text
    piece = sign(name, value, excluded=excluded)
    if place is None or place >= len(text):
        return with_piece(text, piece)
    return f"{text[:place].rstrip()} {piece} {text[place:].lstrip()}".strip()


def with_left_out(text: str, phrases: Iterable[str]) -> str:
    """A text that leaves these out, and nothing else."""
    for span in reversed(spans_of(text)):
        if span.kind is SpanKind.WITHOUT:
            text = without_piece(text, span.start, span.end)
    for phrase in phrases:
        text = with_piece(text, left_out(phrase))
    return text


def without_filters(text: str) -> str:
    """A text without its filters, lines and what is left out; what it is to be like stays."""
    for span in reversed(spans_of(text)):
        if span.kind not in {SpanKind.LIKE, SpanKind.TERM}:
            text = without_piece(text, span.start, span.end)
    return text


def with_step(text: str) -> str:
    """A text that goes on with a second description: what is typed next is the moment after."""
    closed = _closed(text.strip())
    return f"{closed} {ORDER_SIGN} " if closed and not closed.endswith(ORDER_SIGN) else f"{closed} ".lstrip()


def without_step(text: str, number: int) -> str:
    """A text without one of its steps, counted from 0, with the signs in it."""
    steps = steps_of(text)
    step = steps[number]
    if number == 0 and len(steps) > 1:  # the sign behind it goes
        after = text[steps[1].start :].lstrip()
        return re.sub(r"^(>{2,}|then\b)\s*", "", after, flags=re.IGNORECASE)
    return without_piece(text, step.start, step.end)


def _closed(text: str) -> str:
    """A text whose last quotation is closed."""
    plain = re.sub(r'\\[\\"]', "__", text)
    if plain.count('"') % 2 and re.search(r'(?:^|[\s:\-*])"[^"]*$', plain):
        return text + '"'
    return text
