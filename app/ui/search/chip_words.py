"""What a sign of a query is called on its chip."""

from pathlib import PurePath

from PySide6.QtCore import QCoreApplication

from app.query.editing import without_piece
from app.query.filters import FAVOURITE, WITHIN_NAME
from app.query.like_values import read_likeness
from app.query.parsed_query import FilterName, LineKind
from app.query.query_error import QueryError
from app.query.spans import Span, SpanKind, spans_of
from app.ui.wording import formatting as fmt

LONGEST = 40
"""Characters of a value that a chip shows."""


def chip_words(span: Span) -> str:
    """A few words for people."""
    value = fmt.one_line(span.value, LONGEST)
    match span.kind:
        case SpanKind.WITHOUT:
            return _tr("Without {words}").format(words=value)
        case SpanKind.LIKE:
            return _weighed(_like(span.value), span.weight)
        case SpanKind.TERM:
            return _weighed(value, span.weight)
        case SpanKind.LINE:
            words = _tr("Said: “{words}”") if span.name == LineKind.SAID else _tr("Written: “{words}”")
            words = words.format(words=value)
        case SpanKind.FILTER:
            words = _filter(span.name, value)
    return _tr("Not: {words}").format(words=words) if span.excluded else words


def query_words(text: str) -> str:
    """A query as it is read by people: its description, then each sign in words."""
    spans = [span for span in spans_of(text) if span.kind is not SpanKind.TERM]
    rest = text
    for span in reversed(spans):
        rest = without_piece(rest, span.start, span.end)
    return " · ".join(words for words in (fmt.one_line(rest), *map(chip_words, spans)) if words)


def _filter(name: str, value: str) -> str:
    patterns = {
        FilterName.IN: _tr("In {value}"),
        FilterName.AFTER: _tr("From {value}"),
        FilterName.BEFORE: _tr("Before {value}"),
        FilterName.LONGER: _tr("At least {value}"),
        FilterName.SHORTER: _tr("At most {value}"),
        FilterName.TYPE: _tr("Type: {value}"),
        FilterName.NAME: _tr("Name: {value}"),
        FilterName.CAMERA: _tr("Camera: {value}"),
        FilterName.PLACE: _tr("Place: {value}"),
        FilterName.TAG: _tr("Tag: {value}"),
        FilterName.IN_COLLECTION: _tr("Collection: {value}"),
        WITHIN_NAME: _tr("Within {value}"),
    }
    if name == FilterName.IS:
        return shape_words(value)
    return patterns[name].format(value=value)


def _weighed(words: str, weight: float) -> str:
    return words if weight == 1 else _tr("{words} × {weight}").format(words=words, weight=f"{weight:g}")


def shape_words(value: str) -> str:
    """What a value of `is:` is called."""
    words = {
        "portrait": _tr("Portrait"),
        "landscape": _tr("Landscape"),
        "square": _tr("Square"),
        "hd": _tr("HD or better"),
        "4k": _tr("4K"),
        FAVOURITE: _tr("Favourites"),
    }
    return words.get(value.lower(), value)


def _like(typed: str) -> str:
    try:
        likeness = read_likeness(typed, 1.0, 0)
    except QueryError:
        return _tr("Like {name}").format(name=fmt.one_line(typed, LONGEST))
    name = fmt.one_line(PurePath(likeness.path).name, LONGEST)
    if likeness.at is None:
        words = _tr("Like {name}").format(name=name)
    else:
        words = _tr("Like {name} at {time}").format(name=name, time=fmt.clock(likeness.at))
    return words if likeness.crop is None else _tr("Like a part of {name}").format(name=name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("QueryChips", text)
