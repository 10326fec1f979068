"""Typed settings of one library, versioned so that an older file can be carried forward."""

import contextlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import time
from types import MappingProxyType
from typing import Any, Self

from app.errors import UsageError

VERSION = 2
"""Counts up when a setting is stored otherwise than before: `_CARRY_FORWARD` says how it gets from one to the
next. 2: what indexing waits for, and how many cores it may use."""

STORED_AS = "settings"
"""Name under which a library keeps them."""

_SWITCH = {"on": True, "yes": True, "true": True, "off": False, "no": False, "false": False}


MOST_CORES = 256


def _setting(default: Any, about: str, limits: tuple[float, float] | None = None) -> Any:
    """A field; a number has limits, both of which it may reach."""
    if limits is not None:
        about = f"{about} ({limits[0]:g} to {limits[1]:g})"
    return field(default=default, metadata={"about": about, "limits": limits})


Value = str | float | bool
"""Of a setting; a whole number where its default is one."""


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
    cores: int = _setting(0, "processor cores that indexing may use; 0: all", (0, MOST_CORES))
    only_plugged_in: bool = _setting(False, "index only while the computer is plugged in")
    index_between: str = _setting(
        "", "hours of the day in which to index, by the local clock, like 22:00-06:00; empty: at any time"
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
    encoder_url: str = _setting(
        "", "address of another computer that encodes frames (reelfind serve-encoder there); empty: none"
    )
    vector_store_url: str = _setting(
        "", "address of a Qdrant server that answers for the nearest clips of a large library; empty: none"
    )
    scorer: str = _setting("", "what ranks the answers; empty: what suits the model")
    history: bool = _setting(True, "remember what was searched for, on this computer only")
    subtitles: bool = _setting(True, "read subtitles, in the videos and beside them")
    text: bool = _setting(False, "read what is written in pictures; takes a while, and needs reelfind[text]")
    speech: bool = _setting(False, "read what is said; takes long, and needs reelfind[speech]")
    speech_all_tracks: bool = _setting(False, "hear every track of sound, not the usual one only")
    speech_model: str = _setting("", "what hears speech: tiny, base, small, or a folder; empty: none yet")
    qb_norm: bool = _setting(False, "down-rank clips that match every query (query-bank normalisation)")

    stored_by_newer: Mapping[str, Any] = field(
        default_factory=lambda: MappingProxyType({}), compare=False, repr=False
    )
    """What a newer version stored and this one does not know: it is kept."""

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        known = {name: getattr(self, name) for name in self.about()}
        return {"version": VERSION, **self.stored_by_newer, **known}

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        """From what is stored, by whatever version.

        Ill-typed or impossible values give way to the defaults. What a newer version stored besides is kept
        as it is, with the version's number, so that opening a library here loses none of its settings.
        """
        version = content.get("version")
        version = max(version, 1) if isinstance(version, int) else VERSION
        for earlier in range(version, VERSION):
            content = _CARRY_FORWARD[earlier](content)
        values: dict[str, Any] = {}
        for setting in _settings(cls):
            with contextlib.suppress(KeyError, ValueError, UsageError):
                values[setting.name] = _stored_value(setting, content[setting.name])
        newer = dict(content) if version > VERSION else {}
        unknown = {name: value for name, value in newer.items() if name not in cls.about()}
        return cls(**values, stored_by_newer=MappingProxyType(unknown))

    @classmethod
    def about(cls) -> dict[str, str]:
        """Every setting's name with what it is, in words."""
        return {setting.name: str(setting.metadata["about"]) for setting in _settings(cls)}

    @classmethod
    def limits(cls, name: str) -> tuple[float, float]:
        """The lowest and the highest value of a setting that is a number."""
        found: tuple[float, float] = next(s.metadata["limits"] for s in _settings(cls) if s.name == name)
        return found

    @classmethod
    def default(cls, name: str) -> Value:
        """The value of a setting that nobody has changed."""
        return cls().get(name)

    def get(self, name: str) -> Value:
        """The value of a setting.

        Raises:
            UsageError: there is no such setting.
        """
        if name not in self.about():
            raise UsageError(f"There is no setting “{name}”.", f"There are {', '.join(self.about())}.")
        value: Value = getattr(self, name)
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
        elif isinstance(default, int):
            value[name] = _whole_number(name, text, *type(self).limits(name))
        elif isinstance(default, float):
            value[name] = _number(name, text, *type(self).limits(name))
        elif name == "exclude":
            value[name] = Exclusion(text).text
        elif name == "index_between":
            value[name] = str(Hours(text))
        return replace(self, **value)


class Exclusion:
    """What a user wants passed over: patterns as in .gitignore, each relative to the watched folder."""

    def __init__(self, text: str = "") -> None:
        """Read patterns that are separated by commas or line breaks.

        Raises:
            UsageError: one of them is not valid.
        """
        from pathspec import GitIgnoreSpec  # noqa: PLC0415 - takes longer to load than all else here

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


class Hours:
    """Hours of the day by the local clock, from one time to another; across midnight where that is earlier.

    Only the clock on the wall counts. On the day on which it is set forward or back, the hours are shorter or
    longer by as much.
    """

    def __init__(self, text: str = "") -> None:
        """Read `22:00-06:00`, also `22-6`; all day where empty.

        Raises:
            UsageError: it is something else.
        """
        self.start = self.end = time()
        self._all_day = not text.strip()
        if self._all_day:
            return
        found = _HOURS.fullmatch(text.strip())
        try:
            if found is None:
                raise ValueError(text)
            self.start = time(int(found[1]), int(found[2] or 0))
            self.end = time(int(found[3]) % 24, int(found[4] or 0))
            if int(found[3]) > 24 or (int(found[3]) == 24 and int(found[4] or 0)):
                raise ValueError(text)
        except ValueError:
            raise UsageError(
                f"“{text}” does not say hours of the day.", "Write them like 22:00-06:00, or nothing."
            ) from None
        self._all_day = self.start == self.end

    def hold(self, now: time) -> bool:
        """Whether a time of the day lies in them: the first minute does, the last does not."""
        if self._all_day:
            return True
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end

    def __str__(self) -> str:
        return "" if self._all_day else f"{self.start:%H:%M}-{self.end:%H:%M}"


_HOURS = re.compile(r"(\d{1,2})(?::(\d{2}))?\s*[-–—]\s*(\d{1,2})(?::(\d{2}))?")


def _as_it_is(content: Mapping[str, Any]) -> Mapping[str, Any]:
    return content


_CARRY_FORWARD = {1: _as_it_is}
"""What makes the content of a version that of the next one. Version 1 had fewer settings, and no other."""


def _settings(cls: type[Settings]) -> tuple[Any, ...]:
    return tuple(setting for setting in fields(cls) if "about" in setting.metadata)


def _stored_value(setting: Any, value: Any) -> Value:
    """What is stored of one setting; raises ValueError or UsageError where it cannot be that."""
    default = setting.default
    if isinstance(default, bool) or isinstance(value, bool):
        if type(value) is not type(default):
            raise ValueError(setting.name)
        return bool(value)
    if isinstance(default, str):
        if not isinstance(value, str):
            raise ValueError(setting.name)
        if setting.name == "exclude":
            return Exclusion(value).text
        return str(Hours(value)) if setting.name == "index_between" else str(value)
    low, high = setting.metadata["limits"]
    if not isinstance(value, int | float) or not low <= value <= high:  # earlier versions took what was typed
        raise ValueError(setting.name)
    return int(value) if isinstance(default, int) else float(value)


def _switch(name: str, text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise UsageError(f"“{text}” is not a valid value for {name}.", "It is on or off.")
    return _SWITCH[text.lower()]


def _whole_number(name: str, text: str, low: float, high: float) -> int:
    value = int(text) if text.strip().isdecimal() else -1
    if not low <= value <= high:
        raise UsageError(
            f"“{text}” is not a valid value for {name}.", f"It is a whole number from {low:g} to {high:g}."
        )
    return value


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
