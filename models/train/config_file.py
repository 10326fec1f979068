"""A configuration from a TOML file: every key is known and of its type, or one sentence says what is wrong.

The tables `[data]`, `[test]`, `[backbone]` and `[augment]` say what is trained and measured on; everything
else is `TrainConfig`: its own numbers at the top, its parts as `[head]`, `[prior]`, `[loss]`,
`[logit_scale]`, `[optimiser]` and `[progress]`. What is left out keeps its default.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from app.errors import UsageError
from models.train.config import AugmentConfig, BackboneConfig, DataConfig, TrainConfig

Value = TypeVar("Value")

_KINDS: Mapping[type, str] = MappingProxyType(
    {bool: "true or false", int: "a whole number", float: "a number", str: "a text in quotes"}
)


@dataclass(frozen=True, slots=True)
class RunConfig:
    """One run: what is trained on, what is measured on, the backbone and the recipe."""

    data: DataConfig = field(default_factory=DataConfig)
    test: DataConfig = field(default_factory=lambda: DataConfig(split="test"))
    backbone: BackboneConfig = field(default_factory=BackboneConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    train: TrainConfig = field(default_factory=TrainConfig)
    folder: Path = field(default_factory=Path)
    """Relative paths of the configuration start here: the folder of the file."""

    def path(self, text: str) -> Path:
        """A path of the configuration."""
        return self.folder / Path(text).expanduser()


def read_config(path: Path, train: TrainConfig | None = None) -> RunConfig:
    """The configuration in a TOML file; what it leaves out of the recipe is as in `train`, else the default.

    Raises:
        UsageError: the file cannot be read, is no TOML, or has an unknown key or an impossible value.
    """
    try:
        with path.open("rb") as stream:
            tables = tomllib.load(stream)
    except (OSError, ValueError) as error:  # tomllib's own error and bad UTF-8 are ValueErrors
        raise UsageError(
            f"The configuration “{path}” cannot be read ({error}).", "Name a TOML file with --config."
        ) from error
    own = {name: tables.pop(name) for name in ("data", "backbone", "augment") if name in tables}
    test = tables.pop("test", {})
    if isinstance(test, dict):
        test.setdefault("split", "test")
    return RunConfig(
        data=_parse(DataConfig, own.get("data", {}), "data"),
        test=_parse(DataConfig, test, "test"),
        backbone=_parse(BackboneConfig, own.get("backbone", {}), "backbone"),
        augment=_parse(AugmentConfig, own.get("augment", {}), "augment"),
        train=_parse(TrainConfig, tables, "", train),
        folder=path.resolve().parent,
    )


def _parse(kind: type[Value], table: Any, where: str, base: Value | None = None) -> Value:
    """A configuration dataclass from a TOML table; what is left out is as in `base`, else the default."""
    if not isinstance(table, dict):
        raise UsageError(f"“{where}” is not a table.", f"Write it as [{where}] with its keys below.")
    hints = get_type_hints(kind)
    known = [item.name for item in fields(kind)]  # type: ignore[arg-type]
    values = {} if base is None else {name: getattr(base, name) for name in known}
    for key, value in table.items():
        name = f"{where}.{key}" if where else key
        if key not in known:
            raise UsageError(f"“{name}” is not a setting.", f"Known here: {', '.join(known)}.")
        if is_dataclass(hints[key]):
            values[key] = _parse(hints[key], value, name, values.get(key))
        else:
            values[key] = _value(hints[key], value, name)
    return kind(**values)


def _value(hint: Any, value: Any, name: str) -> Any:
    if get_origin(hint) is Literal:
        if value not in get_args(hint):
            raise UsageError(f"“{name}” is {value!r}.", f"Choose one of {', '.join(get_args(hint))}.")
        return value
    if hint is float and type(value) is int:
        return float(value)
    if type(value) is not hint:
        raise UsageError(f"“{name}” is {value!r}.", f"Give {_KINDS[hint]}.")
    return value
