"""All training pictures squashed to the towers' size, in one file that is read by memory map."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from models.pocket.pictures.data import Picture
from models.pocket.pictures.preprocess import Pixels, squash


def cached_pixels(pictures: list[Picture], pixels: Iterator[Pixels], size: int, work: Path) -> Tensor:
    """uint8 `(P, 3, size, size)`, each picture the whole frame squashed as at run time; made where it is not
    in `work` yet.

    Args:
        pictures: P of them.
        pixels: of each, RGB `(h, w, 3)`, in the same order.
        size: pixels on a side.
        work: where the file is kept.
    """
    names = json.dumps([size, [(picture.shard, picture.name) for picture in pictures]])
    path = work / f"pixels-{hashlib.sha256(names.encode()).hexdigest()[:12]}.npy"
    if not path.exists():
        work.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        shape = (len(pictures), 3, size, size)
        stored = np.lib.format.open_memmap(part, "w+", np.uint8, shape)
        for number, picture in enumerate(pixels):
            stored[number] = squash(picture, size).transpose(2, 0, 1)
        stored.flush()
        part.replace(path)
    return torch.from_numpy(np.load(path, mmap_mode="c"))
