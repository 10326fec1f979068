"""What a person prefers on this computer, whatever library is open: appearance, language, shortcuts.

What belongs to one library is in `app.settings`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Self

from PySide6.QtCore import QObject, QSaveFile, Signal

VERSION = 1


class Appearance(StrEnum):
    """Light or dark."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    HIGH_CONTRAST = "high-contrast"


@dataclass(frozen=True, slots=True)
class Preferences:
    """Typed values; what a file holds and cannot be read gives way to these defaults."""

    appearance: str = Appearance.SYSTEM.value
    """An `Appearance`."""
    language: str = ""
    """`en`, `de`, `zh_CN`; the system's where empty."""
    text_size: int = 100
    """Percent of the system's own."""
    reduced_motion: bool = False
    tray: bool = False
    """Whether an icon stands in the system's tray while the program runs."""
    notifications: bool = False
    """Whether the system says what ended while another window is in front."""
    export_folder: str = ""
    """Where the last export went; the person's folder of videos where empty."""
    export_choice: str = "clips"
    """What was exported last: the id of a `Way`."""
    shortcuts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By a command's id: the shortcuts a person chose."""

    @classmethod
    def from_json(cls, content: object) -> Self:
        """From what is stored; unknown and ill-typed values are passed over."""
        values: dict[str, Any] = {}
        stored = content if isinstance(content, dict) else {}
        defaults = cls()
        for each in fields(cls):
            value = stored.get(each.name)
            if each.name == "shortcuts":
                values[each.name] = _shortcuts(value)
            elif type(value) is type(getattr(defaults, each.name)):
                values[each.name] = value
        if values.get("appearance") not in set(Appearance):
            values.pop("appearance", None)
        if not 50 <= values.get("text_size", 100) <= 300:
            values.pop("text_size")
        return replace(defaults, **values)

    def to_json(self) -> dict[str, Any]:
        """As stored."""
        return {"version": VERSION, **asdict(self)}


class PreferenceStore(QObject):
    """The preferences in use and the file that keeps them."""

    changed = Signal(object)
    """Preferences."""

    def __init__(self, file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._file = file
        self.current = _read(file)

    def change(self, **values: Any) -> None:
        """Use other values from now on, and keep them where the file can be written."""
        now = replace(self.current, **values)
        if now == self.current:
            return
        self.current = now
        self._file.parent.mkdir(parents=True, exist_ok=True)
        file = QSaveFile(str(self._file))
        if file.open(QSaveFile.OpenModeFlag.WriteOnly):
            file.write(json.dumps(now.to_json(), ensure_ascii=False, indent=1).encode())
            file.commit()
        self.changed.emit(now)


def _read(file: Path) -> Preferences:
    try:
        return Preferences.from_json(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return Preferences()


def _shortcuts(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        return {}
    return {
        str(name): tuple(key for key in keys if isinstance(key, str))
        for name, keys in value.items()
        if isinstance(keys, list)
    }
