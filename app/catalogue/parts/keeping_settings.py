"""The settings that are stored in a library: JSON values by name."""

import json
import logging
from collections.abc import Callable
from typing import Any

from app.catalogue.parts.base import CataloguePart

logger = logging.getLogger(__name__)


class KeepingSettings(CataloguePart):
    """Stored JSON values."""

    def setting(self, name: str, default: Any = None) -> Any:
        """A stored JSON value, `default` where it was never set."""
        with self._connections.reading() as database:
            row = database.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchone()
        return default if row is None else _value(name, row[0], default)

    def set_setting(self, name: str, value: Any) -> None:
        """Store a JSON value under a name."""
        self.change_setting(name, lambda _: value)

    def change_setting(self, name: str, change: Callable[[Any], Any]) -> None:
        """Replace a JSON value by what `change` makes of it (of None where it was never set).

        Nobody else, in this process or another, writes in between.
        """
        with self._connections.writing() as database:
            row = database.execute("SELECT value FROM settings WHERE name = ?", [name]).fetchone()
            text = json.dumps(change(None if row is None else _value(name, row[0], None)))
            database.table("settings").upsert({"name": name, "value": text}, pk="name")


def _value(name: str, text: object, default: Any) -> Any:
    """What a setting's JSON says, `default` where it is damaged."""
    try:
        return json.loads(text)  # type: ignore[arg-type]
    except (ValueError, TypeError, RecursionError) as error:
        logger.warning("the setting %s is damaged and counts as not set: %s", name, error)
        return default
