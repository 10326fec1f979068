"""The text of a query cut into words and signs. What is no sign is a word, so that every text can be cut."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from app.query.filters import INSTEAD, NAMES, misspelt
from app.query.query_error import QueryError

LONGEST_QUERY = 2000
"""Characters: far more than any encoder reads."""

_QUOTES = {'"': '"', "“": "”", "„": "“”"}
"""What opens a quotation, and what may close it."""

_SPACE = re.compile(r"\s+")
_ORDER = re.compile(r">{2,}")
_TOGETHER = re.compile(r"\+(?!\S)")
_FILTER = re.compile(r"(?P<minus>-?)(?P<name>[A-Za-z]{2,10}(?:-[A-Za-z]{2,10})?):(?=\S)(?!//)(?!>>)")
_EMPTY_FILTER = re.compile(r"(?P<minus>-?)(?P<name>[A-Za-z]{2,10}(?:-[A-Za-z]{2,10})?):\s*\Z")
_LIKE = re.compile(
    r"(?P<minus>-?)(?:(?P<number>[0-9]{1,6}(?:\.[0-9]{1,6})?)\*)?like:(?=\S)(?!//)(?!>>)", re.IGNORECASE
)
_LINE = re.compile(r"(?P<minus>-?)(?P<name>said|text):(?=\S)(?!//)(?!>>)", re.IGNORECASE)
_MINUS = re.compile(r"-(?=[^\W\d_]|[\"“„])")
_WEIGHT = re.compile(r"(?P<number>[0-9]{1,6}(?:\.[0-9]{1,6})?)\*(?=[^\W\d_]|[\"“„])")
_WORD = re.compile(r"(?:(?!>>)\S)+")


class Kind(Enum):
    """What a token is."""

    WORD = auto()
    """`text` as typed; a weight before it is in `weight`."""
    EXCLUDED = auto()
    """`-text`"""
    TOGETHER = auto()
    ORDER = auto()
    FILTER = auto()
    """`name:text`"""
    LIKE = auto()
    """`like:text`; a weight before it is in `weight`."""
    LINE = auto()
    """`said:text` or `text:text`"""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query."""

    kind: Kind
    text: str
    at: int
    """Where it begins, in characters."""
    quoted: bool = False
    """Whether it stood in quotes: then it means itself."""
    glued: bool = False
    """Whether no space stands before it."""
    name: str = ""
    """Of a filter or a line, lower case."""
    minus: bool = False
    """Whether a filter or a line is to be turned round."""
    weight: str = ""
    """The number before `*`."""
    end: int = field(default=0, compare=False)
    """Where it ends, in characters."""

    @property
    def plain(self) -> str:
        """A bare word in lower case without the marks at its end; empty for everything else."""
        bare = self.kind is Kind.WORD and not self.quoted and not self.weight
        return self.text.lower().rstrip(",.;:!?") if bare else ""

    @property
    def ends_phrase(self) -> bool:
        """Whether a mark at its end separates it from what follows."""
        return not self.quoted and self.text.endswith((",", ";", ".", "!", "?"))


def cut(text: str) -> list[Token]:
    """Cut a query into tokens.

    Raises:
        QueryError: it is too long, or holds what looks like a filter and is none.
    """
    if len(text) > LONGEST_QUERY:
        raise QueryError(
            f"A query of {len(text):,} characters is too long.",
            f"Describe the moment in at most {LONGEST_QUERY:,}.",
            at=LONGEST_QUERY,
        )
    return list(_tokens(text))


def _tokens(text: str) -> Iterator[Token]:
    at, spaced = 0, True
    while at < len(text):
        if gap := _SPACE.match(text, at):
            at, spaced = gap.end(), True
            continue
        token, end = _token(text, at, spaced=spaced)
        yield replace(token, glued=not spaced, end=min(end, len(text)))
        at, spaced = end, token.kind is Kind.ORDER


