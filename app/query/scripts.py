"""In which letters a text is written."""

import unicodedata
from collections import Counter

SCRIPTS = {
    "ARABIC": "Arabic letters",
    "ARMENIAN": "Armenian letters",
    "BENGALI": "Bengali letters",
    "BOPOMOFO": "Chinese characters",
    "CJK": "Chinese characters",
    "CYRILLIC": "Cyrillic letters",
    "DEVANAGARI": "Devanagari letters",
    "ETHIOPIC": "Ethiopic letters",
    "GEORGIAN": "Georgian letters",
    "GREEK": "Greek letters",
    "GUJARATI": "Gujarati letters",
    "GURMUKHI": "Gurmukhi letters",
    "HANGUL": "Korean letters",
    "HEBREW": "Hebrew letters",
    "HIRAGANA": "Japanese letters",
    "KANNADA": "Kannada letters",
    "KATAKANA": "Japanese letters",
    "KHMER": "Khmer letters",
    "LAO": "Lao letters",
    "MALAYALAM": "Malayalam letters",
    "MONGOLIAN": "Mongolian letters",
    "MYANMAR": "Burmese letters",
    "SINHALA": "Sinhala letters",
    "TAMIL": "Tamil letters",
    "TELUGU": "Telugu letters",
    "THAI": "Thai letters",
    "TIBETAN": "Tibetan letters",
}
"""First word of a letter's name in Unicode, and what people call such letters."""

LATIN = "LATIN"


def script_of(letter: str) -> str:
    """`LATIN` or a key of `SCRIPTS`; empty for what is no letter of any of them (μ, ℕ, 5)."""
    if letter.isascii():
        return LATIN if letter.isalpha() else ""
    if not letter.isalpha():
        return ""
    name = unicodedata.name(letter, "").partition(" ")[0].partition("-")[0]
    name = {"FULLWIDTH": LATIN, "HALFWIDTH": "KATAKANA"}.get(name, name)
    return name if name == LATIN or name in SCRIPTS else ""


def letters_of(text: str) -> Counter[str]:
    """How many letters of each script a text has."""
    found = Counter(script_of(letter) for letter in text)
    del found[""]
    return found
