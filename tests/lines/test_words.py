"""Texts and names are cut into the words that people search by."""

import pytest

from app.lines.names import name_words
from app.lines.words import words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Happy Birthday, dear Anna!", ["happy", "birthday", "dear", "anna"]),
        ("don’t stop", ["don", "t", "stop"]),
        ("Ærøskøbing Łódź Straße", ["aeroskobing", "lodz", "strasse"]),
        ("Crème brûlée", ["creme", "brulee"]),
        ("我喜欢狗", ["我喜", "喜欢", "欢狗", "狗"]),
        ("東京タワー 2024", ["東京", "京タ", "タワ", "ワー", "ー", "2024"]),
        ("ガ", ["ガ"]),
        ("हिन्दी", ["हिन्दी"]),
        ("조카의 생일", ["조카의", "생일"]),
        ("ＦＵＬＬ width", ["full", "width"]),
        ("a\x00b\u202ec", ["a", "b", "c"]),
        ("", []),
    ],
)
def test_words_of_any_script(text: str, words: list[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("IMG_2043", ["img", "2043"]),
        ("2023-07 Lake Garda", ["2023", "07", "lake", "garda"]),
        ("birthdayParty", ["birthdayparty", "birthday", "party"]),
        ("GPSTrack", ["gpstrack", "gps", "track"]),
        ("VID20230714", ["vid20230714", "vid", "20230714"]),
        ("Köln_amAbend", ["koln", "amabend", "am", "abend"]),
    ],
)
def test_names_are_taken_apart(name: str, words: list[str]) -> None:
    assert name_words(name) == words
