"""Typed settings of one library, versioned so that an older file can be carried forward."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

VERSION = 1

_LARGEST = 1e9
"""Rates and seconds are above 0 and below this."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose for a library."""

    model: str = ""
    """Folder of the encoder bundle; empty = the bundled one."""
    max_rate: float = 1.0
    """Frames sampled per second of video at most."""
    rescan_every: float = 900.0
    """Seconds between full rescans, beside watching."""

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Settings":
        """From what is stored; unknown, ill-typed or impossible values give way to the defaults."""
        values: dict[str, Any] = {}
        for field in fields(cls):
            value = content.get(field.name)
            default = field.default
            if isinstance(default, float) and isinstance(value, int | float) and not isinstance(value, bool):
                if 0 < value < _LARGEST:
                    values[field.name] = float(value)
            elif isinstance(value, type(default)):
                values[field.name] = value
        return cls(**values)
