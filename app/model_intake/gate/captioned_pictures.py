"""The pictures that a model is tried with, and a caption of each: ours, drawn by `models.gate_pictures`."""

from __future__ import annotations

import json

import cv2
import numpy as np
from numpy.typing import NDArray

from app.errors import ModelError
from app.paths import resource

NEAREST = 3
"""A caption finds its picture where that is among so many of its nearest."""
FLOOR = 14
"""Captions of 24 that have to find their picture. Towers that know nothing of each other find each with one
chance in eight: 14 or more with 5 in ten million. Pocket, which knows little, finds all."""


def captioned_pictures() -> tuple[list[NDArray[np.uint8]], list[str]]:
    """Pictures, uint8 RGB (H, W, 3) of many shapes, and the caption of each.

    Raises:
        ModelError: this program's own files are damaged.
    """
    try:
        captions: dict[str, str] = json.loads(resource("gate/captions.json").read_text("utf-8"))
        pictures = [_read(name) for name in captions]
    except (OSError, ValueError, cv2.error) as error:
        raise ModelError(
            "Pictures that belong to Reelfind cannot be read.", "Install Reelfind again."
        ) from error
    return pictures, list(captions.values())


def found(images: NDArray[np.float32], texts: NDArray[np.float32]) -> int:
    """How many captions find their picture.

    Args:
        images: (N, D), of the pictures.
        texts: (N, D), of their captions.
    """
    scores = unit(texts) @ unit(images).T
    before = (scores > np.diag(scores)[:, None]).sum(axis=1)
    return int((before < NEAREST).sum())


def unit(rows: NDArray[np.float32]) -> NDArray[np.float64]:
    """Directions of (N, D) vectors."""
    wide = rows.astype(np.float64)
    return np.asarray(wide / np.maximum(np.linalg.norm(wide, axis=1, keepdims=True), 1e-12))


def _read(name: str) -> NDArray[np.uint8]:
    content = np.frombuffer(resource(f"gate/{name}").read_bytes(), np.uint8)
    picture = cv2.imdecode(content, cv2.IMREAD_COLOR)
    if picture is None:
        raise ValueError(f"{name} is no picture")
    return np.ascontiguousarray(picture[:, :, ::-1], dtype=np.uint8)
