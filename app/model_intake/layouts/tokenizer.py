"""A published tokenizer in the form that a bundle carries, and what the publisher's own code makes of texts.

The two are independent: the bundle's tokenizer cleans by normalisers, the publisher's code in Python; the
bundle's takes the token of a language from the program, the publisher's puts it around the text.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from app.errors import ModelError
from app.model_intake.layouts.cleaning_normalisers import cleaning
from app.model_intake.layouts.configuration import CHOOSE, TOKENIZER_BYTES, read_object
from app.model_intake.layouts.published_model import Cleaning, PublishedTextTower
from app.model_intake.layouts.text_cleaning import clean
from app.model_intake.layouts.tokenizer_file import LANGUAGE_TOKEN
from app.runtime.languages import language_of


def program_tokenizer(text: PublishedTextTower) -> Tokenizer:
    """The tokenizer for the bundle's `tokenizer.json`, without truncation and padding.

    The program puts texts in lower case first where `text.lowercase` says so, and puts the token of the
    language in front where `text.language_tokens` has one.

    Raises:
        ModelError: the published file cannot be read.
    """
    content = _content(text)
    _build(content)  # it is what it should be: below it is taken apart
    if text.cleaning is not None:
        put_cleaning_first(content, text.cleaning)
    if text.silent_id is not None:
        silence(content, text.silent_id)
    if text.language_tokens:
        _leave_languages_to_the_program(content)
    return _build(content)


def reference_tokens(text: PublishedTextTower, texts: Sequence[str]) -> NDArray[np.int64]:
    """Token ids int64 `(N, context_length)` as the publisher's own code makes them of `texts`.

    Raises:
        ModelError: the published file cannot be read, or it cannot read one of the texts.
    """
    tokenizer = _build(_content(text))
    cleaned = [
        item.lower() if text.cleaning is None and text.lowercase else clean(item, text.cleaning)
        for item in texts
    ]
    rows = [_row(tokenizer, text, item, original) for item, original in zip(cleaned, texts, strict=True)]
    ids = np.full((len(texts), text.context_length), text.pad_id, np.int64)
    for target, row in zip(ids, rows, strict=True):
        target[: len(row)] = row
    if text.silent_id is not None:
        ids[ids == text.silent_id] = 0
    return ids


def unused_id(text: PublishedTextTower) -> int:
    """An id that no token has: what a bundle can be filled up with where the published padding is a token."""
    return 1 + max((*_build(_content(text)).get_vocab().values(), text.pad_id))


def put_cleaning_first(content: dict[str, Any], kind: Cleaning) -> None:
    """Put a cleaning before the normalisers of a `tokenizer.json`.

    Special tokens are looked for in the text as it was typed. Those that no cleaned text can contain are
    taken from the list, or “<eos>” would end a text whose cleaning leaves “eos”.
    """
    steps = json.loads(cleaning(kind).__getstate__())
    own = [content["normalizer"]] if content.get("normalizer") else []
    content["normalizer"] = {"type": "Sequence", "normalizers": [steps, *own]}
    content["added_tokens"] = [
        token for token in content["added_tokens"] if clean(token["content"], kind) == token["content"]
    ]


def silence(content: dict[str, Any], silent: int) -> None:
    """Let what is put around a text give 0 for the token `silent`."""
    processor = content.get("post_processor") or {}
    for token in processor.get("special_tokens", {}).values():
        token["ids"] = [0 if number == silent else number for number in token["ids"]]


def _row(tokenizer: Tokenizer, text: PublishedTextTower, cleaned: str, original: str) -> list[int]:
    """Ids of one text, cut at the context length, not filled up."""
    if not text.language_tokens:
        tokenizer.enable_truncation(text.context_length)
        return list(_encode(tokenizer, cleaned, special=True))
    tokenizer.no_truncation()
    around = _encode(tokenizer, "", special=True)
    ends = [number for number in around if not LANGUAGE_TOKEN.fullmatch(tokenizer.id_to_token(number) or "")]
    language = text.language_tokens[language_of(original, text.language_tokens)]
    room = text.context_length - len(ends) - 1
    return [*_token_ids(tokenizer, language), *_encode(tokenizer, cleaned, special=False)[:room], *ends]


def _token_ids(tokenizer: Tokenizer, token: str) -> list[int]:
    number = tokenizer.token_to_id(token)
    if number is None:
        raise _unreadable()
    return [number]


def _leave_languages_to_the_program(content: dict[str, Any]) -> None:
    """Take the tokens of languages out of what is put around a text."""
    processor = content.get("post_processor")
    if not isinstance(processor, dict) or processor.get("type") != "TemplateProcessing":
        raise _unreadable()
    for form in ("single", "pair"):
        processor[form] = [
            part
            for part in processor[form]
            if not LANGUAGE_TOKEN.fullmatch(part.get("SpecialToken", {}).get("id", ""))
        ]


def _content(text: PublishedTextTower) -> dict[str, Any]:
    content = read_object(text.tokenizer.parent, text.tokenizer.name, TOKENIZER_BYTES)
    content["truncation"] = content["padding"] = None
    content.setdefault("added_tokens", [])
    return content


def _build(content: dict[str, Any]) -> Tokenizer:
    try:
        return Tokenizer.from_str(json.dumps(content))
    except BaseException as error:  # bare Exceptions for any malformed file, and others for a panic of Rust's
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise _unreadable() from error


def _encode(tokenizer: Tokenizer, text: str, *, special: bool) -> list[int]:
    try:
        return list(tokenizer.encode(text, add_special_tokens=special).ids)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise _unreadable() from error


def _unreadable() -> ModelError:
    return ModelError("The export cannot be understood: its tokenizer.json is of an unknown kind.", CHOOSE)
