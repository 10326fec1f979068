"""What single frames show becomes lines: one for each text, with the best of its readings."""

import pytest

from app.lines.line import Line
from app.writing.looking.effort import Effort
from app.writing.merging import LineMerger
from app.writing.plausible import clean, is_plausible, language_of
from app.writing.readings import Sight, Written


def piece(
    text: str, confidence: float = 0.99, *, left: float = 0.2, top: float = 0.8, height: float = 0.05
) -> Written:
    return Written(text, confidence, left, top, left + height * len(text) / 2, top + height)


def lines(*sights: Sight, end: float | None = None) -> tuple[Line, ...]:
    merger = LineMerger()
    for second, sight in enumerate(sights):
        merger.see(float(second), sight)
    return merger.finish(float(len(sights)) if end is None else end)


def test_the_reading_that_comes_most_surely_and_most_often_is_kept() -> None:
    (line,) = lines(
        (piece("Bakcry"),), (piece("Bakery", 0.98),), (piece("Bakery", 0.99),), (piece("Bakeny", 0.9),), ()
    )
    assert line == Line(0.0, 4.0, "Bakery")


def test_an_hour_of_the_same_picture_is_one_line() -> None:
    (line,) = lines((piece("Back soon"),), *[None] * 3599)
    assert (line.start, line.end) == (0.0, 3600.0)


def test_somebody_who_walks_past_does_not_part_a_line() -> None:
    (line,) = lines((piece("Library"),), (), (piece("Library"),), ())
    assert (line.start, line.end) == (0.0, 3.0)


def test_what_comes_back_later_is_another_line() -> None:
    found = lines((piece("Library"),), *[()] * 8, (piece("Library"),), ())
    assert [(line.start, line.end) for line in found] == [(0.0, 1.0), (9.0, 10.0)]


def test_a_text_that_is_covered_in_part_stays_itself() -> None:
    (line,) = lines((piece("Hotel Bellevue"),), (piece("Hotel Bel"),), (piece("Hotel Bellevue"),), ())
    assert line.text == "Hotel Bellevue"


def test_pieces_of_a_row_are_one_line_and_columns_are_not() -> None:
    near = (piece("Platform", left=0.1), piece("nine", left=0.33), piece("Exit", left=1.2))
    assert [line.text for line in lines(near, ())] == ["Platform nine", "Exit"]


def test_a_doubtful_reading_counts_when_it_is_read_again() -> None:
    assert lines((piece("Kiosk", 0.85),), ()) == ()
    assert [line.text for line in lines((piece("Kiosk", 0.85),), (piece("Kiosk", 0.84),), ())] == ["Kiosk"]


def test_a_line_ends_with_the_video() -> None:
    (line,) = lines((piece("The end"),), end=0.4)
    assert line == Line(0.0, 0.4, "The end")


def test_a_text_that_runs_on_for_ever_becomes_lines_of_bearable_length() -> None:
    words = " ".join(f"item{number:03d}" for number in range(200))
    sights = [(piece(words[step : step + 60], height=0.03),) for step in range(0, len(words) - 60, 12)]
    found = lines(*sights, ())
    assert len(found) > 5
    assert max(len(line.text) for line in found) < 300
    assert all(f"item{number:03d}" in " ".join(line.text for line in found) for number in range(190))


def test_what_reading_costs_is_bounded_whatever_is_shown() -> None:
    effort = Effort()
    looked = 0
    for second in range(600):
        if effort.begin(float(second)):
            looked += 1
            effort.spend(6.0)
    assert looked == pytest.approx(600 / 6, abs=5)
    assert effort.begin(1000.0), "what is quiet is looked at again"


@pytest.mark.parametrize(
    ("text", "confidence", "sights", "kept"),
    [
        ("EXIT", 0.95, 1, True),
        ("EXIT", 0.7, 9, False),
        ("A", 1.0, 9, False),
        ("出", 1.0, 9, False),
        ("出口", 0.99, 1, True),
        ("--- * ---", 1.0, 9, False),
        ("12", 0.93, 1, False),
        ("12", 0.93, 2, True),
    ],
)
def test_what_is_text(text: str, confidence: float, sights: int, kept: bool) -> None:
    assert is_plausible(text, confidence, sights) is kept


def test_a_text_is_cleaned_of_what_cannot_be_seen() -> None:
    assert clean("  Main \u202eStreet\x07\n ") == "Main Street"


@pytest.mark.parametrize(
    ("text", "language"), [("出口", "zh"), ("とまれ", "ja"), ("출구", "ko"), ("Exit 出", ""), ("Sortie", "")]
)
def test_letters_that_only_one_language_has_name_it(text: str, language: str) -> None:
    assert language_of(text) == language
