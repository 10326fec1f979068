"""`said:` and `text:`: what is said or written at the moment that is looked for."""

import pytest

from app.query.completion import completions
from app.query.parsed_query import LineKind, LineTerm, Step, Term
from app.query.parser import read
from app.query.printer import explained, printed
from app.query.query_error import QueryError


def said(text: str, *, excluded: bool = False) -> LineTerm:
    return LineTerm(LineKind.SAID, text, excluded)


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ('said:"happy birthday"', Step((), lines=(said("happy birthday"),))),
        ("SAID:hello,", Step((), lines=(said("hello"),))),
        ("a cake said:birthday", Step((Term("a cake"),), lines=(said("birthday"),))),
        ("said:one + said:two", Step((), lines=(said("one"), said("two")))),
        ("a cake -said:no", Step((Term("a cake"),), lines=(said("no", excluded=True),))),
        ("text:exit -cars", Step((), ("cars",), lines=(LineTerm(LineKind.TEXT, "exit"),))),
        ("a sign with text: exit", Step((Term("a sign with text: exit"),))),
        ('"said:x" a', Step((Term("said:x a"),))),
    ],
)
def test_lines_stand_beside_what_is_seen(text: str, step: Step) -> None:
    query = read(text)
    assert query.steps == (step,)
    assert read(printed(query)) == query


def test_lines_are_steps_of_a_chain() -> None:
    first, second = read("said:hello then text:exit").steps
    assert (first.lines, second.lines) == ((said("hello"),), (LineTerm(LineKind.TEXT, "exit"),))


@pytest.mark.parametrize(
    "text", ["-said:a", "said:-", "said:a said:b said:c said:d said:e", "subtitle:hello"]
)
def test_what_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(QueryError):
        read(text)


def test_it_is_told_how_it_was_read() -> None:
    assert explained(read("a dog said:hello -text:exit")) == [
        "looks for     “a dog”",
        "is said       “hello”",
        "is not written “exit”",
    ]


def test_it_is_completed() -> None:
    assert [each.text for each in completions("a dog sa", {})] == ["said:"]
    assert [each.text for each in completions("a dog -te", {})] == ["-text:"]
