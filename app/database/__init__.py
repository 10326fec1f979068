"""One SQLite file: opened, migrated, and written by a single connection."""

import sys
from importlib import import_module


def _load_sqlite_utils() -> None:
    """Load sqlite-utils without pandas, which it would load where that is installed: half a second."""
    if {"sqlite_utils", "pandas"} & sys.modules.keys():
        return
    sys.modules["pandas"] = None  # type: ignore[assignment]  # for `import` as if it were not there
    try:
        import_module("sqlite_utils")
    finally:
        del sys.modules["pandas"]


_load_sqlite_utils()
