"""What is printed shows what is there."""

import os

import pytest

from app.cli.terminal.terminal_text import shown, typed


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("holiday\u202e4pm.exe", "holiday‹U+202E›4pm.exe"),
        ("a\u200eb\u200fc\u2066d\u2069", "a‹U+200E›b‹U+200F›c‹U+2066›d‹U+2069›"),
        ("zero\u200bwidth\ufeff\u200d", "zero‹U+200B›width‹U+FEFF›‹U+200D›"),
        ("new\nline\ttab\x1b[31m\x7f", "new‹U+000A›line‹U+0009›tab‹U+001B›[31m‹U+007F›"),
        ("at 3.04\u202fPM, \u3000wide", "at 3.04 PM,  wide"),
        ("👨\u200d👩\u200d👧 مي\u200dم", "👨\u200d👩\u200d👧 مي\u200dم"),
        (os.fsdecode(b"latin1-\xe9"), "latin1-�"),
        ("plain é 犬.mp4", "plain é 犬.mp4"),
    ],
)
def test_a_name_hides_nothing(name: str, wanted: str) -> None:
    assert shown(name) == wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (b"caf\xe9 terrasse", "café terrasse"),
        ("café".encode(), "café"),
        (b"\x80 a \x81", "\x80 a \x81"),
        (b"\x80 euro", "€ euro"),
        (b"tab\there", "tab\there"),
    ],
)
def test_words_from_any_terminal_are_read(words: bytes, wanted: str) -> None:
    assert typed(words.decode("utf-8", "surrogateescape")) == wanted


def test_a_lone_surrogate_that_stands_for_no_byte_is_no_letter() -> None:
    assert typed("dog \ud800") == "dog ?"
