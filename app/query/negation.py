"""What a description says that is not to be seen, taken out of it: no encoder understands “without”.

    a street without cars at night   a street at night, without cars
    a beach, no people or dogs       a beach, without people, without dogs
    nobody on the stairs             on the stairs, without people

What is left out ends at a mark, at a word that begins another part of the sentence (`_ENDS`), and at
“walking a dog” behind a noun. “Not” stays a word: what it belongs to is too often the whole sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.query.lexer import Kind, Token

_NOBODY = {"nobody", "no-one", "noone"}
_ANYBODY = {"anyone", "anybody", "people", "persons"}
_PEOPLE = "people"

_JOINS = {"with", "and", "but", "there", "has", "having"}
"""Before “no”: goes with it."""

_NO_NEGATION = {
    *("a", "an", "the", "this", "that", "or", "number", "sign", "of"),
    *("say", "says", "saying", "said", "read", "reads", "reading", "yes", "dr", "mr"),
}
"""Before “no”: then it is a word of the picture, as on a sign."""

_NO_NOUN = {"to", "is", "was", "matter", "doubt", "more", "longer", "way", "problem", "and", "or", "but"}
"""Behind “no”: then it leaves nothing out."""

_ENDS = {
    *("at", "in", "on", "under", "by", "near", "with", "while", "during", "behind", "before", "after"),
    *("beside", "next", "from", "into", "through", "over", "above", "below", "between", "among", "along"),
    *("across", "around", "against", "but", "where", "when", "who", "which", "as", "inside", "outside"),
    *("towards", "toward", "onto", "off", "without", "no", "that", "is", "are"),
}
_ARTICLES = {"a", "an", "the", "one", "some", "any"}


@dataclass(slots=True)
class Parted:
    """A description in two."""

    shown: list[Token] = field(default_factory=list)
    """What is to be seen."""
    without: list[str] = field(default_factory=list)
    """What is not."""
    places: list[tuple[int, int, str]] = field(default_factory=list)
    """Where in the text that is said: from, to, and which phrases, with commas between them."""


def part(tokens: Sequence[Token]) -> Parted:
    """Part the words of one term."""
    parted = Parted()
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind is Kind.EXCLUDED:
            text = token.text if token.quoted else token.text.rstrip(",.;:!?")
            parted.without.append(text)
            parted.places.append((token.at, token.end, text))
            at += 1
            continue
        begins = _begins(tokens, at, parted.shown)
        phrases, end = _left_out(tokens, begins) if begins else ([], at)
        if not phrases:
            parted.shown.append(token)
            at += 1
            continue
        if token.plain == "no":
            _drop_joins(parted.shown)
        parted.without += phrases
        parted.places.append((token.at, tokens[end - 1].end, ", ".join(phrases)))
        at = end
    if parted.without and parted.shown and parted.shown[0].plain in {"and", "but"}:
        del parted.shown[0]
    _drop_trailing_mark(parted.shown, len(tokens))
    return parted


def _begins(tokens: Sequence[Token], at: int, before: Sequence[Token]) -> int:
    """Where what is left out begins, if this word says so; 0 where it does not."""
    word = tokens[at].plain
    last = before[-1].plain if before else ""
    if word in _NOBODY and last not in _NO_NEGATION and not tokens[at].ends_phrase:
        return at + 1
    if at + 1 >= len(tokens) or tokens[at].ends_phrase or tokens[at + 1].kind is not Kind.WORD:
        return 0
    following = tokens[at + 1].plain
    if word == "without":
        return at + 1
    if word == "no" and last not in _NO_NEGATION and following not in _NO_NOUN | _ENDS:
        return at + 1
    return 0


def _left_out(tokens: Sequence[Token], start: int) -> tuple[list[str], int]:
    """The phrases from `start` on that are left out, and where the rest goes on."""
    if tokens[start - 1].plain in _NOBODY:
        return [_PEOPLE], start
    phrases: list[str] = []
    while True:
        phrase, at = _phrase(tokens, start)
        if not phrase:
            return phrases, start if phrases else at
        phrases.append(" ".join(phrase))
        another = (
            at < len(tokens) and not tokens[at - 1].ends_phrase and tokens[at].plain in {"or", "nor", "and"}
        )
        if not another or (tokens[at].plain == "and" and _is_shown(tokens, start, at + 1)):
            return phrases, at
        start = at + 1
        if start >= len(tokens):
            return phrases, start


def _is_shown(tokens: Sequence[Token], start: int, after: int) -> bool:
    """Whether what follows “and” is to be seen: “no people and a dog”, but not “without a car and a dog”."""
    if after >= len(tokens):
        return False
    following = tokens[after].plain
    return following in _ARTICLES - {"any"} and tokens[start].plain not in _ARTICLES


def _phrase(tokens: Sequence[Token], start: int) -> tuple[list[str], int]:
    """One thing that is left out, in words, and where it ends."""
    words: list[str] = []
    at = start
    while at < len(tokens):
        token = tokens[at]
        if token.kind is not Kind.WORD or token.weight:
            break
        if token.quoted:
            return ([token.text], at + 1) if not words else (words, at)
        word = token.plain
        if word in {"and", "or", "nor"} or word in _ENDS or _goes_on(tokens, at, words):
            break
        at += 1
        if word not in {"any", "of"} or words:
            words.append(token.text.rstrip(",.;:!?"))
        if token.ends_phrase:
            break
    said = [word for word in words if any(character.isalnum() for character in word)]
    if said and said[0].lower() in _ANYBODY | {"one"}:
        said = [_PEOPLE, *said[1:]]
    return ([], start) if {word.lower() for word in said} <= _ARTICLES else (said, at)


def _goes_on(tokens: Sequence[Token], at: int, words: Sequence[str]) -> bool:
    """Whether the sentence goes on with what somebody does: “a man without a hat | walking a dog”."""
    named = [word for word in words if word.lower() not in _ARTICLES]
    has_object = at + 1 < len(tokens) and not tokens[at].ends_phrase
    return bool(named) and has_object and tokens[at].plain.endswith("ing") and len(tokens[at].plain) > 5


def _drop_joins(shown: list[Token]) -> None:
    """Drop “with”, “and”, “there are” before a “no” that was taken out."""
    if shown and shown[-1].plain in {"is", "are"} and (len(shown) == 1 or shown[-2].plain == "there"):
        shown.pop()
    while shown and shown[-1].plain in _JOINS:
        shown.pop()


def _drop_trailing_mark(shown: list[Token], before: int) -> None:
    """Drop the comma that stood before what was taken out."""
    if shown and len(shown) < before and shown[-1].plain and shown[-1].text.endswith((",", ";")):
        shown[-1] = replace(shown[-1], text=shown[-1].text.rstrip(",;"))
