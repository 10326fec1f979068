"""Signs are found where they stand, and a query is changed without touching the rest of it."""

import pytest

from app.query import editing
from app.query.parsed_query import Likeness
from app.query.parser import read
from app.query.spans import SpanKind, spans_of, steps_of


def pieces(text: str) -> list[str]:
    return [text[span.start : span.end] for span in spans_of(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a dog", []),
        ("a dog in:holiday", ["in:holiday"]),
        ('a dog in:"summer holiday" -is:portrait', ['in:"summer holiday"', "-is:portrait"]),
        ("a street -cars without people at night", ["-cars", "without people"]),
        ('like:"a b.jpg#0,0,50,50" at night said:hello', ['like:"a b.jpg#0,0,50,50"', "said:hello"]),
        ("a dog in:holiday portrait 4k", ["in:holiday", "portrait", "4k"]),
        ("befor:2023 a dog in:holiday", ["in:holiday"]),
        ('a dog in:"summ', ['in:"summ']),
        ("a man opens a door in:x then a dog -cat", ["in:x", "-cat"]),
        ("a dog in:", []),
        ("2*like:dog.mp4 + beach", ["2*like:dog.mp4", "beach"]),
    ],
)
def test_signs_are_found_where_they_stand(text: str, found: list[str]) -> None:
    assert pieces(text) == found


def test_what_is_left_out_in_words_is_named() -> None:
    (span,) = spans_of("a street without cars or bikes at night")
    assert (span.kind, span.value) == (SpanKind.WITHOUT, "cars, bikes")


def test_steps_are_found() -> None:
    text = "a man opens a door >> a dog runs out in:x then a cat"
    assert [step.words for step in steps_of(text)] == ["a man opens a door", "a dog runs out", "a cat"]
    assert steps_of("a dog in:x") == []


def test_taking_a_sign_away_leaves_the_rest() -> None:
    text = "a dog in:holiday at night"
    (span,) = spans_of(text)
    assert editing.without_piece(text, span.start, span.end) == "a dog at night"


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_step_is_taken_away(number: int) -> None:
    steps = ["a door", "a dog runs", "a cat"]
    left = editing.without_step(" >> ".join(steps), number)
    del steps[number]
    assert [step.words for step in steps_of(left)] == steps


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("a dog", "a dog in:lake"),
        ("a dog in:holiday at night", "a dog in:lake at night"),
        ("in:holiday a dog in:b", "in:lake a dog"),
        ("", "in:lake"),
        ('a "red dog', 'a "red dog" in:lake'),
        ("a dog -in:b", "a dog -in:b in:lake"),
    ],
)
def test_a_filter_takes_a_value(text: str, changed: str) -> None:
    assert editing.with_value(text, "in", "lake") == changed


def test_an_empty_value_takes_the_filter_away() -> None:
    assert editing.with_value("a dog in:b is:hd", "in", "") == "a dog is:hd"
    assert (
        editing.with_value("a dog is:hd is:favourite", "is", "", among={"hd", "4k"}) == "a dog is:favourite"
    )


@pytest.mark.parametrize("path", ["a.jpg", "C:\\a b\\c.jpg", 'odd "name".png', "/videos/ünï.webp"])
def test_a_likeness_that_is_written_reads_as_itself(path: str) -> None:
    likeness = Likeness(path, 12.5, (0.25, 0.0, 0.75, 1.0))
    text = editing.with_piece("at night", editing.like(likeness))
    assert read(text).steps[0].like == (likeness,)


@pytest.mark.parametrize("value", ["lake", "lake garda", 'a "b"', "~/x", "2023/holiday", "a,b"])
def test_a_value_that_is_written_reads_as_itself(value: str) -> None:
    assert read(f"a dog {editing.sign('in', value)}").filters[0].value == value


def test_what_is_left_out_reads_as_itself() -> None:
    text = editing.with_piece("a street", editing.left_out("red cars"))
    assert read(text).steps[0].without == ("red cars",)


def test_terms_are_found_weighed_and_taken_away() -> None:
    text = "2*beach + a dog in:x"
    terms = [span for span in spans_of(text) if span.kind is SpanKind.TERM]
    assert [(span.value, span.weight) for span in terms] == [("beach", 2), ("a dog", 1)]
    assert editing.with_weight(text, terms[0], 1) == "beach + a dog in:x"
    assert editing.with_weight(text, terms[1], 0.5) == "2*beach + 0.5*a dog in:x"
    assert editing.without_term(text, terms[0]) == "a dog in:x"
    assert editing.without_term(text, terms[1]) == "2*beach in:x"
    assert editing.with_term("beach") == "beach + "
    assert not [span for span in spans_of("a dog in:x") if span.kind is SpanKind.TERM]


def test_a_filter_is_turned_round_and_back() -> None:
    text = "a dog in:holiday at night"
    (span,) = spans_of(text)
    turned = editing.turned_round(text, span)
    assert turned == "a dog -in:holiday at night"
    assert editing.turned_round(turned, spans_of(turned)[0]) == text


def test_a_step_is_added() -> None:
    assert editing.with_step("a man") == "a man >> "
    assert editing.with_step("a man >>") == "a man >> "
    assert editing.with_step("") == ""
