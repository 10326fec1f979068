"""open_clip's `SimpleTokenizer`, the byte-pair tokenizer of OpenAI's CLIP, as Hugging Face `tokenizers`."""

from __future__ import annotations

from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

from app.model_intake.layouts.cleaning_normalisers import basic

PAD_ID = 0
"""What open_clip fills up with; it follows the end token."""
WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
END_OF_WORD = "</w>"


def convert_simple(simple: Any) -> Tokenizer:
    """The same vocabulary, merges and cleaning; without truncation and padding."""
    special = [simple.decoder[number] for number in simple.all_special_ids]
    start, end = simple.decoder[simple.sot_token_id], simple.decoder[simple.eot_token_id]
    tokenizer = Tokenizer(
        models.BPE(
            vocab=simple.encoder,
            merges=sorted(simple.bpe_ranks, key=simple.bpe_ranks.__getitem__),
            end_of_word_suffix=END_OF_WORD,
        )
    )
    tokenizer.normalizer = normalizers.Sequence([*basic(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(WORDS), "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    # As open_clip reads them: also in the middle of a text, after it was put in lower case.
    tokenizer.add_special_tokens([AddedToken(token, normalized=True, special=True) for token in special])
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}",
        special_tokens=[(start, simple.sot_token_id), (end, simple.eot_token_id)],
    )
    return tokenizer
