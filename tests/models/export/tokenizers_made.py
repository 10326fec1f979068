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
    return _lay_down(folder, tokenizer, tokenizer_class="XLMRobertaTokenizer", model_max_length=512)


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
    return _lay_down(folder, tokenizer, tokenizer_class="BertTokenizer", do_lower_case=True)


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
