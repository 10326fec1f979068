"""The tokenizers that open_clip takes from `transformers`: SentencePiece and others, already in the program's
form but for open_clip's cleaning, which comes first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args

import numpy as np
from tokenizers import Tokenizer

from models.export.tokenizers.cleaning import Cleaning, cleaning
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

    Special tokens are looked for in the text as it was typed. Those that no cleaned text can contain are
    taken from the list, or “<eos>” would end a text whose cleaning leaves “eos”.

    Args:
        backend: of the `transformers` tokenizer.
        kind: what open_clip does first.
        silent: id of a token that is given as 0 (open_clip's `strip_sep_token`).
    """
    content = json.loads(backend.to_str())
    content["truncation"] = content["padding"] = None
    steps = json.loads(cleaning(kind).__getstate__())
    own = [content["normalizer"]] if content["normalizer"] else []
    content["normalizer"] = {"type": "Sequence", "normalizers": [steps, *own]}
    clean = import_open_clip().tokenizer.get_clean_fn(kind)
    content["added_tokens"] = [
        token for token in content["added_tokens"] if clean(token["content"]) == token["content"]
    ]
    if silent is not None:
        _silence(content["post_processor"], silent)
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


def _silence(post_processor: dict[str, Any] | None, silent: int) -> None:
    """Let a template give 0 for the token `silent`."""
    for token in (post_processor or {}).get("special_tokens", {}).values():
        token["ids"] = [0 if number == silent else number for number in token["ids"]]
