"""Typed settings of one library, versioned so that an older file can be carried forward."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from pathspec import GitIgnoreSpec

from app.errors import UsageError

VERSION = 1

STORED_AS = "settings"
"""Name under which a library keeps them."""

_SWITCH = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


def _setting(default: Any, about: str, limits: tuple[float, float] | None = None) -> Any:
    """A field; a number has limits, both of which it may reach."""
    if limits is not None:
        about = f"{about} ({limits[0]:g} to {limits[1]:g})"
    return field(default=default, metadata={"about": about, "limits": limits})


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can choose for a library."""

    model: str = _setting("", "folder of the search model that answers; empty: the bundled one")
    next_model: str = _setting(
        "",
        "folder of the pending model, which answers when all videos are indexed for it; empty: none",
    )
    keep_frames: bool = _setting(
        False, "keep the sampled frames, so that another model needs no decoding; off deletes them"
    )
    max_rate: float = _setting(
        1.0, "frames sampled per second of video at most; for videos indexed from now on", (0.05, 10)
    )
    rescan_every: float = _setting(
        900.0, "seconds between full rescans of the folders, besides watching them", (10, 86_400)
    )
    settle: float = _setting(
        2.0,
        "seconds for which a new or changed file must have been left alone before it is indexed",
        (0, 3_600),
    )
    keep_gone: float = _setting(
        30.0,
        "days for which what was indexed of a deleted file is kept, for the case that it comes back",
        (0, 3_650),
    )
    exclude: str = _setting(
        "",
        "what is passed over in the folders: patterns as in .gitignore, separated by commas or line breaks",
    )
    scorer: str = _setting("", "what ranks the answers; empty: what suits the model")
    history: bool = _setting(True, "remember what was searched for, on this computer only")
    subtitles: bool = _setting(True, "read subtitles, in the videos and beside them")
    text: bool = _setting(False, "read what is written in pictures; takes a while, and needs reelfind[text]")
    speech: bool = _setting(False, "read what is said; takes long, and needs reelfind[speech]")
    speech_all_tracks: bool = _setting(False, "hear every track of sound, not the usual one only")
    speech_model: str = _setting("", "what hears speech: tiny, base, small, or a folder; empty: none yet")
    qb_norm: bool = _setting(False, "down-rank clips that match every query (query-bank normalisation)")

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
                low, high = setting.metadata["limits"]
                if low <= value <= high:  # what earlier versions took may be out of range
                    values[setting.name] = float(value)
            elif setting.name == "exclude" and isinstance(value, str):
                with contextlib.suppress(UsageError):
                    values[setting.name] = str(Exclusion(value).text)
            elif isinstance(value, type(default)):
                values[setting.name] = value
        return cls(**values)

    @classmethod
    def about(cls) -> dict[str, str]:
        """Every setting's name with what it is, in words."""
        return {setting.name: str(setting.metadata["about"]) for setting in fields(cls)}

    @classmethod
    def limits(cls, name: str) -> tuple[float, float]:
        """The lowest and the highest value of a setting that is a number."""
        found: tuple[float, float] = next(s.metadata["limits"] for s in fields(cls) if s.name == name)
        return found

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
            value[name] = _number(name, text, *type(self).limits(name))
        elif name == "exclude":
            value[name] = Exclusion(text).text
        return replace(self, **value)


class Exclusion:
    """What a user wants passed over: patterns as in .gitignore, each relative to the watched folder."""

    def __init__(self, text: str = "") -> None:
        """Read patterns that are separated by commas or line breaks.

        Raises:
            UsageError: one of them is not valid.
        """
        self.text = text
        lines = [line.strip() for line in re.split(r"[,\r\n]", text)]
        self._spec = GitIgnoreSpec.from_lines([])
        for line in lines:  # one by one, so that the sentence can name the wrong one
            try:
                self._spec += GitIgnoreSpec.from_lines([line])
            except ValueError as error:
                raise UsageError(
                    f"“{line}” is not a valid pattern.",
                    "Patterns are written as in a .gitignore file: *.tmp, Archive/, /2019/*.",
                ) from error

    def __bool__(self) -> bool:
        return bool(len(self._spec))

    def matches(self, relative: str, *, is_folder: bool) -> bool:
        """Whether a path is passed over; not whether a folder above it is.

        Args:
            relative: of the path, seen from the watched folder.
            is_folder: whether it is one: patterns that end in a slash match folders only.
        """
        return bool(self) and self._spec.match_file(f"{relative}/" if is_folder else relative)


def _switch(name: str, text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise UsageError(f"“{text}” is not a valid value for {name}.", "It is on or off.")
    return _SWITCH[text.lower()]


def _number(name: str, text: str, low: float, high: float) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise UsageError(
            f"“{text}” is not a valid value for {name}.", f"It is a number from {low:g} to {high:g}."
        )
    return value
