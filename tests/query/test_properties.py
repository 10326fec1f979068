"""Whatever is typed is a query or a sentence; a query that is printed is the same query when it is read."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.query.parsed_query import Query
from app.query.parser import read
from app.query.printer import explained, printed
from app.query.query_error import QueryError

PIECES = st.sampled_from(
    [
        *(
            "a dog",
            "cars",
            "street",
            "no",
            "without",
            "then",
            "and",
            "or",
            "nobody",
            "any",
            "a",
            "walking a dog",
        ),
        *(
            ">>",
            ">>>",
            "+",
            "-",
            "-cars",
            '-"red cars"',
            "2*",
            "2*beach",
            "0*dog",
            "1.5*",
            "“quoted”",
            '"',
            "\\",
        ),
        *(
            "in:holiday",
            "-in:",
            "in:",
            "after:2023",
            "before:2023-13",
            "longer:1:30",
            "is:4k",
            "portrait",
            "4k",
        ),
        *(
            "type:mov",
            "name:a",
            "within:5s",
            "camera:x",
            'camera:"iphone 12"',
            "place:São",
            "-place:'",
            "is:favourite",
            "-is:hidden",
            "tag:a",
            'tag:"two words"',
            "-tag:",
            "in-collection:🏖",
            "-in-collection:x",
            "in-collection:",
            "album:x",
            "city:x",
            "befor:1",
            "10:30",
            "http://x",
            "note:",
            ",",
            "no,",
            "é",
        ),
        *(
            "like:a.jpg",
            'like:"a b.mp4@12.5"',
            "like:a@1:02#10,20,30,40",
            "2*like:b",
            "-like:c",
            "like:",
            'like:"\\\\server\\x.png#0,0,0,0"',
            "#1,2",
        ),
        *("said:hello", 'said:"happy birthday"', '-said:"a b"', "text:exit", "said:-", "text:", 'said:"\\"'),
        *(" ", "\u00a0", "\n", "\0", "\ud800", "İ", "²*x", "\u202e"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(st.one_of(PIECES, st.text(max_size=4)), max_size=12).map(" ".join),
    st.lists(PIECES, max_size=12).map("".join),
)


def query_of(text: str) -> Query | None:
    try:
        return read(text)
    except QueryError as error:
        refused = error
    assert refused.sentence.endswith((".", "?"))
    assert 0 <= refused.at <= len(text)
    return None


@given(TEXTS)
@example('"')
@example('-"" a')
@example('2*"\\\\"')
def test_any_text_is_a_query_or_a_sentence_and_prints_as_itself(text: str) -> None:
    query = query_of(text)
    if query is None:
        return
    assert query.steps or query.filters
    assert all(
        step.terms or step.without or step.like or any(not line.excluded for line in step.lines)
        for step in query.steps
    )
    assert explained(query)
    again = printed(query)
    assert read(again) == query, again
    assert printed(read(again)) == again


@given(st.lists(st.from_regex(r"[a-z']{1,9}", fullmatch=True), min_size=1, max_size=12))
def test_words_without_a_sign_are_one_description_word_for_word(words: list[str]) -> None:
    if not any(c.isalnum() for word in words for c in word) or {
        "no",
        "then",
        "without",
        "nobody",
        "noone",
    } & set(words):
        return
    (step,) = read("  ".join(words)).steps
    assert step.is_plain
    assert step.terms[0].text == " ".join(words)


@pytest.mark.parametrize(
    "text", ["a >> " * 20_000, "x" * 100_000, '"' * 100_000, "-" * 100_000, "in:" * 30_000]
)
def test_endless_text_is_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(QueryError, match="too long"):
        read(text)
