"""Frozen backbone features of every picture and view, kept on disk so that training never decodes a picture twice.

One file per (view, block of pictures): a run that was cut off continues with the first missing file.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.pocket.backbone import TRUNK_CHANNELS, MobileNetV2
from models.pocket.config import ViewConfig
from models.pocket.data import Picture, read_pixels
from models.pocket.preprocess import Pixels, squash

BLOCK = 1_024
BATCH = 32
WHOLE_VIEW = 0
MIRROR_VIEW = 1


@dataclass(frozen=True, slots=True)
class ViewFeatures:
    """Features of one view of all pictures: `pooled` float16 `(P, 1280)`, `maps` float16 `(P, 160, h, w)`."""

    pooled: NDArray[np.float16]
    maps: NDArray[np.float16]


def render_view(picture: Pixels, view: int, index: int, config: ViewConfig) -> Pixels:
    """The `view`-th training view `(size, size, 3)` of the picture that has number `index`."""
    if view == WHOLE_VIEW:
        return squash(picture, config.size)
    if view == MIRROR_VIEW:
        return np.ascontiguousarray(squash(picture, config.size)[:, ::-1])
    draw = np.random.default_rng((config.seed, view, index))
    height, width = picture.shape[:2]
    area = draw.uniform(config.min_area, 1.0)
    bound = float(np.log(config.max_aspect_change))
    stretch = float(np.exp(draw.uniform(-bound, bound) / 2))
    rows = max(1, min(height, round(height * area**0.5 * stretch)))
    columns = max(1, min(width, round(width * area**0.5 / stretch)))
    top = int(draw.integers(height - rows + 1))
    left = int(draw.integers(width - columns + 1))
    crop = squash(picture[top : top + rows, left : left + columns], config.size)
    mirrored = draw.random() < config.mirror_probability
    return np.ascontiguousarray(crop[:, ::-1]) if mirrored else crop


class FeatureCache:
    """Reads and fills the cache folder of one set of pictures and one view configuration."""

    def __init__(self, folder: Path, training: Path, pictures: list[Picture], config: ViewConfig) -> None:
        self._training = training
        self._pictures = pictures
        self._config = config
        names = [f"{picture.shard}/{picture.name}" for picture in pictures]
        # The number of views does not change a view: more can be added to an existing cache.
        recipe = {key: value for key, value in asdict(config).items() if key != "views"}
        identity = json.dumps([recipe, names]).encode()
        self._folder = folder / f"features-{hashlib.sha256(identity).hexdigest()[:12]}"

    def fill(self, backbone: MobileNetV2, views: int) -> None:
        """Compute what is missing of the first `views` views."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for view in range(views):
            for start in range(0, len(self._pictures), BLOCK):
                path = self._block_path(view, start)
                if not path.exists():
                    self._compute(backbone, view, start, path)
            print(f"features: view {view} complete", flush=True)

    def load(self, view: int) -> ViewFeatures:
        """All pictures' features of one view. Raises `FileNotFoundError` when the cache is not filled."""
        pooled, maps = [], []
        for start in range(0, len(self._pictures), BLOCK):
            with np.load(self._block_path(view, start)) as block:
                pooled.append(block["pooled"])
                maps.append(block["maps"])
        return ViewFeatures(np.concatenate(pooled), np.concatenate(maps))

    def _block_path(self, view: int, start: int) -> Path:
        return self._folder / f"view{view}-{start:06d}.npz"

    def _compute(self, backbone: MobileNetV2, view: int, start: int, path: Path) -> None:
        pictures = self._pictures[start : start + BLOCK]
        rendered = np.stack(
            [
                render_view(pixels, view, start + offset, self._config)
                for offset, pixels in enumerate(read_pixels(self._training, pictures))
            ]
        )
        pooled, maps = embed_pixels(backbone, rendered)
        part = path.with_suffix(".part")
        with part.open("wb") as handle:
            np.savez(handle, pooled=pooled, maps=maps)
        part.replace(path)


def embed_pixels(backbone: MobileNetV2, pixels: Pixels) -> tuple[NDArray[np.float16], NDArray[np.float16]]:
    """Pooled features `(N, 1280)` and trunk maps `(N, 160, h, w)` of `uint8 (N, H, W, 3)`, as float16."""
    pooled, maps = [], []
    with torch.inference_mode():
        for start in range(0, len(pixels), BATCH):
            trunk = backbone.trunk(torch.from_numpy(pixels[start : start + BATCH]))
            assert trunk.shape[1] == TRUNK_CHANNELS
            pooled.append(backbone.top(trunk).half().numpy())
            maps.append(trunk.half().contiguous().numpy())
    return np.concatenate(pooled), np.concatenate(maps)
