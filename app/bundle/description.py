"""Reading what a bundle says of itself: JSON that is somebody else's, bounded and looked at."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.errors import ModelError

JSON_BYTES = 1 << 20
"""Of a manifest or a calibration: more than this is neither."""

LONGEST = 200
"""Characters of a name or licence: they are shown, in terminals too."""


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file. Raises ModelError: it cannot be read, or is none."""
    try:
        if not path.is_file():  # nor a pipe, which nobody may ever write to
            raise FileNotFoundError(path)
        with path.open("rb") as stream:
            raw = stream.read(JSON_BYTES + 1)
        content = json.loads(raw) if len(raw) <= JSON_BYTES else None
    except OSError as error:
        raise ModelError(
            f"There is no search model in “{printable(path.parent.name)}”: {path.name} cannot be read.",
            "Choose a folder that holds an exported model, or reinstall Reelfind.",
        ) from error
    except (ValueError, RecursionError) as error:  # no UTF-8, no JSON, absurdly long numbers, absurdly deep
        raise damaged(path.parent, f"{path.name} is not valid JSON") from error
    if not isinstance(content, dict):
        raise damaged(path.parent, f"{path.name} is not a JSON object")
    return content


def printable(name: str) -> str:
    """A file's name as it can be shown: it need be neither UTF-8 nor free of control characters."""
    readable = os.fsencode(name).decode("utf-8", "replace")
    return "".join(sign if sign.isprintable() else "�" for sign in readable)


def mapping(content: Mapping[str, Any], key: str) -> dict[str, Any]:
    """An object that must be there. Raises ModelError."""
    value = content.get(key)
    if not isinstance(value, dict):
        raise ModelError(f"The model's description lacks “{key}”.", "Export or install the model again.")
    return value


def string(content: Mapping[str, Any], key: str) -> str:
    """A short text that must be there. Raises ModelError."""
    value = content.get(key)
    if not isinstance(value, str) or not value or not value.isprintable() or len(value) > LONGEST:
        raise ModelError(f"The model's description lacks “{key}”.", "Export or install the model again.")
    return value


def integer(content: Mapping[str, Any], key: str, low: int, high: int) -> int:
    """A number, `low` to `high`, that must be there. Raises ModelError."""
    value = content.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ModelError(
            f"The model's description gives {value!r:.40} for “{key}”; {low} to {high} is possible.",
            "Export or install the model again.",
        )
    return value


def choice(content: Mapping[str, Any], key: str, allowed: tuple[str, ...]) -> str:
    """One of the words that are `allowed`. Raises ModelError."""
    value = content.get(key)
    if value not in allowed:
        known = ", ".join(allowed)
        raise ModelError(
            f"The model's description gives {str(value)!r:.40} for “{key}”; this Reelfind knows {known}.",
            "Update Reelfind, or export the model again.",
        )
    return str(value)


def damaged(folder: Path, what: str) -> ModelError:
    """What to say of a bundle that is not as it was exported; `what` is the rest of the sentence."""
    return ModelError(
        f"The model in “{printable(folder.name)}” is damaged: {what}.", "Install the model again."
    )
