"""What a picture is turned into before the image tower sees it in training.

All of it happens to a batch at once, on the device that trains: a crop of any aspect squashed to the square
(as a tall or wide frame is at run time), a mirror image, other light, and now and then bars like those of a
letterboxed film.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional

from models.pocket.config import ViewConfig

BLACK, COLOURED = 0.6, 0.8
"""Share of bars that are black; that and up to `COLOURED` are of one colour, the rest a blurred picture."""
BLUR = 8
GREY = (0.299, 0.587, 0.114)


def _uniform(count: int, low: float, high: float, device: torch.device) -> Tensor:
    return torch.empty(count, device=device).uniform_(low, high)


def random_views(pictures: Tensor, config: ViewConfig) -> Tensor:
    """One random view of each picture.

    Args:
        pictures: uint8 `(B, 3, S, S)`, each the whole frame squashed to a square.
        config: how far a view may be from the picture.

    Returns:
        float32 `(B, 3, S, S)`, values 0-255. A share `config.whole` of the pictures stays whole.
    """
    batch, device = len(pictures), pictures.device
    pixels = pictures.float()
    whole = torch.rand(batch, device=device) < config.whole
    bars = torch.rand(batch, device=device) < config.bars
    area = _uniform(batch, config.min_area, 1.0, device)
    aspect = _uniform(batch, -1.0, 1.0, device).mul_(math.log(config.max_aspect_change)).exp_()
    width = (area * aspect).sqrt().clamp(max=1.0)
    height = (area / aspect).sqrt().clamp(max=1.0)
    width, height = torch.where(whole, 1.0, width), torch.where(whole, 1.0, height)
    across = _uniform(batch, -1.0, 1.0, device) * (1 - width)
    down = _uniform(batch, -1.0, 1.0, device) * (1 - height)
    mirror = torch.where(torch.rand(batch, device=device) < config.mirror_probability, -1.0, 1.0)
    # Bars: the picture is shown smaller along one axis, so the square reaches beyond it.
    shrink = _uniform(batch, config.smallest_in_bars, 0.95, device)
    letterbox = torch.rand(batch, device=device) < 0.5
    width = torch.where(bars & ~letterbox, width / shrink, width)
    height = torch.where(bars & letterbox, height / shrink, height)
    places = torch.zeros(batch, 2, 3, device=device)
    places[:, 0, 0], places[:, 0, 2] = width * mirror, across
    places[:, 1, 1], places[:, 1, 2] = height, down
    grid = functional.affine_grid(places, list(pixels.shape), align_corners=False)
    seen = functional.grid_sample(pixels, grid, padding_mode="border", align_corners=False)
    seen = _lit(seen, config)
    return torch.where(bars[:, None, None, None], _with_bars(seen, shrink, letterbox), seen)


def _with_bars(pixels: Tensor, shown: Tensor, letterbox: Tensor) -> Tensor:
    """Fill what lies beyond the share `shown` of the middle: black, one colour, or the picture, blurred."""
    batch, size, device = len(pixels), pixels.shape[-1], pixels.device
    place = torch.linspace(-1, 1, size, device=device).abs()
    beyond = place[None, :] > shown[:, None]
    mask = torch.where(letterbox[:, None, None], beyond[:, :, None], beyond[:, None, :])[:, None]
    small = functional.interpolate(pixels, size=(BLUR, BLUR), mode="area")
    blurred = functional.interpolate(small, size=(size, size), mode="bilinear", align_corners=False)
    kind = torch.rand(batch, 1, 1, 1, device=device)
    colour = torch.rand(batch, 3, 1, 1, device=device) * 255
    fill = torch.where(kind < BLACK, torch.zeros_like(colour), colour).expand_as(pixels)
    return torch.where(mask, torch.where(kind < COLOURED, fill, blurred), pixels)


def _lit(pixels: Tensor, config: ViewConfig) -> Tensor:
    """Brightness, contrast and saturation changed by up to `config.light`; a few pictures in grey."""
    batch, device = len(pixels), pixels.device

    def factor() -> Tensor:
        return _uniform(batch, 1 - config.light, 1 + config.light, device).view(batch, 1, 1, 1)

    weights = torch.tensor(GREY, device=device).view(1, 3, 1, 1)
    pixels = pixels * factor()
    middle = pixels.mean((1, 2, 3), keepdim=True)
    pixels = middle + (pixels - middle) * factor()
    grey = (pixels * weights).sum(1, keepdim=True)
    drained = torch.rand(batch, 1, 1, 1, device=device) < config.grey
    pixels = torch.where(drained, grey.expand_as(pixels), grey + (pixels - grey) * factor())
    return pixels.clamp(0, 255)
