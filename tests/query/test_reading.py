"""What is typed and how it is read: every sign, and the ordinary sentences that look like one."""

from datetime import date

import pytest

from app.query.parsed_query import Filter, FilterName, Query, Step, Term
from app.query.parser import read
from app.query.printer import explained, printed
from app.query.query_error import QueryError


def plain(text: str) -> Query:
    return Query((Step((Term(text),)),))


def one(*terms: str, without: tuple[str, ...] = ()) -> Query:
    return Query((Step(tuple(Term(term) for term in terms), without),))


@pytest.mark.parametrize(
    "text",
    [
        "a dog jumping into the lake",
        "a train at 10:30",
        "http://example.org/a:b",
        "note: a dog",
        "note:dog",
        "c:\\videos",
        'a 5" screen',
        "a+b",
        "beach +sunset",
        "a well-known man - and his dog",
        "-5 degrees",
        "3*3 grid",
        "a no parking sign",
        "a sign says no dogs",
        "a man shaking his head no",
        "no longer young",
        "now and then a dog barks",
        "back then people danced",
        "if it rains then people run",
        "then a dog",
        "a dog, then",
        "a dog portrait",
        "a landscape in 4k",
        "a > b",
        "写真",
    ],
)
def test_an_ordinary_description_stays_as_it_is(text: str) -> None:
    assert read(text) == plain(text)
    assert printed(read(text)) == text


@pytest.mark.parametrize(
    ("text", "shown", "without"),
    [
        ("a street -cars", "a street", ["cars"]),
        ('-"red cars" a street', "a street", ["red cars"]),
        ("a street without cars", "a street", ["cars"]),
        ("a street without any cars at night", "a street at night", ["cars"]),
        ("a street with no cars", "a street", ["cars"]),
        ("a beach, no people or dogs", "a beach", ["people", "dogs"]),
        ("a beach without people and dogs", "a beach", ["people", "dogs"]),
        ("no people and a dog", "a dog", ["people"]),
        ("there are no people on the beach", "on the beach", ["people"]),
        ("a man without a hat walking a dog", "a man walking a dog", ["a hat"]),
        ("a beach without anyone", "a beach", ["people"]),
        ("nobody on the stairs", "on the stairs", ["people"]),
        ('a street without "cars and people"', "a street", ["cars and people"]),
        ("no people", None, ["people"]),
        ("-cars", None, ["cars"]),
    ],
)
def test_what_is_not_to_be_seen_is_taken_out(text: str, shown: str | None, without: list[str]) -> None:
    assert read(text) == one(*([shown] if shown else []), without=tuple(without))


def test_quotes_make_words_mean_themselves() -> None:
    assert read('"no smoking sign"') == plain("no smoking sign")
    assert read("“a dog >> a cat”") == plain("a dog >> a cat")
    assert read('"say \\"no\\""') == plain('say "no"')
    assert read('"no smok') == plain("no smok"), "it is being typed"


def test_terms_stand_together_and_weigh() -> None:
    assert read("beach + sunset") == one("beach", "sunset")
    assert read('2*beach + 0.5*"no dogs"').steps[0].terms == (Term("beach", 2.0), Term("no dogs", 0.5))
    assert read("beach +") == plain("beach"), "it is being typed"
    assert read("beach + sunset without people") == one("beach", "sunset", without=("people",))


@pytest.mark.parametrize(
    "text",
    [
        "a man opens a door >> a dog runs out",
        "a man opens a door>>a dog runs out",
        "a man opens a door then a dog runs out",
        "a man opens a door, and then a dog runs out",
        "a man opens a door, then a dog runs out >>",
    ],
)
def test_one_thing_comes_after_another(text: str) -> None:
    assert read(text) == Query((Step((Term("a man opens a door"),)), Step((Term("a dog runs out"),))))


