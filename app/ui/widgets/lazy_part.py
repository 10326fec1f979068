"""Parts of the window that are made when they are first wanted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

Part = TypeVar("Part")


class LazyPart(Generic[Part]):
    """A part that takes time to make, and that no start shows.

    Whoever is tied to it says so beforehand, and what it is to show reaches it when it is there.
    """

    def __init__(self, make: Callable[[], Part]) -> None:
        """Make nothing yet.

        Args:
            make: makes the part, and loads what it needs; called once, on the GUI thread.
        """
        self._make = make
        self._part: Part | None = None
        self._waiting: dict[object, Callable[[Part], object]] = {}

    @property
    def made(self) -> Part | None:
        """The part, where it was wanted already."""
        return self._part

    def get(self) -> Part:
        """The part; made now where this is the first time that it is wanted."""
        if self._part is None:
            self._part = part = self._make()
            waiting, self._waiting = self._waiting, {}
            for tell in waiting.values():
                tell(part)
        return self._part

    def tie(self, connect: Callable[[Part], object]) -> None:
        """Do something with the part once, as soon as it is there: connect its signals."""
        self._tell(object(), connect)

    def tell(self, subject: str, show: Callable[[Part], object]) -> None:
        """Show something now, or as soon as the part is there; then only the last of each subject.

        Args:
            subject: what it is about.
            show: hands it to the part.
        """
        self._tell(subject, show)

    def _tell(self, key: object, tell: Callable[[Part], object]) -> None:
        if self._part is None:
            self._waiting.pop(key, None)
            self._waiting[key] = tell
        else:
            tell(self._part)
