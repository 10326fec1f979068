"""The networks that find and read text: PP-OCRv6, in the package of the extra `text`.

Only the two files that the package carries are used, and none of its code: that may load others from the
network, writes to the log in its own way and opens ONNX Runtime itself.
"""

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from app.errors import ReelfindError
from app.extras import install_command

EXTRA = "text"
_PACKAGE = "rapidocr"
_DETECTION = "PP-OCRv6_det_small.onnx"
_RECOGNITION = "PP-OCRv6_rec_small.onnx"

READER = "text PP-OCRv6 small 1"
"""What reads: the networks, and the version of what is made of them here; another one reads videos again."""


@dataclass(frozen=True, slots=True)
class TextModels:
    """Where the networks are."""

    detection: Path
    recognition: Path


def find_models() -> TextModels:
    """Return where the networks are; loads nothing.

    Raises:
        ReelfindError: the package is not installed, or has others.
    """
    found = importlib.util.find_spec(_PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise ReelfindError(
            "Text in pictures cannot be read: the package for it is not installed.",
            f"Install it: {install_command(EXTRA)}",
        )
    folder = Path(next(iter(found.submodule_search_locations))) / "models"
    models = TextModels(folder / _DETECTION, folder / _RECOGNITION)
    if not (models.detection.is_file() and models.recognition.is_file()):
        raise ReelfindError(
            f"Text in pictures cannot be read: {_PACKAGE} does not have the expected models.",
            f"Install it again: {install_command(EXTRA)} --force-reinstall",
        )
    return models
