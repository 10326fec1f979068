"""What a commit changed: told to whoever shows the library, so that nothing has to be read again for it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

logger = logging.getLogger(__name__)

_NONE: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Delta:
    """What one commit changed, or several together. Of a folder that was removed no video is listed."""

    folders: frozenset[int] | None = _NONE
    """Ids of the watched folders whose counts may be others now; None for all."""
    added: frozenset[int] = _NONE
    """Ids of videos that were not in the library before."""
    changed: frozenset[int] = _NONE
    """Ids of videos of which the rows, the file, or where it is, are others now."""
    gone: frozenset[int] = _NONE
    """Ids of videos that lost their file; they come back by themselves where it does."""
    findable: bool = False
    """Whether a search can give other answers."""
    problems: bool = False
    """Whether the list of what could not be (wholly) read may be another one."""
    kept: bool = False
    """Whether what people keep (`app.catalogue.kept`) may be other things."""

    def __or__(self, later: Self) -> "Delta":
        """Both together. What was gone and came back is a change, and the other way round it is gone."""
        everywhere = self.folders is None or later.folders is None
        return Delta(
            None if everywhere else (self.folders or _NONE) | (later.folders or _NONE),
            self.added | later.added,
            (self.changed - later.gone) | later.changed,
            (self.gone - later.changed - later.added) | later.gone,
            self.findable or later.findable,
            self.problems or later.problems,
            self.kept or later.kept,
        )


EVERYTHING = Delta(folders=None, findable=True, problems=True, kept=True)
"""Where nobody knows what changed: another process may have written."""

Listener = Callable[[Delta], None]


class Announcer:
    """Tells listeners of each commit, on the thread that made it, after it was made."""

    def __init__(self) -> None:
        """Nobody listens yet."""
        self._listeners: tuple[Listener, ...] = ()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with every delta from now on; returns the function that ends it."""
        self._listeners = (*self._listeners, listener)

        def unsubscribe() -> None:
            self._listeners = tuple(other for other in self._listeners if other is not listener)

        return unsubscribe

    def tell(self, delta: Delta) -> None:
        """Tell all of them; an error of one is logged and keeps nothing from the others."""
        for listener in self._listeners:
            try:
                listener(delta)
            except Exception:
                logger.exception("A listener to changes of the library failed on %s", delta)
