"""How the last word of a half-typed query may go on."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from app.query.filters import IS_VALUES, NAMES, spec_of
from app.query.parsed_query import FilterName
from app.query.printer import quoted

LIKE_HELP = "looks like a picture or a moment, such as like:photo.jpg or like:dog.mp4@12.5"

_SIGNS = (
    ("like:", LIKE_HELP),
    ("said:", 'words that are said, or stand in subtitles, such as said:"happy birthday"'),
    ("text:", "words that are written in the picture, such as text:exit"),
)

_LAST = re.compile(
    r"(?:^|\s)(?P<minus>-?)(?:(?P<name>[A-Za-z]+(?:-[A-Za-z]+)?):(?P<value>\"[^\"]*|\S*)|(?P<word>\S*))\Z"
)


@dataclass(frozen=True, slots=True)
class Completion:
    """One way to go on."""

    text: str
    """What the last word becomes; a name with its colon still wants a value."""
    help: str
    """A few words; empty for a value of the library."""


def completions(typed: str, values_of: Mapping[str, Callable[[str], Collection[str]]]) -> list[Completion]:
    """Ways in which the last word of `typed` may go on as a filter, in the order of the table.

    Args:
        typed: a query up to the cursor.
        values_of: by the name of a filter, or `like`, what gives those of the library's values that begin so.
    """
    last = _LAST.search(typed)
    if last is None:
        return []
    minus = last["minus"]
    if last["name"] is None:
        start = last["word"].lower()
        signs = [
            Completion(f"{minus}{sign}", help_)
            for sign, help_ in _SIGNS
            if sign.startswith(start) and not (minus and sign == "like:")
        ]
        return signs + [
            Completion(f"{minus}{name}:", f"{spec_of(name).help}, such as {spec_of(name).example}")
            for name in NAMES
            if name.startswith(start)
        ]
    name, value = last["name"].lower(), last["value"].removeprefix('"')
    values: list[tuple[str, str]] = []
    if name in values_of:
        values = [(known, "") for known in values_of[name](value)]
    elif name == FilterName.IS:
        values = [(each, IS_VALUES[each]) for each in IS_VALUES if each.startswith(value.lower())]
    elif name in NAMES and not value:
        return [Completion(f"{minus}{spec_of(name).example}", spec_of(name).help)]
    return [Completion(f"{minus}{name}:{_typed(text)}", help_) for text, help_ in values]


def start_of_last(typed: str) -> int:
    """Where the word begins that `completions` goes on with."""
    last = _LAST.search(typed)
    return len(typed) if last is None else last.start("minus")


def _typed(value: str) -> str:
    return value if re.fullmatch(r"[\w.\-/]+", value) else quoted(value)
