"""open_clip's cleaning of texts as normalisers of Hugging Face `tokenizers`.

ftfy, HTML entities, white space and punctuation become replacements as far as a table can say it: what stays
behind is ftfy's repair of wrongly decoded text, numeric entities but those of quotes and “&”, and the
entities of HTML 5.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from html.entities import name2codepoint

from ftfy.chardata import DOUBLE_QUOTE_RE, LIGATURES, SINGLE_QUOTE_RE, WIDTH_MAP
from tokenizers import Regex, normalizers

from app.model_intake.layouts.published_model import Cleaning

_AMPERSANDS = r"&(?:amp;)+"
_NUMERIC_ENTITIES = {"&#39;": "'", "&#x27;": "'", "&apos;": "'", "&#34;": '"', "&#38;": "&"}
_INVISIBLE = r"[\x{0}-\x{8}\x{b}\x{e}-\x{1f}\x{7f}\x{206a}-\x{206f}\x{feff}\x{fff9}-\x{fffc}]"
"""Control characters that ftfy takes out."""
_SPACES = (
    r"[\x{9}-\x{d}\x{1c}-\x{20}\x{85}\x{a0}\x{1680}"
    r"\x{2000}-\x{200a}\x{2028}\x{2029}\x{202f}\x{205f}\x{3000}]+"
)
"""What Python's `str.split` takes for white space."""
_PUNCTUATION = "[" + "".join(f"\\x{{{ord(mark):x}}}" for mark in string.punctuation) + "]"


def basic() -> list[normalizers.Normalizer]:
    """open_clip's `basic_clean`, but for the white space around the text."""
    return [*_replacements(), normalizers.NFC()]


def cleaning(kind: Cleaning) -> normalizers.Sequence:
    """What a tokenizer of open_clip does with a text first. Where it puts texts in lower case the program
    must do so before, since a normaliser sees no word whole (“Σ” at its end)."""
    steps = basic()
    if kind == "canonicalize":
        steps += [normalizers.Replace("_", " "), normalizers.Replace(Regex(_PUNCTUATION), "")]
    if kind != "whitespace":
        steps.append(normalizers.Lowercase())
    steps += [normalizers.Replace(Regex(_SPACES), " "), normalizers.Strip()]
    return normalizers.Sequence(steps)


def _replacements() -> Iterator[normalizers.Replace]:
    """The tables of `html.unescape` (HTML 4) and ftfy's fixes, in their order."""
    yield normalizers.Replace(Regex(_AMPERSANDS), "&")
    entities = {f"&{name};": chr(point) for name, point in name2codepoint.items() if name != "amp"}
    tables = [entities | _NUMERIC_ENTITIES, _windows_1252(), _characters(LIGATURES), _characters(WIDTH_MAP)]
    for table in tables:
        for found, instead in table.items():
            yield normalizers.Replace(found, instead)
    yield normalizers.Replace(Regex(SINGLE_QUOTE_RE.pattern), "'")
    yield normalizers.Replace(Regex(DOUBLE_QUOTE_RE.pattern), '"')
    yield normalizers.Replace(Regex(_INVISIBLE), "")


def _windows_1252() -> dict[str, str]:
    """Control characters 128 to 159 as what their byte is in Windows-1252, where it is something."""
    known = {}
    for number in range(0x80, 0xA0):
        instead = bytes([number]).decode("windows-1252", errors="ignore")
        if instead:
            known[chr(number)] = instead
    return known


def _characters(table: dict[int, str]) -> dict[str, str]:
    return {chr(point): instead for point, instead in table.items()}
