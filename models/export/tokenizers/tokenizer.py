"""A model's own tokenizer in the form the program reads: Hugging Face `tokenizers`, proven equal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor

from app.bundle.encoder_bundle import TextSpec
from app.errors import ModelError
from app.model_intake.layouts.sample_texts import TEXTS
from models.export.tokenizers.hf_tokenizer import adapt, cleaning_of, disagreement
from models.export.tokenizers.simple_tokenizer import PAD_ID, convert_simple
from models.open_clip_setup import import_open_clip


@dataclass(frozen=True, slots=True)
class BundleTokenizer:
    """A bundle's tokenizer beside the one it stands for."""

    tokenizer: Tokenizer
    """Without truncation and padding: the program sets both from `spec`."""
    spec: TextSpec
    reference: Callable[[Sequence[str]], Tensor]
    """Texts to token ids int64 `(N, context_length)` as the model's own code makes them."""


def open_clip_tokenizer(tokenizer: Any, shipped: Path | None = None) -> BundleTokenizer:
    """Convert what `open_clip.get_tokenizer` gives, and prove the result on texts in many scripts.

    Args:
        tokenizer: a `SimpleTokenizer`, `HFTokenizer` or `SigLipTokenizer`.
        shipped: the `tokenizer.json` that was published with the model, for one of the latter two: what
            `transformers` makes of it must read texts as the file itself does.

    Raises:
        ModelError: it is another kind of tokenizer, cleans texts in another way, or cannot be proven equal.
    """
    open_clip = import_open_clip()
    if isinstance(tokenizer, open_clip.SimpleTokenizer):
        made = _from_simple(tokenizer)
    elif isinstance(tokenizer, open_clip.tokenizer.HFTokenizer | open_clip.tokenizer.SigLipTokenizer):
        made = _from_wrapped(tokenizer, shipped)
    else:
        raise _foreign(f"its tokenizer is a {type(tokenizer).__name__}")
    prove_equal(made)
    return made


def clip_tokenizer(context_length: int = 77) -> BundleTokenizer:
    """The tokenizer of OpenAI's CLIP, from the vocabulary that open_clip brings along."""
    return open_clip_tokenizer(import_open_clip().SimpleTokenizer(context_length=context_length))


def prove_equal(made: BundleTokenizer, texts: Sequence[str] = TEXTS) -> None:
    """Compare the ids with the model's own, as the program makes them and padded to the context length.

    Raises:
        ModelError: they differ for one of the texts.
    """
    ours, theirs = program_ids(made, texts), made.reference(texts).numpy()
    different = np.flatnonzero((ours != theirs).any(1))
    if len(different):
        raise _foreign(
            f"its tokenizer cannot be put into the program's form ({len(different)} of {len(texts)} texts "
            f"get other numbers, “{texts[different[0]]:.40}” is one)"
        )


def program_ids(made: BundleTokenizer, texts: Sequence[str]) -> NDArray[np.int64]:
    """Token ids `(N, context_length)` as the program's `TextEncoder` makes them, all of full length."""
    length, tokenizer = made.spec.context_length, made.tokenizer
    tokenizer.enable_truncation(length)
    tokenizer.enable_padding(pad_id=made.spec.pad_id, length=length)
    try:
        lowered = [text.lower() if made.spec.lowercase else text for text in texts]
        return np.array([item.ids for item in tokenizer.encode_batch(lowered)], dtype=np.int64)
    finally:
        tokenizer.no_truncation()
        tokenizer.no_padding()


def _from_simple(tokenizer: Any) -> BundleTokenizer:
    lower = import_open_clip().tokenizer.get_clean_fn("lower")
    if tokenizer.clean_fn is not lower or tokenizer.reduction_fn:
        raise _foreign("its tokenizer cleans or shortens texts in its own way")
    return BundleTokenizer(
        tokenizer=convert_simple(tokenizer),
        spec=TextSpec(context_length=tokenizer.context_length, pad_id=PAD_ID, lowercase=True),
        reference=lambda texts: tokenizer(list(texts)),
    )


def _from_wrapped(tokenizer: Any, shipped: Path | None) -> BundleTokenizer:
    kind = cleaning_of(tokenizer)
    wrapped = tokenizer.tokenizer
    mode: str = getattr(tokenizer, "tokenizer_mode", "")
    if kind is None or mode:
        raise _foreign("its tokenizer cleans or marks texts in its own way")
    if not getattr(wrapped, "is_fast", False) or wrapped.pad_token_id is None:
        raise _foreign(f"its tokenizer is a {type(wrapped).__name__}, which is no fast one or cannot pad")
    if shipped is not None and (text := disagreement(tokenizer, shipped, TEXTS)) is not None:
        raise _foreign(
            f"transformers reads “{text:.40}” otherwise than the published tokenizer.json, and it cannot be "
            "told which is right"
        )
    separator = wrapped.sep_token_id if getattr(tokenizer, "strip_sep_token", False) else None
    return BundleTokenizer(
        tokenizer=adapt(wrapped.backend_tokenizer, kind, silent=separator),
        spec=TextSpec(
            context_length=int(tokenizer.context_length),
            pad_id=int(wrapped.pad_token_id),
            lowercase=kind != "whitespace",
        ),
        reference=lambda texts: tokenizer(list(texts)),
    )


def _foreign(why: str) -> ModelError:
    return ModelError(f"This model cannot be exported: {why}.", "Choose another model of the CLIP family.")
