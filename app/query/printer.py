"""A query as text again, of which `read` makes the same query; and in words, to say how it was read."""

from app.query.filters import FILTERS, IS_VALUES, seconds_written
from app.query.like_values import written
from app.query.parsed_query import WITHIN, Filter, FilterName, Likeness, LineKind, Query, Step
from app.query.parser import read
from app.query.query_error import QueryError

_WHAT = {FilterName.TAG: "moments", FilterName.IN_COLLECTION: "moments"}
"""Filters that a moment may meet where its video does not."""


_LINE_IN_WORDS = {
    (LineKind.SAID, False): "is said       ",
    (LineKind.SAID, True): "is not said   ",
    (LineKind.TEXT, False): "is written    ",
    (LineKind.TEXT, True): "is not written ",
}


def printed(query: Query) -> str:
    """The query in one line, in the language's own signs.

    Args:
        query: made by `read`.
    """
    if _is_bare(query):
        return query.steps[0].terms[0].text
    parts = [" >> ".join(_step(step) for step in query.steps)] if query.steps else []
    parts += [_filter(filter_) for filter_ in query.filters]
    if query.within != WITHIN:
        parts.append(f"within:{seconds_written(query.within)}")
    return " ".join(parts)


def explained(query: Query) -> list[str]:
    """How it was read, in lines for people."""
    chain = len(query.steps) > 1
    lines = []
    for number, step in enumerate(query.steps, 1):
        start = f"{number}. " if chain else ""
        for term in step.terms:
            weight = f", weight {term.weight:g}" if len(step.terms) + len(step.like) > 1 else ""
            lines.append(f"{start}looks for     “{term.text}”{weight}")
            start = " " * len(start)
        for likeness in step.like:
            weight = f", weight {likeness.weight:g}" if len(step.terms) + len(step.like) > 1 else ""
            lines.append(f"{start}is like       {_likeness_in_words(likeness)}{weight}")
            start = " " * len(start)
        for line in step.lines:
            lines.append(f"{start}{_LINE_IN_WORDS[line.kind, line.excluded]}“{line.text}”")
            start = " " * len(start)
        for phrase in step.without:
            lines.append(f"{start}without       “{phrase}”")
            start = " " * len(start)
    if query.is_listing:
        lines.append("lists         everything, newest first")
    if chain:
        lines.append(f"each within   {seconds_written(query.within)} of the one before, in one video")
    lines += [
        f"only {_WHAT.get(filter_.name, 'videos'):9}{_filter_in_words(filter_)}" for filter_ in query.filters
    ]
    return lines


def _is_bare(query: Query) -> bool:
    if query.filters or query.within != WITHIN or len(query.steps) != 1:
        return False
    try:
        return bool(query.steps[0].terms) and read(query.steps[0].terms[0].text) == query
    except QueryError:
        return False


def _step(step: Step) -> str:
    terms = [f"{_weight(term.weight)}{quoted(term.text)}" for term in step.terms]
    terms += [f"{_weight(likeness.weight)}like:{quoted(written(likeness))}" for likeness in step.like]
    lines = [f"{'-' if line.excluded else ''}{line.kind.value}:{quoted(line.text)}" for line in step.lines]
    left_out = [f"-{quoted(phrase)}" for phrase in step.without]
    return " ".join([" + ".join(terms), *lines, *left_out]).strip()


def _filter(filter_: Filter) -> str:
    value = FILTERS[filter_.name].written(filter_.value)
    plain = all(character.isalnum() or character in "-_./" for character in value) and not value.startswith(
        "/"
    )
    minus = "-" if filter_.excluded else ""
    return f"{minus}{filter_.name.value}:{value if plain else quoted(value)}"


def _filter_in_words(filter_: Filter) -> str:
    value = FILTERS[filter_.name].written(filter_.value)
    match filter_.name:
        case FilterName.IN:
            words = f"in the folder “{value}”"
        case FilterName.AFTER:
            words = f"filmed on {value} or later"
        case FilterName.BEFORE:
            words = f"filmed before {value}"
        case FilterName.LONGER:
            words = f"of at least {value}"
        case FilterName.SHORTER:
            words = f"of at most {value}"
        case FilterName.IS:
            words = IS_VALUES[value]
        case FilterName.TYPE:
            words = f"of the type .{value}"
        case FilterName.NAME:
            words = f"with “{value}” in their name"
        case FilterName.CAMERA:
            words = f"filmed with “{value}”"
        case FilterName.PLACE:
            words = f"filmed in “{value}”"
        case FilterName.TAG:
            words = f"with the tag “{value}”"
        case FilterName.IN_COLLECTION:
            words = f"in the collection “{value}”"
    return f"not {words}" if filter_.excluded else words


def quoted(text: str) -> str:
    """Text in quotes, that means itself."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _weight(weight: float) -> str:
    return "" if weight == 1 else f"{weight:.6f}".rstrip("0").rstrip(".") + "*"


def _likeness_in_words(likeness: Likeness) -> str:
    words = f"“{likeness.path}”"
    if likeness.at is not None:
        words += f" at {seconds_written(likeness.at)}"
    if likeness.crop is not None:
        left, top, right, bottom = (f"{side:.0%}" for side in likeness.crop)
        words += f", from {left} to {right} across and {top} to {bottom} down"
    return words