def test_a_step_has_terms_and_exclusions_of_its_own() -> None:
    query = read("a door + night >> a dog without people >> -cars within:1m30s")
    assert query.steps == (
        Step((Term("a door"), Term("night"))),
        Step((Term("a dog"),), ("people",)),
        Step((), ("cars",)),
    )
    assert query.within == 90


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("in:holiday", FilterName.IN, "holiday"),
        ('IN:"summer holiday"', FilterName.IN, "summer holiday"),
        ("after:2023", FilterName.AFTER, date(2023, 1, 1)),
        ("after:2023-05", FilterName.AFTER, date(2023, 5, 1)),
        ("before:2024/2/29", FilterName.BEFORE, date(2024, 2, 29)),
        ("longer:30s", FilterName.LONGER, 30.0),
        ("longer:90", FilterName.LONGER, 90.0),
        ("shorter:1h30m", FilterName.SHORTER, 5400.0),
        ("shorter:1:30", FilterName.SHORTER, 90.0),
        ("shorter:1.5min", FilterName.SHORTER, 90.0),
        ("is:Portrait", FilterName.IS, "portrait"),
        ("type:.MOV", FilterName.TYPE, "mov"),
        ("name:graduation,", FilterName.NAME, "graduation"),
        ("camera:iPhone", FilterName.CAMERA, "iPhone"),
        ('camera:"iphone 12  pro"', FilterName.CAMERA, "iphone 12 pro"),
        ("place:São-Paulo", FilterName.PLACE, "São-Paulo"),
        ('place:"New York"', FilterName.PLACE, "New York"),
    ],
)
def test_filters(text: str, name: FilterName, value: object) -> None:
    for query in (f"{text} a dog", f"a dog {text}", f"a {text} dog"):
        assert read(query) == Query((Step((Term("a dog"),)),), (Filter(name, value),))  # type: ignore[arg-type]
    assert read(f"a dog -{text}").filters[0].excluded


@pytest.mark.parametrize("text", ["in:holiday", "in:holiday +", "in:holiday >>"])
def test_filters_alone_ask_for_everything_that_meets_them(text: str) -> None:
    query = read(text)
    assert query.is_listing
    assert query == Query((), (Filter(FilterName.IN, "holiday"),))
    assert printed(query) == "in:holiday"


def test_shapes_are_filters_behind_another_one_at_the_end() -> None:
    shapes = [filter_.value for filter_ in read("a dog in:holiday portrait 4k").filters]
    assert shapes == ["holiday", "portrait", "4k"]
    assert read("in:holiday portrait of a woman").steps == plain("portrait of a woman").steps


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("", 0, "nothing to look for"),
        ("!!", 0, "nothing to look for"),
        ("within:30s", 0, "nothing to look for"),
        ("in:holiday -said:x", 0, "nothing to look for"),
        ("a dog befor:2023", 6, "did you mean before:"),
        ("a dog model:iphone", 6, "use camera: instead"),
        ("a dog city:lisbon", 6, "use place: instead"),
        ("a dog camra:iphone", 6, "did you mean camera:"),
        ("a dog places:lisbon", 6, "did you mean place:"),
        ("a dog camera:", 6, "not complete"),
        ("a dog place:!!", 6, "the name of a city, a region or a country"),
        ("a dog folder:x", 6, "use in: instead"),
        ("a dog in:", 6, "not complete"),
        ("a dog before:2023-13", 6, "makes no sense"),
        ("a dog after:2023-02-30", 6, "makes no sense"),
        ("a dog after:yesterday", 6, "a year, a month or a day"),
        ("a dog longer:-5s", 6, "length of time"),
        ("a dog is:pretty", 6, "one of portrait"),
        ("a dog within:0s", 6, "makes no sense"),
        ("a >> b within:5s within:6s", 17, "said once"),
        ("0*dog + cat", 0, "above 0"),
        (">> a dog", 0, "says nothing"),
        ("a dog >> >> a cat", 6, "says nothing"),
        ("a dog + + a cat", 6, "one side"),
        (" >> ".join(["a"] * 9), 37, "at most 8 steps"),
        ("a" + " -b" * 16 + "".join(f" -{letter}" for letter in "cdefghijklmnopqr"), 0, "16 things"),
        ("a dog" + " in:x" * 33, 166, "at most 32 filters"),
    ],
)
def test_what_makes_no_sense_is_said_with_its_place(text: str, at: int, says: str) -> None:
    with pytest.raises(QueryError, match=says) as caught:
        read(text)
    assert caught.value.at == at


def test_a_query_can_be_explained() -> None:
    assert explained(
        read("2*a street + night -cars then a dog in:a -type:mov longer:1m camera:x place:y")
    ) == [
        "1. looks for     “a street”, weight 2",
        "   looks for     “night”, weight 1",
        "   without       “cars”",
        "2. looks for     “a dog”",
        "each within   60s of the one before, in one video",
        "only videos   in the folder “a”",
        "only videos   not of the type .mov",
        "only videos   of at least 60s",
        "only videos   filmed with “x”",
        "only videos   filmed in “y”",
    ]
