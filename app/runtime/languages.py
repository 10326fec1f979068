"""In which language a description is: whether an English model hardly understands it, and which token a
multilingual one wants in front of it. A guess, with care.

Short texts are the hard ones: names, dishes and dances are words of other languages and English ones all the
same. So nothing is said of one or two words, of three or four only with a word like “ein” among them, and
nothing where a third of the words is English. Measured in docs/decisions/0024-camera-day-place.md.
"""

import logging
import re
import threading
from collections.abc import Collection
from functools import cache
from typing import Any, Protocol

from app.paths import resource
from app.query.scripts import LATIN, letters_of

logger = logging.getLogger(__name__)

LANGUAGES = {
    **{"ca": "Catalan", "cs": "Czech", "da": "Danish", "de": "German", "es": "Spanish"},
    **{"et": "Estonian", "eu": "Basque", "fi": "Finnish", "fr": "French", "gl": "Galician"},
    **{"hr": "Croatian", "hu": "Hungarian", "id": "Indonesian", "is": "Icelandic"},
    **{"it": "Italian", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian"},
    **{"pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "sk": "Slovak", "sl": "Slovenian"},
    **{"sq": "Albanian", "sv": "Swedish", "tr": "Turkish", "vi": "Vietnamese"},
}
"""Languages in Latin letters that are told from English."""

LEAST_WORDS, FEW_WORDS = 3, 4
"""Of texts with fewer words nothing is said; of those with few, only with a telling word or letter."""
SURE, SURE_OF_FEW = 10.0, 30.0
"""How many times as likely as English another language has to be; with few words."""

_TELLING = {
    *("ein", "eine", "einen", "einem", "einer", "im", "am", "zum", "beim", "mit", "auf", "und", "das", "dem"),
    *("un", "une", "des", "dans", "avec", "sur", "sous", "aux"),
    *("una", "uno", "unos", "unas", "con", "niños", "sobre", "della", "sulla", "nella", "nel", "sul", "che"),
    *("um", "uma", "com", "numa", "num", "een", "het", "met", "op", "ett", "på", "og", "och", "med"),
    *("na", "się", "bir", "ve", "egy", "az", "pe", "di", "một", "và", "v", "se"),
}
"""Short words that do not stand in names and loans of few words (“rio de janeiro”, “la dolce vita”)."""

_ENGLISH = {
    *("the", "of", "with", "and", "from", "their", "his", "near", "while", "being", "into", "through", "at"),
    *("who", "that", "are", "they", "behind", "front", "each", "other", "for", "out", "some", "its", "as"),
    *("two", "three", "one", "woman", "women", "people", "girl", "girls", "boy", "boys", "child", "children"),
    *("black", "white", "brown", "green", "yellow", "young", "little", "small", "dog", "dogs", "shirt"),
    *("wearing", "sitting", "standing", "playing", "walking", "holding", "looking", "running", "riding"),
    *("jumping", "dressed", "down", "outside", "street", "field", "grass", "snow", "beach", "around", "over"),
}
"""Frequent words beside those of the typical queries."""

_SCRIPTS = {
    **{"ARABIC": "ar", "ARMENIAN": "hy", "BENGALI": "bn", "BOPOMOFO": "zh", "CJK": "zh", "CYRILLIC": "ru"},
    **{"DEVANAGARI": "hi", "ETHIOPIC": "am", "GEORGIAN": "ka", "GREEK": "el", "GUJARATI": "gu"},
    **{"GURMUKHI": "pa", "HANGUL": "ko", "HEBREW": "he", "HIRAGANA": "ja", "KANNADA": "kn", "KATAKANA": "ja"},
    **{"KHMER": "km", "LAO": "lo", "MALAYALAM": "ml", "MONGOLIAN": "mn", "MYANMAR": "my", "SINHALA": "si"},
    **{"TAMIL": "ta", "TELUGU": "te", "THAI": "th", "TIBETAN": "bo"},
}
"""ISO 639-1 code of the language that is mostly written in such letters."""
_LETTERS: dict[str, dict[str, frozenset[str]]] = {
    "CYRILLIC": {
        "be": frozenset("ў"),
        "uk": frozenset("іїєґ"),
        "mk": frozenset("ѓќѕ"),
        "sr": frozenset("ђћљњџј"),
        "kk": frozenset("әғқңұһ"),
    },
    "ARABIC": {"ur": frozenset("ٹڈڑںے"), "fa": frozenset("پچژگکی")},
}
"""Letters that only one of the languages of a script has, the telling ones first."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


class _Identifier(Protocol):
    nb_classes: list[str]

    def classify(self, text: str) -> tuple[str, float]: ...

    def rank(self, text: str) -> list[tuple[str, float]]: ...


def other_language(text: str) -> str:
    """English name of the language that a description seems to be in; empty for English, and in doubt."""
    return LANGUAGES.get(_latin_language(text), "")


def language_of(text: str, known: Collection[str]) -> str:
    """Which of the known languages a description is in: its ISO 639-1 code; English in doubt.

    Letters tell most languages that are not written in Latin ones, and words the others, as far as
    `other_language` tells them; where English is not known the first of the known ones is the doubtful case.

    Args:
        text: a description.
        known: codes, not empty.
    """
    letters = letters_of(text)
    script = letters.most_common(1)[0][0] if letters else LATIN
    code = _latin_language(text) if script == LATIN else _by_letters(text, script, letters)
    if code in known:
        return code
    return "en" if "en" in known else next(iter(known))


def _by_letters(text: str, script: str, letters: Collection[str]) -> str:
    """Code of a language by its letters, or of the one with the most speakers that writes such letters."""
    if script == "CJK" and {"HIRAGANA", "KATAKANA"}.intersection(letters):
        return "ja"
    for code, only in _LETTERS.get(script, {}).items():
        if not only.isdisjoint(text.lower()):
            return code
    return _SCRIPTS.get(script, "")


def _latin_language(text: str) -> str:
    """Code of the language that a description in Latin letters seems to be in; empty in doubt."""
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < LEAST_WORDS or not _is_suspicious(words):
        return ""
    identifier = _identifier()
    if identifier is None:
        return ""
    chances = dict(identifier.rank(text))
    best = max(chances, key=lambda language: chances[language])
    enough = SURE_OF_FEW if len(words) <= FEW_WORDS else SURE
    return best if chances[best] > enough * chances.get("en", 0.0) else ""


def _is_suspicious(words: list[str]) -> bool:
    """Whether so few words are English ones that the others have to be looked at."""
    accents = len(words) == FEW_WORDS and not all(word.isascii() for word in words)
    if len(words) <= FEW_WORDS and not accents and not _TELLING.intersection(words):
        return False
    known = sum(word in _english_words() for word in words)
    return 3 * known < len(words)


@cache
def _english_words() -> frozenset[str]:
    """Words of typical queries; of one letter or two there are too many in other languages."""
    lines = resource("query_bank.txt").read_text(encoding="utf-8").lower().splitlines()
    found = {word for line in lines if not line.startswith("#") for word in _WORD.findall(line)}
    return frozenset(word for word in found if len(word) > 2) | _ENGLISH


_loading = threading.Lock()


def _identifier() -> _Identifier | None:
    """The detector, loaded by the first text that is not plainly English: a second, 75 MB."""
    with _loading:
        return _load()


@cache
def _load() -> _Identifier | None:
    try:
        from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415 - see `_identifier`

        identifier: Any = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
        identifier.set_languages(["en", *LANGUAGES])
    except (ImportError, OSError, ValueError) as error:
        logger.warning("languages cannot be told: %s", error)
        return None
    return identifier  # type: ignore[no-any-return]
