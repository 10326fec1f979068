"""Languages as files name them."""

import pytest

from app.lines.language_codes import iso_639_1, language_in_name


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        *[("eng", "en"), ("ger", "de"), ("deu", "de"), ("EN", "en"), ("pt-BR", "pt"), ("zh_Hans", "zh")],
        *[("und", ""), ("", ""), ("xx", ""), ("x" * 10_000, ""), ("mul", "")],
    ],
)
def test_a_tag_becomes_a_code(tag: str, code: str) -> None:
    assert iso_639_1(tag) == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        *[(".en", "en"), (".eng.forced", "en"), ("_German", "de"), (" (pt-BR)", "pt"), ("2_English", "en")],
        *[
            (".sdh", ""),
            (".zh-Hans", "zh"),
            (".Brazilian.Portuguese", "pt"),
            (".track3_[fre]", "fr"),
            ("", ""),
        ],
    ],
)
def test_the_end_of_a_name_says_a_language(words: str, code: str) -> None:
    assert language_in_name(words) == code
