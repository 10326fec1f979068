"""`like:`: how pictures, moments and whole videos are named, and what is no such name."""

import pytest

from app.query.parsed_query import Likeness, Step, Term
from app.query.parser import read
from app.query.printer import explained, printed
from app.query.query_error import QueryError


@pytest.mark.parametrize(
    ("text", "likeness"),
    [
        ("like:photo.jpg", Likeness("photo.jpg")),
        ('like:"my photos/at the  lake.jpg"', Likeness("my photos/at the  lake.jpg")),
        ('like:"dog.mp4@12.5"', Likeness("dog.mp4", 12.5)),
        ("like:dog.mp4@1:02", Likeness("dog.mp4", 62.0)),
        ("like:dog.mp4@1:02:03.5s", Likeness("dog.mp4", 3723.5)),
        ("like:dog.mp4@0", Likeness("dog.mp4", 0.0)),
        ('like:"me@home.jpg"', Likeness("me@home.jpg")),
        ("like:photo.jpg#25,0,50,100", Likeness("photo.jpg", crop=(0.25, 0.0, 0.75, 1.0))),
        ("like:dog.mp4@3#0,0,33.3,50", Likeness("dog.mp4", 3.0, (0.0, 0.0, 0.333, 0.5))),
        (r"like:C:\videos\dog.mp4@3", Likeness(r"C:\videos\dog.mp4", 3.0)),
        ("LIKE:a#b.png", Likeness("a#b.png")),
        ("2*like:photo.jpg", Likeness("photo.jpg", weight=2.0)),
    ],
)
def test_what_is_named(text: str, likeness: Likeness) -> None:
    query = read(text)
    assert query.steps == (Step((), (), (likeness,)),)
    assert not query.is_plain
    assert read(printed(query)) == query
    assert any(likeness.path in line for line in explained(query))


@pytest.mark.parametrize(
    ("text", "step"),
    [
        ("like:a.jpg at night", Step((Term("at night"),), (), (Likeness("a.jpg"),))),
        ("at night like:a.jpg", Step((Term("at night"),), (), (Likeness("a.jpg"),))),
        ("like:a.jpg + 2*snow", Step((Term("snow", 2.0),), (), (Likeness("a.jpg"),))),
        ("like:a.jpg + like:b.jpg", Step((), (), (Likeness("a.jpg"), Likeness("b.jpg")))),
        ("like:a.jpg without people", Step((), ("people",), (Likeness("a.jpg"),))),
        ("like:a.jpg -people", Step((), ("people",), (Likeness("a.jpg"),))),
    ],
)
def test_pictures_and_words_together(text: str, step: Step) -> None:
    assert read(text).steps == (step,)


def test_a_picture_may_be_a_step_of_a_chain() -> None:
    for text in ("like:a.jpg >> a dog", "like:a.jpg then a dog"):
        assert read(text).steps == (Step((), (), (Likeness("a.jpg"),)), Step((Term("a dog"),)))


@pytest.mark.parametrize("text", ["looks like: a dog", "it looks like:", "like://x", "unlike:x"])
def test_ordinary_words(text: str) -> None:
    assert read(text).steps == (Step((Term(text),)),)


@pytest.mark.parametrize(
    ("text", "sentence", "at"),
    [
        ("a dog -like:a.jpg", "said in words", 6),
        ('a like:"" b', "names no file", 2),
        ("like:...", "names no file", 0),
        ("like:a.jpg#0,0,0,50", "no part of a picture", 0),
        ("like:a.jpg#60,0,50,50", "no part of a picture", 0),
        ("like:a like:b like:c like:d like:e", "more than 4 pictures", 0),
        ("0*like:a.jpg", "makes no sense", 0),
    ],
)
def test_what_makes_no_sense_is_said_with_its_place(text: str, sentence: str, at: int) -> None:
    with pytest.raises(QueryError, match=sentence) as refused:
        read(text)
    assert refused.value.at == at
