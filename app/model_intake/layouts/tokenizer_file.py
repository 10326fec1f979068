"""A published `tokenizer.json`, read as JSON: what its configuration and its tokens say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from app.bundle.description import printable
from app.errors import ModelError
from app.lines.language_codes import iso_639_1
from app.model_intake.layouts.configuration import CHOOSE, TOKENIZER_BYTES, Configuration, read_object

LANGUAGE_TOKEN = re.compile(r"[a-z]{3}_[A-Z][a-z]{3}")
"""FLORES-200: `deu_Latn`."""

_INDIVIDUAL = {
    **{"als": "sq", "arb": "ar", "ayr": "ay", "azj": "az", "ckb": "ku", "dik": "", "fuv": "ff", "gaz": "om"},
    **{
        "kmr": "ku",
        "khk": "mn",
        "lvs": "lv",
        "npi": "ne",
        "ory": "or",
        "pbt": "ps",
        "pes": "fa",
        "plt": "mg",
    },
    **{"quy": "qu", "swh": "sw", "taq": "", "uzn": "uz", "ydd": "yi", "yue": "", "zsm": "ms"},
}
"""Languages of which ISO 639-1 only knows the family; Cantonese is not what Chinese is usually written in."""
_PREFERRED = {"kas_Deva", "kmr_Latn", "zho_Hans"}
"""Where one language has several tokens."""


class TokenizerFile:
    """`tokenizer.json` of an export; nothing is built of it yet.

    Raises:
        ModelError: it is not there, too large, or no JSON object.
    """

    def __init__(self, folder: Path, name: str = "tokenizer.json") -> None:
        self.path = folder / name
        self.name = name
        self.content = read_object(folder, name, TOKENIZER_BYTES)

    def id_of(self, token: str) -> int | None:
        """The number of a token; None where there is no such."""
        return self._numbers.get(token)

    def holds(self, token: str) -> bool:
        """Whether it has a token."""
        return token in self._numbers

    def id_named(self, config: Configuration, key: str) -> int:
        """The number of the token that `tokenizer_config.json` names as `key`.

        Raises:
            ModelError: it names none, or one that the tokenizer does not have.
        """
        named: Any = config.values.get(key)
        token = named.get("content") if isinstance(named, dict) else named
        if not isinstance(token, str):
            raise config.wrong(key, named)
        number = self.id_of(token)
        if number is None:
            raise ModelError(
                f"The export does not fit together: its tokenizer has no token “{printable(token[:40])}” "
                f"for “{key}”.",
                CHOOSE,
            )
        return number

    def language_tokens(self) -> dict[str, str]:
        """ISO 639-1 code to the token that begins a text of that language; empty where texts begin with none.

        A tokenizer has some where what it puts around a text is one; English, which is taken in doubt, among
        them.
        """
        if not any(LANGUAGE_TOKEN.fullmatch(token) for token in self._around()):
            return {}
        found: dict[str, str] = {}
        for token in sorted(self._numbers):
            if LANGUAGE_TOKEN.fullmatch(token):
                code = _INDIVIDUAL.get(token[:3], iso_639_1(token[:3]))
                if code and (code not in found or token in _PREFERRED):
                    found[code] = token
        if "nb" in found:
            found.setdefault("no", found["nb"])
        return found if "en" in found else {}

    def _around(self) -> Iterator[str]:
        processor = self.content.get("post_processor")
        tokens = processor.get("special_tokens") if isinstance(processor, dict) else None
        yield from tokens if isinstance(tokens, dict) else ()

    @cached_property
    def _numbers(self) -> Mapping[str, int]:
        numbers: dict[str, int] = {}
        model = self.content.get("model")
        vocabulary = model.get("vocab") if isinstance(model, dict) else None
        if isinstance(vocabulary, dict):
            numbers.update((token, number) for token, number in vocabulary.items() if _is_id(number))
        elif isinstance(vocabulary, list):  # Unigram: pairs of a token and its score
            tokens = (entry[0] for entry in vocabulary if isinstance(entry, list) and entry)
            numbers.update((token, at) for at, token in enumerate(tokens) if isinstance(token, str))
        added = self.content.get("added_tokens")
        for entry in added if isinstance(added, list) else ():
            if isinstance(entry, dict) and isinstance(entry.get("content"), str) and _is_id(entry.get("id")):
                numbers[entry["content"]] = entry["id"]
        return numbers


def pad_id_of(tokenizer: TokenizerFile, config: Configuration) -> int:
    """The number of the token that fills up, as `tokenizer_config.json` names it.

    Raises:
        ModelError: it names none, or one that the tokenizer does not have.
    """
    if config.values.get("pad_token") is None:
        padding = tokenizer.content.get("padding")
        if isinstance(padding, dict) and isinstance(padding.get("pad_token"), str):
            config = Configuration(config.name, {"pad_token": padding["pad_token"]})
    return tokenizer.id_named(config, "pad_token")


def _is_id(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 24
