"""What of the readings is text: nature has shapes that a network reads as letters, most of them alone."""

import unicodedata

SURE = 0.9
"""One sight with this confidence is enough."""
LIKELY = 0.8
"""Several sights that say the same are enough with this one."""
VERY_SURE = 0.97
"""For what is very short."""

_LEAST = 2
"""Letters and digits; single ones are read into branches and folds by the dozen."""
_SHORT = 3
_SHARE = 0.5
"""So much of a text are letters and digits."""


def clean(text: str) -> str:
    """A text on one line, without characters that cannot be seen; empty where nothing is left."""
    kept = "".join(each if each.isprintable() else " " for each in unicodedata.normalize("NFC", text))
    return " ".join(kept.split())


def letters_of(text: str) -> str:
    """Its letters and digits in small, by which texts are compared."""
    return "".join(each for each in text.casefold() if each.isalnum())


def is_plausible(text: str, confidence: float, sights: int) -> bool:
    """Whether a reading is worth keeping.

    Args:
        text: cleaned.
        confidence: the best one it was read with, 0 to 1.
        sights: how many different frames it was read in.
    """
    letters = letters_of(text)
    if len(letters) < _LEAST or len(letters) < _SHARE * len(text.replace(" ", "")):
        return False
    if len(letters) < _SHORT:
        return confidence >= VERY_SURE or (confidence >= SURE and sights > 1)
    return confidence >= SURE or (confidence >= LIKELY and sights > 1)


def language_of(text: str) -> str:
    """ISO 639-1 of a text by its letters, where those of one language alone say so; else empty."""
    names = [unicodedata.name(each, "") for each in text if each.isalpha()]
    if any(name.startswith(("HIRAGANA", "KATAKANA")) for name in names):
        return "ja"
    if any(name.startswith("HANGUL") for name in names):
        return "ko"
    ideographs = sum(name.startswith("CJK") for name in names)
    return "zh" if ideographs and 2 * ideographs >= len(names) else ""
