"""What a server's JSON holds, looked at before it is used: kinds, sizes, ranges."""

import json
import math
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")

MOST_LETTERS = 8192
"""Of one text."""
LARGEST_ID = (1 << 63) - 1
_LARGEST_NUMBER = 1e15


class AnswerError(ValueError):
    """A field that is missing or makes no sense."""


class Fields:
    """The fields of one JSON object.

    Args:
        content: what was read.

    Raises:
        AnswerError: it is no object.
    """

    def __init__(self, content: object) -> None:
        if not isinstance(content, dict):
            raise AnswerError("not an object")
        self._content: dict[str, Any] = content

    @classmethod
    def of(cls, content: bytes) -> "Fields":
        """Read an object. Raises AnswerError."""
        try:
            return cls(json.loads(content))
        except (ValueError, RecursionError) as error:
            raise AnswerError("not JSON") from error

    def text(self, name: str, default: str | None = None, *, most: int = MOST_LETTERS) -> str:
        """A text without NUL; `default` where it is absent or null, unless that is None."""
        value = self._content.get(name)
        if value is None and default is not None:
            return default
        if not isinstance(value, str) or len(value) > most or "\0" in value:
            raise AnswerError(f"{name!r} is no text")
        return value.encode("utf-8", "replace").decode()

    def number(self, name: str, default: float | None = None) -> float:
        """A finite number; `default` where it is absent or null, unless that is None."""
        value = self._content.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise AnswerError(f"{name!r} is no number")
        if not math.isfinite(value) or abs(value) > _LARGEST_NUMBER:
            raise AnswerError(f"{name!r} is no number that can be")
        return float(value)

    def share(self, name: str) -> float:
        """A number from 0 to 1."""
        return min(max(self.number(name), 0.0), 1.0)

    def count(self, name: str, default: int | None = None) -> int:
        """A whole number, not negative; `default` where it is absent or null, unless that is None."""
        value = self._content.get(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST_ID:
            raise AnswerError(f"{name!r} is no count")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Yes or no."""
        value = self._content.get(name, default)
        if not isinstance(value, bool):
            raise AnswerError(f"{name!r} is neither true nor false")
        return value

    def span(self, start: str = "start", end: str = "end") -> tuple[float, float]:
        """Two times in seconds, in order."""
        first, last = self.number(start), self.number(end)
        if last < first:
            raise AnswerError(f"{end!r} is before {start!r}")
        return first, last

    def is_null(self, name: str) -> bool:
        """Whether a field is absent or null."""
        return self._content.get(name) is None

    def objects(self, name: str, read: Callable[["Fields"], T], *, most: int) -> tuple[T, ...]:
        """A list of objects, none where it is absent; each read by `read`."""
        return tuple(read(Fields(each)) for each in self.values(name, most=most))

    def object(self, name: str) -> "Fields":
        """An object within this one."""
        return Fields(self._content.get(name))

    def numbers(self, name: str, *, most: int) -> list[float]:
        """A list of finite numbers."""
        values = self.values(name, most=most)
        if any(isinstance(each, bool) or not isinstance(each, int | float) for each in values):
            raise AnswerError(f"{name!r} holds what is no number")
        if not all(math.isfinite(each) for each in values):
            raise AnswerError(f"{name!r} holds a number that cannot be")
        return [float(each) for each in values]

    def texts(self, name: str, *, most: int, longest: int) -> list[str]:
        """A list of texts, empty where it is absent."""
        return [Fields({"text": each}).text("text", most=longest) for each in self.values(name, most=most)]

    def values(self, name: str, *, most: int) -> list[Any]:
        """A list of anything, empty where it is absent."""
        value = self._content.get(name, [])
        if not isinstance(value, list) or len(value) > most:
            raise AnswerError(f"{name!r} is no list, or too long")
        return value
