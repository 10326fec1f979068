"""What a library's window remembers of itself; every value is looked at before it is used."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

LONGEST = 4096
"""Characters of a query that are kept."""
MOST = 20
"""Names in a list that is kept."""


class WindowMemory:
    """A file `window.ini` in the library's folder. Damaged, it costs nothing but the memory."""

    def __init__(self, library: Path) -> None:
        self._file = QSettings(str(library / "window.ini"), QSettings.Format.IniFormat)

    def bytes_of(self, name: str) -> QByteArray | None:
        """What Qt stored of a window or a splitter."""
        value = self._file.value(name)
        return value if isinstance(value, QByteArray) and not value.isEmpty() else None

    def number(self, name: str, default: float, low: float, high: float) -> float:
        """A number within its limits; the default where there is none such."""
        try:
            value = float(str(self._file.value(name)))
        except ValueError:
            return default
        return value if low <= value <= high else default

    def words(self, name: str) -> str:
        """A text; empty where there is none."""
        value = self._file.value(name)
        return value if isinstance(value, str) and len(value) <= LONGEST and value.isprintable() else ""

    def names(self, name: str) -> list[str]:
        """Names of ours."""
        return [part for part in self.words(name).split("|") if part][:MOST]

    def keep(self, **values: QByteArray | float | str | list[str]) -> None:
        """Store these."""
        for name, value in values.items():
            self._file.setValue(name, "|".join(value) if isinstance(value, list) else value)

    def write(self) -> None:
        """Have the file hold what was kept."""
        self._file.sync()