def _token(text: str, at: int, *, spaced: bool) -> tuple[Token, int]:
    """The token that begins at `at`, and where it ends."""
    if found := _ORDER.match(text, at):
        return Token(Kind.ORDER, found[0], at), found.end()
    if spaced and (sign := _sign(text, at)) is not None:  # within a word signs are part of it
        return sign
    value, quoted, end = _value(text, at, quotes=spaced)
    return Token(Kind.WORD, value, at, quoted), end


def _sign(text: str, at: int) -> tuple[Token, int] | None:
    """The token of a sign that begins at `at`, and where it ends; None where there is none."""
    if found := _TOGETHER.match(text, at):
        return Token(Kind.TOGETHER, "+", at), found.end()
    if found := _LIKE.match(text, at):
        return _likeness(found)
    if found := _LINE.match(text, at):
        value, quoted, end = _value(text, found.end())
        return replace(_filter(found, value, quoted=quoted), kind=Kind.LINE), end
    if (found := _FILTER.match(text, at)) and _is_filter(found["name"].lower(), at):
        value, quoted, end = _value(text, found.end())
        return _filter(found, value, quoted=quoted), end
    if (found := _EMPTY_FILTER.match(text, at)) and found["name"].lower() in NAMES:
        return _filter(found, ""), len(text)
    return _marked_word(text, at)


def _marked_word(text: str, at: int) -> tuple[Token, int] | None:
    """A word with a minus or a weight before it, and where it ends."""
    if found := _MINUS.match(text, at):
        value, quoted, end = _value(text, found.end())
        return Token(Kind.EXCLUDED, value, at, quoted), end
    if found := _WEIGHT.match(text, at):
        value, quoted, end = _value(text, found.end())
        return Token(Kind.WORD, value, at, quoted, weight=found["number"]), end
    return None


def _likeness(found: re.Match[str]) -> tuple[Token, int]:
    """The token of `like:` and what stands behind it, and where it ends."""
    if found["minus"]:
        advice = 'Write -cars or -"red cars" for what is not to be seen.'
        raise QueryError("What is left out is said in words.", advice, at=found.start())
    value, quoted, end = _value(found.string, found.end(), verbatim=True)
    return Token(Kind.LIKE, value, found.start(), quoted, weight=found["number"] or ""), end


def _filter(found: re.Match[str], value: str, *, quoted: bool = False) -> Token:
    name, minus = found["name"].lower(), bool(found["minus"])
    return Token(Kind.FILTER, value, found.start(), quoted, name=name, minus=minus)


def _is_filter(name: str, at: int) -> bool:
    """Whether a word before a colon names a filter.

    Raises:
        QueryError: it does not, and was hardly meant as a word.
    """
    if name in NAMES:
        return True
    advice = "To look for the words as they stand, put them in quotes."
    if name in INSTEAD:
        raise QueryError(f"There is no filter “{name}:”: use {INSTEAD[name]} instead.", advice, at=at)
    if known := misspelt(name):
        raise QueryError(f"There is no filter “{name}:”: did you mean {known}:?", advice, at=at)
    return False


def _value(text: str, at: int, *, quotes: bool = True, verbatim: bool = False) -> tuple[str, bool, int]:
    """A quotation or a word: its text, whether it was quoted, and where it ends.

    A quotation that is not closed goes to the end: it is being typed. If `verbatim`, its spaces stay as they
    are.
    """
    closing = _QUOTES.get(text[at]) if quotes else None
    if closing is None:
        found = _WORD.match(text, at)
        end = found.end() if found else at + 1
        return text[at:end], False, end
    said: list[str] = []
    place = at + 1
    while place < len(text) and text[place] not in closing:
        if text[place] == "\\" and text[place + 1 : place + 2] in {'"', "\\"}:
            place += 1
        said.append(text[place])
        place += 1
    value = "".join(said)
    return value if verbatim else " ".join(value.split()), True, place + 1
