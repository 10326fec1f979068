"""Small tokenizers of the kinds that open_clip takes from `transformers`, trained in a moment and laid down
as the hub does: `tokenizer.json` and `tokenizer_config.json` in a folder."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
    trainers,
)

from app.model_intake.layouts.sample_texts import TEXTS

CORPUS = [*TEXTS, *(text.lower() for text in TEXTS), "eos pad s unk mask bos"] * 3


def gemma(folder: Path) -> Path:
    """Byte-pair with byte fallback, as of SigLIP 2: no start, `<eos>` at the end, padded with 0."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))  # noqa: S106
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    tokenizer.decoder = decoders.ByteFallback()
    special = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    trainer = trainers.BpeTrainer(
        vocab_size=900,
        special_tokens=special + [f"<0x{byte:02X}>" for byte in range(256)],
        show_progress=False,
        limit_alphabet=150,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    content = json.loads(tokenizer.to_str())
    content["added_tokens"] = [token for token in content["added_tokens"] if token["content"] in special]
    tokenizer = Tokenizer.from_str(json.dumps(content))
    tokenizer.add_tokens([AddedToken("\n\n", normalized=False)])
    tokenizer.post_processor = processors.TemplateProcessing("$A <eos>", special_tokens=[("<eos>", 1)])
    return _lay_down(
        folder,
        tokenizer,
        tokenizer_class="GemmaTokenizer",
        padding_side="right",
        add_bos_token=False,
        add_eos_token=True,
        pad_token="<pad>",  # noqa: S106
        eos_token="<eos>",  # noqa: S106
        bos_token="<bos>",  # noqa: S106
        unk_token="<unk>",  # noqa: S106
    )


def t5(folder: Path) -> Path:
    """Unigram as of SigLIP: `</s>` at the end, which also fills up."""
    tokenizer = _unigram(["<pad>", "</s>", "<unk>"])
    tokenizer.post_processor = processors.TemplateProcessing("$A </s>", special_tokens=[("</s>", 1)])
    return _lay_down(
        folder,
        tokenizer,
        tokenizer_class="T5Tokenizer",
        extra_ids=0,
        pad_token="</s>",  # noqa: S106
        eos_token="</s>",  # noqa: S106
        unk_token="<unk>",  # noqa: S106
    )


def xlm_roberta(folder: Path) -> Path:
    """Unigram between `<s>` and `</s>`, padded with 1."""
    tokenizer = _unigram(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.post_processor = processors.TemplateProcessing(
        "<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return _lay_down(
        folder,
        tokenizer,
        tokenizer_class="XLMRobertaTokenizer",
        pad_token="<pad>",  # noqa: S106
        model_max_length=512,
    )


def nllb(folder: Path) -> Path:
    """Byte-pair between the token of a language and `</s>`, padded with 1."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))  # noqa: S106
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.BpeTrainer(vocab_size=900, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    languages = ["deu_Latn", "eng_Latn", "fra_Latn", "jpn_Jpan", "rus_Cyrl", "zho_Hans", "zho_Hant"]
    tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in [*languages, "<mask>"]])
    tokenizer.post_processor = processors.TemplateProcessing(
        "eng_Latn $A </s>",
        special_tokens=[("eng_Latn", tokenizer.token_to_id("eng_Latn")), ("</s>", 2)],
    )
    return _lay_down(
        folder,
        tokenizer,
        tokenizer_class="NllbTokenizer",
        src_lang="eng_Latn",
        legacy_behaviour=False,
        extra_special_tokens=languages,
        pad_token="<pad>",  # noqa: S106
        eos_token="</s>",  # noqa: S106
        bos_token="<s>",  # noqa: S106
        unk_token="<unk>",  # noqa: S106
        mask_token="<mask>",  # noqa: S106
    )


def bert(folder: Path) -> Path:
    """Pieces of words between `[CLS]` and `[SEP]`, padded with 0."""
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))  # noqa: S106
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    trainer = trainers.WordPieceTrainer(vocab_size=600, special_tokens=special, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    tokenizer.post_processor = processors.TemplateProcessing(
        "[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return _lay_down(
        folder,
        tokenizer,
        tokenizer_class="BertTokenizer",
        pad_token="[PAD]",  # noqa: S106
        sep_token="[SEP]",  # noqa: S106
        do_lower_case=True,
    )


def clip(folder: Path) -> Path:
    """Byte-pair between `<|startoftext|>` and `<|endoftext|>`, which also fills up: OpenAI's form."""
    start, end = "<|startoftext|>", "<|endoftext|>"
    tokenizer = Tokenizer(models.BPE(end_of_word_suffix="</w>", unk_token=end))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFC(), normalizers.Replace(Regex(r"\s+"), " "), normalizers.Lowercase()]
    )
    words = r"'s|'t|'re|'ve|'m|'ll|'d|[\p{L}]+|[\p{N}]|[^\s\p{L}\p{N}]+"
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(words), "removed", invert=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    trainer = trainers.BpeTrainer(
        vocab_size=900,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        end_of_word_suffix="</w>",
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    content = json.loads(tokenizer.to_str())
    letters = pre_tokenizers.ByteLevel.alphabet()  # each also as the end of a word, as CLIP has them
    words_of_one = [f"{letter}</w>" for letter in sorted(letters)]
    vocabulary = content["model"]["vocab"]
    for piece in (*words_of_one, start, end):
        vocabulary.setdefault(piece, len(vocabulary))
    tokenizer = Tokenizer.from_str(json.dumps(content))
    tokenizer.add_special_tokens([start, end])
    ids = {token: tokenizer.token_to_id(token) for token in (start, end)}
    tokenizer.post_processor = processors.RobertaProcessing(
        (end, ids[end]), (start, ids[start]), trim_offsets=False, add_prefix_space=False
    )
    return _lay_down(
        folder,
        tokenizer,
        tokenizer_class="CLIPTokenizer",
        pad_token=end,
        bos_token=start,
        eos_token=end,
        unk_token=end,
        model_max_length=77,
    )


KINDS: dict[str, tuple[Callable[[Path], Path], dict[str, Any]]] = {
    "gemma": (gemma, {"clean": "canonicalize"}),
    "t5": (t5, {"clean": "canonicalize"}),
    "xlm-roberta": (xlm_roberta, {}),
    "bert": (bert, {"clean": "canonicalize", "strip_sep_token": True}),
}
"""How each is made, and what open_clip's configurations say beside."""


def _unigram(special: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.Unigram())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(prepend_scheme="always")]
    )
    trainer = trainers.UnigramTrainer(
        vocab_size=700,
        special_tokens=special,
        unk_token="<unk>",  # noqa: S106
        show_progress=False,
    )
    tokenizer.train_from_iterator(CORPUS, trainer)
    return tokenizer


def _lay_down(folder: Path, tokenizer: Tokenizer, **config: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    (folder / "tokenizer_config.json").write_text(json.dumps(config))
    return folder
