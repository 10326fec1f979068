"""Small JSON files of the cache folder: what was measured, and can be measured again."""

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_MOST_BYTES = 1 << 20


def read_object(file: Path) -> dict[str, Any]:
    """The JSON object in `file`; empty where there is none that can be read."""
    try:
        if not file.is_file():
            return {}
        with file.open("rb") as stream:
            content = json.loads(stream.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def write_object(file: Path, content: Mapping[str, Any]) -> None:
    """Replace `file` with this JSON object; where the folder cannot be written, nothing changes.

    Neither a reader nor a program that ends in between sees half of it, and no link is written through.
    """
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
        draft = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as stream:
                json.dump(content, stream)
            draft.replace(file)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
