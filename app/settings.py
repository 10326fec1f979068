"""Typed settings of one library, versioned so that an older file can be carried forward."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from app.errors import UsageError

VERSION = 1

_LARGEST = 1e9
"""Rates and seconds are above 0 and below this."""

_SWITCH = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


def _setting(default: Any, about: str) -> Any:
    return field(default=default, metadata={"about": about})


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose for a library."""

    model: str = _setting("", "folder of the search model that answers; empty: the bundled one")
    next_model: str = _setting(
        "",
        "folder of the model that is made ready and answers when it is; empty: none",
    )
    keep_frames: bool = _setting(
        False, "keep the sampled frames, so that another model needs no decoding; off deletes them"
    )
    max_rate: float = _setting(
        1.0, "frames sampled per second of video at most; for videos indexed from now on"
    )
    rescan_every: float = _setting(900.0, "seconds between full rescans of the folders, beside watching them")
    scorer: str = _setting("", "what ranks the answers; empty: what suits the model")
    qb_norm: bool = _setting(
        False, "make clips that answer to everything answer less (query-bank normalisation)"
    )

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        return {"version": VERSION, **asdict(self)}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """From what is stored; unknown, ill-typed or impossible values give way to the defaults."""
        values: dict[str, Any] = {}
        for setting in fields(cls):
            value = content.get(setting.name)
            default = setting.default
            if isinstance(default, float) and isinstance(value, int | float) and not isinstance(value, bool):
                if 0 < value < _LARGEST:
                    values[setting.name] = float(value)
            elif isinstance(value, type(default)):
                values[setting.name] = value
        return cls(**values)

    @classmethod
    def about(cls) -> dict[str, str]:
        """Every setting's name with what it is, in words."""
        return {setting.name: str(setting.metadata["about"]) for setting in fields(cls)}

    def get(self, name: str) -> str | float | bool:
        """The value of a setting.

        Raises:
            UsageError: there is no such setting.
        """
        if name not in self.about():
            raise UsageError(f"There is no setting “{name}”.", f"There are {', '.join(self.about())}.")
        value: str | float | bool = getattr(self, name)
        return value

    def changed(self, name: str, text: str) -> Self:
        """These settings with one value given as typed: words, a number, `on` or `off`; `default` resets it.

        Raises:
            UsageError: there is no such setting, or it cannot have this value.
        """
        default = type(self)().get(name)
        value: dict[str, Any] = {name: text}
        if text == "default":
            value[name] = default
        elif isinstance(default, bool):
            value[name] = _switch(name, text)
        elif isinstance(default, float):
            value[name] = _number(name, text)
        return replace(self, **value)


def _switch(name: str, text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise UsageError(f"“{text}” is no possible value of {name}.", "It is on or off.")
    return _SWITCH[text.lower()]


def _number(name: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 < value < _LARGEST:
        raise UsageError(f"“{text}” is no possible value of {name}.", "It is a number above 0.")
    return value
