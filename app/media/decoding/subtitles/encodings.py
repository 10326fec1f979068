"""Bytes of a subtitle file become text, whatever they were written with; broken ones become �."""

import codecs

from charset_normalizer import from_bytes

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_BROKEN = 0.02
"""Of a text, the part that may be broken in the encoding that it is in all the same."""
_SOUND = 4
"""In UTF-8 so many letters beyond ASCII are sound for each broken byte."""
_HEAD = 64 << 10
"""Bytes from which UTF-16 without a mark is told."""
_SAMPLE = 32 << 10
"""Bytes, of lines that are not ASCII only, from which an encoding is told."""
_USUAL = {
    **{"ru": "cp1251", "uk": "cp1251", "be": "cp1251", "bg": "cp1251", "mk": "cp1251", "sr": "cp1250"},
    **{"cs": "cp1250", "sk": "cp1250", "pl": "cp1250", "hu": "cp1250", "ro": "cp1250", "hr": "cp1250"},
    **{"sl": "cp1250", "bs": "cp1250", "sq": "cp1250", "el": "cp1253", "tr": "cp1254", "az": "cp1254"},
    **{"he": "cp1255", "ar": "cp1256", "fa": "cp1256", "ur": "cp1256", "et": "cp1257", "lv": "cp1257"},
    **{"lt": "cp1257", "vi": "cp1258", "th": "cp874", "zh": "gb18030", "ja": "cp932", "ko": "cp949"},
}
"""What programs wrote before UTF-8, by the language that a file's name tells; `_WESTERN` for the others."""
_WESTERN = "cp1252"
_ALTERNATIVES = {"zh": ("big5hkscs",), "ja": ("euc_jp", "iso2022_jp"), "ru": ("koi8_r",), "uk": ("koi8_u",)}
_GUESSED = sorted(
    {*_USUAL.values(), _WESTERN, "big5hkscs", "euc_jp", "koi8_r"} - {"cp1257", "cp1258", "cp874"}
)
"""Those that are told by the text alone; the rare ones are taken for others too often."""
_AS_GOOD = 0.1
"""By so much two guesses may differ in what is told from them before one of them is the better one."""


def decoded(data: bytes, language: str = "") -> str:
    """The text that a file holds.

    Args:
        data: all of it.
        language: ISO 639-1, where something says it; empty where nothing does.
    """
    return data.decode(encoding_of(data, language), "replace").removeprefix("\ufeff")


def encoding_of(data: bytes, language: str = "") -> str:
    """The name of the encoding of a text; arguments as those of `decoded`."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return encoding
    if encoding := _wide(data):
        return encoding
    if b"\x1b$" in data[:_HEAD] and b"\x1b(" in data[:_HEAD]:
        return "iso2022_jp"
    return "utf-8" if _is_utf_8(data) else _eight_bit(data, language)


def _wide(data: bytes) -> str:
    """UTF-16 that does not say so: every other byte of ASCII in it is zero. Empty where it is not."""
    head = data[: _HEAD & ~1]
    if len(head) < 4 or head.count(0) <= len(head) // 40:
        return ""
    low, high = head[0::2].count(0), head[1::2].count(0)
    return "utf-16-le" if high > low else "utf-16-be"


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        return True
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    sound = sum(1 for letter in text if letter > "\x7f") - broken
    return sound > broken * _SOUND


def _eight_bit(data: bytes, language: str) -> str:
    """The encoding of a text that is in none of Unicode's."""
    sample = _telling(data)
    usual = _USUAL.get(language, _WESTERN if language else "")
    candidates = [usual, *_ALTERNATIVES.get(language, ())] if usual else _GUESSED
    found = list(from_bytes(sample, cp_isolation=candidates)) if len(candidates) > 1 else []
    if not found or usual:
        return found[0].encoding if found else usual or _WESTERN
    best = found[0]
    equal = [
        each
        for each in found
        if each.chaos <= best.chaos + _AS_GOOD and each.coherence >= best.coherence - _AS_GOOD
    ]
    for each in equal:  # which it takes for Norwegian otherwise
        if each.encoding == "cp1254" and each.language == "Turkish":
            return "cp1254"
    tied = [each for each in equal if each.chaos <= best.chaos and each.coherence >= best.coherence]
    same = {encoding for each in tied for encoding in each.could_be_from_charset}
    return _WESTERN if _WESTERN in same else best.encoding


def _telling(data: bytes) -> bytes:
    """Whole lines that are not ASCII only: the others, and the times, tell nothing of an encoding."""
    lines: list[bytes] = []
    left = _SAMPLE
    for line in data[: 1 << 20].splitlines():
        if left <= 0:
            break
        if not line.isascii():
            lines.append(line[:left])
            left -= len(line) + 1
    return b"\n".join(lines)
