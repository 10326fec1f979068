"""What open_clip and the publishers' code do with a text before a tokenizer sees it, in plain Python.

The program itself never does this: its `tokenizer.json` holds normalisers that do the same
(`cleaning_normalisers.py`). This is the other side of the comparison.
"""

from __future__ import annotations

import html
import string

import ftfy

from app.model_intake.layouts.published_model import Cleaning

_PUNCTUATION = str.maketrans("_", " ", string.punctuation.replace("_", ""))


def clean(text: str, kind: Cleaning | None) -> str:
    """`text` as the tokenizer gets it; as it is where `kind` is None.

    ftfy repairs, HTML entities become characters (twice, as open_clip has it), white space becomes single
    spaces. `canonicalize` also takes punctuation out, as SigLIP's training did.
    """
    if kind is None:
        return text
    cleaned = html.unescape(html.unescape(ftfy.fix_text(text)))
    if kind == "canonicalize":
        cleaned = cleaned.translate(_PUNCTUATION)
    if kind != "whitespace":
        cleaned = cleaned.lower()
    return " ".join(cleaned.split())
