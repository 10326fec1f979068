"""The text of a subtitle file becomes captions, in whatever format and encoding; nothing in it runs long."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.media.decoding.subtitles.captions import Caption, lines_of, merged
from app.media.decoding.subtitles.encodings import decoded
from app.media.decoding.subtitles.markup import shown_lines
from app.media.decoding.subtitles.sidecar_formats import NotSubtitlesError, captions_of
from tests.media.subtitles.making import EIGHT, ass, srt, vtt

CUES = [(1.0, 2.5, "<i>Hello</i>, {\\an8}world &amp; all"), (3.0, 4.0, "a second\nline"), (5.0, 6.0, "2020")]
SHOWN = [("Hello, world & all",), ("a second", "line"), ("2020",)]


def shown(text: str, rate: float = 25.0) -> list[tuple[float, float | None, tuple[str, ...]]]:
    return [(each.start, each.end, each.lines) for each in captions_of(text, rate)]


@pytest.mark.parametrize("written", [srt, vtt, ass], ids=["srt", "vtt", "ass"])
@pytest.mark.parametrize("breaks", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
def test_captions_come_with_their_times_and_without_markup(written, breaks) -> None:  # type: ignore[no-untyped-def]
    cues = [(start, end, text.replace("\n", "\\N") if written is ass else text) for start, end, text in CUES]
    found = shown(written(cues).replace("\n", breaks))
    assert found == [(start, end, lines) for (start, end, _), lines in zip(CUES, SHOWN, strict=True)]


@pytest.mark.parametrize(
    ("text", "captions"),
    [
        ("{24}{48}{y:i}Hi|there\n", [(0.96, 1.92, ("Hi", "there"))]),
        ("{1}{1}24.0\n{24}{48}Hi\n", [(1.0, 2.0, ("Hi",))]),
        ("[10][20]/Hi|there\n", [(1.0, 2.0, ("Hi", "there"))]),
        ("00:00:01.00,00:00:02.50\nHi[br]there\n", [(1.0, 2.5, ("Hi", "there"))]),
        (
            '<tt xmlns="http://www.w3.org/ns/ttml"><body><div>'
            '<p begin="00:00:01.000" end="00:00:02.000">Hi<br/>there</p></div></body></tt>',
            [(1.0, 2.0, ("Hi", "there"))],
        ),
        ("Dialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,,Hi\n", [(1.0, 2.0, ("Hi",))]),
        ("00:01.000 --> 00:02.000\nHi\n", [(1.0, 2.0, ("Hi",))]),
    ],
    ids=[
        "microdvd",
        "microdvd with its rate",
        "mpl2",
        "subviewer",
        "ttml",
        "ass without head",
        "vtt likewise",
    ],
)
def test_the_rarer_formats_are_read(text: str, captions: object) -> None:
    assert shown(text) == captions


def test_formats_without_an_end_have_a_likely_one() -> None:
    for text in (
        "00:00:01:Hi|there\n",
        "<SAMI><BODY><SYNC Start=1000><P Class=ENCC>Hi<br>there</BODY></SAMI>",
    ):
        [(start, end, lines)] = shown(text)
        assert (start, lines) == (1.0, ("Hi", "there"))
        assert end is not None
        assert 1.5 < end < 4


def test_webvtt_ends_a_caption_at_a_blank_line_and_knows_notes_styles_and_times_in_the_text() -> None:
    text = (
        "WEBVTT - title\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000,MPEGTS:900000\n\nSTYLE\n::cue { color: red }\n\n"
        "NOTE a note\nof two lines\n\nintro\n00:01.000 --> 00:02.000 position:0%\n"
        "hello<00:00:01.200><c> big</c><00:00:01.400><c> world</c>\n\nNOTE more\n\n"
        "outro\n00:03.000 --> 00:04.000\n<v Ann>Bye</v>\n"
    )
    assert shown(text) == [(1.0, 2.0, ("hello big world",)), (3.0, 4.0, ("Bye",))]


def test_substation_shows_neither_drawings_nor_comments_nor_what_has_no_time() -> None:
    text = ass([(1.0, 2.0, "{\\p1}m 0 0 l 100 0 100 100{\\p0}sign"), (1.0, 2.0, "{\\pos(1,2)}ho{a note}la")])
    text += (
        "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,not this\nDialogue: 0,x,0:00:02.00,D,,0,0,0,,no\n"
    )
    assert shown(text) == [(1.0, 2.0, ("sign",)), (1.0, 2.0, ("hola",))]


def test_captions_that_roll_grow_or_repeat_are_one_line_each() -> None:
    rolling = [
        Caption(0.0, 2.0, ("we went to the",)),
        Caption(2.0, 2.01, ("we went to the",)),
        Caption(2.01, 4.0, ("we went to the", "harbour at night")),
        Caption(4.0, 6.0, ("harbour at night", "and saw")),
        Caption(6.0, 7.0, ("harbour at night", "and saw ships")),
        Caption(20.0, 21.0, ("and saw ships",)),
    ]
    found = [(line.start, line.end, line.text) for line in lines_of(rolling, "en", 0.0)]
    assert found == [
        (0.0, 2.01, "we went to the"),
        (2.01, 4.0, "harbour at night"),
        (4.0, 7.0, "and saw ships"),
        (20.0, 21.0, "and saw ships"),
    ]


def test_layers_of_one_text_are_one_line_and_so_are_tracks() -> None:
    layers = [Caption(1.0 + step / 25, 1.04 + step / 25, ("Tokyo",)) for step in range(50)] * 2
    [line] = lines_of(layers, "", 0.0)
    assert (line.start, round(line.end, 2)) == (1.0, 3.0)
    other = lines_of([Caption(1.3, 2.0, ("Tokyo",)), Caption(9.0, 10.0, ("Tokyo",))], "", 0.0)
    assert [each.start for each in merged([[line], other], 10)] == [1.0, 9.0]


def test_what_begins_behind_the_end_is_left_out_and_what_ends_there_is_cut() -> None:
    captions = [Caption(-1.0, 1.0, ("a",)), Caption(8.0, None, ("b",)), Caption(11.0, 12.0, ("c",))]
    found = [(line.start, line.end, line.text) for line in lines_of(captions, "", 10.0)]
    assert found == [(0.0, 1.0, "a"), (8.0, 10.0, "b")]


@pytest.mark.parametrize("language", EIGHT)
@pytest.mark.parametrize("known", [True, False], ids=["told", "not told"])
def test_eight_languages_are_read_in_every_encoding(language: str, known: bool) -> None:
    old, *captions = EIGHT[language]
    text = srt([(number, number + 1, caption) for number, caption in enumerate(captions * 3, 1)])
    for encoding in (old, "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"):
        found = captions_of(decoded(text.encode(encoding), language if known else ""), 0)
        assert [line for caption in found for line in caption.lines] == captions * 3, encoding


@pytest.mark.parametrize(
    ("language", "encoding", "text"),
    [
        ("ru", "koi8_r", "Привет, как дела? Я не знаю, где он."),
        ("zh", "big5", "你好，你今天怎麼樣？我不知道他在哪裡。"),
        ("ja", "euc_jp", "こんにちは、お元気ですか。彼がどこにいるのか分かりません。"),
        ("ja", "iso2022_jp", "こんにちは、お元気ですか。"),
        ("tr", "cp1254", "Şimdi gideceğiz, değil mi? İstanbul'da yağmur yağıyor."),
        ("el", "cp1253", "Γεια σου, τι κάνεις; Δεν ξέρω πού είναι."),
        ("ko", "cp949", "안녕하세요, 잘 지내세요? 그가 어디 있는지 모르겠어요."),
    ],
)
def test_the_other_encodings_of_a_language_are_told_apart(language: str, encoding: str, text: str) -> None:
    assert decoded(text.encode(encoding), language) == text


def test_broken_bytes_cost_themselves_alone() -> None:
    text = "Schöne Grüße aus München"
    data = text.encode() + b" \xff\xfe\x81 " + text.encode() * 5
    assert decoded(data).count("München") == 6
    assert "�" in decoded(data)


def test_text_is_composed_single_spaced_and_shows_all_it_holds() -> None:
    text = "u\u0308ber\u202e ma\u00a0nana\u200b\x07 \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"
    assert shown_lines(text) == ("über ma nana \u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",)
    assert shown_lines("♪♪\n...\n{comment}\n5 < 6 and 7 > 2") == ("{comment}", "5 < 6 and 7 > 2")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no subtitles",
        "<!DOCTYPE tt [<!ENTITY a 'b'>]><tt xmlns='http://www.w3.org/ns/ttml'/>",
        "<tt xmlns='http://www.w3.org/ns/ttml'><body><p begin='5f'>",
        "<SAMI><SYNC Start=x>",
        "{" * 1_000_000,
    ],
)
def test_what_is_none_is_said_to_be_none(text: str) -> None:
    with pytest.raises(NotSubtitlesError):
        captions_of(text, 25.0)


TIMES = "00:00:01,000 --> 00:00:02,000\n"


@pytest.mark.parametrize(
    "text",
    [
        TIMES + "\n" * 1_000_000,
        TIMES + "<a" * 2_500_000,
        TIMES + "<a\n" * 500_000,
        TIMES + "x" * 10_000_000,
        TIMES * 20_000,
        "[Events]\nDialogue: 0,0:00:01.00,0:00:02.00,D,,0,0,0,," + "{\\p1}" * 2_000_000,
        "WEBVTT\n\n00:01.000 --> 00:02.000\n" + "{\\p1" * 1_000_000,
        "<SAMI>" + "<" * 300_000,
        "<SAMI>" + "<!--" * 250_000,
    ],
    ids=[
        "blank",
        "open tags",
        "open tags in lines",
        "one line",
        "times",
        "blocks",
        "open blocks",
        "sami",
        "sami 2",
    ],
)
def test_a_hostile_file_takes_no_longer_than_a_large_one(text: str) -> None:
    started = time.process_time()
    for caption in captions_of(text, 25.0):
        assert all(len(line) <= 1000 for line in caption.lines)
    assert time.process_time() - started < 10.0


@given(
    st.text() | st.lists(st.sampled_from([TIMES, "{", "}", "\\p1", "<", "&#", "\n", "x", "-->"])).map("".join)
)
def test_any_text_is_captions_or_none(text: str) -> None:
    try:
        found = captions_of("WEBVTT\n\n00:01.000 --> 00:02.000\n" + text, 25.0)
    except NotSubtitlesError:
        return
    for line in lines_of(found, "", 0.0):
        assert line.text == " ".join(line.text.split())
        assert line.start <= line.end


def test_ten_thousand_lines_are_read() -> None:
    text = srt([(number, number + 0.9, f"Line number {number}") for number in range(10_000)])
    assert len(lines_of(captions_of(text, 25.0), "en", 0.0)) == 10_000
