"""Reading what strangers wrote into configurations: sizes, types and absurd values are checked here."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.bundle.description import printable
from app.errors import ModelError

JSON_BYTES = 1 << 20
TOKENIZER_BYTES = 64 << 20
"""Gemma's tokenizer takes 34 MB."""
CHOOSE = "Choose another model."


@dataclass(frozen=True, slots=True)
class Configuration:
    """A JSON object, and the name of its file for sentences."""

    name: str
    values: Mapping[str, Any]

    def integer(self, key: str, low: int, high: int, default: int | None = None) -> int:
        """The whole number `key`.

        Raises:
            ModelError: it is absent (and there is no default), no whole number, or beyond `low` and `high`.
        """
        return self.as_integer(key, self.values.get(key, default), low, high)

    def as_integer(self, key: str, value: object, low: int, high: int) -> int:
        """`value`, checked as by `integer`."""
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise self.wrong(key, value)
        return value

    def number(self, key: str, default: float) -> float:
        """The finite number `key`.

        Raises:
            ModelError: it is something else.
        """
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise self.wrong(key, value)
        return float(value)

    def flag(self, key: str, default: bool) -> bool:
        """Whether `key` is true.

        Raises:
            ModelError: it is neither true nor false.
        """
        value = self.values.get(key, default)
        if value is None:
            return default
        if not isinstance(value, bool):
            raise self.wrong(key, value)
        return value

    def text(self, key: str, default: str | None = None) -> str:
        """The short string `key`; the default where it is absent or null.

        Raises:
            ModelError: it is absent (and there is no default) or something else.
        """
        value = self.values.get(key)
        if value is None:
            value = default
        if not isinstance(value, str) or len(value) > 200:
            raise self.wrong(key, value)
        return value

    def channels(self, key: str) -> tuple[float, float, float]:
        """The three finite numbers `key`, one for each of R, G and B.

        Raises:
            ModelError: it is something else, or absurd.
        """
        value = self.values.get(key)
        if not isinstance(value, list) or len(value) != 3:
            raise self.wrong(key, value)
        for number in value:
            if isinstance(number, bool) or not isinstance(number, int | float) or not abs(number) <= 10:
                raise self.wrong(key, value)
        red, green, blue = map(float, value)
        return red, green, blue

    def part(self, key: str, default: Mapping[str, Any] | None = None) -> Configuration:
        """The object `key`.

        Raises:
            ModelError: it is absent (and there is no default) or something else.
        """
        value = self.values.get(key)
        if value is None and default is not None:
            value = default
        if not isinstance(value, dict):
            raise self.wrong(key, value)
        return Configuration(self.name, value)

    def wrong(self, key: str, value: object) -> ModelError:
        """What to say of a value that cannot be."""
        if value is None:
            return ModelError(f"The export is incomplete: {self.name} has no “{key}”.", CHOOSE)
        return ModelError(
            f"The export cannot be understood: {self.name} gives {_short(value)} for “{key}”.", CHOOSE
        )


def read_configuration(folder: Path, name: str) -> Configuration:
    """The JSON object in the file `name` of `folder`.

    Raises:
        ModelError: it is not there, too large, or no JSON object.
    """
    return Configuration(name, read_object(folder, name, JSON_BYTES))


def read_object(folder: Path, name: str, most: int) -> dict[str, Any]:
    """The JSON object in a file of at most `most` bytes.

    Raises:
        ModelError: see `read_configuration`.
    """
    path = folder / name
    try:
        if not path.is_file():  # nor a pipe, which nobody may ever write to
            raise FileNotFoundError(path)
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
    except OSError as error:
        raise ModelError(
            f"The export is incomplete: there is no {printable(name)}, or it cannot be read.", CHOOSE
        ) from error
    try:
        content = json.loads(raw.decode("utf-8-sig")) if len(raw) <= most else None
    except (ValueError, RecursionError):  # no UTF-8, no JSON, absurdly long numbers, absurdly deep
        content = None
    if not isinstance(content, dict):
        raise ModelError(
            f"The export cannot be understood: {printable(name)} is no JSON object of a sensible size.",
            CHOOSE,
        )
    return content


def not_done(what: str) -> ModelError:
    """What to say of a model that wants something that Reelfind does not do."""
    return ModelError(f"The model wants {what}, which Reelfind does not do.", CHOOSE)


def _short(value: object) -> str:
    """A value as it can be shown; strings are those of strangers."""
    return printable(repr(value)[:40])
