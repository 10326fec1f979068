"""What all parts of a catalogue have in common: its folder, its connections, and whom it tells of changes."""

import logging
from collections.abc import Callable
from pathlib import Path

from sqlite_utils import Database

from app.catalogue.deltas import Announcer
from app.database.connections import Connections, DamagedError, UnwritableError

logger = logging.getLogger(__name__)


class CataloguePart:
    """One subject of a catalogue; `Catalogue` puts them together."""

    folder: Path
    """The library's."""
    _connections: Connections
    _deltas: Announcer

    @property
    def read_only(self) -> bool:
        """Whether nothing can be written: each change then raises `LibraryError` with the reason."""
        return self._connections.read_only is not None

    def _write_derived(self, write: Callable[[Database], None]) -> None:
        """Write what can be made again at any time: a full disk is no reason not to answer."""
        try:
            with self._connections.writing() as database:
                write(database)
        except (UnwritableError, DamagedError) as error:
            logger.warning("what was made is not stored: %s", error)
