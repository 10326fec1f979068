"""open_clip's byte-pair tokenizer in the form the program reads: Hugging Face `tokenizers`.

The ids are open_clip's own. Its cleaning (ftfy, HTML entities, lower case) becomes normalisers as far as a
table of replacements can say it: what stays behind is ftfy's repair of wrongly decoded text, numeric entities
but those of quotes and “&”, and the entities of HTML 5.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html.entities import name2codepoint
from typing import Any

from ftfy.chardata import DOUBLE_QUOTE_RE, LIGATURES, SINGLE_QUOTE_RE, WIDTH_MAP
from tokenizers import AddedToken, Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
from torch import Tensor

from app.encoders.bundle import TextSpec
from app.errors import ModelError
from models.open_clip_setup import import_open_clip

PAD_ID = 0
"""What open_clip fills up with; it follows the end token."""
WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
END_OF_WORD = "</w>"

_AMPERSANDS = r"&(?:amp;)+"
_NUMERIC_ENTITIES = {"&#39;": "'", "&#x27;": "'", "&apos;": "'", "&#34;": '"', "&#38;": "&"}
_INVISIBLE = r"[\x{0}-\x{8}\x{b}\x{e}-\x{1f}\x{7f}\x{206a}-\x{206f}\x{feff}\x{fff9}-\x{fffc}]"
"""Control characters that ftfy takes out."""


@dataclass(frozen=True, slots=True)
class BundleTokenizer:
    """A bundle's tokenizer beside the one it stands for."""

    tokenizer: Tokenizer
    """Without truncation and padding: the program sets both from `spec`."""
    spec: TextSpec
    reference: Callable[[Sequence[str]], Tensor]
    """Texts to token ids int64 `(N, context_length)` as the model's own code makes them."""


def open_clip_tokenizer(tokenizer: Any) -> BundleTokenizer:
    """Convert what `open_clip.get_tokenizer` gives for a CLIP (a `SimpleTokenizer`).

    Raises:
        ModelError: it is another kind of tokenizer, or one that cleans texts in another way.
    """
    open_clip = import_open_clip()
    if not isinstance(tokenizer, open_clip.SimpleTokenizer):
        raise _foreign(f"its tokenizer is a {type(tokenizer).__name__}")
    if tokenizer.clean_fn is not open_clip.tokenizer.get_clean_fn("lower") or tokenizer.reduction_fn:
        raise _foreign("its tokenizer cleans or shortens texts in its own way")
    return BundleTokenizer(
        tokenizer=_convert(tokenizer),
        spec=TextSpec(context_length=tokenizer.context_length, pad_id=PAD_ID, lowercase=True),
        reference=lambda texts: tokenizer(list(texts)),
    )


def clip_tokenizer(context_length: int = 77) -> BundleTokenizer:
    """The tokenizer of OpenAI's CLIP, from the vocabulary that open_clip brings along."""
    return open_clip_tokenizer(import_open_clip().SimpleTokenizer(context_length=context_length))


def _convert(simple: Any) -> Tokenizer:
    special = [simple.decoder[number] for number in simple.all_special_ids]
    start, end = simple.decoder[simple.sot_token_id], simple.decoder[simple.eot_token_id]
    tokenizer = Tokenizer(
        models.BPE(
            vocab=simple.encoder,
            merges=sorted(simple.bpe_ranks, key=simple.bpe_ranks.__getitem__),
            end_of_word_suffix=END_OF_WORD,
        )
    )
    tokenizer.normalizer = normalizers.Sequence(
        [*_replacements(), normalizers.NFC(), normalizers.Lowercase()]
    )
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


def _foreign(why: str) -> ModelError:
    return ModelError(f"This model cannot be exported: {why}.", "Choose a model of the CLIP family.")
