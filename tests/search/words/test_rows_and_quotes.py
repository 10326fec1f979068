"""Which frames go with a line, and which part of a long one is quoted."""

import pytest

from app.catalogue.line_records import FoundLine, StoredLine
from app.lines.asked import AskedWord
from app.lines.line import Source
from app.search.outcome import ReasonKind
from app.search.words.hits import Hit
from app.search.words.quotes import Quote, quote_of
from app.search.words.rows import VideoRows
from tests.search.galleries import make_gallery

FRAMES = [[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]] * 2
"""Two videos of six seconds, a frame at each."""


def hit(start: float, end: float, best: float, content: int = 2) -> Hit:
    return Hit(content, ReasonKind.SAID, "dog", 0.9, start, end, best, Quote("dog", ()))


@pytest.mark.parametrize(("seconds", "row"), [(-3, 6), (0, 6), (0.9, 6), (1, 7), (3.5, 9), (5, 11), (60, 11)])
def test_the_frame_at_a_time_is_the_one_that_is_still_shown_then(seconds: float, row: int) -> None:
    assert VideoRows(make_gallery(FRAMES), [2]).at(2, seconds) == row


def test_a_video_that_was_not_asked_for_or_is_left_out_has_no_frames() -> None:
    gallery = make_gallery(FRAMES)
    assert VideoRows(gallery, [2]).at(1, 0) is None
    rows = VideoRows(gallery, [1, 2], VideoRows(gallery, [2]).of(2)[3:])
    assert rows.of(1).tolist() == []
    assert rows.of(2).tolist() == [9, 10, 11]
    assert rows.at(2, 1.0) == 9


def test_what_is_seen_with_a_line_is_seen_within_five_seconds_of_it_else_nearest_to_it() -> None:
    gallery = make_gallery([[[0.5] * 30]])
    rows = VideoRows(gallery, [1])
    assert rows.around(hit(12, 13, 12.5, content=1)).tolist() == list(range(7, 19))
    assert rows.around(hit(60, 61, 60, content=1)).tolist() == [29]
    assert rows.around(hit(12, 13, 12, content=7)).tolist() == []


LONG = (
    "the first thing that anybody ever noticed about the old harbour was a dog which slept in the sun all "
    "day, whatever the fishermen shouted at each other"
)


def quoted(text: str, word: str) -> Quote:
    asked = AskedWord((word,))
    line = StoredLine(1, 1, Source.SPEECH, 0.0, 5.0, text)
    words = tuple(text.replace(",", "").split())
    return quote_of(FoundLine(line, 1, words, {asked: asked.places(words)}), {})


def marked(quote: Quote) -> list[str]:
    return [quote.text[start:end] for start, end in quote.marks]


def test_of_a_long_line_the_part_around_the_word_is_quoted_from_the_beginning_of_a_word() -> None:
    quote = quoted(LONG, "dog")
    assert quote.text.startswith("…noticed about the old harbour was a dog which")
    assert quote.text.endswith("…")
    assert len(quote.text) <= 110
    assert marked(quote) == ["dog"]


def test_at_the_ends_of_a_long_line_nothing_is_left_out_there() -> None:
    first, last = quoted(LONG, "first"), quoted(LONG, "other")
    assert first.text.startswith("the first thing")
    assert first.text.endswith("…")
    assert last.text.startswith("…")
    assert last.text.endswith("at each other")
    assert (marked(first), marked(last)) == (["first"], ["other"])


def test_a_long_word_without_a_gap_is_cut_where_it_has_to_be() -> None:
    text = "x" * 80 + " dog " + "y" * 80
    quote = quoted(text, "dog")
    assert quote.text.startswith("…" + "x" * 29 + " dog ")
    assert marked(quote) == ["dog"]
