"""The tokenizers that open_clip takes from `transformers`: SentencePiece and others, already in the program's
form but for open_clip's cleaning, which comes first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
from tokenizers import Tokenizer

from app.model_intake.layouts.published_model import Cleaning
from app.model_intake.layouts.tokenizer import put_cleaning_first, silence
from models.open_clip_setup import import_open_clip


def cleaning_of(tokenizer: Any) -> Cleaning | None:
    """How an `HFTokenizer` or `SigLipTokenizer` cleans texts; None where in no way that is known."""
    of_open_clip = import_open_clip().tokenizer
    if isinstance(tokenizer, of_open_clip.SigLipTokenizer):
        return "canonicalize"
    known: dict[Any, Cleaning] = {of_open_clip.get_clean_fn(kind): kind for kind in get_args(Cleaning)}
    return known.get(tokenizer.clean_fn)


def adapt(backend: Tokenizer, kind: Cleaning, *, silent: int | None = None) -> Tokenizer:
    """`backend` with open_clip's cleaning before its own normalisers; without truncation and padding.

    Args:
        backend: of the `transformers` tokenizer.
        kind: what open_clip does first.
        silent: id of a token that is given as 0 (open_clip's `strip_sep_token`).
    """
    content = json.loads(backend.to_str())
    content["truncation"] = content["padding"] = None
    put_cleaning_first(content, kind)
    if silent is not None:
        silence(content, silent)
    return Tokenizer.from_str(json.dumps(content))


def disagreement(tokenizer: Any, shipped: Path, texts: Sequence[str]) -> str | None:
    """The first text that `transformers` reads otherwise than the published file does; None where none.

    Newer releases of `transformers` build the tokenizer anew from parts of the file.
    """
    wrapped, length = tokenizer.tokenizer, int(tokenizer.context_length)
    published = Tokenizer.from_file(str(shipped))
    published.enable_truncation(length)
    published.enable_padding(pad_id=wrapped.pad_token_id, length=length)
    clean = import_open_clip().tokenizer.get_clean_fn(cleaning_of(tokenizer) or "whitespace")
    cleaned = [clean(text) for text in texts]
    theirs = np.array([item.ids for item in published.encode_batch(cleaned)])
    ours = wrapped(cleaned, max_length=length, padding="max_length", truncation=True)["input_ids"]
    different = np.flatnonzero((theirs != np.array(ours)).any(1))
    return texts[different[0]] if len(different) else None
